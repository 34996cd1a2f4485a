import type { Finding } from '../model/finding.ts';
import type { SchemaEdit } from '../model/schema-edit.ts';
import { renderTimeline } from '../schedules/render-timeline.ts';
import { renderCodeFrame, showLine } from './render-code-frame.ts';
import { renderDiff } from './render-diff.ts';
import { renderPath, renderPlace } from './render-place.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

/** Columns before what a label (`See`, `Fix`) says. */
const detailIndent = 11;

/**
 * One finding for a terminal: place and rule, the consequence, the code, the timeline that proves it, why nothing
 * prevents it, and what to do.
 *
 * @param text the file's source
 * @param readText the current text of another file
 */
export function renderFinding(
  finding: Finding,
  text: string,
  style: Style,
  readText: (path: string) => string,
): string[] {
  const { colors, cwd } = style;
  const { start } = finding.location;
  const width = Math.min(style.width, 110);
  const paragraph = (content: string): string[] => wrapText(content, width, '  ');
  const place = `${renderPath(finding.location.file, cwd)}:${String(start.line)}:${String(start.column + 1)}`;
  const timeline = renderTimeline(finding.witness, {
    width: width - 2,
    place: (operation) => {
      const location = finding.places[operation];
      return location === undefined ? '' : placeInTimeline(location, finding, cwd);
    },
  });
  const lines = [
    `${colors.bold(place)}  ${colors.red(finding.rule)}  ${colors.dim(`${finding.confidence}, in ${finding.functionName}`)}`,
    ...paragraph(finding.summary),
    '',
    ...renderCodeFrame(text, finding.location, style),
    '',
    ...timeline.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    ...paragraph(finding.because),
  ];
  for (const assumption of finding.assumptions) lines.push(...labelled('Assumes', assumption, width, style));
  for (const { label, location } of finding.related) {
    lines.push(...labelled('See', `${renderPlace(location, cwd)} ${label}`, width, style));
  }
  for (const suggestion of finding.suggestions) lines.push(...labelled('Fix', suggestion.title, width, style));
  if (finding.schemaEdit !== undefined) lines.push(...renderSchemaEdit(finding.schemaEdit, width, style, readText));
  if (finding.measure !== '') lines.push(...labelled('Count', finding.measure, width, style));
  return lines;
}

/** The place and title of an edit of another file, and its diff. */
function renderSchemaEdit(edit: SchemaEdit, width: number, style: Style, readText: (path: string) => string): string[] {
  const { colors, cwd } = style;
  const place = `${renderPath(edit.file, cwd)}:${String(edit.line)}`;
  const diff = renderDiff(readText(edit.file), edit.edits).flatMap((line) => {
    const room = width - detailIndent;
    const paint = { '@': colors.dim, '+': colors.green, '-': colors.red }[line.charAt(0)];
    const isChange = line.startsWith('+') || line.startsWith('-');
    // the change may stand at the end of a long line
    const shown = isChange ? breakLine(showLine(line, Infinity), room) : [showLine(line, room)];
    return shown.map((part) => {
      const visible = part.trimEnd();
      return visible === '' ? '' : ' '.repeat(detailIndent) + (paint?.(visible) ?? visible);
    });
  });
  return [...labelled('Schema', `${place} ${edit.title}`, width, style), ...diff];
}

/** A line in pieces of at most `room` columns, the later ones indented. */
function breakLine(line: string, room: number): string[] {
  const indent = '    ';
  const pieces = [line.slice(0, room)];
  for (let at = room; at < line.length; at += room - indent.length) {
    pieces.push(indent + line.slice(at, at + room - indent.length));
  }
  return pieces;
}

/** In the finding's own file the line number is enough. */
function placeInTimeline(location: Finding['location'], finding: Finding, cwd: string): string {
  return location.file === finding.location.file ? `:${String(location.start.line)}` : renderPlace(location, cwd);
}

function labelled(label: string, text: string, width: number, style: Style): string[] {
  const indent = ' '.repeat(detailIndent);
  const [first = '', ...rest] = wrapText(text, width, indent);
  return [`  ${style.colors.cyan(label.padEnd(9))}${first.slice(indent.length)}`, ...rest];
}
