import type { IsolationLevel } from '../../src/model/engine.ts';
import type { KeyCommand, Operation, OperationAction, Program, World } from '../../src/model/program.ts';
import type { Dialect } from '../../src/schedules/dialects/dialect.ts';
import { innodb } from '../../src/schedules/dialects/innodb.ts';
import { innodbSnapshotIsolation } from '../../src/schedules/dialects/innodb-snapshot-isolation.ts';
import { postgresql } from '../../src/schedules/dialects/postgresql.ts';
import { redis } from '../../src/schedules/dialects/redis.ts';
import { sqlite, sqliteRollbackJournal } from '../../src/schedules/dialects/sqlite.ts';
import { findScenarioCode, type Guard } from './guards.ts';
import { isRedisCommand, parseRedisAll } from './parse-redis.ts';
import { parseSetup } from './parse-setup.ts';
import { findLevelName, parseSql } from './parse-sql.ts';
import type { MeasuredRecord } from './record.ts';

/** One statement as sent: which operations of the program it is. */
export interface Entry {
  readonly actor: 0 | 1;
  readonly statement: string;
  /** Indices into the actor's operations. */
  readonly operations: readonly number[];
  /** Time passes: what can expire does. */
  readonly clock?: boolean;
}

export interface Compiled {
  readonly programs: readonly [Program, Program];
  readonly world: World;
  readonly dialect: Dialect;
  readonly entries: readonly Entry[];
  /** Statements take long enough to overlap. */
  readonly overlap: boolean;
  /** Columns that each read asked for, by operation id. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  /** `HSET` seeds: keys with fields, which a world cannot say. */
  readonly hashes: readonly string[];
}

/** The dialect of a measured engine and mode. */
export function findMeasuredDialect(engine: string, isolation: string): Dialect {
  if (engine.startsWith('postgresql') || engine === 'pglite') return postgresql;
  if (engine.startsWith('mariadb') || engine.startsWith('mysql'))
    return isolation.includes('snapshot_isolation=ON') ? innodbSnapshotIsolation : innodb;
  if (engine.startsWith('sqlite')) return isolation.includes('journal_mode=delete') ? sqliteRollbackJournal : sqlite;
  if (engine === 'redis') return redis;
  throw new Error(`unknown engine ${engine}`);
}

/** How the two actors' statements reach the engine. */
export function findConnection(record: MeasuredRecord): 'own' | 'shared' | 'queue' {
  if (/db\.transaction/.test(record.isolation)) return 'queue';
  return /shared by both|one instance|no pinned/.test(record.isolation) ? 'shared' : 'own';
}

interface Draft {
  readonly operations: Operation[];
  /** Redis: commands between MULTI and EXEC. */
  queued: KeyCommand[] | undefined;
  answers: string[];
  inTransaction: boolean;
}

const writing: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'command', 'block']);

function isWrite(action: OperationAction): boolean {
  if (action.kind === 'command')
    return !['get', 'exists', 'ttl', 'smembers', 'hgetall', 'mget'].includes(action.command.kind);
  return writing.has(action.kind);
}

function isAnswer(action: OperationAction): boolean {
  return action.kind === 'read' || action.kind === 'command';
}

/** Turns a record's statements into programs, a world and the order in which they were sent. */
export function compileRecord(record: MeasuredRecord): Compiled {
  const dialect = findMeasuredDialect(record.engine, record.isolation);
  const isolation: IsolationLevel = findLevelName(record.isolation) ?? dialect.fallback;
  const code = findScenarioCode(record.scenario);
  const connection = findConnection(record);
  const drafts: readonly [Draft, Draft] = [
    { operations: [], queued: undefined, answers: [], inTransaction: false },
    { operations: [], queued: undefined, answers: [], inTransaction: false },
  ];
  const columns = new Map<string, readonly string[]>();
  const entries: Entry[] = [];
  const setup = record.setup ?? [];
  const world = parseSetup(setup.filter((statement) => !statement.startsWith('HSET ')));
  for (const [name, statement] of record.schedule) {
    if (name === 'clock') {
      entries.push({ actor: 0, statement, operations: [], clock: true });
      continue;
    }
    const actor = name === 'A' ? 0 : 1;
    const draft = drafts[actor];
    const first = draft.operations.length;
    const actions = compileStatement(statement, draft, isolation, `${name}${first}`);
    for (const { action, asked } of connection === 'queue' ? queueStatement(actions, draft, statement) : actions) {
      const id = `${name}${draft.operations.length}`;
      const letter = name === 'A' ? 'A' : 'B';
      const guard = code.guards.find((each) => isGuarded(each, action, letter, draft));
      const read = guard && (guard.on === 'first answer' ? draft.answers[0] : draft.answers.at(-1));
      const bound: OperationAction = 'into' in action ? { ...action, into: id } : action;
      const operation: Operation = {
        id,
        label: statement,
        ...bound,
        ...(guard && read !== undefined
          ? {
              when: guard.check({ read, asked: columns.get(read) ?? [], action, invariant: record.invariant, world }),
              otherwise: 'skip' as const,
            }
          : {}),
        ...(connection === 'shared' ? { connection: 'shared' } : {}),
        ...(statement.startsWith('/* db, not tx */') ? { connection: 'outside' } : {}),
      };
      draft.operations.push(operation);
      columns.set(id, asked);
      if (isAnswer(action)) draft.answers.push(id);
      if (action.kind === 'begin') draft.inTransaction = true;
      if (action.kind === 'commit' || action.kind === 'rollback') draft.inTransaction = false;
    }
    entries.push({ actor, statement, operations: range(first, draft.operations.length) });
  }
  const program = (draft: Draft, name: string): Program => ({
    name,
    operations: catchErrors(draft.operations, code.catches),
  });
  return {
    programs: [program(drafts[0], 'A'), program(drafts[1], 'B')],
    world,
    dialect,
    entries,
    overlap: record.schedule.some(([, statement]) => /sleep\s*\(/i.test(statement)),
    columns,
    hashes: setup.filter((statement) => statement.startsWith('HSET ')),
  };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function isGuarded(guard: Guard, action: OperationAction, actor: 'A' | 'B', draft: Draft): boolean {
  if (guard.actor !== undefined && guard.actor !== actor) return false;
  if (draft.answers.length === 0) return false;
  if (guard.guards === 'writes') return isWrite(action);
  return isWrite(action) || action.kind === 'read';
}

interface Compiling {
  readonly action: OperationAction;
  readonly asked: readonly string[];
}

function compileStatement(
  statement: string,
  draft: Draft,
  isolation: IsolationLevel,
  into: string,
): readonly Compiling[] {
  const plain = (action: OperationAction): readonly Compiling[] => [{ action, asked: [] }];
  // a statement that was not sent: its text depends on what the check refused
  if (statement === '(write)') return plain({ kind: 'check' });
  if (statement.startsWith('crash')) return plain({ kind: 'rollback' });
  const pipeline = /^(pipeline|MULTI \.\.\. EXEC) of (\d+) (.+)$/.exec(statement);
  if (pipeline) {
    // two stand for many
    const commands = [...parseRedisAll(pipeline[3] ?? ''), ...parseRedisAll(pipeline[3] ?? '')];
    return pipeline[1] === 'pipeline'
      ? commands.flatMap((command) => plain({ kind: 'command', command, into }))
      : plain({ kind: 'block', commands, into });
  }
  const bare = statement.replace(/, again and again.*$/, '');
  if (!isRedisCommand(bare)) {
    const parsed = parseSql(bare, isolation, into);
    return parsed.actions.map((action) => ({
      action: action.kind === 'begin' && isolation === 'snapshot isolation' ? { ...action, isolation } : action,
      asked: parsed.columns,
    }));
  }
  if (bare === 'MULTI') {
    draft.queued = [];
    return plain({ kind: 'check' });
  }
  if (bare === 'EXEC') {
    const commands = draft.queued ?? [];
    draft.queued = undefined;
    return plain({ kind: 'block', commands, into });
  }
  if (bare === 'UNWATCH') return plain({ kind: 'unwatch' });
  const watched = /^WATCH (\S+)$/.exec(bare);
  if (watched) return plain({ kind: 'watch', key: { kind: 'constant', value: watched[1] ?? '' } });
  const commands = parseRedisAll(bare);
  if (draft.queued) {
    draft.queued.push(...commands);
    return plain({ kind: 'check' });
  }
  const [only] = commands;
  return commands.length === 1 && only
    ? plain({ kind: 'command', command: only, into })
    : plain({ kind: 'block', commands, into });
}

/** One instance that runs one transaction at a time: a statement waits until it has the instance. */
function queueStatement(actions: readonly Compiling[], draft: Draft, statement: string): readonly Compiling[] {
  const name = { kind: 'constant', value: 'the instance' } as const;
  const lock: Compiling = { action: { kind: 'lock', name, scope: 'session', attempt: false }, asked: [] };
  const unlock: Compiling = { action: { kind: 'unlock', name }, asked: [] };
  const isOutside = statement.startsWith('/* db, not tx */');
  return actions.flatMap((each) => {
    if (each.action.kind === 'begin') return [lock, each];
    if (each.action.kind === 'commit' || each.action.kind === 'rollback') return [each, unlock];
    return draft.inTransaction && !isOutside ? [each] : [lock, each, unlock];
  });
}

function catchErrors(operations: readonly Operation[], which: 'insert' | 'last' | undefined): readonly Operation[] {
  if (which === undefined) return operations;
  const candidates = operations
    .map((operation, index) => ({ operation, index }))
    .filter(({ operation }) =>
      which === 'insert' ? operation.kind === 'insert' : operation.kind !== 'commit' && operation.kind !== 'begin',
    );
  const chosen = candidates.at(-1)?.index;
  return operations.map((operation, index) => (index === chosen ? { ...operation, catches: ['any'] } : operation));
}
