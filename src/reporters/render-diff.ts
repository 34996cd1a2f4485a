import type { SchemaEdit } from '../model/schema-edit.ts';

/** Lines shown before and after a change. */
const context = 2;

/** Lines of the old text (0-based, end excluded) and what takes their place. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * The hunks of a unified diff, a line each, `@@` lines included and file names left out.
 *
 * @param text of the file that the edits change
 */
export function renderDiff(text: string, edits: SchemaEdit['edits']): string[] {
  const lines = text.split(/\r?\n/);
  const hunks: Change[][] = [];
  for (const change of listChanges(text, lines, edits)) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && change.start - last.end <= 2 * context) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  let shift = 0;
  return hunks.flatMap((changes) => {
    const start = Math.max(0, (changes[0]?.start ?? 0) - context);
    const end = Math.min(lines.length, (changes.at(-1)?.end ?? 0) + context);
    const body: string[] = [];
    let at = start;
    let growth = 0;
    for (const change of changes) {
      body.push(...lines.slice(at, change.start).map((line) => ` ${line}`));
      body.push(...lines.slice(change.start, change.end).map((line) => `-${line}`));
      body.push(...change.lines.map((line) => `+${line}`));
      growth += change.lines.length - (change.end - change.start);
      at = change.end;
    }
    body.push(...lines.slice(at, end).map((line) => ` ${line}`));
    const spell = (from: number, count: number): string => `${String(from + 1)},${String(count)}`;
    const head = `@@ -${spell(start, end - start)} +${spell(start + shift, end - start + growth)} @@`;
    shift += growth;
    return [head, ...body];
  });
}

/** The edits as changes of whole lines, without lines that stay. */
function listChanges(text: string, lines: readonly string[], edits: SchemaEdit['edits']): readonly Change[] {
  const starts = [0];
  for (const match of text.matchAll(/\n/g)) starts.push(match.index + 1);
  const lineOf = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  const sorted = edits.toSorted((a, b) => a.range[0] - b.range[0]);
  const groups: { start: number; end: number; edits: SchemaEdit['edits'][number][] }[] = [];
  for (const edit of sorted) {
    const start = lineOf(edit.range[0]);
    const end = lineOf(edit.range[1]) + 1;
    const last = groups.at(-1);
    if (last !== undefined && start < last.end) {
      last.end = Math.max(last.end, end);
      last.edits.push(edit);
    } else groups.push({ start, end, edits: [edit] });
  }
  return groups.map((group) => {
    const from = starts[group.start] ?? 0;
    const to = group.end < starts.length ? (starts[group.end] ?? 0) - 1 : text.length;
    let at = from;
    let changed = '';
    for (const { range, text: added } of group.edits) {
      changed += text.slice(at, range[0]) + added;
      at = range[1];
    }
    const after = (changed + text.slice(at, to)).split('\n').map((line) => line.replace(/\r$/, ''));
    let { start, end } = group;
    while (start < end && after.length > 0 && after[0] === lines[start]) {
      after.shift();
      start += 1;
    }
    while (end > start && after.length > 0 && after.at(-1) === lines[end - 1]) {
      after.pop();
      end -= 1;
    }
    return { start, end, lines: after };
  });
}
