import { makeFault, makeWait, type Stop, type Work } from './scan.ts';
import type { State } from './state.ts';
import { setConnection } from './state.ts';

/** Before a statement reads: a reader waits only for a writer that is committing, and only with a rollback journal. */
export function openFileForReading(work: Work): Stop | undefined {
  if (work.dialect.locking !== 'file') return undefined;
  const connection = work.state.connections[work.connectionIndex];
  if (!connection || connection.snapshot >= 0 || connection.writing) return undefined;
  const on = work.state.connections.findIndex((other, index) => index !== work.connectionIndex && other.committing);
  return on >= 0 ? makeWait(on, work.state.clock, 'file') : undefined;
}

/**
 * Before a statement writes: takes the file's one write lock. A transaction that has read gets BUSY at once, as waiting
 * could not help it (measured, S1; https://www.sqlite.org/c3ref/busy_handler.html); any other waits.
 */
export function openFileForWriting(work: Work): Stop | undefined {
  if (work.dialect.locking !== 'file') return undefined;
  const { state, connectionIndex } = work;
  const connection = state.connections[connectionIndex];
  if (!connection || connection.writing) return undefined;
  const on = state.connections.findIndex((other, index) => index !== connectionIndex && other.writing);
  if (on >= 0) return connection.snapshot >= 0 ? makeFault('busy') : makeWait(on, state.clock, 'file');
  if (connection.snapshot >= 0 && connection.snapshot < state.clock) return makeFault('stale snapshot');
  setConnection(state, connectionIndex, { writing: true, snapshot: connection.open ? state.clock : -1 });
  return undefined;
}

/** Before a commit: with a rollback journal a writer waits until nobody reads. */
export function findCommitBlocker(state: State, connectionIndex: number, readersBlockCommit: boolean): number {
  if (!readersBlockCommit || !state.connections[connectionIndex]?.writing) return -1;
  if (!state.tables.some((rows) => rows.some((row) => row.owner === connectionIndex))) return -1;
  return state.connections.findIndex((other, index) => index !== connectionIndex && other.open && other.snapshot >= 0);
}
