import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { callFunction } from './call-function.ts';
import { findFunction } from './run.ts';
import type { Run } from './run.ts';
import { mayAct } from './values.ts';

/**
 * What a module keeps of a factory that it hands to a registry: `remember('db', () => new Client())`, where the function
 * looks the name up in a global table and calls the factory once. The table tells nothing; the factory tells it all.
 *
 * @param args of the call whose own result is not understood
 * @returns undefined unless exactly one of them is a function without parameters that makes something that acts
 */
export function makeRemembered(run: Run, args: readonly Value[], location: Location): Value | undefined {
  if (!run.silent) return undefined;
  const makers = args.filter((arg) => arg.kind === 'function');
  const [maker] = makers;
  if (makers.length !== 1 || maker?.kind !== 'function') return undefined;
  if (findFunction(run, maker)?.node.params.length !== 0) return undefined;
  const made = callFunction(run, maker, [], location);
  return made.kind !== 'function' && mayAct(made) ? made : undefined;
}
