import { createConnection } from 'mysql2/promise';
import type { ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import type { NoServer } from './reach-postgres.ts';

/** A MariaDB or MySQL server that tests may use. */
export interface MariadbServer {
  readonly options: ConnectionOptions;
  readonly version: string;
}

/** The server on MYSQL_HOST and MYSQL_PORT, by default 127.0.0.1:3306 as root without password. There is none to start here. */
export async function reachMariadb(): Promise<MariadbServer | NoServer> {
  const { env } = process;
  const options: ConnectionOptions = {
    host: env['MYSQL_HOST'] ?? '127.0.0.1',
    port: Number(env['MYSQL_PORT'] ?? 3306),
    user: env['MYSQL_USER'] ?? 'root',
    password: env['MYSQL_PASSWORD'] ?? '',
    connectTimeout: 3_000,
  };
  try {
    const connection = await createConnection(options);
    const [rows] = await connection.query<RowDataPacket[]>('select version() as version');
    await connection.end();
    return { options, version: String(rows[0]?.['version']) };
  } catch {
    return { reason: `no MariaDB on ${String(options.host)}:${String(options.port)}` };
  }
}
