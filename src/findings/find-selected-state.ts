import type { Condition, EffectBase, UpdateAction } from '../model/effect.ts';
import { findMentions } from '../model/find-mentions.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Guard, Step } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { ReadEffect } from './find-candidates.ts';

/**
 * Does an update end the state by which the read selected the row: `where: { status: 'queued' }` and then
 * `status: 'running'` of the row with that id? The check is the WHERE of the read then, and the row must be there still.
 */
export function endsSelectedState(read: ReadEffect, act: EffectBase & UpdateAction): boolean {
  if (read.aggregate !== undefined || read.within !== undefined || read.mode !== 'plain') return false;
  const isOfRow = act.selector.conditions.some(
    (condition) => condition.kind === 'compare' && condition.operator === '=' && isKeyOf(condition.value, read.id),
  );
  return isOfRow && read.selector.conditions.some((condition) => isEnded(condition, act));
}

/** `row.id`, of a row that was read. */
function isKeyOf(value: Value, read: string): boolean {
  return value.kind === 'answer' && value.effect === read && value.columns.length > 0;
}

function isEnded(condition: Condition, { assignments }: UpdateAction): boolean {
  if (condition.kind !== 'compare') return false;
  const written = assignments.find(({ column }) => column === condition.column)?.value;
  if (written === undefined) return false;
  if (condition.operator === 'is null') return written.kind === 'fresh' || isConstant(written);
  // only another constant is another state for sure
  return (
    condition.operator === '=' &&
    condition.value.kind === 'constant' &&
    isConstant(written) &&
    !isSameValue(condition.value, written)
  );
}

function isConstant(value: Value): boolean {
  return value.kind === 'constant' && value.value !== null && value.value !== undefined;
}

/** In a loop over what was read: that there is a row is what the loop goes by. */
export function readLoopGuards({ guards, loops, effect }: Step, read: ReadEffect): readonly Guard[] {
  if (loops.length === 0 || guards.some(({ condition }) => findMentions(condition).has(read.id))) return [];
  const condition: Value = {
    kind: 'answer',
    effect: read.id,
    shape: { kind: 'row', absent: 'undefined' },
    columns: [],
  };
  return [{ condition, holds: true, location: effect.location }];
}
