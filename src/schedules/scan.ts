import type { Dialect, Fault, Level } from './dialects/dialect.ts';
import { addGapLock, addRowLock, conflicts, findRowBlocker } from './locks.ts';
import type { Machine } from './machine.ts';
import type { PlanFilter } from './plan.ts';
import {
  evaluateCode,
  matchesFilters,
  readCommitTime,
  readNewest,
  readTable,
  readVersion,
  type View,
} from './predicates.ts';
import type { ActorState, Cells, Connection, Row, RowLockMode, State, Wait } from './state.ts';
import { setConnection } from './state.ts';
import type { Value } from './values.ts';

/** One statement at work. */
export interface Work {
  readonly machine: Machine;
  readonly state: State;
  readonly actorIndex: number;
  readonly actor: ActorState;
  readonly connectionIndex: number;
  readonly connection: Connection;
  readonly level: Level;
  readonly dialect: Dialect;
  readonly slots: readonly Value[];
}

/** Why a statement could not end. */
export type Stop =
  | {
      readonly kind: 'wait';
      readonly wait: Wait;
      readonly snapshot: number;
      readonly position: number;
      readonly taken: readonly number[];
    }
  | { readonly kind: 'fault'; readonly fault: Fault };

export interface Hit {
  readonly row: Row;
  readonly cells: Cells;
}

export function makeFault(fault: Fault): Stop {
  return { kind: 'fault', fault };
}

export function makeWait(on: number, snapshot: number, kind: Wait['kind'] = 'row'): Stop {
  return {
    kind: 'wait',
    wait: { on, kind, gap: undefined, record: undefined },
    snapshot,
    position: -Infinity,
    taken: [],
  };
}

/**
 * The commit up to which the statement sees; takes the transaction's snapshot where the level says that this statement
 * does.
 *
 * @param isPlainRead a SELECT without a lock
 */
export function takeSnapshot(work: Work, isPlainRead: boolean): number {
  const { state, level } = work;
  if (work.actor.statement && work.dialect.locking !== 'file') return work.actor.statement.snapshot;
  const connection = state.connections[work.connectionIndex];
  if (!connection?.open || level.snapshotAt === 'statement') return state.clock;
  if (connection.snapshot >= 0) return connection.snapshot;
  if (level.snapshotAt === 'first plain read' && !isPlainRead) return state.clock;
  setConnection(state, work.connectionIndex, { snapshot: state.clock });
  return state.clock;
}

export function makeView(work: Work, snapshot: number): View {
  return (table) => readTable(work.state, table, snapshot, work.connectionIndex);
}

/** Rows at a snapshot, without any lock. */
export function scanSnapshot(
  work: Work,
  table: number,
  where: readonly PlanFilter[],
  snapshot: number,
  limit: number,
): Hit[] {
  const hits: Hit[] = [];
  const view = makeView(work, snapshot);
  for (const row of work.state.tables[table] ?? []) {
    if (hits.length >= limit) break;
    const cells = readVersion(row, snapshot, work.connectionIndex);
    if (cells && matchesFilters(work.machine, where, cells, row.initial, work.slots, view)) hits.push({ row, cells });
  }
  return hits;
}

export interface LockRequest {
  readonly table: number;
  readonly where: readonly PlanFilter[];
  readonly mode: RowLockMode;
  readonly policy: 'wait' | 'nowait' | 'skip';
  readonly limit: number;
}

/** Finds rows and locks them, in the way of the engine. */
export function scanLocked(work: Work, request: LockRequest, snapshot: number): Hit[] | Stop {
  return work.dialect.locking === 'index' ? scanIndex(work, request) : scanVersions(work, request, snapshot);
}

/**
 * PostgreSQL: the statement keeps to the rows that its own snapshot found; a row changed meanwhile is looked at again
 * (READ COMMITTED) or is an error (measured: L4, S8f).
 */
function scanVersions(work: Work, request: LockRequest, snapshot: number): Hit[] | Stop {
  const { state, machine, connectionIndex } = work;
  const hits: Hit[] = [];
  const view = makeView(work, snapshot);
  const { table, where, mode } = request;
  for (const { id } of state.tables[table] ?? []) {
    if (hits.length >= request.limit) break;
    const row = findRow(state, table, id);
    const seen = row && readVersion(row, snapshot, connectionIndex);
    if (!row || !seen || !matchesFilters(machine, where, seen, row.initial, work.slots, view)) continue;
    const blocker = findRowBlocker(state, table, id, mode, connectionIndex);
    if (blocker >= 0) {
      if (request.policy === 'skip') continue;
      if (request.policy === 'nowait') return makeFault('lock unavailable');
      return makeWait(blocker, snapshot);
    }
    let cells: Cells | null = seen;
    if (row.owner !== connectionIndex && readCommitTime(row) > snapshot) {
      if (work.level.changedRow === 'fail') return makeFault('serialization');
      cells = readNewest(row, connectionIndex);
      if (!cells || !matchesFilters(machine, where, cells, row.initial, work.slots, view)) continue;
    }
    addRowLock(state, table, id, mode, connectionIndex);
    hits.push({ row, cells });
  }
  return hits;
}

export function findRow(state: State, table: number, id: number): Row | undefined {
  return state.tables[table]?.find((row) => row.id === id);
}

/** How a statement reaches its rows: by a whole unique key, by an indexed column, or by looking at all. */
function findAccess(
  work: Work,
  request: LockRequest,
): { readonly kind: 'unique' | 'index' | 'all'; readonly column: number; readonly value: Value } {
  const table = work.machine.tables[request.table];
  const equal = (column: number) =>
    request.where.find((filter) => filter.kind === 'compare' && filter.column === column && filter.comparison === '=');
  const valueOf = (column: number): Value => {
    const filter = equal(column);
    return filter?.kind === 'compare' ? evaluateCode(filter.value, work.slots) : null;
  };
  for (const key of table?.unique ?? []) {
    if (key.every((column) => equal(column)))
      return { kind: 'unique', column: key[0] ?? -1, value: valueOf(key[0] ?? -1) };
  }
  for (const column of table?.indexed ?? [])
    if (equal(column)) return { kind: 'index', column, value: valueOf(column) };
  return { kind: 'all', column: -1, value: null };
}

/** Where a row stands in its index: by primary key where that is a number, after all of them where it was made up. */
export function readPosition(work: Work, table: number, row: Row, cells: Cells | null): number {
  const order = work.machine.tables[table]?.order ?? -1;
  const key = order < 0 ? null : (cells?.[order] ?? null);
  return typeof key === 'number' ? key : 1e9 + row.id;
}

/**
 * InnoDB: the scan walks the index over the newest rows. It goes on after a wait where it stood, so it meets rows
 * inserted after that place and misses those before (measured: S8f, S8r). With gap locks it also keeps others from
 * inserting where it looked (S4).
 */
function scanIndex(work: Work, request: LockRequest): Hit[] | Stop {
  const { state, machine, connectionIndex, level } = work;
  const { table, where, mode } = request;
  const access = findAccess(work, request);
  const position = work.actor.statement?.waited ? work.actor.statement.position : -Infinity;
  const taken: number[] = [...(work.actor.statement?.taken ?? [])];
  const hits: Hit[] = [];
  const view = makeView(work, state.clock);
  const reaches = (cells: Cells | null) =>
    cells !== null && (access.kind === 'all' || cells[access.column] === access.value);
  const entries = (state.tables[table] ?? [])
    .map((row) => {
      const committed = row.versions.at(-1)?.cells ?? null;
      return {
        id: row.id,
        committed,
        row,
        at: readPosition(work, table, row, row.owner >= 0 ? (row.pending ?? committed) : committed),
      };
    })
    .sort((a, b) => a.at - b.at);
  let ended = true;
  for (const { id, row, committed, at } of entries) {
    if (hits.length >= request.limit) {
      ended = false;
      break;
    }
    const touched =
      row.owner === connectionIndex
        ? reaches(row.pending)
        : reaches(committed) || (row.owner >= 0 && reaches(row.pending));
    if (!touched || (at < position && !taken.includes(id))) continue;
    const holder = findRowBlocker(state, table, id, mode, connectionIndex);
    const blocker = holder >= 0 ? holder : findQueued(work, table, id, mode);
    if (blocker >= 0) {
      if (request.policy === 'skip') continue;
      if (request.policy === 'nowait') return makeFault('lock unavailable');
      const gap =
        level.gapLocks && access.kind !== 'unique'
          ? { table, column: access.column, value: access.value, before: at }
          : undefined;
      return {
        kind: 'wait',
        wait: { on: blocker, kind: 'row', gap, record: { table, row: id, mode } },
        snapshot: state.clock,
        position: at,
        taken,
      };
    }
    const cells = readNewest(row, connectionIndex);
    const matches = cells !== null && matchesFilters(machine, where, cells, row.initial, work.slots, view);
    if (cells === null && !level.gapLocks) continue;
    if (matches && isChangedSinceSnapshot(work, row)) return makeFault('serialization');
    if (!matches && isChangedSinceSnapshot(work, row) && access.kind === 'unique') return makeFault('serialization');
    if (matches || level.gapLocks) {
      addRowLock(state, table, id, mode, connectionIndex);
      taken.push(id);
    }
    if (matches) hits.push({ row, cells });
  }
  if (
    level.gapLocks &&
    ended &&
    (access.kind !== 'unique' ||
      !entries.some(({ committed, row }) => reaches(row.owner === connectionIndex ? row.pending : committed)))
  ) {
    addGapLock(state, table, access.column, access.value, connectionIndex);
  }
  return hits;
}

/** Connection whose earlier request for the record is still waiting, unless this one already holds enough; or -1. */
function findQueued(work: Work, table: number, row: number, mode: RowLockMode): number {
  const { state, actorIndex, connectionIndex, machine } = work;
  for (const [index, actor] of state.actors.entries()) {
    const wanted = index === actorIndex ? undefined : actor.wait?.record;
    if (!wanted || wanted.table !== table || wanted.row !== row || !conflicts(wanted.mode, mode)) continue;
    const holds = state.locks.some(
      (lock) =>
        lock.kind === 'row' &&
        lock.owner === connectionIndex &&
        lock.table === table &&
        lock.row === row &&
        (lock.mode === 'all' || lock.mode === mode),
    );
    if (!holds) return machine.plans[index]?.operations[actor.next]?.connection ?? -1;
  }
  return -1;
}

/** innodb_snapshot_isolation=ON: the row has a version newer than the transaction's snapshot (error 1020). */
export function isChangedSinceSnapshot(work: Work, row: Row): boolean {
  if (work.level.changedRow !== 'fail after snapshot') return false;
  const connection = work.state.connections[work.connectionIndex];
  return (
    connection !== undefined &&
    connection.snapshot >= 0 &&
    row.owner !== work.connectionIndex &&
    readCommitTime(row) > connection.snapshot
  );
}
