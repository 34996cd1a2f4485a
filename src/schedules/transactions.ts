import type { Level } from './dialects/dialect.ts';
import { releaseTransactionLocks } from './locks.ts';
import type { Machine } from './machine.ts';
import { matchesFilters } from './predicates.ts';
import type { Cells, Connection, ReadMark, Row, State, Tracked, WriteMark } from './state.ts';
import { setConnection } from './state.ts';

const nothingTracked: Tracked = { reads: [], writes: [] };

/** A connection on which no transaction is open. */
export function makeConnection(level: Level): Connection {
  return {
    open: false,
    level,
    snapshot: -1,
    failed: false,
    tracked: nothingTracked,
    rivals: [],
    writing: false,
    committing: false,
    watched: [],
    watchBroken: false,
  };
}

function closeTransaction(machine: Machine, state: State, index: number): void {
  releaseTransactionLocks(state, index);
  setConnection(state, index, {
    open: false,
    level: machine.autocommit,
    snapshot: -1,
    failed: false,
    tracked: nothingTracked,
    rivals: [],
    writing: false,
    committing: false,
  });
}

/** Makes the transaction's versions the newest ones, tells serializable rivals, and releases everything. */
export function commitTransaction(machine: Machine, state: State, index: number): void {
  const connection = state.connections[index];
  if (!connection) return;
  if (connection.failed) {
    rollBackTransaction(machine, state, index);
    return;
  }
  let changed = false;
  state.tables = state.tables.map((rows) => {
    if (!rows.some((row) => row.owner === index)) return rows;
    changed = true;
    return rows.map((row): Row =>
      row.owner === index
        ? { ...row, owner: -1, pending: null, versions: [...row.versions, { at: state.clock + 1, cells: row.pending }] }
        : row,
    );
  });
  if (changed) state.clock += 1;
  if (connection.level.tracksReads) {
    state.connections.forEach((other, at) => {
      if (at !== index && other.open && other.level.tracksReads && other.snapshot >= 0) {
        setConnection(state, at, { rivals: [...other.rivals, connection.tracked] });
      }
    });
  }
  closeTransaction(machine, state, index);
  if (changed) forgetOldVersions(state);
}

/** Drops versions that no snapshot can see any more, so that equal situations become equal states. */
function forgetOldVersions(state: State): void {
  let oldest = state.clock;
  for (const connection of state.connections) {
    if (connection.snapshot >= 0 && connection.snapshot < oldest) oldest = connection.snapshot;
  }
  for (const actor of state.actors) {
    if (actor.statement && actor.statement.snapshot < oldest) oldest = actor.statement.snapshot;
  }
  state.tables = state.tables.map((rows) =>
    rows.some((row) => row.versions.length > 1)
      ? rows.map((row) => {
          let first = 0;
          row.versions.forEach((version, at) => {
            if (version.at <= oldest) first = at;
          });
          return first === 0 ? row : { ...row, versions: row.versions.slice(first) };
        })
      : rows,
  );
}

function undoVersions(state: State, index: number): void {
  state.tables = state.tables.map((rows) =>
    rows.some((row) => row.owner === index)
      ? rows
          .filter((row) => row.owner !== index || row.versions.length > 0)
          .map((row): Row => (row.owner === index ? { ...row, owner: -1, pending: null } : row))
      : rows,
  );
}

/** Undoes the transaction and leaves the connection without one. */
export function rollBackTransaction(machine: Machine, state: State, index: number): void {
  undoVersions(state, index);
  closeTransaction(machine, state, index);
}

/** Undoes the transaction but leaves it open and dead, until ROLLBACK or COMMIT (PostgreSQL, 25P02). */
export function failTransaction(state: State, index: number): void {
  undoVersions(state, index);
  releaseTransactionLocks(state, index);
  setConnection(state, index, { failed: true, snapshot: -1, tracked: nothingTracked, rivals: [], writing: false });
}

export function trackRead(state: State, index: number, mark: ReadMark): void {
  const connection = state.connections[index];
  if (!connection?.open || !connection.level.tracksReads) return;
  setConnection(state, index, { tracked: { ...connection.tracked, reads: [...connection.tracked.reads, mark] } });
}

export function trackWrite(state: State, index: number, mark: WriteMark): void {
  const connection = state.connections[index];
  if (!connection?.open || !connection.level.tracksReads) return;
  setConnection(state, index, { tracked: { ...connection.tracked, writes: [...connection.tracked.writes, mark] } });
}

function hasReadWhatWasWritten(machine: Machine, reads: readonly ReadMark[], writes: readonly WriteMark[]): boolean {
  const touches = (read: ReadMark, cells: Cells | null) =>
    cells !== null && matchesFilters(machine, read.where, cells, cells, read.slots, () => []);
  return reads.some((read) =>
    writes.some(
      (write) =>
        write.table === read.table &&
        (read.rows ? read.rows.includes(write.row) : touches(read, write.before) || touches(read, write.after)),
    ),
  );
}

/**
 * Whether a serializable transaction is in a cycle with one that has committed: each has read what the other wrote.
 * With two transactions that is exactly what PostgreSQL's serializable snapshot isolation aborts
 * (https://wiki.postgresql.org/wiki/SSI).
 */
export function isDoomed(machine: Machine, state: State, index: number): boolean {
  const connection = state.connections[index];
  if (!connection?.open || connection.rivals.length === 0) return false;
  return connection.rivals.some(
    (rival) =>
      hasReadWhatWasWritten(machine, connection.tracked.reads, rival.writes) &&
      hasReadWhatWasWritten(machine, rival.reads, connection.tracked.writes),
  );
}
