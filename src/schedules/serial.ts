import type { Machine } from './machine.ts';
import { isSameOutcome, readOutcome, type Outcome } from './outcome.ts';
import { runSerially } from './run.ts';
import type { State } from './state.ts';

/** What executions one after the other end in. */
export interface SerialOutcomes {
  /** A;B and B;A. */
  readonly full: readonly { readonly order: string; readonly state: State; readonly outcome: Outcome }[];
  /** By actor: what is left when the other one never ran. */
  readonly alone: readonly Outcome[];
}

/**
 * Runs the serial orders. The first runs, of each actor alone, also fix what undecidable comparisons answer (see
 * Valuation): the programs are paths that were taken.
 */
export function runSerialOrders(machine: Machine): SerialOutcomes {
  const chosen = machine.valuation;
  machine.valuation = 'assume';
  const alone = [0, 1].map((index) => readOutcome(machine, runSerially(machine, [index])));
  machine.valuation = chosen === 'assume' ? 'changed is false' : chosen;
  const full = [
    { order: 'A, then B', actors: [0, 1] },
    { order: 'B, then A', actors: [1, 0] },
  ].map(({ order, actors }) => {
    const state = runSerially(machine, actors);
    return { order, state, outcome: readOutcome(machine, state) };
  });
  return { full, alone };
}

/**
 * Whether some serial order explains an outcome. Of requests that failed or refused, or that know of their failed write,
 * the data may also be as if they had never run: they have promised nothing.
 */
export function isSerializable(outcome: Outcome, serial: SerialOutcomes, start: Outcome): boolean {
  if (serial.full.some((order) => isSameOutcome(outcome, order.outcome))) return true;
  const failed = outcome.actors.map((actor) => actor.status !== 'finished' || actor.excused);
  const without =
    failed[0] && failed[1] ? start : failed[0] ? serial.alone[1] : failed[1] ? serial.alone[0] : undefined;
  if (!without) return false;
  if (without === start)
    return outcome.data === start.data || serial.alone.some((alone) => alone.data === outcome.data);
  return isSameOutcome(outcome, without);
}
