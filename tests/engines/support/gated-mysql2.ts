import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from 'mysql2/promise';
import type { ConnectionOptions, Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';
import type { Gate } from './gate.ts';

/** Stand-ins for the exports of `mysql2/promise` whose statements pass a gate. */
export interface GatedMysql2 {
  /** What the source under test gets for `import … from 'mysql2/promise'`; only pools are there. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Closes every pool that the source opened. */
  readonly close: () => Promise<void>;
}

/** Members of a connection that send something. */
const statements: ReadonlySet<string> = new Set(['query', 'execute', 'beginTransaction', 'commit', 'rollback']);

/**
 * Milliseconds. The server renews its list of transactions only when nobody has read it for 0.1 s:
 * https://dev.mysql.com/doc/refman/8.0/en/innodb-information-schema-internal-data.html
 */
const renewal = 120;

/**
 * @param gate decides when a statement is sent
 * @param options connection of the test's database; it wins over what the source asks for
 * @param monitor a connection of its own, asked whether a statement waits for a lock
 */
export function createGatedMysql2(gate: Gate, options: ConnectionOptions, monitor: Pool): GatedMysql2 {
  const opened = new Set<Pool>();

  async function isBlocked({ threadId }: PoolConnection): Promise<boolean> {
    await sleep(renewal);
    const [rows] = await monitor.query<RowDataPacket[]>(
      "select 1 from information_schema.innodb_trx where trx_mysql_thread_id = ? and trx_state = 'LOCK WAIT'",
      [threadId],
    );
    return rows.length > 0;
  }

  function gateStatement(connection: PoolConnection, member: string, args: readonly unknown[]): Promise<unknown> {
    return gate.pass({
      label: spellCall(member, args),
      execute: () => send(connection, member, args),
      isBlocked: () => isBlocked(connection),
    });
  }

  function wrapConnection(connection: PoolConnection): PoolConnection {
    gate.onCrash(() => {
      connection.destroy();
    });
    return new Proxy(connection, {
      get(target, property) {
        if (typeof property === 'string' && statements.has(property))
          return (...args: unknown[]) => gateStatement(target, property, args);
        const member = Reflect.get(target, property, target) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  /** Takes its connection when its turn has come, as the driver does: who waits for a turn holds none. */
  function runOnce(pool: Pool, member: string, args: readonly unknown[]): Promise<unknown> {
    let connection: PoolConnection | undefined;
    const execute = async (): Promise<unknown> => {
      connection = await pool.getConnection();
      try {
        return await send(connection, member, args);
      } finally {
        connection.release();
      }
    };
    return gate.pass({
      label: spellCall(member, args),
      execute,
      isBlocked: async () => connection !== undefined && (await isBlocked(connection)),
    });
  }

  function openPool(): Pool {
    const pool = createPool({ ...options, connectionLimit: 10 });
    opened.add(pool);
    return new Proxy(pool, {
      get(target, property) {
        if (property === 'getConnection') return async () => wrapConnection(await target.getConnection());
        if (property === 'query' || property === 'execute')
          return (...args: unknown[]) => runOnce(target, property, args);
        const member = Reflect.get(target, property, target) as unknown;
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  const exports = { createPool: openPool };
  return {
    exports: { ...exports, default: exports },
    close: async () => {
      await Promise.allSettled([...opened].map((pool) => pool.end()));
    },
  };
}

async function send(connection: PoolConnection, member: string, args: readonly unknown[]): Promise<unknown> {
  const method = Reflect.get(connection, member) as (...args: readonly unknown[]) => Promise<unknown>;
  return method.apply(connection, [...args]);
}

/** The statement's text in one line, or the member that is one. */
function spellCall(member: string, args: readonly unknown[]): string {
  return args.length === 0 ? member : String(args[0]).replace(/\s+/g, ' ').trim();
}
