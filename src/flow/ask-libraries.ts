import type { Value } from '../model/value.ts';
import type { Run } from './run.ts';

/**
 * What a library says of a test of one of its clients: is this one a transaction? Helpers that
 * join the caller's transaction or begin one ask so; on the other way the work would be done outside of any.
 *
 * @returns undefined for every other condition
 */
export function askLibraries(run: Run, condition: Value): boolean | undefined {
  if (condition.kind === 'apply' && condition.operator === '!') {
    const [operand] = condition.operands;
    const answer = operand === undefined ? undefined : askLibraries(run, operand);
    return answer === undefined ? undefined : !answer;
  }
  if (condition.kind !== 'chain' && condition.kind !== 'apply') return undefined;
  for (const adapter of run.analyzer.adapters) {
    const answer = adapter.test?.(condition);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
