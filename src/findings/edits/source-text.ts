import type { TSESTree } from '@typescript-eslint/utils';

/** The linted file, as far as rewriting it needs. */
export interface SourceText {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  /** TS-ESTree with `range` and `parent` on every node. */
  readonly program: TSESTree.Program;
}

/** One replaced stretch of the source; an empty range inserts. */
export interface Edit {
  readonly range: readonly [number, number];
  readonly text: string;
}

/** The text of a node, as written. */
export function textOf(source: SourceText, node: TSESTree.Node): string {
  return source.text.slice(node.range[0], node.range[1]);
}

/** The text of a stretch after the edits inside it. Edits of one place keep their order. */
export function renderWithEdits(source: SourceText, range: readonly [number, number], edits: readonly Edit[]): string {
  let text = '';
  let at = range[0];
  for (const edit of sortEdits(edits)) {
    if (edit.range[0] < at || edit.range[1] > range[1]) continue;
    text += source.text.slice(at, edit.range[0]) + edit.text;
    at = edit.range[1];
  }
  return text + source.text.slice(at, range[1]);
}

/** Edits in the order of their places. */
export function sortEdits(edits: readonly Edit[]): readonly Edit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.range[0] - b.edit.range[0] || a.edit.range[1] - b.edit.range[1] || a.index - b.index)
    .map(({ edit }) => edit);
}

/** May these be applied together? No stretch is replaced twice. */
export function areDisjoint(edits: readonly Edit[]): boolean {
  return sortEdits(edits).every((edit, index, sorted) => {
    const before = sorted[index - 1];
    return before === undefined || before.range[1] <= edit.range[0];
  });
}

/** The white space at the start of the line that an offset is in. */
export function indentationAt(source: SourceText, offset: number): string {
  const lineStart = source.text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(source.text.slice(lineStart, offset))?.[0] ?? '';
}

/** One level of indentation, as the file has it around a statement. */
export function indentUnit(source: SourceText): string {
  if (/^\t/m.test(source.text)) return '\t';
  const widths = [...source.text.matchAll(/^( +)\S/gm)].map((match) => match[1]?.length ?? 2);
  const smallest = Math.min(...widths.filter((width) => width > 1));
  return ' '.repeat(smallest === 4 || smallest === 3 ? smallest : 2);
}

/** A statement with the white space before it on its line and the line break after it, to be removed as a whole. */
export function wholeLines(source: SourceText, node: TSESTree.Node): readonly [number, number] {
  const { text } = source;
  let [start, end] = node.range;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  if (start > 0 && text[start - 1] !== '\n') return node.range;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  if (text[end] === '\r') end += 1;
  if (text[end] !== '\n') return node.range;
  return [start, end + 1];
}

/** Do statements of this file end with semicolons? */
export function semicolonOf(source: SourceText, statement: TSESTree.Node): string {
  return textOf(source, statement).endsWith(';') || statement.type === 'BlockStatement' ? ';' : '';
}

/**
 * Moves lines of a stretch one level in; lines inside template literals stay, since their white space counts.
 *
 * @param extra white space to add
 */
export function shiftLines(
  source: SourceText,
  node: TSESTree.Node,
  extra: string,
  templates: readonly TSESTree.Node[],
): readonly Edit[] {
  const edits: Edit[] = [];
  for (
    let at = source.text.indexOf('\n', node.range[0]);
    at >= 0 && at < node.range[1];
    at = source.text.indexOf('\n', at + 1)
  ) {
    const start = at + 1;
    if (start >= node.range[1] || source.text[start] === '\n') continue;
    if (templates.some((template) => template.range[0] < start && start < template.range[1])) continue;
    edits.push({ range: [start, start], text: extra });
  }
  return edits;
}
