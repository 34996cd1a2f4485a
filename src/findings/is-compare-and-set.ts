import type { Condition } from '../model/effect.ts';
import type { Step } from '../model/trace.ts';

/** Does the statement's own WHERE test a column that it sets, or one that each change sets by itself? */
export function isCompareAndSet(step: Step): boolean {
  const { effect } = step;
  if (effect.kind !== 'update') return false;
  const set = new Set(effect.assignments.map((assignment) => assignment.column));
  return effect.selector.conditions.some(
    (condition) =>
      (condition.kind === 'compare' && (set.has(condition.column) || isVersion(condition))) ||
      (condition.kind === 'opaque' &&
        ([...set].some((column) => condition.text.includes(column)) ||
          condition.values.some((value) => value.kind === 'current' && set.has(value.column)))) ||
      (condition.kind === 'not' &&
        condition.conditions.some((part) => part.kind === 'compare' && set.has(part.column))),
  );
}

/** `where updatedAt = row.updatedAt`: the column's name says enough for silence. */
function isVersion({ column, operator, value }: Extract<Condition, { kind: 'compare' }>): boolean {
  if (operator !== '=' || value.kind !== 'answer' || value.columns.at(-1) !== column) return false;
  return /updated|modified|changed|version|revision/i.test(column);
}
