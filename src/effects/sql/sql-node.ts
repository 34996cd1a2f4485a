/**
 * Reading the SQL parser's tree. It comes as plain data in the parser's own serialization: a variant with content is an
 * object with one key (`{ Query: … }`), a variant without content is a string (`'Null'`). Nothing here knows SQL.
 */
export type SqlNode = unknown;

/**
 * @param node a variant
 * @returns its name and content; an empty name for something that is no variant
 */
export function readVariant(node: SqlNode): readonly [name: string, content: SqlNode] {
  if (typeof node === 'string') return [node, undefined];
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return ['', undefined];
  // A literal carries its span beside its variant.
  const keys = Object.keys(node).filter((key) => key !== 'span');
  const name = keys.length === 1 ? keys[0] : undefined;
  return name === undefined ? ['', node] : [name, (node as Record<string, SqlNode>)[name]];
}

/**
 * @param node where to begin
 * @param path names of fields, or of variants, to follow
 * @returns what is there, or undefined
 */
export function findNode(node: SqlNode, ...path: readonly string[]): SqlNode {
  let current: SqlNode = node;
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, SqlNode>)[name];
  }
  return current ?? undefined;
}

/** The list at a path; empty where there is none. */
export function listNodes(node: SqlNode, ...path: readonly string[]): readonly SqlNode[] {
  const found = findNode(node, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text at a path, if there is a string. */
export function findText(node: SqlNode, ...path: readonly string[]): string | undefined {
  const found = findNode(node, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** Every node below (and with) a node, in the order of the tree. */
export function* walkNodes(node: SqlNode): Generator<SqlNode> {
  if (typeof node !== 'object' || node === null) return;
  yield node;
  for (const child of Object.values(node)) yield* walkNodes(child);
}

/** Fields that hold names, not expressions. */
const nameFields = new Set(['name', 'data_type', 'collation', 'alias', 'span']);

/** As `walkNodes`, without names of functions and types: an `Identifier` met here is a column. */
export function* walkExpressions(node: SqlNode): Generator<SqlNode> {
  if (typeof node !== 'object' || node === null) return;
  yield node;
  for (const [field, child] of Object.entries(node)) if (!nameFields.has(field)) yield* walkExpressions(child);
}

/**
 * The source text of a node, from the spans of its leaves; closing parentheses are added where the last leaf ends before
 * them.
 *
 * @param node an expression or query
 * @param text the text that was parsed
 */
export function sliceNodeText(node: SqlNode, text: string): string {
  const starts: number[] = [];
  const ends: number[] = [];
  const lineStarts = [0];
  for (let index = 0; index < text.length; index++) if (text[index] === '\n') lineStarts.push(index + 1);
  const offsetOf = (place: SqlNode): number | undefined => {
    const line = findNode(place, 'line');
    const column = findNode(place, 'column');
    if (typeof line !== 'number' || typeof column !== 'number' || line === 0) return undefined;
    return (lineStarts[line - 1] ?? 0) + column - 1;
  };
  for (const child of walkNodes(node)) {
    const start = offsetOf(findNode(child, 'span', 'start'));
    const end = offsetOf(findNode(child, 'span', 'end'));
    if (start === undefined || end === undefined) continue;
    starts.push(start);
    ends.push(end);
  }
  if (starts.length === 0) return '';
  const start = Math.min(...starts);
  let end = Math.max(...ends);
  const depth = (slice: string): number => slice.split('(').length - slice.split(')').length;
  while (end < text.length && depth(text.slice(start, end)) > 0) end += 1;
  return text.slice(start, end).replace(/\s+/g, ' ').trim();
}
