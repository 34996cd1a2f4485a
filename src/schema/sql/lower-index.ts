import { lowerTableName } from './lower-table-name.ts';
import type { KeyDefinition, SchemaChange } from './schema-change.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * Reads a CREATE UNIQUE INDEX.
 *
 * @param cursor stands behind the word INDEX
 */
export function lowerUniqueIndex(cursor: TokenCursor): SchemaChange {
  cursor.accept('concurrently');
  cursor.accept('if', 'not', 'exists');
  // PostgreSQL may leave the name out; MySQL may put USING before ON.
  const name = cursor.peek()?.text === 'on' && cursor.peek()?.kind === 'word' ? undefined : lowerTableName(cursor);
  if (cursor.accept('using')) cursor.next();
  if (!cursor.accept('on')) return { kind: 'unread', reason: 'CREATE UNIQUE INDEX' };
  cursor.accept('only');
  const table = lowerTableName(cursor);
  if (table === undefined) return { kind: 'unread', reason: 'CREATE UNIQUE INDEX' };
  if (cursor.accept('using')) cursor.next();
  const key = lowerKeyItems(cursor);
  if (key === undefined) return { kind: 'unread', table, reason: 'CREATE UNIQUE INDEX' };
  let nullsEqual = false;
  let where: string | undefined;
  while (!cursor.atEnd) {
    if (cursor.accept('nulls', 'not', 'distinct')) nullsEqual = true;
    else if (cursor.accept('where')) {
      where = cursor.describeRest();
      break;
    } else if (cursor.acceptGroup() === undefined) cursor.next();
  }
  return {
    kind: 'add key',
    table,
    key: {
      kind: 'unique',
      ...key,
      name: name ?? `${table}_${key.columns.join('_')}_idx`,
      ...(nullsEqual && { nullsEqual }),
      ...(where !== undefined && { where }),
    },
  };
}

/**
 * Reads what a key is over: `(org_id, slug DESC)` or `(lower(email))`.
 *
 * @param cursor stands before the bracket
 * @returns the columns, those that only an expression mentions included; undefined when there is no bracket
 */
export function lowerKeyItems(cursor: TokenCursor): Pick<KeyDefinition, 'columns' | 'expression'> | undefined {
  const group = cursor.acceptGroup();
  if (group === undefined) return undefined;
  const columns: string[] = [];
  let isExpression = false;
  const text = group.describeRest();
  for (const item of group.splitAtCommas()) {
    const column = isPlainColumn(item) ? item.acceptName() : undefined;
    if (column !== undefined) columns.push(column);
    else {
      isExpression = true;
      for (const name of listMentioned(item)) if (!columns.includes(name)) columns.push(name);
    }
  }
  return { columns, ...(isExpression && { expression: text }) };
}

function isPlainColumn(item: TokenCursor): boolean {
  const first = item.peek();
  if (first?.kind !== 'word' && first?.kind !== 'quoted') return false;
  const second = item.peek(1);
  // A collation makes other texts equal than `=` does; the others only order.
  if (second === undefined) return true;
  if (second.kind === 'word') return second.text !== 'collate';
  // MySQL's prefix length. Equal values have equal prefixes, so such a key excludes duplicates of the whole, too.
  return second.text === '(' && item.peek(2)?.kind === 'number' && item.peek(3)?.text === ')';
}

function listMentioned(item: TokenCursor): readonly string[] {
  const tokens = item.listRest();
  const names: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const isCall = next?.kind === 'symbol' && (next.text === '(' || next.text === '.');
    const isCast = tokens[index - 1]?.text === ':';
    const isName = token.kind === 'quoted' || (token.kind === 'word' && !expressionWords.test(token.text));
    if (isName && !isCall && !isCast) names.push(item.spellName(token));
  }
  return names;
}

const expressionWords =
  /^(?:and|or|not|is|null|true|false|case|when|then|else|end|asc|desc|nulls|first|last|collate|cast|as|in|text|varchar|date|interval|\w+_ops)$/u;
