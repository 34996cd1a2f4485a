import type { Condition } from '../model/effect.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { ActEffect, Candidate } from './find-candidates.ts';
import type { Equality } from './find-taken-value.ts';

/** A row that leaves the set which a check has counted. */
export interface LastOfSet {
  /** The conditions of the act that tell its row from another request's: `id = input.id`. */
  readonly own: readonly Equality[];
}

/**
 * `if ((await countOwners(team)) <= 1) throw …`, and then a row is deleted, or is no owner any more: two requests that
 * choose different rows of the set may both find two of them, and leave none.
 *
 * @returns undefined where the act takes no row of its own choice out of the counted set
 */
export function findLastOfSet(
  { effect: read }: Candidate['check'],
  { effect, guards }: Candidate['act'],
): LastOfSet | undefined {
  if (read.aggregate?.kind !== 'count' || effect.kind === 'insert') return undefined;
  if (!guards.some((guard) => guard.refuses === true && mentionsEffect(guard.condition, read.id))) return undefined;
  const counted = read.selector.conditions;
  if (counted.length === 0 || !counted.every(isEquality)) return undefined;
  if (!leavesSet(effect, counted)) return undefined;
  const { conditions } = effect.selector;
  if (!conditions.every(isEquality)) return undefined;
  const own = conditions.filter(
    ({ column, value }) =>
      value.kind !== 'constant' &&
      !mentionsEffect(value, read.id) &&
      !counted.some((other) => other.column === column || isSameValue(other.value, value)),
  );
  return own.length === 0 ? undefined : { own };
}

function isEquality(condition: Condition): condition is Equality {
  return condition.kind === 'compare' && condition.operator === '=';
}

/** Is the row gone, or has it another value in a column that is counted by a constant? */
function leavesSet(effect: Exclude<ActEffect, { kind: 'insert' }>, counted: readonly Equality[]): boolean {
  if (effect.kind === 'delete') return true;
  return effect.assignments.some(({ column, value }) =>
    counted.some((each) => each.column === column && each.value.kind === 'constant' && !isSameValue(each.value, value)),
  );
}
