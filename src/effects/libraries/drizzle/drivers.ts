import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { EngineName } from '../../../model/engine.ts';

/** What differs between Drizzle's drivers. */
export interface DrizzleDriver {
  readonly engine: EngineName;
  /** Statements return without suspending. */
  readonly synchronous?: true;
  /** The awaited value of a write without RETURNING. */
  readonly written: AnswerShape;
  /** The awaited value of `execute()` of a query that gives rows. */
  readonly queried: AnswerShape;
}

const count: AnswerShape = { kind: 'count' };
const rows: AnswerShape = { kind: 'rows' };
const insertId: AnswerShape = { kind: 'scalar', absent: 'never' };

function objectOf(fields: Readonly<Record<string, AnswerShape>>): AnswerShape {
  return { kind: 'object', fields };
}

function postgresDriver(answer: AnswerShape): DrizzleDriver {
  return { engine: 'postgresql', written: answer, queried: answer };
}

function mysqlDriver(written: AnswerShape, queried: AnswerShape): DrizzleDriver {
  return { engine: 'innodb', written, queried };
}

function sqliteDriver(written: AnswerShape, synchronous?: true): DrizzleDriver {
  return { engine: 'sqlite', written, queried: rows, ...(synchronous === undefined ? {} : { synchronous }) };
}

/** pg's `Result`; also of the Neon and Vercel drivers. */
const pgResult = objectOf({ rowCount: count, rows });

/**
 * Drivers by the subpath of `drizzle-orm` that makes them; dialect cores stand for a driver that does not show.
 * https://orm.drizzle.team/docs/connect-overview
 */
const drivers: Readonly<Record<string, DrizzleDriver>> = {
  'node-postgres': postgresDriver(pgResult),
  'neon-serverless': postgresDriver(pgResult),
  'neon-http': postgresDriver(pgResult),
  'vercel-postgres': postgresDriver(pgResult),
  neon: postgresDriver(pgResult),
  'netlify-db': postgresDriver(pgResult),
  // An array of rows that has `count` besides.
  'postgres-js': postgresDriver(rows),
  'bun-sql': postgresDriver(rows),
  pglite: postgresDriver(objectOf({ affectedRows: count, rows })),
  'aws-data-api': postgresDriver(objectOf({ numberOfRecordsUpdated: count, rows })),
  'xata-http': postgresDriver(pgResult),
  'pg-proxy': postgresDriver(rows),
  'pg-core': postgresDriver(objectOf({ rowCount: count, count, rows })),
  mysql2: mysqlDriver(
    { kind: 'tuple', items: [objectOf({ affectedRows: count, changedRows: count, insertId })] },
    { kind: 'tuple', items: [rows] },
  ),
  'mysql-core': mysqlDriver(
    { kind: 'tuple', items: [objectOf({ affectedRows: count, changedRows: count, insertId })] },
    { kind: 'tuple', items: [rows] },
  ),
  'mysql-proxy': mysqlDriver(
    { kind: 'tuple', items: [objectOf({ affectedRows: count, insertId })] },
    { kind: 'tuple', items: [rows] },
  ),
  'planetscale-serverless': mysqlDriver(objectOf({ rowsAffected: count, insertId, rows }), objectOf({ rows })),
  'tidb-serverless': mysqlDriver(objectOf({ rowsAffected: count, lastInsertId: insertId, rows }), objectOf({ rows })),
  'better-sqlite3': sqliteDriver(objectOf({ changes: count, lastInsertRowid: insertId }), true),
  'bun-sqlite': sqliteDriver({ kind: 'none' }, true),
  'sql-js': sqliteDriver({ kind: 'none' }, true),
  'expo-sqlite': sqliteDriver(objectOf({ changes: count, lastInsertRowId: insertId }), true),
  'durable-sqlite': sqliteDriver({ kind: 'none' }, true),
  libsql: sqliteDriver(objectOf({ rowsAffected: count, lastInsertRowid: insertId })),
  'op-sqlite': sqliteDriver(objectOf({ rowsAffected: count, insertId })),
  tursodatabase: sqliteDriver(objectOf({ changes: count, lastInsertRowid: insertId })),
  d1: sqliteDriver(objectOf({ meta: objectOf({ changes: count, last_row_id: insertId }) })),
  'sqlite-proxy': sqliteDriver({ kind: 'none' }),
  'sqlite-core': sqliteDriver(objectOf({ changes: count, rowsAffected: count, meta: objectOf({ changes: count }) })),
};

/**
 * The driver's name that an import of Drizzle leads to: its subpath, without what comes after the driver
 * (`drizzle-orm/libsql/web` → `libsql`).
 */
export function findDriverName(specifier: string): string | undefined {
  const subpath = /^drizzle-orm\/([^/]+)/.exec(specifier)?.[1];
  return subpath !== undefined && Object.hasOwn(drivers, subpath) ? subpath : undefined;
}

/** The driver of that name, as found by `findDriverName`. */
export function findDriver(name: string): DrizzleDriver | undefined {
  return Object.hasOwn(drivers, name) ? drivers[name] : undefined;
}
