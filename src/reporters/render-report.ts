import type { Finding } from '../model/finding.ts';
import type { AuditResult } from './audit-result.ts';
import { countOf, joinWords } from './count-words.ts';
import { isInputOf } from './is-input-of.ts';
import { renderFinding } from './render-finding.ts';
import { renderNotUnderstood } from './render-not-understood.ts';
import { renderPath } from './render-place.ts';
import { renderUnderstood } from './render-understood.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

/**
 * The text report: what was understood, each finding, what was not understood, and the sum in the last line.
 *
 * @param readText the current text of a file with findings
 */
export function renderReport(result: AuditResult, style: Style, readText: (path: string) => string): string {
  const { colors } = style;
  const blocks: string[][] = [];
  const byRoot = [...result.projects].sort((a, b) => b.root.length - a.root.length);
  const rootOf = (path: string): string | undefined =>
    byRoot.find(({ root }) => path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`))?.root;
  for (const project of result.projects) {
    blocks.push(
      renderUnderstood(
        project,
        result.files.filter((file) => rootOf(file.path) === project.root),
        style,
      ),
    );
  }
  const showOnce = createEditFilter();
  for (const file of result.files) {
    if (file.findings.length === 0) continue;
    const text = readText(file.path);
    for (const finding of file.findings) blocks.push(renderFinding(showOnce(finding), text, style, readText));
  }
  const bailouts = [...result.files.flatMap((file) => file.bailouts), ...result.projects.flatMap((p) => p.bailouts)];
  blocks.push(renderProblems(result, style));
  blocks.push(
    renderNotUnderstood(
      bailouts.filter(({ kind }) => kind !== 'input' && kind !== 'invariant'),
      style,
    ),
  );
  blocks.push(renderSkipped(result.skipped, style));
  blocks.push([colors.bold(sumUp(result))]);
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

/** Several findings may need one unique key: its diff is shown at the first of them, its place and title at each. */
function createEditFilter(): (finding: Finding) => Finding {
  const shown = new Set<string>();
  return (finding) => {
    if (finding.schemaEdit === undefined) return finding;
    const { file, edits } = finding.schemaEdit;
    const key = JSON.stringify([file, edits]);
    if (shown.has(key)) return { ...finding, schemaEdit: { ...finding.schemaEdit, edits: [] } };
    shown.add(key);
    return finding;
  };
}

/** Files that could not be read or parsed, schema problems of that kind, and defects of race-lint, one a line. */
function renderProblems(result: AuditResult, style: Style): string[] {
  const { colors, cwd } = style;
  const lines = new Set<string>();
  const add = (label: string, place: string, text: string): void => {
    const head = place === '' ? '' : `${place}  `;
    lines.add(`  ${colors.yellow(label)}  ${head}${text.split('\n', 1)[0] ?? ''}`);
  };
  for (const { path, bailouts } of result.files) {
    for (const bailout of bailouts) {
      const detail = bailout.detail === undefined ? '' : `: ${shorten(bailout.detail, path, cwd)}`;
      const { location } = bailout;
      const at = location?.file === path ? `:${String(location.start.line)}:${String(location.start.column + 1)}` : '';
      if (isInputOf(path, bailout)) add('not read', renderPath(path, cwd) + at, `${bailout.reason}${detail}`);
      if (bailout.kind === 'invariant') add('defect', renderPath(path, cwd) + at, `${bailout.reason}${detail}`);
    }
  }
  for (const bailouts of [result.bailouts, ...result.projects.map((project) => project.bailouts)]) {
    for (const bailout of bailouts) {
      if (bailout.kind !== 'input' && bailout.kind !== 'invariant') continue;
      const place =
        bailout.location === undefined
          ? ''
          : `${renderPath(bailout.location.file, cwd)}:${String(bailout.location.start.line)}`;
      const detail = bailout.detail === undefined ? '' : `: ${bailout.detail}`;
      add(bailout.kind === 'input' ? 'not read' : 'defect', place, `${bailout.reason}${detail}`);
    }
  }
  return lines.size === 0 ? [] : [colors.bold('Problems'), ...lines];
}

/** What the walk left out, in one paragraph. */
function renderSkipped(skipped: AuditResult['skipped'], style: Style): string[] {
  const parts = Object.entries(skipped).map(([reason, count]) => `${reason} ${String(count)}`);
  if (parts.length === 0) return [];
  const text = `Left out, by reason: ${parts.join(', ')}. With --all, more of them are looked at.`;
  return wrapText(text, style.width).map((line) => style.colors.dim(line));
}

/** The path stands at the beginning of the line already. */
function shorten(detail: string, path: string, cwd: string): string {
  return detail.replaceAll(`${path}: `, '').replaceAll(path, renderPath(path, cwd));
}

function sumUp(result: AuditResult): string {
  const findings = result.files.flatMap((file) => file.findings);
  const suppressed = result.files.reduce((sum, file) => sum + file.suppressed.length, 0);
  const hidden = suppressed === 0 ? '' : `, ${countOf(suppressed, 'finding')} switched off by comments`;
  const unread = result.files.filter((file) => file.bailouts.some((bailout) => isInputOf(file.path, bailout))).length;
  const notRead = unread === 0 ? '' : `, ${countOf(unread, 'file')} not read`;
  if (result.files.length === 0) return 'No JavaScript or TypeScript files here.';
  if (findings.length === 0) return `No races found in ${countOf(result.files.length, 'file')}${hidden}${notRead}.`;
  const files = new Set(findings.map((finding) => finding.location.file)).size;
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const rules = joinWords([...counts].sort(([, a], [, b]) => b - a).map(([rule, count]) => `${String(count)} ${rule}`));
  return `${countOf(findings.length, 'race')} in ${countOf(files, 'file')}: ${rules}${hidden}${notRead}.`;
}
