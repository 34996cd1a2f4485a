import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import pg from 'pg';
import { test as base } from 'vitest';
import { reachMariadb } from './reach-mariadb.ts';
import { reachPostgres } from './reach-postgres.ts';
import type { NoServer } from './reach-postgres.ts';
import { reachRedis } from './reach-redis.ts';
import type { RedisTarget } from './reach-redis.ts';

/** An empty schema of its own; it is the search path of every connection made with `config`. */
export interface PostgresDatabase {
  readonly config: pg.PoolConfig;
  readonly schema: string;
  readonly version: string;
  /** For set-up and for looking at the end, never gated. */
  readonly pool: pg.Pool;
}

/** An empty database of its own. */
export interface MariadbDatabase {
  readonly options: ConnectionOptions;
  readonly version: string;
  readonly connection: Connection;
}

/** Keys of its own: every client made with `target` adds the prefix. */
export interface RedisKeyspace {
  readonly target: RedisTarget;
  readonly version: string;
  /** For set-up and for looking at the end, never gated. */
  readonly redis: Redis;
}

/**
 * Vitest's `test` with servers: a test that takes `postgres`, `mariadb` or `redis` runs in a schema, database or key
 * prefix of its own. Without such a server the test is skipped with one line that says why; with
 * RACE_LINT_REQUIRE_ENGINES set it fails.
 *
 * Example: `engineTest('two sign-ups', async ({ postgres }) => { … })`.
 */
export const engineTest = base
  .extend('postgresServer', { scope: 'file' }, async ({}, { onCleanup }) => {
    const server = await reachPostgres();
    onCleanup(() => ('stop' in server ? server.stop() : undefined));
    return server;
  })
  .extend('postgres', async ({ postgresServer: server, skip }, { onCleanup }): Promise<PostgresDatabase> => {
    if ('reason' in server) return refuse(server, skip);
    const schema = makeName();
    const config: pg.PoolConfig = { ...server.config, options: `-c search_path=${schema}`, application_name: schema };
    const pool = new pg.Pool(config);
    pool.on('error', () => undefined);
    await pool.query(`create schema ${schema}`);
    onCleanup(async () => {
      // A test that failed half-way may have left a transaction open, whose locks would stop the drop.
      await pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()',
        [schema],
      );
      await pool.query(`drop schema ${schema} cascade`);
      await pool.end();
    });
    return { config, schema, version: server.version, pool };
  })
  .extend('mariadb', async ({ skip }, { onCleanup }): Promise<MariadbDatabase> => {
    const server = await reachMariadb();
    if ('reason' in server) return refuse(server, skip);
    const database = makeName();
    const connection = await createConnection(server.options);
    await connection.query(`create database ${database}`);
    await connection.query(`use ${database}`);
    onCleanup(async () => {
      await connection.query(`drop database ${database}`);
      await connection.end();
    });
    return { options: { ...server.options, database }, version: server.version, connection };
  })
  .extend('redis', async ({ skip }, { onCleanup }): Promise<RedisKeyspace> => {
    const server = await reachRedis();
    if ('reason' in server) return refuse(server, skip);
    const target: RedisTarget = { ...server.target, keyPrefix: `${makeName()}:` };
    const redis = new Redis(target);
    onCleanup(async () => {
      // KEYS is not prefixed by the client, DEL is.
      const keys = await redis.keys(`${target.keyPrefix}*`);
      if (keys.length > 0) await redis.del(...keys.map((key) => key.slice(target.keyPrefix.length)));
      redis.disconnect();
    });
    return { target, version: server.version, redis };
  });

/**
 * Ends a test that has no server.
 *
 * @param server why there is none
 * @param skip vitest's own, never returns
 * @param isRequired whether that is a failure
 */
export function refuse(
  server: NoServer,
  skip: (note?: string) => never,
  isRequired = Boolean(process.env['RACE_LINT_REQUIRE_ENGINES']),
): never {
  if (isRequired) throw new Error(`RACE_LINT_REQUIRE_ENGINES is set, but there is ${server.reason}`);
  console.warn(`skipped: ${server.reason}`);
  return skip(server.reason);
}

function makeName(): string {
  return `race_lint_${randomBytes(6).toString('hex')}`;
}
