import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { ModuleScope } from './module-scope.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import { isClientOrObject, unknown } from './values.ts';

/**
 * The client or object that a type stands for, where the value itself says nothing yet: `{} as Client`, `get("db") as Client`.
 */
export function findStandIn(run: Run, module: ModuleScope, type: TSESTree.TypeNode): Value | undefined {
  const resolved = resolveDeclaredValue(run, module, type, unknown('no value yet'));
  return resolved !== undefined && isClientOrObject(resolved) ? resolved : undefined;
}
