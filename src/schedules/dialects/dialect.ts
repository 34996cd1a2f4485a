import type { EngineName, IsolationLevel } from '../../model/engine.ts';

/** Why a statement failed, before an engine has given it a code. */
export type Fault =
  | 'duplicate'
  | 'serialization'
  | 'deadlock'
  | 'lock unavailable'
  | 'lock timeout'
  | 'check'
  | 'missing parent'
  | 'referenced parent'
  | 'aborted'
  | 'busy'
  | 'stale snapshot'
  | 'nested transaction'
  | 'wrong type';

/** What one isolation level does. */
export interface Level {
  /**
   * What a plain read sees: `statement`: the newest committed rows when the statement starts; `transaction`: a snapshot
   * kept until the end; `locked`: the newest rows, under shared locks.
   */
  readonly plainRead: 'statement' | 'transaction' | 'locked';
  /** Which statement takes a transaction's snapshot. A PostgreSQL lock call takes it before it waits (measured, S5). */
  readonly snapshotAt: 'statement' | 'first statement' | 'first plain read' | 'begin';
  /** A write or locking read meets a row that was changed after its snapshot. */
  readonly changedRow: 'apply' | 'fail' | 'fail after snapshot';
  /** Locking reads also lock the gaps in which they found nothing. */
  readonly gapLocks: boolean;
  /** INSERT … SELECT reads under shared locks. */
  readonly insertSelectLocks: boolean;
  /** Reads are tracked, and a cycle of dependencies aborts the one that is still running. */
  readonly tracksReads: boolean;
  /** The write lock of the whole file is taken by BEGIN. */
  readonly writesAtBegin: boolean;
}

/** The concurrency semantics of an engine, as parameters of one interpreter. */
export interface Dialect {
  readonly engine: EngineName;
  /** Levels the engine knows; a program that asks for another one runs at `fallback`. */
  readonly levels: Readonly<Partial<Record<IsolationLevel, Level>>>;
  readonly fallback: IsolationLevel;
  /**
   * `versions`: locks on rows, a statement keeps to the rows of its own snapshot; `index`: locks on index records, a
   * waiting scan goes on with what it finds there; `file`: one writer at a time.
   */
  readonly locking: 'versions' | 'index' | 'file';
  /** What an error inside a transaction leaves: a dead transaction, or one without that statement. */
  readonly afterError: 'transaction is dead' | 'statement is undone';
  /** Faults that roll the whole transaction back at once and leave the connection without one. */
  readonly endsTransaction: readonly Fault[];
  /** Named locks take part in deadlock detection. */
  readonly detectsNamedLocks: boolean;
  /** A cycle of waits is seen when it closes, so the last to wait does not wait; otherwise after a delay. */
  readonly detectsAtOnce: boolean;
  /** A reader keeps a writer from committing (SQLite's rollback journal). */
  readonly readersBlockCommit: boolean;
  /** What BEGIN inside a transaction does: nothing but warn, fail, or commit the open one and begin another. */
  readonly nestedBegin: 'warns' | 'fails' | 'commits';
  readonly codes: Readonly<Partial<Record<Fault, string>>>;
}
