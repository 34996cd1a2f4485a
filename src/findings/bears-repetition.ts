import type { Assignment } from '../model/effect.ts';
import { mentionsCurrent, mentionsEffect } from '../model/find-mentions.ts';
import type { Step, Trace } from '../model/trace.ts';
import { derivesFrom } from './find-candidates.ts';
import type { ReadEffect } from './find-candidates.ts';
import { nameOf } from './lower-statement.ts';

/**
 * Does a step that is done once more leave what doing it once leaves? `SET status = $1`, DELETE, an upsert and a row that
 * is inserted where it is missing do; `SET stock = stock - 1`, a value computed from its old one, and a plain INSERT do
 * not.
 */
export function bearsRepetition(trace: Trace, { effect, guards }: Step): boolean {
  const reads = trace.steps.flatMap((step) => (step.effect.kind === 'read' ? [step.effect] : []));
  switch (effect.kind) {
    case 'delete':
      return true;
    case 'update':
      return effect.assignments.every((assignment) => isGiven(assignment, reads));
    case 'insert':
      switch (effect.onConflict.kind) {
        case 'ignore':
          // a second call that is told so leaves out what follows: a mail to those who are new
          return !trace.steps.some((step) => step.guards.some(({ condition }) => mentionsEffect(condition, effect.id)));
        case 'update':
          return effect.onConflict.assignments.every((assignment) => isGiven(assignment, reads));
        case 'fail':
          return reads.some(
            (read) =>
              nameOf(read) === nameOf(effect) &&
              read.aggregate === undefined &&
              guards.some(({ condition }) => mentionsEffect(condition, read.id)),
          );
      }
      break;
    default:
      return false;
  }
}

/** Does the column get what comes from elsewhere, whatever it holds? */
function isGiven({ column, value }: Assignment, reads: readonly ReadEffect[]): boolean {
  return !mentionsCurrent(value) && !reads.some((read) => derivesFrom(value, column, read));
}
