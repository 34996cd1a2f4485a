import type { Client } from '../model/client.ts';
import type { EngineName } from '../model/engine.ts';
import type { Recognition } from '../model/recognition.ts';
import type { ChainValue, FunctionValue, Value } from '../model/value.ts';

/**
 * What race-lint knows about one client library. Adapters are data first: tables from member names to effect
 * templates, and the few functions that read arguments. They see evaluated values, never an AST.
 */
export interface LibraryAdapter {
  /** The adapter's name, also `Client.library`. Example: `prisma`. */
  readonly name: string;
  /** Pages that the tables were read from. */
  readonly documentation: readonly string[];
  /** Versions that the tables were checked against. */
  readonly checkedAgainst: Readonly<Record<string, string>>;
  /**
   * Does an import of this specifier concern the library? Used to skip files early and to route chains. The specifier
   * is a package name with subpath (`drizzle-orm/pg-core`), or, where it does not resolve to a file of the project,
   * the text as written (a generated client: `../generated/prisma/client`).
   */
  readonly handlesImport: (specifier: string) => boolean;
  /**
   * Files that the library generates into projects, by their names and by what stands in them: an import of one is an
   * import of the package.
   */
  readonly generated?: { readonly name: RegExp; readonly text: RegExp; readonly package: string };
  /**
   * The client that a chain rooted in an export or a declared type is, if it is one exactly (not a prefix).
   * Examples: `new PrismaClient()`, `drizzle(pool)`, a parameter typed `PoolClient`, `Redis.fromEnv()`.
   */
  readonly identify: (chain: ChainValue, context: AdapterContext) => Client | undefined;
  /**
   * What a chain that begins at a client of this library does. Called after each call step, and with `awaited` when
   * the value is awaited, returned from an async function or handed to Promise.all or `.then`.
   */
  readonly recognize: (chain: ChainValue, context: RecognizeContext) => Recognition;
  /**
   * What a test of one of the library's clients answers; undefined for every other condition. Example:
   * `is(db, PgTransaction)` of a pool is false.
   */
  readonly test?: (condition: Value) => boolean | undefined;
}

export interface AdapterContext {
  /** The project's engine as far as known from the schema or the settings. */
  readonly engine?: EngineName;
}

export interface RecognizeContext extends AdapterContext {
  readonly awaited: boolean;
  /** A new id for a connection or transaction, unique in the trace. */
  readonly newConnection: () => string;
  /** What a function of the analysed code returns: a condition that is spelled as a callback. */
  readonly call?: (callback: FunctionValue, args: readonly Value[]) => Value;
}
