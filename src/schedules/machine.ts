import type { Dialect, Level } from './dialects/dialect.ts';
import type { Plan, Table } from './plan.ts';
import type { State } from './state.ts';

/** What one step did, for the timeline. */
export interface Note {
  readonly actor: number;
  /** Index of the operation in its plan. */
  readonly operation: number;
  readonly outcome: string;
  readonly waits: boolean;
  /** The end of an earlier wait rather than a step of its own. */
  readonly resumed: boolean;
}

/** Notes, newest first. */
export interface Told {
  readonly note: Note;
  readonly before: Told | undefined;
}

/**
 * How a comparison that the values do not decide is answered, so that a witness is one for some input:
 *
 * - `assume`: true, and remembered. So the path through the program that was given is the one that is taken when an
 *   actor runs alone.
 * - `changed is false` / `changed is true`: what was assumed stays; an order comparison that came up only because the
 *   other actor has changed something is answered so. Two different terms are different.
 */
export type Valuation = 'assume' | 'changed is false' | 'changed is true';

/** One question made ready to run: everything that stays the same over all schedules. */
export interface Machine {
  readonly dialect: Dialect;
  readonly autocommit: Level;
  readonly plans: readonly Plan[];
  readonly tables: readonly Table[];
  /** The initial world; never changed. */
  readonly start: State;
  /** Answers given to undecidable comparisons, by their text. */
  readonly assumed: Map<string, boolean>;
  valuation: Valuation;
  /** An order comparison of changed values was met. */
  undecided: boolean;
  /** Steps are noted down in the state, to tell a schedule. */
  telling: boolean;
}
