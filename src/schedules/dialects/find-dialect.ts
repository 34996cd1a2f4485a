import type { EngineName } from '../../model/engine.ts';
import type { Dialect } from './dialect.ts';
import { innodb } from './innodb.ts';
import { postgresql } from './postgresql.ts';
import { redis } from './redis.ts';
import { sqlite } from './sqlite.ts';

/** The dialect of an engine in its usual configuration (SQLite: WAL; InnoDB: snapshot isolation off). */
export function findDialect(engine: EngineName): Dialect {
  switch (engine) {
    case 'postgresql':
      return postgresql;
    case 'innodb':
      return innodb;
    case 'sqlite':
      return sqlite;
    case 'redis':
      return redis;
  }
}
