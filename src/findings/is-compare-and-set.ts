import type { Step } from '../model/trace.ts';

/** Does the statement's own WHERE test a column that it sets? */
export function isCompareAndSet(step: Step): boolean {
  const { effect } = step;
  if (effect.kind !== 'update') return false;
  const set = new Set(effect.assignments.map((assignment) => assignment.column));
  return effect.selector.conditions.some(
    (condition) =>
      (condition.kind === 'compare' && set.has(condition.column)) ||
      (condition.kind === 'opaque' &&
        ([...set].some((column) => condition.text.includes(column)) ||
          condition.values.some((value) => value.kind === 'current' && set.has(value.column)))) ||
      (condition.kind === 'not' &&
        condition.conditions.some((part) => part.kind === 'compare' && set.has(part.column))),
  );
}
