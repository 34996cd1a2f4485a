import type { Guard } from '../model/trace.ts';
import type { Value } from '../model/value.ts';

/** Does the step only happen where the read has found nothing? */
export function isForMissingRow(guards: readonly Guard[], read: string): boolean {
  return guards.some(({ condition, holds }) => {
    const asked = condition.kind === 'apply' && condition.operator === '!' ? condition.operands[0] : condition;
    const isAboutRow = asked?.kind === 'answer' && asked.effect === read && asked.columns.length === 0;
    return isAboutRow && judgeMissing(condition, read) === holds;
  });
}

/** What a value is where the read has found nothing: of `existing?.id ?? nanoid()` the new id. */
export function settleMissingRow(value: Value, read: string): Value {
  if (value.kind !== 'choice') return value;
  const truth = judgeMissing(value.condition, read);
  return truth === undefined ? value : settleMissingRow(truth ? value.then : value.otherwise, read);
}

function judgeMissing(condition: Value, read: string): boolean | undefined {
  if (condition.kind === 'answer') return condition.effect === read ? false : undefined;
  if (condition.kind !== 'apply') return undefined;
  const [left, right] = condition.operands;
  if (condition.operator === '!') {
    const inner = left && judgeMissing(left, read);
    return inner === undefined ? undefined : !inner;
  }
  const isNothing = right?.kind === 'constant' && (right.value === null || right.value === undefined);
  if (!isNothing || left?.kind !== 'answer' || left.effect !== read) return undefined;
  if (condition.operator === '==') return true;
  return condition.operator === '!=' ? false : undefined;
}
