import type { Value } from '../model/value.ts';
import { askLibraries } from './ask-libraries.ts';
import type { Run } from './run.ts';
import { apply, constant } from './values.ts';

/**
 * A comparison; of two texts that are known, its answer: what `assertLimit(team, 'members')` asks of its second argument.
 * In a loop a variable may have another value the next time round.
 */
export function compareValues(run: Run, operator: string, left: Value, right: Value): Value {
  if (run.loops.length === 0 && isText(left) && isText(right)) {
    if (operator === '===' || operator === '==') return constant(left.value === right.value);
    if (operator === '!==' || operator === '!=') return constant(left.value !== right.value);
  }
  return apply(operator, [left, right]);
}

/** Which way a condition goes, where it is known: a flag that the caller gave, a comparison of texts, a test of a client. */
export function readKnown(run: Run, condition: Value): boolean | undefined {
  const answer = askLibraries(run, condition);
  if (answer !== undefined) {
    run.decisions += 1;
    return answer;
  }
  if (run.loops.length > 0 || condition.kind !== 'constant' || typeof condition.value !== 'boolean') return undefined;
  run.decisions += 1;
  return condition.value;
}

function isText(value: Value): value is Extract<Value, { kind: 'constant' }> {
  return value.kind === 'constant' && typeof value.value === 'string';
}
