import type { Dialect, Level } from './dialect.ts';

const readCommitted: Level = {
  plainRead: 'statement',
  snapshotAt: 'statement',
  changedRow: 'apply',
  gapLocks: false,
  insertSelectLocks: false,
  tracksReads: false,
  writesAtBegin: false,
};

const repeatableRead: Level = {
  ...readCommitted,
  plainRead: 'transaction',
  snapshotAt: 'first statement',
  changedRow: 'fail',
};

/**
 * PostgreSQL, measured on 15.18. Documentation: https://www.postgresql.org/docs/current/transaction-iso.html (13.2) and
 * https://www.postgresql.org/docs/current/explicit-locking.html (13.3).
 */
export const postgresql: Dialect = {
  engine: 'postgresql',
  levels: {
    autocommit: readCommitted,
    'read committed': readCommitted,
    'repeatable read': repeatableRead,
    serializable: { ...repeatableRead, tracksReads: true },
  },
  fallback: 'read committed',
  locking: 'versions',
  afterError: 'transaction is dead',
  endsTransaction: [],
  detectsNamedLocks: true,
  detectsAtOnce: false,
  readersBlockCommit: false,
  nestedBegin: 'warns',
  codes: {
    duplicate: '23505',
    serialization: '40001',
    deadlock: '40P01',
    'lock unavailable': '55P03',
    'lock timeout': '55P03',
    check: '23514',
    'missing parent': '23503',
    'referenced parent': '23503',
    aborted: '25P02',
  },
};
