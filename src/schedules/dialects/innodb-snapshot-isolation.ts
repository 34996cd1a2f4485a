import type { Dialect } from './dialect.ts';
import { innodb } from './innodb.ts';

const level = innodb.levels['snapshot isolation'];

/**
 * InnoDB of MariaDB with innodb_snapshot_isolation=ON (the default from 11.8 on): REPEATABLE READ fails with 1020 where
 * a row was changed after the transaction's snapshot. Measured on MariaDB 10.11.19; documentation:
 * https://mariadb.com/kb/en/innodb-system-variables/#innodb_snapshot_isolation.
 */
export const innodbSnapshotIsolation: Dialect = {
  ...innodb,
  levels: { ...innodb.levels, ...(level ? { 'repeatable read': level } : {}) },
};
