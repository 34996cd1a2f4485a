import pg from 'pg';
import type { Gate } from './gate.ts';

/** Stand-ins for the exports of `pg` whose statements pass a gate; all of their connections go to the test's database. */
export interface GatedPg {
  /** What the source under test gets for `import … from 'pg'`. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Closes every pool and client that the source opened. */
  readonly close: () => Promise<void>;
}

type Queryable = pg.ClientBase;

/** A client of the driver with what its types leave out. */
type ClientWithProcess = Queryable & { readonly processID?: number };

/**
 * @param gate decides when a statement is sent
 * @param config connection of the test's database; it wins over what the source asks for
 * @param monitor a connection of its own, asked whether a statement waits for a lock
 */
export function createGatedPg(gate: Gate, config: pg.PoolConfig, monitor: pg.Pool): GatedPg {
  const opened = new Set<{ end: () => Promise<void> }>();

  /** https://www.postgresql.org/docs/current/functions-info.html: pg_blocking_pids lists who holds what a backend waits for. */
  async function isBlocked(client: ClientWithProcess): Promise<boolean> {
    const result = await monitor.query<{ blocked: boolean }>(
      'select cardinality(pg_blocking_pids($1)) > 0 as blocked',
      [client.processID ?? 0],
    );
    return result.rows[0]?.blocked ?? false;
  }

  function gateStatement(client: ClientWithProcess, args: readonly unknown[]): Promise<unknown> {
    return gate.pass({
      label: spellStatement(args[0]),
      execute: () => sendStatement(client, args),
      isBlocked: () => isBlocked(client),
    });
  }

  /** A checked-out client: everything but `query` and `release` is the driver's own. */
  function wrapClient(client: pg.PoolClient): pg.PoolClient {
    let isReleased = false;
    const release = (error?: boolean | Error): void => {
      if (isReleased) return;
      isReleased = true;
      client.release(error);
    };
    gate.onCrash(() => release(true));
    return new Proxy(client, {
      get(target, property) {
        if (property === 'query') return (...args: unknown[]) => gateStatement(target, args);
        if (property === 'release') return release;
        return bindMember(target, property);
      },
    });
  }

  class GatedPool extends pg.Pool {
    constructor(options?: pg.PoolConfig) {
      super({ ...options, connectionString: undefined, ...config });
      opened.add(this);
      // Connections are cut by a crash, and at the end of a test that failed.
      this.on('error', () => undefined);
    }

    // The driver's overloads can't be repeated here; sources under test use promises.
    override connect(...args: unknown[]): never {
      if (args.length > 0) return super.connect(...(args as Parameters<pg.Pool['connect']>)) as unknown as never;
      return super.connect().then(wrapClient) as never;
    }

    override query(...args: unknown[]): never {
      return this.#queryOnce(args) as never;
    }

    /** Takes its connection when its turn has come, as the driver does: who waits for a turn holds none. */
    #queryOnce(args: readonly unknown[]): Promise<unknown> {
      let client: pg.PoolClient | undefined;
      const execute = async (): Promise<unknown> => {
        client = (await super.connect()) as pg.PoolClient;
        try {
          return await sendStatement(client, args);
        } finally {
          client.release();
        }
      };
      return gate.pass({
        label: spellStatement(args[0]),
        execute,
        isBlocked: async () => client !== undefined && (await isBlocked(client)),
      });
    }
  }

  class GatedClient extends pg.Client {
    constructor(options?: pg.ClientConfig) {
      super({ ...options, connectionString: undefined, ...config });
      opened.add(this);
      this.on('error', () => undefined);
      gate.onCrash(() => void this.end());
    }

    override query(...args: unknown[]): never {
      const send = (): Promise<unknown> => super.query(...(args as [string])) as Promise<unknown>;
      return gate.pass({ label: spellStatement(args[0]), execute: send, isBlocked: () => isBlocked(this) }) as never;
    }
  }

  const exports = { ...pg, Pool: GatedPool, Client: GatedClient };
  return {
    exports: { ...exports, default: exports },
    close: async () => {
      await Promise.allSettled([...opened].map((each) => each.end()));
    },
  };
}

function sendStatement(client: Queryable, args: readonly unknown[]): Promise<unknown> {
  if (args.some((arg) => typeof arg === 'function')) throw new Error('statements with callbacks are not gated');
  return client.query(...(args as [string]));
}

function bindMember(target: object, property: string | symbol): unknown {
  const member = Reflect.get(target, property, target) as unknown;
  return typeof member === 'function' ? member.bind(target) : member;
}

/** The statement's text in one line. */
function spellStatement(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : (statement as { text?: string } | undefined)?.text;
  return (text ?? '?').replace(/\s+/g, ' ').trim();
}
