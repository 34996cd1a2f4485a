import type { TokenCursor } from './token-cursor.ts';

/**
 * Reads a table's name. The schema stays in front where it is not the default one: `auth.users` is another table than
 * `users`. MySQL's is a database, which says nothing.
 *
 * @param cursor stands before the name
 * @returns undefined, without a step, where there is no name
 */
export function lowerTableName(cursor: TokenCursor): string | undefined {
  let name = cursor.acceptName();
  if (name === undefined) return undefined;
  const qualifiers: string[] = [];
  while (cursor.accept('.')) {
    const next = cursor.acceptName();
    if (next === undefined) break;
    qualifiers.push(name);
    name = next;
  }
  const schema = qualifiers.at(-1);
  const isDefault = schema === undefined || cursor.dialect === 'mysql' || /^(?:public|main|dbo)$/iu.test(schema);
  return isDefault ? name : `${schema}.${name}`;
}

/** The names in `(a, b)`, lengths (`a(20)`) and directions left out; undefined when something else is among them. */
export function lowerColumnList(cursor: TokenCursor): readonly string[] | undefined {
  const group = cursor.acceptGroup();
  if (group === undefined) return undefined;
  const names: string[] = [];
  for (const part of group.splitAtCommas()) {
    const name = part.acceptName();
    if (name === undefined) return undefined;
    const length = part.acceptGroup();
    if (length !== undefined && (length.peek()?.kind !== 'number' || length.peek(1) !== undefined)) return undefined;
    names.push(name);
  }
  return names;
}
