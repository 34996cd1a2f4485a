import { openFileForReading, openFileForWriting } from './file-lock.ts';
import { addRowLock, findRowBlocker } from './locks.ts';
import type { PlanAction } from './plan.ts';
import { evaluateCode, matchesFilters, readCommitTime, readVersion } from './predicates.ts';
import {
  isChangedSinceSnapshot,
  makeFault,
  makeView,
  makeWait,
  scanLocked,
  scanSnapshot,
  takeSnapshot,
  type Hit,
  type Stop,
  type Work,
} from './scan.ts';
import type { Cells } from './state.ts';
import { setConnection } from './state.ts';
import { isDoomed, trackRead } from './transactions.ts';
import { applyFunction, compareValues, makeFresh, type Value } from './values.ts';
import {
  addRow,
  checkChildren,
  checkParents,
  computeCells,
  findBrokenCheck,
  findDuplicate,
  findGapBlocker,
  isStop,
  putVersion,
} from './write-rows.ts';

/** What a statement found or did. */
export interface Found {
  readonly kind: 'found';
  /** Rows found or affected; for an aggregate its value, if that is a number. */
  readonly count: Value;
  readonly first: Cells | undefined;
  readonly aggregate: Value | undefined;
  /** The row was there already, or gone: the engine has told this actor that it came second. */
  readonly yielded: boolean;
}

type Read = Extract<PlanAction, { kind: 'read' }>;
type Insert = Extract<PlanAction, { kind: 'insert' }>;
type Update = Extract<PlanAction, { kind: 'update' }>;
type Delete = Extract<PlanAction, { kind: 'delete' }>;

function makeFound(count: Value, first?: Cells, yielded = false): Found {
  return { kind: 'found', count, first, aggregate: undefined, yielded };
}

export function runRead(work: Work, action: Read): Found | Stop {
  const blocked = openFileForReading(work);
  if (blocked) return blocked;
  const locked = action.mode !== 'plain' || (work.level.plainRead === 'locked' && work.connection.open);
  const limit = action.aggregate ? Infinity : action.limit;
  const snapshot = takeSnapshot(work, !locked);
  let hits: Hit[] | Stop;
  if (!locked || work.dialect.locking === 'file') {
    hits = scanSnapshot(work, action.table, action.where, snapshot, limit);
  } else {
    const policy = action.mode === 'nowait' ? 'nowait' : action.mode === 'skip locked' ? 'skip' : 'wait';
    const mode = action.mode === 'plain' || action.mode === 'share' ? 'share' : 'all';
    hits = scanLocked(work, { table: action.table, where: action.where, mode, policy, limit }, snapshot);
  }
  if ('kind' in hits) return hits;
  trackRead(work.state, work.connectionIndex, {
    table: action.table,
    where: action.where,
    slots: work.slots,
    rows: hits.length >= limit ? hits.map((hit) => hit.row.id) : undefined,
  });
  if (!action.aggregate) return makeFound(hits.length, hits[0]?.cells);
  const value = aggregate(
    action.aggregate.kind,
    hits.map((hit) => hit.cells[action.aggregate?.column ?? -1] ?? null),
  );
  return {
    kind: 'found',
    count: action.aggregate.kind === 'count' ? hits.length : value === null ? 0 : 1,
    first: undefined,
    aggregate: action.aggregate.kind === 'count' ? hits.length : value,
    yielded: false,
  };
}

/** MAX, MIN or SUM over values; uninterpreted where they are not all numbers. */
export function aggregate(kind: 'count' | 'max' | 'min' | 'sum', values: readonly Value[]): Value {
  const present = values.filter((value) => value !== null);
  if (kind === 'count') return present.length;
  if (present.length === 0) return null;
  if (kind === 'sum') return present.reduce<Value>((sum, value) => applyFunction('+', [sum, value]), 0);
  // drop what is known to be no better than another: stock against stock + 1
  const wins = kind === 'max' ? '>=' : '<=';
  const best = present.reduce<readonly Value[]>((kept, value) => {
    if (kept.some((other) => compareValues(other, wins, value) === true)) return kept;
    return [...kept.filter((other) => compareValues(value, wins, other) !== true), value];
  }, []);
  if (best.length === 1) return best[0] ?? null;
  const sorted = [...best].sort((a, b) => (String(a) < String(b) ? -1 : 1));
  return applyFunction(kind, sorted);
}

export function runInsert(work: Work, action: Insert): Found | Stop {
  const blocked = openFileForWriting(work);
  if (blocked) return blocked;
  const { machine, state } = work;
  const snapshot = takeSnapshot(work, false);
  const table = machine.tables[action.table];
  if (!table) return makeFound(0);
  const locksSource = work.level.insertSelectLocks && work.dialect.locking === 'index';
  if (action.unless) {
    const { table: source, where } = action.unless;
    const hits = locksSource
      ? scanLocked(work, { table: source, where, mode: 'share', policy: 'wait', limit: Infinity }, snapshot)
      : scanSnapshot(work, source, where, snapshot, Infinity);
    if ('kind' in hits) return hits;
    trackRead(state, work.connectionIndex, { table: source, where, slots: work.slots, rows: undefined });
    if (hits.length > 0) return makeFound(0);
  }
  const maxima: Value[] = [];
  if (action.maxima.length > 0) {
    const hits = locksSource
      ? scanLocked(work, { table: action.table, where: [], mode: 'share', policy: 'wait', limit: Infinity }, snapshot)
      : scanSnapshot(work, action.table, [], snapshot, Infinity);
    if ('kind' in hits) return hits;
    trackRead(state, work.connectionIndex, { table: action.table, where: [], slots: work.slots, rows: undefined });
    for (const column of action.maxima)
      maxima[column] = aggregate(
        'max',
        hits.map((hit) => hit.cells[column] ?? null),
      );
  }
  const name = `${machine.plans[work.actorIndex]?.actor ?? ''}${work.actor.next}`;
  const cells: Cells = table.columns.map((column, index) => {
    const code = action.row[index];
    if (code) return evaluateCode(code, work.slots, maxima);
    return table.surrogate.includes(index) ? makeFresh(`${column}.${name}`) : null;
  });
  const broken = findBrokenCheck(work, action.table, cells);
  if (broken) return makeFault(broken);
  const duplicate = findDuplicate(work, action.table, cells, -1, snapshot);
  if (duplicate) return isStop(duplicate) ? duplicate : settleDuplicate(work, action, duplicate, cells, snapshot);
  const parents = checkParents(work, action.table, cells, snapshot);
  if (parents) return parents;
  if (work.dialect.locking === 'index') {
    const holder = findGapBlocker(work, action.table, cells);
    if (holder >= 0) return makeWait(holder, snapshot);
  }
  addRow(work, action.table, cells);
  return makeFound(1, cells);
}

/** A row with the key is there: fail, leave it, or update it. */
function settleDuplicate(
  work: Work,
  action: Insert,
  duplicate: Hit['row'],
  cells: Cells,
  snapshot: number,
): Found | Stop {
  const { state, connectionIndex, level, machine } = work;
  const isHidden =
    level.changedRow === 'fail' &&
    work.dialect.locking === 'versions' &&
    readVersion(duplicate, snapshot, connectionIndex) === null;
  if (action.onDuplicate === 'fail') {
    // PostgreSQL, SERIALIZABLE: 40001 where the transaction had looked for the key, 23505 otherwise (measured: S2, E1m)
    const hadLooked =
      level.tracksReads &&
      state.connections[connectionIndex]?.tracked.reads.some(
        (read) =>
          read.table === action.table &&
          matchesFilters(machine, read.where, cells, cells, read.slots, makeView(work, snapshot)),
      );
    return makeFault(isHidden && hadLooked ? 'serialization' : 'duplicate');
  }
  if (isHidden) return makeFault('serialization');
  if (action.onDuplicate === 'ignore') return makeFound(0, undefined, true);
  const blocker = findRowBlocker(state, action.table, duplicate.id, 'all', connectionIndex);
  if (blocker >= 0) return makeWait(blocker, snapshot);
  if (isChangedSinceSnapshot(work, duplicate)) return makeFault('serialization');
  if (level.changedRow === 'fail' && work.dialect.locking === 'versions' && readCommitTime(duplicate) > snapshot)
    return makeFault('serialization');
  addRowLock(state, action.table, duplicate.id, 'all', connectionIndex);
  const current = duplicate.owner === connectionIndex ? duplicate.pending : (duplicate.versions.at(-1)?.cells ?? null);
  const next = computeCells(current ?? cells, action.set, work.slots);
  const broken = findBrokenCheck(work, action.table, next);
  if (broken) return makeFault(broken);
  putVersion(work, action.table, duplicate, next);
  return makeFound(1, next, true);
}

/** InnoDB locks what an UPDATE's subquery reads, at every level (measured, W1c). */
function lockSubqueries(work: Work, where: Update['where'], snapshot: number): Stop | undefined {
  for (const filter of where) {
    if (filter.kind !== 'subquery') continue;
    if (work.dialect.locking === 'index') {
      const hits = scanLocked(
        work,
        { table: filter.table, where: filter.where, mode: 'share', policy: 'wait', limit: Infinity },
        snapshot,
      );
      if ('kind' in hits) return hits;
    }
    trackRead(work.state, work.connectionIndex, {
      table: filter.table,
      where: filter.where,
      slots: work.slots,
      rows: undefined,
    });
  }
  return undefined;
}

export function runUpdate(work: Work, action: Update): Found | Stop {
  const { machine } = work;
  const touchesKey = action.set.some(
    ([column]) => machine.tables[action.table]?.unique.some((key) => key.includes(column)) ?? false,
  );
  const hits = findForWriting(work, action, touchesKey || work.dialect.locking === 'index' ? 'all' : 'write');
  if ('kind' in hits) return hits;
  const snapshot = takeSnapshot(work, false);
  const changes: (readonly [Hit, Cells])[] = [];
  for (const hit of hits) {
    const next = computeCells(hit.cells, action.set, work.slots);
    const broken = findBrokenCheck(work, action.table, next);
    if (broken) return makeFault(broken);
    if (touchesKey) {
      const duplicate = findDuplicate(work, action.table, next, hit.row.id, snapshot);
      if (duplicate) return isStop(duplicate) ? duplicate : makeFault('duplicate');
      const children = checkChildren(work, action.table, hit.cells, next, snapshot);
      if (children) return children;
    }
    if (
      action.set.some(
        ([column]) => machine.tables[action.table]?.foreignKeys.some((key) => key.column === column) ?? false,
      )
    ) {
      const parents = checkParents(work, action.table, next, snapshot);
      if (parents) return parents;
    }
    changes.push([hit, next]);
  }
  for (const [hit, next] of changes) putVersion(work, action.table, hit.row, next);
  return makeFound(hits.length, changes[0]?.[1]);
}

export function runDelete(work: Work, action: Delete): Found | Stop {
  const hits = findForWriting(work, action, 'all');
  if ('kind' in hits) return hits;
  const snapshot = takeSnapshot(work, false);
  for (const hit of hits) {
    const children = checkChildren(work, action.table, hit.cells, null, snapshot);
    if (children) return children;
  }
  for (const hit of hits) putVersion(work, action.table, hit.row, null);
  return makeFound(hits.length, hits[0]?.cells, hits.length === 0);
}

function findForWriting(work: Work, action: Update | Delete, mode: 'write' | 'all'): Hit[] | Stop {
  const blocked = openFileForWriting(work);
  if (blocked) return blocked;
  const snapshot = takeSnapshot(work, false);
  const subqueries = lockSubqueries(work, action.where, snapshot);
  if (subqueries) return subqueries;
  const request = { table: action.table, where: action.where, mode, policy: 'wait', limit: Infinity } as const;
  const hits =
    work.dialect.locking === 'file'
      ? scanSnapshot(work, action.table, action.where, work.state.clock, Infinity)
      : scanLocked(work, request, snapshot);
  if (!('kind' in hits)) {
    trackRead(work.state, work.connectionIndex, {
      table: action.table,
      where: action.where,
      slots: work.slots,
      rows: hits.map((hit) => hit.row.id),
    });
  }
  return hits;
}

/** A serializable transaction that is in a cycle with a committed one fails at its next statement. */
export function findDoom(work: Work): Stop | undefined {
  return isDoomed(work.machine, work.state, work.connectionIndex) ? makeFault('serialization') : undefined;
}

/** A lock call takes the snapshot of a REPEATABLE READ transaction before it waits (measured on PostgreSQL, S5). */
export function takeSnapshotForCall(work: Work): void {
  if (work.dialect.locking === 'versions') takeSnapshot(work, false);
}

export function breakWatch(work: Work): boolean {
  const broken = work.connection.watchBroken;
  if (work.connection.watched.length > 0 || broken)
    setConnection(work.state, work.connectionIndex, { watched: [], watchBroken: false });
  return broken;
}
