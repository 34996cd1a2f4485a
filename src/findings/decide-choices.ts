import type { Assignment } from '../model/effect.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Guard } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { ReadEffect } from './find-candidates.ts';

/**
 * What a step writes, where its own guards tell which of two values that is: behind `while (await find(slug)) slug = …`
 * nothing was found, and the slug is the one that was looked for.
 */
export function decideChoices(assignments: readonly Assignment[], guards: readonly Guard[]): readonly Assignment[] {
  if (!assignments.some(({ value }) => value.kind === 'choice')) return assignments;
  return assignments.map((assignment) => ({ ...assignment, value: decide(assignment.value, guards) }));
}

/**
 * Where a choice of the request's own may be what the check looks for (`if (!teamId) data.userId = user.id`, after the
 * rows with that `userId` were counted), take the request for which it is: the check is made for its sake.
 */
export function settleAsLookedFor(assignments: readonly Assignment[], read: ReadEffect): readonly Assignment[] {
  return assignments.map((assignment) => {
    const { column, value } = assignment;
    if (value.kind !== 'choice' || mentionsEffect(value, read.id)) return assignment;
    const wanted = read.selector.conditions.find(
      (each) => each.kind === 'compare' && each.operator === '=' && each.column === column && mayBe(value, each.value),
    );
    return wanted?.kind === 'compare' ? { column, value: wanted.value } : assignment;
  });
}

/** Is a value the other one, at least for a request that brings it? */
export function mayBe(value: Value, wanted: Value): boolean {
  if (isSameValue(value, wanted)) return true;
  return value.kind === 'choice' && (mayBe(value.then, wanted) || mayBe(value.otherwise, wanted));
}

/**
 * `slug: found ? `${name}-2` : name`, where the row was looked for by that name: the condition under which the row gets
 * the value that was looked for.
 */
export function findFreeValue(
  { column, value }: Assignment,
  { id, selector }: ReadEffect,
): Pick<Guard, 'condition' | 'holds'> | undefined {
  if (value.kind !== 'choice' || !mentionsEffect(value.condition, id)) return undefined;
  const isLookedFor = (side: Value): boolean =>
    selector.conditions.some(
      (each) =>
        each.kind === 'compare' && each.operator === '=' && each.column === column && isSameValue(each.value, side),
    );
  const { condition } = value;
  if (isLookedFor(value.then)) return { condition, holds: true };
  return isLookedFor(value.otherwise) ? { condition, holds: false } : undefined;
}

function decide(value: Value, guards: readonly Guard[]): Value {
  if (value.kind !== 'choice') return value;
  const asked = readTruth({ condition: value.condition, holds: true });
  for (const guard of guards) {
    const known = readTruth(guard);
    if (!isSameValue(known.condition, asked.condition)) continue;
    return decide(known.holds === asked.holds ? value.then : value.otherwise, guards);
  }
  return value;
}

/** A condition without its exclamation marks. */
function readTruth({ condition, holds }: Pick<Guard, 'condition' | 'holds'>): Pick<Guard, 'condition' | 'holds'> {
  const inner = condition.kind === 'apply' && condition.operator === '!' ? condition.operands[0] : undefined;
  return inner === undefined ? { condition, holds } : readTruth({ condition: inner, holds: !holds });
}
