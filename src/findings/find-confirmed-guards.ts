import { mapAnswers } from '../model/map-answers.ts';
import { forEachAnswer, mentionsEffect } from '../model/find-mentions.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Guard, Step } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { comparisonOf, mirrored } from './comparisons.ts';
import { isNow } from './is-now.ts';

/**
 * Guards about a row that its own update does not bring down: what they ask of the new values holds as well. A role that
 * the caller may give away (which another guard asks), a time of expiry that was just put off, a column that stays. A run
 * afterwards passes them as one before does, so that they tell no two runs apart.
 *
 * @param nameColumn the name under which the model knows a column
 */
export function findConfirmedGuards(
  { effect, guards }: Step,
  check: string,
  nameColumn: (column: string) => string,
): ReadonlySet<Guard> {
  if (effect.kind !== 'update') return new Set();
  const written = new Map(effect.assignments.map(({ column, value }) => [nameColumn(column), value]));
  const facts = guards.filter(({ condition }) => !mentionsEffect(condition, check));
  const known = new Map<Value, Value>();
  const renew = (value: Value): Value =>
    mapAnswers(
      value,
      (answer) => {
        const [column] = answer.columns;
        const isOwn = answer.effect === check && answer.columns.length === 1 && column !== undefined;
        return (isOwn ? written.get(nameColumn(column)) : undefined) ?? answer;
      },
      known,
    );
  const isChanged = (value: Value): boolean => {
    let changed = false;
    forEachAnswer(value, ({ effect: read, columns: [column] }) => {
      changed ||= read === check && column !== undefined && written.has(nameColumn(column));
    });
    return changed;
  };
  const isAboutColumns = (value: Value): boolean => {
    let asked = false;
    let others = false;
    forEachAnswer(value, ({ effect: read, columns }) => {
      if (read === check) asked = true;
      others ||= read === check && columns.length === 0;
    });
    return asked && !others;
  };
  const isConfirmed = (value: Value, holds: boolean): boolean => {
    if (!isChanged(value)) return true;
    if (value.kind === 'apply' && value.operator === (holds ? '&&' : '||'))
      return value.operands.every((part) => isConfirmed(part, holds));
    return judge(renew(value), facts) === holds;
  };
  return new Set(
    guards.filter(
      ({ condition, holds }) => (isChanged(condition) || isAboutColumns(condition)) && isConfirmed(condition, holds),
    ),
  );
}

/** A condition's truth, as far as other guards and the clock tell. */
function judge(value: Value, facts: readonly Guard[]): boolean | undefined {
  const fact = facts.find(({ condition }) => isSameValue(condition, value));
  if (fact !== undefined) return fact.holds;
  if (value.kind === 'constant') return Boolean(value.value);
  if (isNow(value) || isLater(value)) return true;
  if (value.kind !== 'apply') return undefined;
  const [left, right] = value.operands;
  if (left === undefined) return undefined;
  const first = judge(left, facts);
  if (value.operator === '!') return first === undefined ? undefined : !first;
  if (right === undefined) return undefined;
  if (value.operator === '&&' || value.operator === '||') {
    const decisive = value.operator === '||';
    const second = judge(right, facts);
    if (first === decisive || second === decisive) return decisive;
    return first === undefined || second === undefined ? undefined : !decisive;
  }
  const comparison = comparisonOf[value.operator];
  if (comparison === undefined || comparison === '=' || comparison === '!=') return undefined;
  const order =
    isLater(left) && isNow(right) ? comparison : isNow(left) && isLater(right) ? mirrored[comparison] : undefined;
  return order === undefined ? undefined : order === '>' || order === '>=';
}

/** `new Date(Date.now() + 30 * DAY)`, where the constants can be seen. */
function isLater(value: Value): boolean {
  if (value.kind !== 'apply') return false;
  const [first, second] = value.operands;
  if (value.operator === 'call:new Date') return first !== undefined && isLater(first);
  if (value.operator !== '+' || first === undefined || second === undefined) return false;
  return (isNow(first) && isPositive(second)) || (isPositive(first) && isNow(second));
}

function isPositive(value: Value): boolean {
  if (value.kind === 'constant') return typeof value.value === 'number' && value.value > 0;
  return value.kind === 'apply' && /^[*+]$/.test(value.operator) && value.operands.every(isPositive);
}
