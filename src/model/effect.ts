import type { AnswerShape } from './answer-shape.ts';
import type { Client } from './client.ts';
import type { IsolationLevel } from './engine.ts';
import type { Location } from './location.ts';
import type { Value } from './value.ts';

/** Names one effect inside one trace; unique there, stable for equal source text. */
export type EffectId = string;

/** What is touched. */
export type Resource =
  /** A table, model or collection. `name` is the adapter's own name for it (`User`, `users`); schema facts join names. */
  | { readonly kind: 'table'; readonly store: string; readonly name: string }
  /** A key of a key-value store. */
  | { readonly kind: 'key'; readonly store: string; readonly key: Value }
  /** Something in a system that no transaction of ours can roll back. Example: `stripe` `customers`. */
  | { readonly kind: 'external'; readonly store: string; readonly name: string }
  /** A named lock. */
  | { readonly kind: 'lock'; readonly store: string; readonly key: Value };

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'is null' | 'is not null' | 'like';

/** One condition of a WHERE. */
export type Condition =
  /** A column against a value. For `in` the value is an array or a collection; for the null tests it is null. */
  | { readonly kind: 'compare'; readonly column: string; readonly operator: ComparisonOperator; readonly value: Value }
  /** At least one of the branches, each a conjunction. */
  | { readonly kind: 'any'; readonly branches: readonly (readonly Condition[])[] }
  /** None of these (a conjunction that must be false). */
  | { readonly kind: 'not'; readonly conditions: readonly Condition[] }
  /** A condition on another table's rows (relation filter, subquery). */
  | { readonly kind: 'elsewhere'; readonly text: string }
  /** Something that is there but not understood. */
  | { readonly kind: 'opaque'; readonly text: string; readonly values: readonly Value[] };

/** Which rows: a conjunction. No conditions at all means every row. */
export interface Selector {
  readonly conditions: readonly Condition[];
  /** At most this many rows, if known. */
  readonly limit?: number;
  /** `ORDER BY seq DESC`, as `seq desc`; matters for max + 1. */
  readonly order?: readonly string[];
}

export interface Assignment {
  readonly column: string;
  readonly value: Value;
}

export type Effect = EffectBase & EffectAction;

export interface EffectBase {
  readonly id: EffectId;
  /** The call, in the file that contains it. */
  readonly location: Location;
  readonly client: Client;
  readonly answer: AnswerShape;
  /** How a person would name the call: `prisma.user.findUnique`, `UPDATE seats`. */
  readonly label: string;
}

/** What one effect does. */
export type EffectAction =
  | ReadAction
  | InsertAction
  | UpdateAction
  | DeleteAction
  | CommandAction
  | BlockAction
  | LockAction
  | UnlockAction
  | BeginAction
  | CommitAction
  | RollbackAction
  | ExternalAction;

/** SELECT. Example: `SELECT … FROM seat WHERE id = $1`; Prisma `findUnique`. */
export interface ReadAction {
  readonly kind: 'read';
  readonly resource: Resource;
  readonly selector: Selector;
  /** `plain`, or a locking read (`FOR UPDATE`, `FOR SHARE`, `FOR UPDATE NOWAIT`, `FOR UPDATE SKIP LOCKED`). */
  readonly mode: 'plain' | 'update' | 'share' | 'nowait' | 'skip locked';
  /** Absent for rows. */
  readonly aggregate?: {
    readonly kind: 'count' | 'exists' | 'max' | 'min' | 'sum' | 'other';
    readonly column?: string;
  };
  /** Other tables whose rows come along (joins, `include`), by name. */
  readonly joined?: readonly string[];
  /** Those that come as an object or a list inside each row, where the call tells which of their rows. */
  readonly related?: readonly RelatedRows[];
  /** The read inside whose rows these came, where this one is only a part of a call; may a new row belong to such a row? */
  readonly within?: { readonly effect: EffectId; readonly isOwned: boolean };
  /** The columns asked for, if the call names them; absent means all. */
  readonly columns?: readonly string[];
  /**
   * Answer columns that are not a column under its own name, each as a value over `current` columns of the row that was
   * read. In an aggregate query `current` of the aggregated column (`#` for `count(*)`) is the aggregate. Example:
   * `SELECT COALESCE(MAX(seq), 0) + 1 AS next` → `next: apply('+', [apply('??', [current('seq'), 0]), 1])`.
   */
  readonly outputs?: Readonly<Record<string, Value>>;
}

/** Rows of another table inside a row: `include: { items: true }`, `select('*, items(*)')`. */
export interface RelatedRows {
  /** The relation's name, for the schema to resolve. */
  readonly relation: string;
  /** Where they are in the row: `['items']`; `['_count', 'items']` where only their number comes. */
  readonly path: readonly string[];
  readonly counts: boolean;
  readonly selector: Selector;
}

/** INSERT, insert-or-ignore, upsert. Example: Prisma `create`, `INSERT … ON CONFLICT DO NOTHING`. */
export interface InsertAction {
  readonly kind: 'insert';
  readonly resource: Resource;
  readonly values: readonly Assignment[];
  /** False when a spread or an unknown object may set more columns than `values` shows. */
  readonly complete: boolean;
  /** True for a list of rows whose number is unknown; `values` then describes any one of them. */
  readonly many: boolean;
  readonly onConflict:
    | { readonly kind: 'fail' }
    /** `target` is absent when any unique key counts (INSERT IGNORE). */
    | { readonly kind: 'ignore'; readonly target?: readonly string[] }
    | { readonly kind: 'update'; readonly target?: readonly string[]; readonly assignments: readonly Assignment[] };
  /** INSERT … SELECT … WHERE NOT EXISTS (…), MERGE: the table that the same statement reads first. */
  readonly source?: { readonly resource: Resource; readonly selector: Selector; readonly absent: boolean };
}

/** UPDATE. Server-side arithmetic shows as a `current` inside an assignment. */
export interface UpdateAction {
  readonly kind: 'update';
  readonly resource: Resource;
  readonly selector: Selector;
  readonly assignments: readonly Assignment[];
  /** False when a spread or an unknown object may set more columns. */
  readonly complete: boolean;
}

/** DELETE. */
export interface DeleteAction {
  readonly kind: 'delete';
  readonly resource: Resource;
  readonly selector: Selector;
}

/** The commands of a key-value store that the schedules know. */
export type CommandName =
  | 'get'
  | 'set'
  | 'setnx'
  | 'getset'
  | 'getdel'
  | 'del'
  | 'incr'
  | 'expire'
  | 'persist'
  | 'exists'
  | 'ttl'
  | 'hget'
  | 'hset'
  | 'hdel'
  | 'hincr'
  | 'sadd'
  | 'srem'
  | 'smembers'
  | 'lpush'
  | 'lpop'
  | 'lrange'
  | 'zadd'
  | 'zrem'
  | 'zrange'
  | 'script'
  | 'watch'
  | 'unwatch';

/** One command of a key-value store. Example: `redis.set(key, value, 'EX', 60)`. */
export interface CommandAction {
  readonly kind: 'command';
  readonly resource: Resource;
  readonly command: CommandName;
  /** Hash field, set member, list element or sorted-set member. */
  readonly member?: Value;
  /** What is written. */
  readonly value?: Value;
  /** `value`: a time to live is set by this command; `keep`: kept; `drop`: an existing one is dropped; absent: untouched. */
  readonly expiry?: 'set' | 'keep' | 'drop';
}

/** Several commands or statements in one indivisible step (MULTI/EXEC, a script, one batch). */
export interface BlockAction {
  readonly kind: 'block';
  readonly resource: Resource;
  readonly commands: readonly CommandAction[];
}

/** A named lock is taken. Example: `pg_advisory_xact_lock(…)`, `SET lock token NX PX 1000`, `mutex.acquire()`. */
export interface LockAction {
  readonly kind: 'lock';
  readonly resource: Resource;
  /** Until the transaction ends, until the session or an explicit unlock, or until it expires. */
  readonly scope: 'transaction' | 'session' | 'lease';
  /** True when the call answers at once whether the lock was got. */
  readonly attempt: boolean;
}

export interface UnlockAction {
  readonly kind: 'unlock';
  readonly resource: Resource;
}

export interface BeginAction {
  readonly kind: 'begin';
  readonly resource: Resource;
  /** Absent: the database's own default. */
  readonly isolation?: IsolationLevel;
}

export interface CommitAction {
  readonly kind: 'commit';
  readonly resource: Resource;
}

export interface RollbackAction {
  readonly kind: 'rollback';
  readonly resource: Resource;
}

/** A remote system is changed (or only asked), outside every transaction. Example: `stripe.customers.create`. */
export interface ExternalAction {
  readonly kind: 'external';
  readonly resource: Resource;
  readonly action: 'read' | 'create' | 'update' | 'delete' | 'send';
  /** What names the thing (its id, the addressee), if the call tells. */
  readonly key?: Value;
  /** The remote side refuses a second call with an equal key. */
  readonly idempotencyKey?: Value;
}
