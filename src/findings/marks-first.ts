import { mentionsEffect } from '../model/find-mentions.ts';
import type { Value } from '../model/value.ts';
import type { ReadEffect } from './find-candidates.ts';

/**
 * Is what is written of a new row a constant for the first of its kind and another one for all that follow:
 * `isDefault: count === 0`, `role: first ? 'member' : 'owner'`? What the rows that are there hold must not matter.
 */
export function marksFirst(value: Value, read: ReadEffect): boolean {
  if (value.kind === 'choice')
    return asksForAny(value.condition, read) && isFixed(value.then) && isFixed(value.otherwise);
  return asksForAny(value, read);
}

const questions = new Set(['!', '==', '===', '!=', '!==', '>', '>=', '<', '<=']);

/** `!row`, `count === 0`, and one of several conditions of that form. */
function asksForAny(value: Value, read: ReadEffect): boolean {
  if (value.kind !== 'apply') return false;
  if (value.operator === '||' || value.operator === '&&')
    return (
      value.operands.some((operand) => asksForAny(operand, read)) &&
      value.operands.every((operand) => !mentionsEffect(operand, read.id) || asksForAny(operand, read))
    );
  if (!questions.has(value.operator)) return false;
  return (
    value.operands.some((operand) => isWhole(operand, read)) &&
    value.operands.every((o) => isWhole(o, read) || isFixed(o))
  );
}

/** The row or the rows as such, or how many there are. */
function isWhole(value: Value, read: ReadEffect): boolean {
  if (value.kind === 'apply')
    return (
      ['!', 'member:length', 'call:Boolean', 'call:Number'].includes(value.operator) &&
      value.operands.every((operand) => isWhole(operand, read))
    );
  return value.kind === 'answer' && value.effect === read.id && value.columns.length === 0;
}

function isFixed({ kind }: Value): boolean {
  return kind === 'constant';
}
