import type { Dialect, Level } from './dialect.ts';

const deferred: Level = {
  plainRead: 'transaction',
  snapshotAt: 'first statement',
  changedRow: 'fail',
  gapLocks: false,
  insertSelectLocks: false,
  tracksReads: false,
  writesAtBegin: false,
};
const immediate: Level = { ...deferred, snapshotAt: 'begin', writesAtBegin: true };

/**
 * SQLite in WAL mode, a connection for each request; measured on 3.49.2. Documentation:
 * https://www.sqlite.org/isolation.html and https://www.sqlite.org/rescode.html#busy_snapshot.
 */
export const sqlite: Dialect = {
  engine: 'sqlite',
  levels: { autocommit: deferred, deferred, immediate, serializable: deferred },
  fallback: 'deferred',
  locking: 'file',
  afterError: 'statement is undone',
  endsTransaction: [],
  detectsNamedLocks: false,
  detectsAtOnce: true,
  readersBlockCommit: false,
  nestedBegin: 'fails',
  codes: {
    duplicate: 'SQLITE_CONSTRAINT_UNIQUE',
    check: 'SQLITE_CONSTRAINT_CHECK',
    'missing parent': 'SQLITE_CONSTRAINT_FOREIGNKEY',
    'referenced parent': 'SQLITE_CONSTRAINT_FOREIGNKEY',
    busy: 'SQLITE_BUSY',
    deadlock: 'SQLITE_BUSY',
    'lock timeout': 'SQLITE_BUSY',
    'lock unavailable': 'SQLITE_BUSY',
    serialization: 'SQLITE_BUSY_SNAPSHOT',
    'stale snapshot': 'SQLITE_BUSY_SNAPSHOT',
    'nested transaction': 'SQLITE_ERROR',
  },
};

/** SQLite with a rollback journal (`journal_mode=delete`): readers and a committing writer exclude each other. */
export const sqliteRollbackJournal: Dialect = { ...sqlite, readersBlockCommit: true };
