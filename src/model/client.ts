import type { EngineName } from './engine.ts';
import type { Value } from './value.ts';

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
  /** The database behind it, when the client itself tells (`mysql2`, `drizzle-orm/pg-core`); else the project's. */
  readonly engine?: EngineName;
  /** True when calls return without suspending: two adjacent calls have no window between them. */
  readonly synchronous?: boolean;
  /** Whatever else the adapter needs to remember: constructor arguments, the queued commands of a `multi()`. */
  readonly detail?: Readonly<Record<string, Value>>;
}
