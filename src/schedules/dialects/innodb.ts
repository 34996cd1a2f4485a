import type { Dialect, Level } from './dialect.ts';

const repeatableRead: Level = {
  plainRead: 'transaction',
  snapshotAt: 'first plain read',
  changedRow: 'apply',
  gapLocks: true,
  insertSelectLocks: true,
  tracksReads: false,
  writesAtBegin: false,
};

/**
 * InnoDB of MySQL, and of MariaDB with innodb_snapshot_isolation=OFF; measured on MariaDB 10.11.19. Documentation:
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locking.html and …/innodb-transaction-isolation-levels.html.
 */
export const innodb: Dialect = {
  engine: 'innodb',
  levels: {
    autocommit: repeatableRead,
    'read committed': {
      ...repeatableRead,
      plainRead: 'statement',
      snapshotAt: 'statement',
      gapLocks: false,
      insertSelectLocks: false,
    },
    'repeatable read': repeatableRead,
    'snapshot isolation': { ...repeatableRead, changedRow: 'fail after snapshot' },
    serializable: { ...repeatableRead, plainRead: 'locked' },
  },
  fallback: 'repeatable read',
  locking: 'index',
  afterError: 'statement is undone',
  endsTransaction: ['deadlock', 'serialization'],
  detectsNamedLocks: false,
  detectsAtOnce: true,
  readersBlockCommit: false,
  // https://dev.mysql.com/doc/refman/8.4/en/commit.html, and tests/engines/shared-transactions.test.ts
  nestedBegin: 'commits',
  codes: {
    duplicate: '1062',
    serialization: '1020',
    deadlock: '1213',
    'lock unavailable': '1205',
    'lock timeout': '1205',
    check: '3819',
    'missing parent': '1452',
    'referenced parent': '1451',
  },
};
