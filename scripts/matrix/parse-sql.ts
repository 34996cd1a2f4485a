import type { Comparison, Filter, OperationAction, Term } from '../../src/model/program.ts';
import type { IsolationLevel } from '../../src/model/engine.ts';
import { Cursor } from './tokenize.ts';

/** What one statement does; `label` is the statement itself. */
export interface Parsed {
  readonly actions: readonly OperationAction[];
  /** The columns a SELECT asks for, in order; an aggregate's column for an aggregate. */
  readonly columns: readonly string[];
}

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '<>': '!=',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function constant(value: string | number | null): Term {
  return { kind: 'constant', value };
}

/** `table.column` or `column`; an alias before the dot is dropped. */
function parseColumn(cursor: Cursor): string {
  const name = cursor.expectName();
  return cursor.takeSign('.') ? cursor.expectName() : name;
}

/** A sum of constants, columns and MAX(column). */
function parseExpression(cursor: Cursor, names: ReadonlyMap<string, Term>): Term {
  let left = parseOperand(cursor, names);
  for (;;) {
    const sign = cursor.peek();
    if (sign?.kind !== 'sign' || (sign.text !== '+' && sign.text !== '-')) return left;
    cursor.next();
    const right = parseOperand(cursor, names);
    const isMaximum = left.kind === 'apply' && left.name === 'max';
    left =
      isMaximum && left.kind === 'apply'
        ? { kind: 'apply', name: 'max+', operands: [...left.operands, right] }
        : { kind: 'apply', name: sign.text, operands: [left, right] };
  }
}

function parseOperand(cursor: Cursor, names: ReadonlyMap<string, Term>): Term {
  if (cursor.takeSign('-')) {
    const token = cursor.next();
    return token.kind === 'number' ? constant(-token.value) : cursor.fail('a number');
  }
  const token = cursor.next();
  if (token.kind === 'text') return constant(token.text);
  if (token.kind === 'number') return constant(token.value);
  if (token.kind === 'sign') return token.text === '(' ? parseBracketed(cursor, names) : cursor.fail('an expression');
  if (token.upper === 'NULL') return constant(null);
  if (token.upper === 'MAX' && cursor.takeSign('(')) {
    const column = parseColumn(cursor);
    cursor.expectSign(')');
    return { kind: 'apply', name: 'max', operands: [{ kind: 'current', column }] };
  }
  // VALUES(column) and excluded.column: what the INSERT would have written
  if (token.upper === 'VALUES' && cursor.takeSign('(')) {
    const column = cursor.expectName();
    cursor.expectSign(')');
    return names.get(column) ?? { kind: 'current', column };
  }
  if (cursor.takeSign('.')) {
    const column = cursor.expectName();
    return names.get(column) ?? { kind: 'current', column };
  }
  return { kind: 'current', column: token.text };
}

function parseBracketed(cursor: Cursor, names: ReadonlyMap<string, Term>): Term {
  const term = parseExpression(cursor, names);
  cursor.expectSign(')');
  return term;
}

const noNames: ReadonlyMap<string, Term> = new Map();

/** A conjunction of comparisons; a bracketed COUNT counts another (or the same) table's rows. */
function parseConditions(cursor: Cursor): Filter[] {
  const filters: Filter[] = [];
  do {
    if (cursor.isSign('(') && cursor.isWord('SELECT', 1)) {
      cursor.expectSign('(');
      cursor.expectWords('SELECT', 'COUNT');
      cursor.expectSign('(');
      cursor.skipBrackets();
      cursor.expectWords('FROM');
      const relation = cursor.expectName();
      skipAlias(cursor);
      const where = cursor.takeWords('WHERE') ? parseConditions(cursor) : [];
      cursor.expectSign(')');
      filters.push({
        kind: 'subquery',
        relation,
        where,
        comparison: parseComparison(cursor),
        value: parseExpression(cursor, noNames),
      });
    } else {
      const column = parseColumn(cursor);
      filters.push({
        kind: 'compare',
        column,
        comparison: parseComparison(cursor),
        value: parseExpression(cursor, noNames),
      });
    }
  } while (cursor.takeWords('AND'));
  return filters;
}

function parseComparison(cursor: Cursor): Comparison {
  const token = cursor.next();
  const comparison = token.kind === 'sign' ? comparisons[token.text] : undefined;
  return comparison ?? cursor.fail('a comparison');
}

const clauses = new Set(['WHERE', 'ORDER', 'LIMIT', 'FOR', 'LOCK', 'SET', 'USING', 'ON', 'VALUES', 'SELECT']);

function skipAlias(cursor: Cursor): void {
  if (cursor.takeWords('AS')) cursor.expectName();
  else {
    const token = cursor.peek();
    if (token?.kind === 'word' && !clauses.has(token.upper)) cursor.next();
  }
}

function parseAssignments(cursor: Cursor, names: ReadonlyMap<string, Term>): Record<string, Term> {
  const set: Record<string, Term> = {};
  do {
    const column = cursor.expectName();
    cursor.expectSign('=');
    set[column] = parseExpression(cursor, names);
  } while (cursor.takeSign(','));
  return set;
}

function parseNames(cursor: Cursor): string[] {
  cursor.expectSign('(');
  const names: string[] = [];
  do names.push(cursor.expectName());
  while (cursor.takeSign(','));
  cursor.expectSign(')');
  return names;
}

function parseSelect(cursor: Cursor, into: string): Parsed {
  const lock = parseLockCall(cursor, into);
  if (lock) return lock;
  const columns: string[] = [];
  let aggregate: { kind: 'count' | 'max' | 'min' | 'sum'; column: string } | undefined;
  do {
    const token = cursor.peek();
    const name = token?.kind === 'word' ? token.upper.toLowerCase() : '';
    if ((name === 'count' || name === 'max' || name === 'min' || name === 'sum') && cursor.isSign('(', 1)) {
      cursor.next();
      cursor.expectSign('(');
      const column = cursor.takeSign('*') ? '*' : parseColumn(cursor);
      cursor.expectSign(')');
      aggregate = { kind: name, column };
      columns.push(column);
    } else if (cursor.takeSign('*')) columns.push('*');
    else if (token?.kind === 'number') cursor.next();
    else columns.push(parseColumn(cursor));
    if (cursor.takeWords('AS')) cursor.expectName();
  } while (cursor.takeSign(','));
  cursor.expectWords('FROM');
  const relation = cursor.expectName();
  skipAlias(cursor);
  const where = cursor.takeWords('WHERE') ? parseConditions(cursor) : [];
  if (cursor.takeWords('ORDER', 'BY')) {
    do {
      parseColumn(cursor);
      if (!cursor.takeWords('DESC')) cursor.takeWords('ASC');
    } while (cursor.takeSign(','));
  }
  let limit: number | undefined;
  if (cursor.takeWords('LIMIT')) {
    const token = cursor.next();
    if (token.kind === 'number') limit = token.value;
  }
  let mode: 'plain' | 'share' | 'update' | 'nowait' | 'skip locked' = 'plain';
  if (cursor.takeWords('FOR', 'UPDATE') || cursor.takeWords('FOR', 'NO', 'KEY', 'UPDATE')) mode = 'update';
  else if (cursor.takeWords('FOR', 'SHARE') || cursor.takeWords('LOCK', 'IN', 'SHARE', 'MODE')) mode = 'share';
  if (cursor.takeWords('NOWAIT')) mode = 'nowait';
  else if (cursor.takeWords('SKIP', 'LOCKED')) mode = 'skip locked';
  if (!cursor.isAtEnd() && !cursor.isSign(')')) cursor.fail('the end');
  return {
    columns,
    actions: [
      {
        kind: 'read',
        relation,
        where,
        mode,
        into,
        ...(aggregate ? { aggregate } : {}),
        ...(limit === undefined ? {} : { limit }),
      },
    ],
  };
}

/** Advisory and named locks; the name is whatever stands between the innermost quotes. */
function parseLockCall(cursor: Cursor, into: string): Parsed | undefined {
  const token = cursor.peek();
  if (token?.kind !== 'word' || !cursor.isSign('(', 1)) return undefined;
  const call = token.upper;
  const isLock = call === 'GET_LOCK' || call.startsWith('PG_ADVISORY_') || call.startsWith('PG_TRY_ADVISORY_');
  if (!isLock && call !== 'RELEASE_LOCK') return undefined;
  let name: Term | undefined;
  while (!cursor.isAtEnd()) {
    const part = cursor.next();
    if (part.kind === 'text' || (part.kind === 'number' && name === undefined))
      name = constant(part.kind === 'text' ? part.text : part.value);
  }
  if (name === undefined) return cursor.fail('a lock name');
  if (call === 'RELEASE_LOCK' || call === 'PG_ADVISORY_UNLOCK')
    return { columns: [], actions: [{ kind: 'unlock', name }] };
  const scope = call.includes('XACT') ? 'transaction' : 'session';
  return { columns: [], actions: [{ kind: 'lock', name, scope, attempt: call.startsWith('PG_TRY'), into }] };
}

function parseInsert(cursor: Cursor, into: string): Parsed {
  const ignore = cursor.takeWords('IGNORE') || cursor.takeWords('OR', 'IGNORE');
  cursor.expectWords('INTO');
  const relation = cursor.expectName();
  const columns = parseNames(cursor);
  if (cursor.takeWords('SELECT')) return parseInsertSelect(cursor, relation, columns, into);
  cursor.expectWords('VALUES');
  const rows: Record<string, Term>[] = [];
  do {
    cursor.expectSign('(');
    const row: Record<string, Term> = {};
    columns.forEach((column, index) => {
      if (index > 0) cursor.expectSign(',');
      row[column] = parseExpression(cursor, noNames);
    });
    cursor.expectSign(')');
    rows.push(row);
  } while (cursor.takeSign(','));
  let onDuplicate: 'fail' | 'ignore' | 'update' = ignore ? 'ignore' : 'fail';
  let set: Record<string, Term> | undefined;
  const names = new Map(Object.entries(rows[0] ?? {}));
  if (cursor.takeWords('ON', 'CONFLICT')) {
    if (cursor.isSign('(')) parseNames(cursor);
    cursor.expectWords('DO');
    if (cursor.takeWords('NOTHING')) onDuplicate = 'ignore';
    else {
      cursor.expectWords('UPDATE', 'SET');
      onDuplicate = 'update';
      set = parseAssignments(cursor, names);
    }
  } else if (cursor.takeWords('ON', 'DUPLICATE', 'KEY', 'UPDATE')) {
    onDuplicate = 'update';
    set = parseAssignments(cursor, names);
  }
  if (!cursor.isAtEnd()) cursor.fail('the end');
  return {
    columns: [],
    actions: rows.map((row) => ({ kind: 'insert', relation, row, onDuplicate, into, ...(set ? { set } : {}) })),
  };
}

function parseInsertSelect(cursor: Cursor, relation: string, columns: readonly string[], into: string): Parsed {
  const row: Record<string, Term> = {};
  columns.forEach((column, index) => {
    if (index > 0) cursor.expectSign(',');
    row[column] = parseExpression(cursor, noNames);
  });
  if (cursor.takeWords('FROM')) {
    if (cursor.takeSign('(')) cursor.skipBrackets();
    else cursor.expectName();
    skipAlias(cursor);
  }
  let unless: { relation: string; where: Filter[] } | undefined;
  if (cursor.takeWords('WHERE')) {
    cursor.expectWords('NOT', 'EXISTS');
    cursor.expectSign('(');
    cursor.expectWords('SELECT');
    const inner = parseSelect(cursor, into).actions[0];
    cursor.expectSign(')');
    if (inner?.kind === 'read') unless = { relation: inner.relation, where: [...inner.where] };
  }
  if (!cursor.isAtEnd()) cursor.fail('the end');
  return {
    columns: [],
    actions: [{ kind: 'insert', relation, row, onDuplicate: 'fail', into, ...(unless ? { unless } : {}) }],
  };
}

function parseMerge(cursor: Cursor, into: string): Parsed {
  cursor.expectWords('INTO');
  const relation = cursor.expectName();
  skipAlias(cursor);
  cursor.expectWords('USING');
  cursor.expectSign('(');
  cursor.expectWords('VALUES');
  cursor.expectSign('(');
  const values: Term[] = [];
  do values.push(parseExpression(cursor, noNames));
  while (cursor.takeSign(','));
  cursor.expectSign(')');
  cursor.expectSign(')');
  cursor.takeWords('AS');
  const source = cursor.expectName();
  const names = parseNames(cursor);
  const given = new Map(names.map((name, index) => [name, values[index] ?? constant(null)] as const));
  cursor.expectWords('ON');
  const where: Filter[] = [];
  do {
    const column = parseColumn(cursor);
    cursor.expectSign('=');
    where.push({ kind: 'compare', column, comparison: '=', value: parseExpression(cursor, given) });
  } while (cursor.takeWords('AND'));
  cursor.expectWords('WHEN', 'NOT', 'MATCHED', 'THEN', 'INSERT');
  const columns = parseNames(cursor);
  cursor.expectWords('VALUES');
  cursor.expectSign('(');
  const row: Record<string, Term> = {};
  columns.forEach((column, index) => {
    if (index > 0) cursor.expectSign(',');
    row[column] = parseExpression(cursor, given);
  });
  cursor.expectSign(')');
  if (!cursor.isAtEnd()) cursor.fail(`the end (${source})`);
  return {
    columns: [],
    actions: [{ kind: 'insert', relation, row, onDuplicate: 'fail', unless: { relation, where }, into }],
  };
}

/**
 * Parses one statement.
 *
 * @param sql one statement, or `SET TRANSACTION …; START TRANSACTION`
 * @param isolation the level of a BEGIN that names none
 * @param into name under which its rows are bound
 */
export function parseSql(sql: string, isolation: IsolationLevel, into: string): Parsed {
  const cursor = new Cursor(sql);
  if (cursor.takeWords('SELECT')) return parseSelect(cursor, into);
  if (cursor.takeWords('INSERT')) return parseInsert(cursor, into);
  if (cursor.takeWords('MERGE')) return parseMerge(cursor, into);
  if (cursor.takeWords('UPDATE')) {
    const relation = cursor.expectName();
    skipAlias(cursor);
    cursor.expectWords('SET');
    const set = parseAssignments(cursor, noNames);
    const where = cursor.takeWords('WHERE') ? parseConditions(cursor) : [];
    if (!cursor.isAtEnd()) cursor.fail('the end');
    return { columns: [], actions: [{ kind: 'update', relation, where, set, into }] };
  }
  if (cursor.takeWords('DELETE', 'FROM')) {
    const relation = cursor.expectName();
    const where = cursor.takeWords('WHERE') ? parseConditions(cursor) : [];
    if (!cursor.isAtEnd()) cursor.fail('the end');
    return { columns: [], actions: [{ kind: 'delete', relation, where, into }] };
  }
  if (cursor.takeWords('COMMIT')) return { columns: [], actions: [{ kind: 'commit' }] };
  if (cursor.takeWords('ROLLBACK')) return { columns: [], actions: [{ kind: 'rollback' }] };
  if (cursor.isWord('BEGIN') || cursor.isWord('START') || cursor.isWord('SET')) {
    return { columns: [], actions: [{ kind: 'begin', isolation: findLevelName(sql) ?? isolation }] };
  }
  return cursor.fail('a statement');
}

/** The level that a text names: `BEGIN ISOLATION LEVEL …`, `SET TRANSACTION …`, or the name of a measured mode. */
export function findLevelName(text: string): IsolationLevel | undefined {
  const upper = text.toUpperCase();
  if (upper.includes('SNAPSHOT_ISOLATION=ON')) return 'snapshot isolation';
  if (upper.includes('SERIALIZABLE')) return 'serializable';
  if (upper.includes('REPEATABLE READ')) return 'repeatable read';
  if (upper.includes('READ COMMITTED')) return 'read committed';
  if (upper.includes('IMMEDIATE')) return 'immediate';
  if (upper.includes('DEFERRED')) return 'deferred';
  return undefined;
}
