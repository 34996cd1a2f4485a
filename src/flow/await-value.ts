import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { runBranches } from './branch.ts';
import { settleChain } from './extend-chain.ts';
import type { Run } from './run.ts';
import { choose } from './values.ts';

/** The value behind a promise or a lazy builder; sends what had not been sent. Other values are their own result. */
export function awaitValue(run: Run, value: Value, location: Location): Value {
  if (value.kind === 'chain') return settleChain(run, value, true, location);
  if (value.kind === 'choice' && value.condition.kind === 'apply' && value.condition.operator === 'loop') {
    return isPending(value.then) ? awaitValue(run, value.then, location) : value;
  }
  if (value.kind === 'choice' && (isPending(value.then) || isPending(value.otherwise))) {
    const { condition, then, otherwise } = value;
    const [first, second] = runBranches(run, condition, location, [
      () => awaitValue(run, then, location),
      () => awaitValue(run, otherwise, location),
    ]);
    return choose(condition, first ?? then, second ?? otherwise);
  }
  if (value.kind === 'array' && value.elements.some(isPending)) return value;
  return value;
}

/** Is it a call that a client may not have sent yet? */
export function isPending(value: Value): boolean {
  if (value.kind === 'choice') return isPending(value.then) || isPending(value.otherwise);
  return value.kind === 'chain' && value.root.kind === 'client' && value.steps.length > 0;
}
