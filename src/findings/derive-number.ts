import type { Assignment } from '../model/effect.ts';
import { forEachAnswer, mentionsEffect } from '../model/find-mentions.ts';
import type { Value } from '../model/value.ts';
import type { Candidate, ReadEffect } from './find-candidates.ts';

/** Is what is written a new number made from those that exist: max + 1, count + 1, count, the newest row's number + 1? */
export function derivesNumber(assignment: Assignment, read: ReadEffect): boolean {
  const { value } = assignment;
  return addsToNumber(value, read) || isCount(value, read) || derivesFromNewest(assignment, read);
}

/**
 * Of a read of the newest row, or of all rows to find the largest: the only column that is used, from which the next
 * number is made. That it is the largest of its kind is what the order is for.
 */
export function findNewestColumn({ kind, check, act }: Candidate): string | undefined {
  const { effect } = check;
  if (kind !== 'number from read' || effect.aggregate !== undefined || act.effect.kind !== 'insert') return undefined;
  const isNewest = effect.selector.order?.[0]?.endsWith(' desc') === true;
  if (!isNewest && !act.effect.values.some(({ value }) => takesLargest(value, effect))) return undefined;
  const used = new Set<string>();
  const collect = (value: Value): void =>
    forEachAnswer(value, ({ effect: id, columns }) => {
      if (id === effect.id && columns[0] !== undefined) used.add(columns[0]);
    });
  for (const assignment of act.effect.values) collect(assignment.value);
  for (const guard of act.guards) collect(guard.condition);
  const [column] = used;
  return used.size === 1 ? column : undefined;
}

/** `max + 1`, and what only writes it differently. */
function addsToNumber(value: Value, read: ReadEffect): boolean {
  switch (value.kind) {
    case 'choice':
      return addsToNumber(value.then, read) || addsToNumber(value.otherwise, read);
    case 'template':
      return value.values.some((part) => addsToNumber(part, read));
    case 'apply':
      if (value.operator === '+')
        return (
          value.operands.some((operand) => isNumberOf(operand, read)) &&
          value.operands.some((operand) => operand.kind === 'constant' && typeof operand.value === 'number')
        );
      return formatters.test(value.operator) && value.operands.some((operand) => addsToNumber(operand, read));
    default:
      return false;
  }
}

/** `position: rows.length`: the first of them has number 0. */
function isCount(value: Value, read: ReadEffect): boolean {
  if (value.kind === 'answer')
    return value.effect === read.id && (read.aggregate?.kind === 'count' || value.shape.kind === 'count');
  if (value.kind === 'choice') return isCount(value.then, read) || isCount(value.otherwise, read);
  return (
    value.kind === 'apply' &&
    (value.operator === 'member:length' || conversions.test(value.operator)) &&
    value.operands.length === 1 &&
    value.operands.some((operand) => isCount(operand, read))
  );
}

/** The newest row's value of the very column, put through code that makes the next one of it. */
function derivesFromNewest({ column, value }: Assignment, read: ReadEffect): boolean {
  if (value.kind === 'answer' || (read.selector.order === undefined && read.aggregate?.kind !== 'max')) return false;
  if (value.kind === 'choice')
    return (
      derivesFromNewest({ column, value: value.then }, read) ||
      derivesFromNewest({ column, value: value.otherwise }, read)
    );
  let derives = false;
  forEachAnswer(value, (answer) => {
    derives ||= answer.effect === read.id && (answer.columns[0] === column || read.aggregate?.column === column);
  });
  return derives;
}

/** Calls that only write a number differently. */
const formatters =
  /^(call:(String|Number|.*\.?(toString|padStart|padEnd|parseInt))|member:(toString|padStart|padEnd))$/;

/** Calls that read a number out of a value, and the largest of several. */
const conversions =
  /^(call:(Number|parseInt|Number\.parseInt|Math\.max|reduce|.*\.(max|match|split|replace|parseInt))|member:(\d+|groups))$/;

const largest = /^call:(Math|_|lodash)\.max$/;

/**
 * An aggregate, or a column of the newest row, with at most a fallback or a conversion around it.
 *
 * @param isLargest is it among those of which the largest is taken, so that the order does not matter?
 */
function isNumberOf(value: Value, read: ReadEffect, isLargest = false): boolean {
  switch (value.kind) {
    case 'answer':
      return (
        value.effect === read.id &&
        (read.aggregate !== undefined ||
          value.shape.kind === 'count' ||
          (value.columns.length > 0 && (isLargest || read.selector.order !== undefined)))
      );
    case 'choice':
      return isNumberOf(value.then, read, isLargest) || isNumberOf(value.otherwise, read, isLargest);
    case 'array':
      return isLargest && value.elements.some((element) => isNumberOf(element, read, true));
    case 'apply': {
      const within = isLargest || largest.test(value.operator);
      const isKept = ['||', '??', 'spread'].includes(value.operator) || conversions.test(value.operator);
      return isKept && value.operands.some((operand) => isNumberOf(operand, read, within));
    }
    default:
      return false;
  }
}

/** `Math.max(...rows.map((row) => row.number))`, anywhere in a value. */
function takesLargest(value: Value, read: ReadEffect): boolean {
  switch (value.kind) {
    case 'apply':
      if (largest.test(value.operator)) return mentionsEffect(value, read.id);
      return value.operands.some((operand) => takesLargest(operand, read));
    case 'choice':
      return takesLargest(value.then, read) || takesLargest(value.otherwise, read);
    case 'template':
      return value.values.some((part) => takesLargest(part, read));
    default:
      return false;
  }
}
