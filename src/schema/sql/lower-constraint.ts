import { lastPart } from './lower-column.ts';
import { lowerKeyItems } from './lower-index.ts';
import { lowerColumnList, lowerTableName } from './lower-table-name.ts';
import type { ForeignKeyDefinition, KeyDefinition } from './schema-change.ts';
import type { TokenCursor } from './token-cursor.ts';

/** A constraint of a table, as in CREATE TABLE and ALTER TABLE … ADD. */
export type ConstraintDefinition =
  | { readonly kind: 'key'; readonly key: KeyDefinition }
  | { readonly kind: 'index'; readonly index: string; readonly key: 'primary' | 'unique'; readonly name?: string }
  | { readonly kind: 'foreign key'; readonly foreignKey: ForeignKeyDefinition }
  | { readonly kind: 'check'; readonly check: string }
  /** A plain index: nothing that the facts hold. */
  | { readonly kind: 'plain index' }
  | { readonly kind: 'unread'; readonly reason: string };

/**
 * Reads a table constraint.
 *
 * @param cursor stands before it, or before its CONSTRAINT name
 * @param table the table's name, for the names that databases give to unnamed constraints
 * @returns undefined, without a step, where something else (a column) begins
 */
export function lowerConstraint(cursor: TokenCursor, table: string): ConstraintDefinition | undefined {
  let name: string | undefined;
  if (cursor.accept('constraint')) {
    name = isConstraintWord(cursor) ? undefined : cursor.acceptName();
  }
  if (cursor.accept('primary', 'key')) return lowerKey(cursor, 'primary', name, table);
  if (isUniqueConstraint(cursor)) {
    cursor.next();
    if (!cursor.accept('key')) cursor.accept('index');
    return lowerKey(cursor, 'unique', name, table);
  }
  if (cursor.accept('foreign', 'key')) {
    if (cursor.peek()?.text !== '(') cursor.acceptName();
    const columns = lowerColumnList(cursor);
    const references = cursor.accept('references') ? lowerTableName(cursor) : undefined;
    if (columns === undefined || references === undefined) return { kind: 'unread', reason: 'FOREIGN KEY' };
    return { kind: 'foreign key', foreignKey: { columns, references, ...(name !== undefined && { name }) } };
  }
  if (cursor.peek(1)?.text === '(' && cursor.accept('check')) {
    return { kind: 'check', check: cursor.acceptGroup()?.describeRest() ?? '' };
  }
  if (
    cursor.peek()?.kind === 'word' &&
    cursor.peek()?.text === 'exclude' &&
    /^(?:using|\()$/u.test(cursor.peek(1)?.text ?? '')
  ) {
    return { kind: 'unread', reason: 'exclusion constraint' };
  }
  return isPlainIndex(cursor) ? { kind: 'plain index' } : undefined;
}

function isConstraintWord(cursor: TokenCursor): boolean {
  const token = cursor.peek();
  const next = cursor.peek(1)?.text ?? '';
  return (
    token?.kind === 'word' &&
    /^(?:primary|unique|foreign|check)$/u.test(token.text) &&
    /^(?:key|index|\(|nulls)$/u.test(next)
  );
}

/** `UNIQUE (…)`, `UNIQUE KEY name (…)`, `UNIQUE NULLS NOT DISTINCT (…)`, but not a column that is called so. */
function isUniqueConstraint(cursor: TokenCursor): boolean {
  const token = cursor.peek();
  if (token?.kind !== 'word' || token.text !== 'unique') return false;
  const next = cursor.peek(1);
  if (next?.kind === 'quoted' || /^(?:key|index|\(|nulls|using)$/u.test(next?.text ?? '')) return true;
  return cursor.dialect === 'mysql' && cursor.peek(2)?.text === '(';
}

/** MySQL's `KEY name (…)`, `INDEX name (…)`, `FULLTEXT KEY name (…)`; elsewhere these words can name columns. */
function isPlainIndex(cursor: TokenCursor): boolean {
  const token = cursor.peek();
  if (token?.kind !== 'word') return false;
  if (/^(?:fulltext|spatial)$/u.test(token.text))
    return /^(?:key|index|\()$/u.test(cursor.peek(1)?.text ?? '') || cursor.dialect === 'mysql';
  if (!/^(?:key|index)$/u.test(token.text)) return false;
  if (cursor.dialect === 'mysql' || cursor.peek(1)?.text === '(' || cursor.peek(1)?.kind === 'quoted') return true;
  return cursor.dialect === 'unknown' && cursor.peek(2)?.text === '(' && cursor.peek(3)?.kind !== 'number';
}

function lowerKey(
  cursor: TokenCursor,
  kind: 'primary' | 'unique',
  given: string | undefined,
  table: string,
): ConstraintDefinition {
  let name = given;
  if (cursor.accept('using', 'index')) {
    const index = cursor.acceptName();
    if (index === undefined) return { kind: 'unread', reason: 'USING INDEX' };
    return { kind: 'index', index, key: kind, ...(name !== undefined && { name }) };
  }
  let nullsEqual = cursor.accept('nulls', 'not', 'distinct');
  cursor.accept('nulls', 'distinct');
  // MySQL: an index name and USING BTREE may stand before the bracket, and the index name wins.
  while (!cursor.atEnd && cursor.peek()?.text !== '(') {
    if (cursor.accept('using')) cursor.next();
    else name = cursor.acceptName() ?? (cursor.next(), name);
  }
  const items = lowerKeyItems(cursor);
  if (items === undefined) return { kind: 'unread', reason: kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE' };
  nullsEqual ||= cursor.accept('nulls', 'not', 'distinct');
  const key = { kind, ...items, name: name ?? spellDefaultName(cursor, kind, table, items.columns) };
  return { kind: 'key', key: { ...key, ...(nullsEqual && { nullsEqual }) } };
}

// https://www.postgresql.org/docs/current/sql-createtable.html names `table_columns_key`; MySQL takes the first column.
function spellDefaultName(
  cursor: TokenCursor,
  kind: 'primary' | 'unique',
  table: string,
  columns: readonly string[],
): string {
  if (kind === 'primary') return `${lastPart(table)}_pkey`;
  if (cursor.dialect === 'mysql') return columns[0] ?? '';
  return `${lastPart(table)}_${columns.join('_')}_key`;
}
