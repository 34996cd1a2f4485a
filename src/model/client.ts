import type { EngineName } from './engine.ts';
import type { ChainStep, Value } from './value.ts';

/** A recognized handle of a client library: where its calls go, and through which connection. */
export interface Client {
  /** The adapter's name. Example: `prisma`. */
  readonly library: string;
  /**
   * What kind of handle it is, in the adapter's own words: `root`, `transaction`, `pool`, `connection`, `multi`,
   * `pipeline`, ….
   */
  readonly role: string;
  /**
   * Which connection or transaction it talks through: `pool` for "any connection", else an id that is unique to the
   * transaction or pinned connection. Statements of one `connection` share a transaction once one has begun there.
   */
  readonly connection: string;
  /**
   * Set where other requests may send statements through it at the same time, between two of this one: a pool hands each
   * statement to any of its connections, a connection that lives as long as the process hands all to one. Absent where
   * the client library refuses BEGIN there, and for what was made in the run itself.
   */
  readonly shared?: 'pool' | 'connection';
  /** The database behind it, when the client itself tells (`mysql2`, `drizzle-orm/pg-core`); else the project's. */
  readonly engine?: EngineName;
  /** True when calls return without suspending: two adjacent calls have no window between them. */
  readonly synchronous?: boolean;
  /** Set for a handle that collects calls and sends them later in one go: `redis.multi()`. */
  readonly queue?: CallQueue;
  /** Whatever else the adapter needs to remember: constructor arguments. */
  readonly detail?: Readonly<Record<string, Value>>;
}

/**
 * Calls that wait on a handle. The handle is mutable in the program and a value here: each queueing call answers with
 * the client that has one call more, and the variable that holds the handle has to be given that client.
 */
export interface CallQueue {
  /** Equal for all states of one queue. */
  readonly id: string;
  readonly calls: readonly ChainStep[];
}
