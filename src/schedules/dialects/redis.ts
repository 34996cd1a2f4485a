import type { Dialect, Level } from './dialect.ts';
import { postgresql } from './postgresql.ts';

const level: Level = {
  plainRead: 'statement',
  snapshotAt: 'statement',
  changedRow: 'apply',
  gapLocks: false,
  insertSelectLocks: false,
  tracksReads: false,
  writesAtBegin: false,
};

/**
 * Redis: a command, a MULTI/EXEC block or a script is one step (https://redis.io/docs/latest/develop/using-commands/transactions/);
 * measured on 7.0.15. Relations do not exist there; what a program says about them runs at READ COMMITTED.
 */
export const redis: Dialect = {
  ...postgresql,
  engine: 'redis',
  levels: { autocommit: level },
  fallback: 'autocommit',
  codes: { ...postgresql.codes, 'wrong type': 'ERR' },
};
