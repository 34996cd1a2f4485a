import type { Assignment } from '../model/effect.ts';
import { forEachAnswer, mentionsFresh } from '../model/find-mentions.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Value } from '../model/value.ts';
import { comparisonOf } from './comparisons.ts';
import { isNow } from './is-now.ts';
import { mentionsCurrent } from './lower-value.ts';
import type { SliceEffects } from './lower-value.ts';

/**
 * What a choice between the column's own value and another one leaves there. Where the other one has nothing to do with
 * what the statement changes, writing it twice is writing it once, whatever made the code choose it; so that choice says
 * no more than the other value alone. It stays a choice where two others stand against each other (a switch), where the
 * other one is this run's own (a new token, not the time), and where the larger of two is kept.
 *
 * @param written the columns that the statement sets, as the model knows them
 */
export function settleKeptValue(assignment: Assignment, written: ReadonlySet<string>, slice: SliceEffects): Value {
  const column = slice.nameColumn(assignment.column);
  const kept: Value = { kind: 'current', column: assignment.column };

  const settle = (value: Value): Value | undefined => {
    if (isKept(value)) return kept;
    if (isNow(value)) return value;
    if (value.kind !== 'choice')
      return value.kind === 'unknown' || mentionsFresh(value) || dependsOn(value, written) ? undefined : value;
    const then = settle(value.then);
    const otherwise = settle(value.otherwise);
    if (then === undefined || otherwise === undefined || isSameValue(then, otherwise)) return then && otherwise;
    const other = isKept(then) ? otherwise : isKept(otherwise) ? then : undefined;
    // the request's own choice: what it brings is there, or either of two
    if (!dependsOn(value.condition, written)) return other ?? then;
    return orders(value.condition) ? undefined : other;
  };
  const isKept = (value: Value): boolean =>
    (value.kind === 'current' && slice.nameColumn(value.column) === column) ||
    (value.kind === 'answer' &&
      slice.effects.has(value.effect) &&
      value.columns.length === 1 &&
      slice.nameColumn(value.columns[0] ?? '') === column);
  const dependsOn = (value: Value, columns: ReadonlySet<string>): boolean => {
    let depends = mentionsCurrent(value);
    forEachAnswer(value, ({ effect, columns: [first] }) => {
      depends ||= slice.effects.has(effect) && (first === undefined || columns.has(slice.nameColumn(first)));
    });
    return depends;
  };
  /** Does it ask whether the column's own value is the larger one? */
  const orders = (value: Value): boolean => {
    if (value.kind === 'choice') return [value.condition, value.then, value.otherwise].some(orders);
    if (value.kind !== 'apply') return false;
    const comparison = comparisonOf[value.operator];
    const isOrder = comparison !== undefined && comparison !== '=' && comparison !== '!=';
    return isOrder ? dependsOn(value, new Set([column])) : value.operands.some(orders);
  };
  return assignment.value.kind === 'choice' ? (settle(assignment.value) ?? assignment.value) : assignment.value;
}
