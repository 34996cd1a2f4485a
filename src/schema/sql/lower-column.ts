import type { ColumnFacts } from '../../model/schema-facts.ts';
import { lowerColumnList, lowerTableName } from './lower-table-name.ts';
import type { ColumnDefinition, ForeignKeyDefinition, KeyDefinition } from './schema-change.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Words that begin the next constraint of a column and so end a DEFAULT. */
const constraintWords =
  /^(?:not|null|primary|unique|references|check|constraint|collate|generated|on|comment|auto_increment|autoincrement|key|deferrable|initially|after|first|invisible|visible)$/u;

/**
 * Reads a column's definition.
 *
 * Example: `email text NOT NULL CONSTRAINT email_key UNIQUE`.
 *
 * @param cursor stands before the column's name
 * @param table the table's name, for the names that PostgreSQL gives to unnamed constraints
 * @returns undefined when it does not begin with a name
 */
export function lowerColumn(cursor: TokenCursor, table: string): ColumnDefinition | undefined {
  const name = cursor.acceptName();
  if (name === undefined) return undefined;
  const type = lowerType(cursor);
  let nullable = !/^(?:big|small)?serial[248]?$/u.test(type.name);
  let generated: ColumnFacts['generated'] = nullable ? undefined : 'sequence';
  let constraint: string | undefined;
  const keys: KeyDefinition[] = [];
  const foreignKeys: ForeignKeyDefinition[] = [];
  const checks: string[] = [];
  const named = (): { name?: string } => (constraint === undefined ? {} : { name: constraint });

  while (!cursor.atEnd) {
    if (cursor.accept('constraint')) {
      constraint = cursor.acceptName();
      continue;
    }
    if (cursor.accept('not', 'null')) nullable = false;
    else if (cursor.accept('null')) nullable = true;
    else if (cursor.accept('primary', 'key') || (cursor.dialect === 'mysql' && cursor.accept('key'))) {
      keys.push({ kind: 'primary', columns: [name], name: constraint ?? `${lastPart(table)}_pkey` });
      // SQLite lets NULL into a primary key that is not an INTEGER one (https://www.sqlite.org/lang_createtable.html).
      const rowId = cursor.dialect === 'sqlite' && type.name === 'integer';
      if (cursor.dialect !== 'sqlite' || rowId) nullable = false;
      if (rowId) generated = 'sequence';
    } else if (cursor.accept('unique')) {
      cursor.accept('key');
      const nullsEqual = cursor.accept('nulls', 'not', 'distinct');
      const fallback = cursor.dialect === 'mysql' ? name : `${lastPart(table)}_${name}_key`;
      keys.push({ kind: 'unique', columns: [name], name: constraint ?? fallback, ...(nullsEqual && { nullsEqual }) });
    } else if (cursor.accept('references')) {
      const references = lowerTableName(cursor);
      lowerColumnList(cursor);
      if (references !== undefined) foreignKeys.push({ columns: [name], references, ...named() });
    } else if (cursor.accept('check')) {
      const group = cursor.acceptGroup();
      if (group !== undefined) checks.push(group.describeRest());
    } else if (cursor.accept('default')) generated = lowerDefault(cursor) ?? generated;
    else if (cursor.accept('generated')) {
      if (!cursor.accept('always')) cursor.accept('by', 'default');
      if (cursor.accept('as', 'identity')) [generated, nullable] = ['sequence', false];
    } else if (cursor.accept('auto_increment') || cursor.accept('autoincrement')) generated = 'sequence';
    else {
      if (cursor.acceptGroup() === undefined) cursor.next();
      continue;
    }
    constraint = undefined;
  }

  const column: ColumnFacts = {
    name,
    nullable,
    ...(generated !== undefined && { generated }),
    ...(type.isList && { isList: true }),
    ...(type.isJson && { isJson: true }),
  };
  return { column, keys, foreignKeys, checks };
}

function lowerType(cursor: TokenCursor): { readonly name: string; readonly isList: boolean; readonly isJson: boolean } {
  let name = '';
  let isList = false;
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (token.kind === 'word' && (constraintWords.test(token.text) || token.text === 'default')) break;
    if (token.text === '[' || (token.kind === 'word' && token.text === 'array')) isList = true;
    if (token.kind === 'word' || token.kind === 'quoted')
      name = name === '' || cursor.peek(-1)?.text === '.' ? token.text : name;
    if (cursor.acceptGroup() === undefined) cursor.next();
  }
  return { name, isList, isJson: /^jsonb?$/u.test(name) };
}

/**
 * Reads the expression of a DEFAULT.
 *
 * @param cursor stands behind the word DEFAULT; afterwards before the next constraint
 * @returns how the database makes the value up, if it does
 */
export function lowerDefault(cursor: TokenCursor): ColumnFacts['generated'] | undefined {
  const from = cursor.peek()?.start ?? 0;
  let to = from;
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    // `DEFAULT NULL`: the first token belongs to the expression whatever it is.
    if (token.start !== from && token.kind === 'word' && constraintWords.test(token.text)) break;
    to = token.end;
    if (cursor.acceptGroup() === undefined) cursor.next();
    else to = cursor.peek(-1)?.end ?? to;
  }
  return recognizeGenerator(cursor.text.slice(from, to));
}

/**
 * How an expression of a DEFAULT makes its value up, if it does.
 *
 * @param expression SQL text
 */
export function recognizeGenerator(expression: string): ColumnFacts['generated'] | undefined {
  if (/^\W*(?:\w+\.)?nextval\s*\(/iu.test(expression)) return 'sequence';
  if (
    /^\W*(?:\w+\.)?(?:gen_random_uuid|uuid_generate_v\d\w*|uuidv[47]|uuid|gen_random_bytes|randomblob|nanoid|hex|gen_ulid|cuid)\s*\(/iu.test(
      expression,
    )
  ) {
    return 'random';
  }
  if (
    /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|unixepoch|strftime|datetime|timezone|unix_timestamp)\s*\(|\b(?:current_timestamp|current_date|current_time|localtimestamp)\b/iu.test(
      expression,
    )
  ) {
    return 'time';
  }
  return undefined;
}

/** `auth.users` → `users`. */
export function lastPart(table: string): string {
  return table.slice(table.lastIndexOf('.') + 1);
}
