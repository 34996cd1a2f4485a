import type { Bailout } from './bailout.ts';
import type { Effect, EffectId } from './effect.ts';
import type { Location } from './location.ts';
import type { Value } from './value.ts';

/**
 * What one run of a function does, flattened: helpers are inlined, branches become guards on the steps inside them, a
 * loop body stands once. Order is program order.
 *
 * Example (`npm run trace` prints it):
 * ```
 * bookSeat        root: exported, unbounded
 *   1  read    seat where id = p.seatId                → s        src/book.ts:11
 *   2  update  seat where id = p.seatId  set free = f(s.free)     src/seats.ts:27  via takeSeat   when s.free > 0
 * ```
 */
export interface Trace {
  readonly root: Root;
  readonly steps: readonly Step[];
  readonly bailouts: readonly Bailout[];
  /** What the function gives back, where that is known. */
  readonly returned?: Value;
}

/** A function that starts executions. */
export interface Root {
  readonly name: string;
  readonly location: Location;
  /**
   * How many of its executions may run at the same time. `each start`: every instance of the server runs it when it
   * starts, so that two may meet, and what one leaves undone the next does.
   */
  readonly bound: 'unbounded' | 'exclusive' | 'once' | 'each start';
  /** Why it is one: `exported`, `POST /book (express)`. */
  readonly reason: string;
}

/** One effect in a trace, with the circumstances under which it happens. */
export interface Step {
  readonly effect: Effect;
  /** All of these hold when the step happens. */
  readonly guards: readonly Guard[];
  /** The calls that led from the root to the function that contains the effect, outermost first. */
  readonly calls: readonly CallSite[];
  /** Ids of the loops around it, outermost first; equal ids are the same loop. */
  readonly loops: readonly string[];
  /** The transaction that it runs in, by the id of the effect that began it; absent for autocommit. */
  readonly transaction?: EffectId;
  /** Locks held (ids of the lock effects). */
  readonly locks: readonly EffectId[];
  /** Set when it is one of several branches that run at the same time. */
  readonly parallel?: ParallelPosition;
  /** The positions around that one, outermost first: a Promise.all inside a branch of another. */
  readonly around?: readonly ParallelPosition[];
  /** What happens when it throws. Absent: the error leaves the root. */
  readonly onError?: ErrorHandling;
}

export interface Guard {
  readonly condition: Value;
  /** The condition's truth on this path. */
  readonly holds: boolean;
  readonly location: Location;
  /** True when the other path leaves with an error or a refusal, so that the caller can tell the two paths apart. */
  readonly refuses?: boolean;
  /** How the other path left; absent where it may come back: an `if` around the step. */
  readonly exit?: 'return' | 'throw' | 'loop';
}

export interface CallSite {
  readonly callee: string;
  readonly location: Location;
}

export interface ParallelPosition {
  /** The Promise.all (or kin) it belongs to. */
  readonly group: string;
  readonly kind: 'all' | 'allSettled' | 'race' | 'any';
  /** Index of the branch; steps of one branch are sequential. `mapped` branches stand for any number of equal ones. */
  readonly branch: number;
  readonly mapped: boolean;
  readonly location: Location;
  /** For allSettled: whether anybody looks at the results. */
  readonly inspected: boolean;
  /** Nobody waits for it, and its error is caught on the spot: what of it happens is left to luck on purpose. */
  readonly detached?: true;
  /** The innermost error handler around the call itself; a step that has another one has it inside its branch. */
  readonly handler?: Location;
}

export interface ErrorHandling {
  /**
   * `all`: any error is caught; `duplicate`: only (or also specially) a unique violation is told apart; `conflict`: a
   * transaction that the engine could not serialize.
   */
  readonly catches: 'all' | 'duplicate' | 'conflict';
  /** What the handler does for a duplicate: goes on normally, or throws again; or has the loop around it try again. */
  readonly then: 'continues' | 'retries' | 'rethrows' | 'throws other';
  /** The request ends there, with an answer or an error. */
  readonly leaves: boolean;
  /** Columns or constraint names that the handler distinguishes, if it does. */
  readonly names: readonly string[];
  readonly location: Location;
}
