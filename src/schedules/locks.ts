import type { Lock, RowLockMode, State } from './state.ts';
import { areEqual, type Value } from './values.ts';

/** Which lock modes of two transactions on one row exclude each other (PostgreSQL documentation, table 13.3). */
export function conflicts(held: RowLockMode, wanted: RowLockMode): boolean {
  switch (held) {
    case 'key':
      return wanted === 'all';
    case 'share':
      return wanted === 'write' || wanted === 'all';
    case 'write':
      return wanted !== 'key';
    case 'all':
      return true;
  }
}

/** Connection that keeps `connection` from locking the row, or -1. */
export function findRowBlocker(
  state: State,
  table: number,
  row: number,
  mode: RowLockMode,
  connection: number,
): number {
  for (const lock of state.locks) {
    if (
      lock.kind === 'row' &&
      lock.owner !== connection &&
      lock.row === row &&
      lock.table === table &&
      conflicts(lock.mode, mode)
    ) {
      return lock.owner;
    }
  }
  return -1;
}

export function addRowLock(state: State, table: number, row: number, mode: RowLockMode, owner: number): void {
  for (const lock of state.locks) {
    if (lock.kind === 'row' && lock.owner === owner && lock.row === row && lock.table === table && lock.mode === mode)
      return;
  }
  state.locks = [...state.locks, { kind: 'row', table, row, mode, owner }];
}

export function addGapLock(state: State, table: number, column: number, value: Value, owner: number): void {
  for (const lock of state.locks) {
    if (
      lock.kind === 'gap' &&
      lock.owner === owner &&
      lock.table === table &&
      lock.column === column &&
      lock.value === value
    )
      return;
  }
  state.locks = [...state.locks, { kind: 'gap', table, column, value, owner }];
}

/** Connection that holds a lock of this name, or of one that may be the same, or -1. */
export function findNameBlocker(state: State, name: Value, connection: number): number {
  for (const lock of state.locks) {
    if (lock.kind === 'name' && lock.owner !== connection && areEqual(lock.name, name) !== false) return lock.owner;
  }
  return -1;
}

/** Releases what a transaction holds; session locks stay. */
export function releaseTransactionLocks(state: State, owner: number): void {
  const kept = state.locks.filter((lock) => lock.owner !== owner || (lock.kind === 'name' && lock.session));
  if (kept.length !== state.locks.length) state.locks = kept;
}

/** Releases one named lock of a session; true when it was held. */
export function releaseName(state: State, owner: number, name: Value): boolean {
  const index = state.locks.findIndex((lock) => lock.kind === 'name' && lock.owner === owner && lock.name === name);
  if (index < 0) return false;
  state.locks = state.locks.filter((_lock: Lock, at) => at !== index);
  return true;
}
