import type { EngineName, IsolationLevel } from '../../model/engine.ts';
import type { EffectDraft } from '../../model/recognition.ts';
import type { Value } from '../../model/value.ts';
import { bindSqlText, type BoundStatement } from './bind-sql-text.ts';
import { lowerInsert } from './lower-insert.ts';
import { lowerTableLock } from './lower-locks.ts';
import { makeTable } from './lower-relations.ts';
import { enterNamedQueries, lowerSelectQuery } from './lower-select.ts';
import { lowerDelete, lowerMerge, lowerTruncate, lowerUpdate } from './lower-update.ts';
import { parseSql, resolveDialect, type SqlDialect } from './parse-sql.ts';
import { findNode, findText, listNodes, readVariant, type SqlNode } from './sql-node.ts';
import { readIdentifier, type NamedQuery, type SqlScope } from './sql-scope.ts';

export interface SqlText {
  /** One or more statements, with the driver's placeholders (`$1`, `?`, `:name`, …) or holes (`:__i0`). */
  readonly text: string;
  /** Values by position; one object for named placeholders. */
  readonly values: readonly Value[];
  /** Values of the holes that `composeSqlText` left. */
  readonly holes?: readonly Value[];
  /** True when an object whose entries don't all show was written out. */
  readonly partial?: boolean;
}

export interface SqlOptions {
  readonly dialect: EngineName | undefined;
  /** Names the database in resources. */
  readonly store: string;
}

export type SqlEffects =
  | {
      readonly kind: 'effects';
      readonly drafts: readonly EffectDraft[];
      /** Index of the draft that the answer belongs to; undefined when no draft answers (`SELECT now()`, DDL). */
      readonly answers?: number;
      /** True for one message to the server that does several things: they happen in one transaction even without BEGIN. */
      readonly atomic: boolean;
    }
  | { readonly kind: 'unsupported'; readonly reason: string; readonly detail?: string };

/** Statements that are parsed. */
const modelled = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'REPLACE',
  'WITH',
  'VALUES',
  'BEGIN',
  'START',
  'COMMIT',
  'END',
  'ROLLBACK',
  'ABORT',
  'LOCK',
  'TRUNCATE',
]);

/** Statements that touch no rows that matter here: definitions, settings, maintenance, savepoints. */
const harmless = new Set([
  'CREATE',
  'ALTER',
  'DROP',
  'COMMENT',
  'GRANT',
  'REVOKE',
  'SET',
  'RESET',
  'SHOW',
  'LISTEN',
  'UNLISTEN',
  'NOTIFY',
  'VACUUM',
  'ANALYZE',
  'EXPLAIN',
  'PRAGMA',
  'ATTACH',
  'DETACH',
  'REINDEX',
  'CLUSTER',
  'REFRESH',
  'DISCARD',
  'SAVEPOINT',
  'RELEASE',
  'USE',
  'DESCRIBE',
  'DESC',
  'OPTIMIZE',
  'FLUSH',
  'DEALLOCATE',
  'CHECKPOINT',
  'KILL',
  'RENAME',
]);

const levels: Readonly<Record<string, IsolationLevel>> = {
  ReadUncommitted: 'read committed',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Snapshot: 'snapshot isolation',
  Serializable: 'serializable',
};

/**
 * What a piece of SQL does.
 *
 * Answers are generic (`rows` for a query or RETURNING, `count` for other writes); drivers wrap them. It misses: triggers,
 * rules, functions called over a table's rows, cascades.
 *
 * @param sql text and parameters
 * @param options dialect and store
 * @returns effects in the order in which they happen, or why the text is not understood
 */
export function readSqlEffects(sql: SqlText, options: SqlOptions): SqlEffects {
  const dialect = resolveDialect(options.dialect);
  const holes = sql.holes ?? [];
  const drafts: EffectDraft[] = [];
  let answers: number | undefined;
  let atomic = false;
  for (const statement of bindSqlText(sql.text, sql.values, holes, dialect)) {
    if (statement.computed) return { kind: 'unsupported', reason: 'SQL text is computed' };
    const lowered = readStatement(sql.partial === true ? { ...statement, partial: true } : statement, {
      dialect,
      store: options.store,
      holes,
      before: drafts.length,
    });
    if (lowered.kind === 'unsupported') return lowered;
    const [first] = lowered.drafts;
    const last = drafts.at(-1);
    if (first?.label === 'SET TRANSACTION' && last?.action.kind === 'begin' && first.action.kind === 'begin') {
      // BEGIN; SET TRANSACTION ISOLATION LEVEL …
      drafts[drafts.length - 1] = {
        ...last,
        action: { ...last.action, ...(first.action.isolation && { isolation: first.action.isolation }) },
      };
      continue;
    }
    drafts.push(...lowered.drafts);
    if (lowered.answers !== undefined) answers = lowered.answers;
    atomic ||= lowered.drafts.length > 1;
  }
  // PostgreSQL runs a text of several statements as one transaction, unless it says BEGIN (manual, 53.2.2.1).
  const controlled = drafts.some(({ action }) => ['begin', 'commit', 'rollback'].includes(action.kind));
  atomic ||= dialect === 'postgresql' && drafts.length > 1 && !controlled;
  return { kind: 'effects', drafts, ...(answers !== undefined && { answers }), atomic };
}

interface StatementContext {
  readonly dialect: SqlDialect;
  readonly store: string;
  readonly holes: readonly Value[];
  readonly before: number;
}

interface LoweredStatement {
  readonly kind: 'effects';
  readonly drafts: readonly EffectDraft[];
  readonly answers?: number;
}

function readStatement(
  statement: BoundStatement,
  context: StatementContext,
): LoweredStatement | Extract<SqlEffects, { kind: 'unsupported' }> {
  const isolation = /^SET\s+(?:(?:SESSION|GLOBAL|LOCAL)\s+)?(?:CHARACTERISTICS\s+AS\s+)?TRANSACTION\s+ISOLATION/i.test(
    statement.text,
  );
  const back = statement.keyword === 'ROLLBACK' && /^ROLLBACK\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b/i.test(statement.text);
  if (back || (harmless.has(statement.keyword) && !isolation)) return { kind: 'effects', drafts: [] };
  if (!modelled.has(statement.keyword) && !isolation) {
    const known = /^(CALL|DO|COPY|EXEC|EXECUTE|PREPARE|DECLARE|FETCH|LOAD|HANDLER|UNLOCK)$/.test(statement.keyword);
    return {
      kind: 'unsupported',
      reason: known
        ? 'SQL statement is not modelled'
        : isComputed(statement)
          ? 'SQL text is computed'
          : 'SQL text does not parse',
      detail: statement.keyword || statement.text.slice(0, 40),
    };
  }
  const parsed = parseSql(statement.text, context.dialect);
  if (parsed.kind === 'error') {
    return isComputed(statement)
      ? { kind: 'unsupported', reason: 'SQL text is computed' }
      : {
          kind: 'unsupported',
          reason: 'SQL text does not parse',
          detail: parsed.message.replace(/^sql parser error: /, ''),
        };
  }
  let problem: Extract<SqlEffects, { kind: 'unsupported' }> | undefined;
  const scope: SqlScope = {
    dialect: context.dialect,
    store: context.store,
    text: statement.text,
    bindings: statement.bindings,
    holes: context.holes,
    queries: new Map(),
    own: [],
    others: [],
    report: (reason, detail) => (problem ??= { kind: 'unsupported', reason, ...(detail !== undefined && { detail }) }),
  };
  const lowered = lowerStatement(parsed.statement, scope, statement.partial, context.before);
  return problem ?? { kind: 'effects', ...lowered };
}

/** Text with holes that does not parse has a hole where no value can stand. */
function isComputed(statement: BoundStatement): boolean {
  return [...statement.bindings.values()].some((value) => value.kind !== 'constant') && /:v\d/.test(statement.text);
}

function lowerStatement(
  statement: SqlNode,
  scope: SqlScope,
  partial: boolean,
  before: number,
): Omit<LoweredStatement, 'kind'> {
  const [kind, content] = readVariant(statement);
  switch (kind) {
    case 'Query':
      return lowerQuery(content, scope, partial, before);
    case 'Insert':
    case 'Update':
    case 'Delete':
    case 'Merge':
      return answerLast(lowerWrite(statement, scope, partial), before);
    case 'Truncate':
      return { drafts: lowerTruncate(content, scope) };
    case 'Lock':
    case 'LockTables':
      return { drafts: lowerTableLock(kind, content, scope) };
    case 'StartTransaction':
      return { drafts: [makeBegin(readIsolation(content, scope.dialect), 'BEGIN', scope)] };
    case 'Set': {
      const level = readIsolation(findNode(content, 'SetTransaction'), scope.dialect);
      return { drafts: level === undefined ? [] : [makeBegin(level, 'SET TRANSACTION', scope)] };
    }
    case 'Commit':
      return {
        drafts: [
          { action: { kind: 'commit', resource: makeTable('', scope) }, answer: { kind: 'none' }, label: 'COMMIT' },
        ],
      };
    case 'Rollback':
      return {
        drafts: [
          { action: { kind: 'rollback', resource: makeTable('', scope) }, answer: { kind: 'none' }, label: 'ROLLBACK' },
        ],
      };
    default:
      scope.report('SQL statement is not modelled', kind);
      return { drafts: [] };
  }
}

/** A query, whose common table expressions may write, or whose body may be a write under WITH. */
function lowerQuery(query: SqlNode, scope: SqlScope, partial: boolean, before: number): Omit<LoweredStatement, 'kind'> {
  const drafts: EffectDraft[] = [];
  const queries = new Map<string, NamedQuery>(scope.queries);
  for (const table of listNodes(query, 'with', 'cte_tables')) {
    const name = readIdentifier(findNode(table, 'alias', 'name'), scope);
    const inner = findNode(table, 'query');
    const [bodyKind] = readVariant(findNode(inner, 'body'));
    if (['Insert', 'Update', 'Delete', 'Merge'].includes(bodyKind)) {
      const lowered = lowerQuery(inner, { ...scope, queries: new Map(queries) }, partial, before + drafts.length);
      drafts.push(...lowered.drafts);
      queries.set(name, { kind: 'written', draft: before + drafts.length - 1 });
    } else queries.set(name, { kind: 'query', query: inner });
  }
  const named = enterNamedQueries(query, { ...scope, queries });
  const body = findNode(query, 'body');
  const [bodyKind] = readVariant(body);
  if (['Insert', 'Update', 'Delete', 'Merge'].includes(bodyKind)) {
    const written = lowerWrite(findNode(body, bodyKind), named, partial);
    return answerLast([...drafts, ...written], before);
  }
  const lowered = lowerSelectQuery(query, named, before + drafts.length);
  return { drafts: [...drafts, ...lowered.drafts], ...(lowered.answers !== undefined && { answers: lowered.answers }) };
}

function lowerWrite(statement: SqlNode, scope: SqlScope, partial: boolean): readonly EffectDraft[] {
  const [kind, content] = readVariant(statement);
  if (kind === 'Insert') return [lowerInsert(content, scope, partial)];
  if (kind === 'Update') return [lowerUpdate(content, scope, partial)];
  return kind === 'Delete' ? lowerDelete(content, scope) : lowerMerge(content, scope);
}

function answerLast(drafts: readonly EffectDraft[], before: number): Omit<LoweredStatement, 'kind'> {
  return { drafts, ...(drafts.length > 0 && { answers: before + drafts.length - 1 }) };
}

function readIsolation(content: SqlNode, dialect: SqlDialect): IsolationLevel | undefined {
  if (dialect === 'sqlite') {
    const modifier = findText(content, 'modifier') ?? 'Deferred';
    return modifier === 'Deferred' ? 'deferred' : 'immediate';
  }
  for (const mode of listNodes(content, 'modes')) {
    const level = levels[findText(mode, 'IsolationLevel') ?? ''];
    if (level !== undefined) return level;
  }
  return undefined;
}

function makeBegin(isolation: IsolationLevel | undefined, label: string, scope: SqlScope): EffectDraft {
  return {
    action: { kind: 'begin', resource: makeTable('', scope), ...(isolation && { isolation }) },
    answer: { kind: 'none' },
    label,
  };
}
