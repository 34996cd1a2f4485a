import type { Condition, EffectBase, InsertAction } from '../model/effect.ts';
import { forEachAnswer, mentionsEffect } from '../model/find-mentions.ts';
import type { Step } from '../model/trace.ts';
import type { ReadEffect } from './find-candidates.ts';

/**
 * Is an insert a new row for what a check asked? An upsert is one where it looks for its row by columns that have nothing
 * to do with the check: two requests that bring an id each get a row each, and both have the number that comes next.
 */
export function addsRow({ onConflict, values }: InsertAction, read: ReadEffect): boolean {
  if (onConflict.kind === 'fail') return true;
  const { target } = onConflict;
  if (target === undefined || target.length === 0) return false;
  if (read.selector.conditions.some((condition) => mayAskFor(condition, target))) return false;
  const keys = values.filter(({ column }) => target.includes(column));
  return keys.length === target.length && keys.every(({ value }) => !mentionsEffect(value, read.id));
}

/**
 * Does an upsert happen because of a question that the check itself asked: how many are there, is there one, what is in
 * it? Rows that were read as a list are searched in code, perhaps by the very columns of the upsert's key.
 */
export function isAskedOnce(
  { effect, guards }: Step & { readonly effect: EffectBase & InsertAction },
  read: ReadEffect,
): boolean {
  if (effect.onConflict.kind === 'fail' || read.aggregate !== undefined || read.answer.kind === 'row') return true;
  let isAboutNumber = true;
  for (const { condition } of guards)
    forEachAnswer(condition, (answer) => {
      if (answer.effect === read.id && answer.shape.kind !== 'count') isAboutNumber = false;
    });
  return isAboutNumber && effect.values.every(({ value }) => !mentionsEffect(value, read.id));
}

function mayAskFor(condition: Condition, columns: readonly string[]): boolean {
  switch (condition.kind) {
    case 'compare':
      return columns.includes(condition.column);
    case 'any':
      return condition.branches.some((branch) => branch.some((each) => mayAskFor(each, columns)));
    case 'not':
      return condition.conditions.some((each) => mayAskFor(each, columns));
    case 'elsewhere':
      return false;
    case 'opaque':
      return condition.text.split(/\W+/u).some((word) => columns.includes(word));
  }
}
