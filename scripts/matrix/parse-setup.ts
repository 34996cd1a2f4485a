import type { Filter, Relation, Term, World } from '../../src/model/program.ts';
import { isRedisCommand, parseRedis } from './parse-redis.ts';
import { parseSql } from './parse-sql.ts';
import { Cursor } from './tokenize.ts';

interface Draft {
  readonly name: string;
  readonly columns: string[];
  readonly rows: Record<string, Term>[];
  readonly unique: string[][];
  readonly checks: Filter[];
  readonly foreignKeys: { column: string; references: string; referencedColumn: string }[];
  readonly surrogate: string[];
  readonly indexed: string[];
}

/** Skips the rest of a column's definition, up to the comma or the closing bracket. */
function readDefinition(cursor: Cursor): readonly string[] {
  const words: string[] = [];
  while (!cursor.isSign(',') && !cursor.isSign(')')) {
    const token = cursor.next();
    if (token.kind === 'sign' && token.text === '(') cursor.skipBrackets();
    if (token.kind === 'word') words.push(token.upper);
  }
  return words;
}

function readColumns(cursor: Cursor): string[] {
  cursor.expectSign('(');
  const names: string[] = [];
  do names.push(cursor.expectName());
  while (cursor.takeSign(','));
  cursor.expectSign(')');
  return names;
}

function parseTable(sql: string): Draft {
  const cursor = new Cursor(sql);
  cursor.expectWords('CREATE', 'TABLE');
  const draft: Draft = {
    name: cursor.expectName(),
    columns: [],
    rows: [],
    unique: [],
    checks: [],
    foreignKeys: [],
    surrogate: [],
    indexed: [],
  };
  cursor.expectSign('(');
  do {
    if (cursor.takeWords('UNIQUE')) draft.unique.push(readColumns(cursor));
    else if (cursor.takeWords('PRIMARY', 'KEY')) draft.unique.push(readColumns(cursor));
    else if (cursor.takeWords('CHECK')) {
      cursor.expectSign('(');
      const column = cursor.expectName();
      const sign = cursor.next();
      const value = cursor.next();
      cursor.expectSign(')');
      if (sign.kind !== 'sign' || value.kind !== 'number') throw new Error(`CHECK that is not a comparison: ${sql}`);
      draft.checks.push({
        kind: 'compare',
        column,
        comparison: sign.text as '>=',
        value: { kind: 'constant', value: value.value },
      });
    } else if (cursor.takeWords('FOREIGN', 'KEY')) {
      const [column = ''] = readColumns(cursor);
      cursor.expectWords('REFERENCES');
      const references = cursor.expectName();
      const [referencedColumn = ''] = readColumns(cursor);
      readDefinition(cursor);
      draft.foreignKeys.push({ column, references, referencedColumn });
      draft.indexed.push(column);
    } else {
      const column = cursor.expectName();
      const words = readDefinition(cursor);
      draft.columns.push(column);
      if (words.includes('PRIMARY')) {
        draft.unique.push([column]);
        draft.surrogate.push(column);
      } else if (words.includes('UNIQUE')) draft.unique.push([column]);
    }
  } while (cursor.takeSign(','));
  return draft;
}

/**
 * The world that setup statements make: CREATE TABLE, CREATE INDEX, INSERT with constants, and Redis commands. A primary
 * key that an INSERT does not name counts up from 1.
 */
export function parseSetup(setup: readonly string[]): World {
  const drafts = new Map<string, Draft>();
  const keys: { key: Term; value: Term; expires: boolean }[] = [];
  for (const statement of setup) {
    if (isRedisCommand(statement)) {
      keys.push(...seedKeys(statement));
      continue;
    }
    const upper = statement.trim().toUpperCase();
    if (upper.startsWith('CREATE TABLE')) {
      const draft = parseTable(statement);
      drafts.set(draft.name, draft);
    } else if (upper.startsWith('CREATE')) {
      const cursor = new Cursor(statement);
      cursor.expectWords('CREATE');
      const isUnique = cursor.takeWords('UNIQUE');
      cursor.expectWords('INDEX');
      cursor.expectName();
      cursor.expectWords('ON');
      const draft = drafts.get(cursor.expectName());
      const columns = readColumns(cursor);
      if (isUnique) draft?.unique.push(columns);
      else if (columns[0] !== undefined) draft?.indexed.push(columns[0]);
    } else {
      for (const action of parseSql(statement, 'autocommit', 'setup').actions) {
        if (action.kind !== 'insert') throw new Error(`a setup statement that is not an INSERT: ${statement}`);
        const draft = drafts.get(action.relation);
        if (!draft) throw new Error(`no table ${action.relation}`);
        const row: Record<string, Term> = {};
        for (const column of draft.columns) {
          row[column] = action.row[column] ?? {
            kind: 'constant',
            value: draft.surrogate.includes(column) ? draft.rows.length + 1 : null,
          };
        }
        draft.rows.push(row);
      }
    }
  }
  const relations: Relation[] = [...drafts.values()].map(({ columns: _columns, ...relation }) => relation);
  return { relations, keys };
}

function seedKeys(statement: string): { key: Term; value: Term; expires: boolean }[] {
  const command = parseRedis(statement);
  if (command.kind === 'set') return [{ key: command.key, value: command.value, expires: command.expiry === 'set' }];
  if (command.kind === 'mset') return command.entries.map(([key, value]) => ({ key, value, expires: false }));
  if (command.kind === 'hset') return [];
  throw new Error(`a seed that is not SET: ${statement}`);
}
