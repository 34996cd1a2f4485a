import type { IsolationLevel } from './engine.ts';

/**
 * The input language of the model checker: straight-line programs of abstract operations over relations, keys, locks
 * and external effects. It knows no client library and no AST. `reference` strings (`at`) only travel through.
 */
export interface Program {
  readonly name: string;
  readonly operations: readonly Operation[];
}

/** One value. */
export type Term =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  /** An unknown but fixed value, the same for both actors. Example: the e-mail address that both requests carry. */
  /** What is after `…#` in a name tells it from others, and is not shown. */
  | { readonly kind: 'symbol'; readonly name: string }
  /** A value that differs between the actors: a random id, "who I am". */
  | { readonly kind: 'private'; readonly name: string }
  /** A column of the first row that an earlier read of this actor bound, or (`#`) the number of rows it found. */
  | { readonly kind: 'variable'; readonly read: string; readonly column: string }
  /** The row's own current value, inside `set` and predicates of a writing statement. */
  | { readonly kind: 'current'; readonly column: string }
  /**
   * `+`, `-`, `max+` compute on numbers, `merge` puts a part into a document; any other name is uninterpreted: equal for
   * equal arguments only.
   */
  | { readonly kind: 'apply'; readonly name: string; readonly operands: readonly Term[] };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A row filter: all of these. An `opaque` filter passes every row whose columns it names are unchanged since the start. */
export type Filter =
  | { readonly kind: 'compare'; readonly column: string; readonly comparison: Comparison; readonly value: Term }
  | { readonly kind: 'opaque'; readonly site: string; readonly columns: readonly string[] }
  /** A subquery over another (or the same) relation: how many of its rows match, compared with a number. */
  | {
      readonly kind: 'subquery';
      readonly relation: string;
      readonly where: readonly Filter[];
      readonly comparison: Comparison;
      readonly value: Term;
    };

/** A condition on what this actor knows. */
export type Check =
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly left: Term; readonly right: Term }
  /** The read found a row, or the write affected one. */
  | { readonly kind: 'found'; readonly read: string }
  | { readonly kind: 'not'; readonly check: Check }
  | { readonly kind: 'and' | 'or'; readonly checks: readonly Check[] }
  /** Not understood: true in every run, since the path was taken (its inputs don't change between runs). */
  | { readonly kind: 'opaque'; readonly site: string };

export type Operation = OperationBase & OperationAction;

export interface OperationBase {
  /** Unique in the program; findings map it back to an effect. */
  readonly id: string;
  /** In the words of the timeline: `SELECT stock`, `SET key`. */
  readonly label: string;
  /** Skipped unless it holds. */
  readonly when?: Check;
  /** If `when` is false the actor does not skip but ends, refusing the request. */
  readonly otherwise?: 'skip' | 'stop';
  /** Errors that the code around it turns into a normal outcome; the actor goes on with the next operation. */
  readonly catches?: readonly ('duplicate' | 'conflict' | 'lock' | 'any')[];
  /**
   * What the code makes of an error that it catches: it `ignores` it (the default); it `answers` it, having looked what
   * it was, or tries again, so that nobody is told of a write that is not there; it `ends` with an error of its own.
   */
  readonly onCaught?: 'ignores' | 'answers' | 'ends';
  /** Connection, where several operations of both actors share one; default: the actor's own. */
  readonly connection?: string;
}

export type OperationAction =
  | { readonly kind: 'begin'; readonly isolation: IsolationLevel }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | {
      readonly kind: 'read';
      readonly relation: string;
      readonly where: readonly Filter[];
      readonly mode: 'plain' | 'share' | 'update' | 'nowait' | 'skip locked';
      readonly aggregate?: { readonly kind: 'count' | 'max' | 'min' | 'sum'; readonly column: string };
      readonly limit?: number;
      /** Name under which the rows are bound. */
      readonly into: string;
    }
  | {
      readonly kind: 'insert';
      readonly relation: string;
      readonly row: Readonly<Record<string, Term>>;
      readonly onDuplicate: 'fail' | 'ignore' | 'update';
      readonly set?: Readonly<Record<string, Term>>;
      /** INSERT … SELECT … WHERE NOT EXISTS and MERGE: reads these rows first, inserts only when there are none. */
      readonly unless?: { readonly relation: string; readonly where: readonly Filter[] };
      readonly into?: string;
    }
  | {
      readonly kind: 'update';
      readonly relation: string;
      readonly where: readonly Filter[];
      readonly set: Readonly<Record<string, Term>>;
      readonly into?: string;
    }
  | { readonly kind: 'delete'; readonly relation: string; readonly where: readonly Filter[]; readonly into?: string }
  | {
      readonly kind: 'lock';
      readonly name: Term;
      readonly scope: 'transaction' | 'session';
      readonly attempt: boolean;
      readonly into?: string;
    }
  | { readonly kind: 'unlock'; readonly name: Term }
  | { readonly kind: 'command'; readonly command: KeyCommand; readonly into?: string }
  /** MULTI/EXEC or a script. */
  | { readonly kind: 'block'; readonly commands: readonly KeyCommand[]; readonly into?: string }
  | { readonly kind: 'watch'; readonly key: Term }
  | { readonly kind: 'unwatch' }
  /** Something outside: a mail, a charge. Two of equal name and key are a double effect, unless `deduplicated`. */
  | { readonly kind: 'effect'; readonly name: string; readonly key: Term; readonly deduplicated: boolean }
  /** A check by itself: `when` decides, with `otherwise: 'stop'`. */
  | { readonly kind: 'check' }
  /** The answer to the caller, as far as it depends on what was read. */
  | { readonly kind: 'reply'; readonly terms: readonly Term[] };

/** One command of the key-value store. Values of keys are terms, or sets/hashes of terms. */
export type KeyCommand =
  | { readonly kind: 'get' | 'getdel' | 'exists' | 'ttl' | 'smembers' | 'hgetall'; readonly key: Term }
  | {
      readonly kind: 'set';
      readonly key: Term;
      readonly value: Term;
      readonly onlyIfAbsent: boolean;
      readonly expiry: 'none' | 'set' | 'keep';
    }
  | { readonly kind: 'getset'; readonly key: Term; readonly value: Term }
  | { readonly kind: 'del' | 'expire' | 'persist'; readonly key: Term }
  /** Compare-and-delete script: deletes only when the value is equal. */
  | { readonly kind: 'delif'; readonly key: Term; readonly value: Term }
  | { readonly kind: 'incr'; readonly key: Term; readonly by: Term }
  | { readonly kind: 'sadd' | 'srem'; readonly key: Term; readonly member: Term }
  | { readonly kind: 'hset'; readonly key: Term; readonly member: Term; readonly value: Term }
  | { readonly kind: 'mget'; readonly keys: readonly Term[] }
  | { readonly kind: 'mset'; readonly entries: readonly (readonly [Term, Term])[] };

/** Where a question is asked: what exists before, and what the schema guarantees. */
export interface World {
  readonly relations: readonly Relation[];
  readonly keys: readonly { readonly key: Term; readonly value: Term; readonly expires: boolean }[];
}

export interface Relation {
  readonly name: string;
  readonly rows: readonly Readonly<Record<string, Term>>[];
  readonly unique: readonly (readonly string[])[];
  readonly checks: readonly Filter[];
  readonly foreignKeys: readonly {
    readonly column: string;
    readonly references: string;
    readonly referencedColumn: string;
  }[];
  /** Columns whose values are made up (ids, timestamps) and never compared between outcomes. */
  readonly surrogate: readonly string[];
  /** Columns that have an index: matters for the extent of InnoDB's gap locks. */
  readonly indexed: readonly string[];
}
