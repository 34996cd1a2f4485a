/** A database family whose concurrency semantics have been measured. */
export type EngineName = 'postgresql' | 'innodb' | 'sqlite' | 'redis';

/**
 * `autocommit` is each statement in a transaction of its own. `snapshot-isolation` is InnoDB's REPEATABLE READ with
 * innodb_snapshot_isolation=ON (MariaDB 11.8 and later); `deferred` and `immediate` are SQLite's BEGIN forms.
 */
export type IsolationLevel =
  | 'autocommit'
  | 'read committed'
  | 'repeatable read'
  | 'snapshot isolation'
  | 'serializable'
  | 'deferred'
  | 'immediate';
