import type { EffectId } from './effect.ts';
import type { ParallelPosition } from './trace.ts';
import type { ConstantValue, Value } from './value.ts';

/** What an effect does to something outside, without how: `insert` into table `users`. */
export interface Touch {
  /**
   * `read`, `insert`, `update`, `delete` and `upsert` are of a table, `command` of a key-value store, `change`, `send` and
   * `look` of a remote system; `order` is whatever orders or hides other effects: locks, transactions, locking reads;
   * `share` is a transaction through a handle that other requests use.
   */
  readonly access:
    'read' | 'insert' | 'update' | 'delete' | 'upsert' | 'command' | 'change' | 'send' | 'look' | 'order' | 'share';
  /** The table, or the store. */
  readonly name: string;
  /**
   * The columns that an update sets, absent where there may be others; those of which a read asks for one value; those by
   * which an upsert finds its row, absent where any key counts.
   */
  readonly columns?: readonly string[];
  /** By a client whose calls return without suspending: what is or isn't between two of them counts. */
  readonly isSynchronous?: boolean;
}

/** One effect of a function, or one call of a function that has some, in program order. */
export interface SketchEvent {
  /** Where the file under analysis does it: the place of the effect itself, or of the call that leads to it. */
  readonly site: string;
  /** Is the effect itself in that file, and not behind a call? */
  readonly isDirect: boolean;
  readonly touches: readonly Touch[];
  /** Anything may happen here: the code behind it was not understood well enough to say. */
  readonly isOpen: boolean;
  /** The positions in Promise.all and kin around it, outermost first. */
  readonly parallel: readonly ParallelPosition[];
  /** Values computed from what it answered mention this; undefined where there is no answer. */
  readonly answer: EffectId | undefined;
  /** Is the answer a row, or rows, as they stand in the table, so that its columns are the table's? */
  readonly isRow: boolean;
  /** Whether it happens depends on these. */
  readonly conditions: readonly Value[];
  /** What it writes, or what a call was given. */
  readonly inputs: readonly Value[];
  /** By what an update itself selects its rows. */
  readonly keys?: readonly Value[];
}

/** What a call of a function touches, whatever its plain arguments are. */
export interface FunctionSummary {
  readonly touches: readonly Touch[];
  readonly isOpen: boolean;
  /** Can its result have effects of its own (a client, a closure, a builder that was not sent)? */
  readonly acts: boolean;
  /** Does its result hold a value that no other execution can have? */
  readonly isFresh: boolean;
  /** Can it throw because of what it is given or reads, so that what comes after it depends on that? */
  readonly refuses: boolean;
  /** The row, or the rows, that it returns as they stand in the table; undefined for any other result. */
  readonly row: RowAnswer | undefined;
  /**
   * What it returns, where to follow the call would tell no more: a constant, or `opaque` for what a package made that
   * nothing is known of.
   */
  readonly result: ConstantValue | 'opaque' | undefined;
}

/** An answer that is a row, or rows. */
export type RowAnswer = Extract<Value, { kind: 'answer' }> & { readonly shape: { readonly kind: 'row' | 'rows' } };

/** Decides from sketches which functions are worth following closely. */
export interface Sieve {
  /** Can there be a race among these events of one root? */
  readonly mayHoldRace: (events: readonly SketchEvent[]) => boolean;
  /** Makes a test for calls, by what they touch and where, that have nothing to do with any race among these events. */
  readonly createFilter: (events: readonly SketchEvent[]) => (summary: FunctionSummary, site: string) => boolean;
}
