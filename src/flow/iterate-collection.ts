import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import { awaitValue } from './await-value.ts';
import { callFunction } from './call-function.ts';
import { evaluate } from './evaluate-expression.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import { findFunction } from './run.ts';
import type { Scope } from './scope.ts';
import { apply } from './values.ts';

const iterations = new Set([
  'map',
  'forEach',
  'filter',
  'find',
  'findLast',
  'findIndex',
  'some',
  'every',
  'flatMap',
  'reduce',
  'sort',
  'toSorted',
  'at',
]);

export function isIteration(name: string): boolean {
  return iterations.has(name);
}

/** Any one element of a collection. */
export function getElement(collection: Value): Value {
  switch (collection.kind) {
    case 'array':
      return collection.elements.length === 1 && collection.elements[0] !== undefined
        ? collection.elements[0]
        : { kind: 'element', of: collection };
    case 'answer':
      return collection.shape.kind === 'rows'
        ? {
            ...collection,
            shape: {
              kind: 'row',
              absent: 'never',
              ...(collection.shape.renamed === undefined ? {} : { renamed: collection.shape.renamed }),
            },
          }
        : { kind: 'element', of: collection };
    default:
      return { kind: 'element', of: collection };
  }
}

/**
 * `xs.map(x => …)` and kin: the callback runs once for any one element, as a loop body does. `find`, `filter` and `some`
 * stay functions of the collection, so that a check over rows in memory still depends on what was read.
 */
export function iterateCollection(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  node: TSESTree.CallExpression,
  base: Value,
  name: string,
): Value | undefined {
  const location = locate(node, module.file.path);
  if (name === 'at') {
    const first = node.arguments[0];
    const isFirst = first?.type === 'Literal' && first.value === 0;
    if (base.kind === 'answer' && base.shape.kind === 'rows' && isFirst)
      return { ...base, shape: { kind: 'row', absent: 'undefined' } };
    return undefined;
  }
  const args = node.arguments.map((arg) =>
    arg.type === 'SpreadElement' ? apply('spread', []) : evaluate(run, module, scope, arg),
  );
  const callback = args[0];
  if (callback?.kind !== 'function') return undefined;
  const element = getElement(base);
  const loop = `${module.file.path}#${String(node.range[0])}`;
  const loops = run.loops;
  run.loops = [...loops, loop];
  const parameters = name === 'reduce' ? [args[1] ?? element, element] : [element, apply('index', [])];
  const isAsync = findFunction(run, callback)?.node.async === true;
  const returned = callFunction(run, callback, parameters, location);
  const result = isAsync || name === 'forEach' ? awaitValue(run, returned, location) : returned;
  run.loops = loops;
  switch (name) {
    case 'map':
    case 'flatMap':
      return { kind: 'array', elements: [result], complete: false };
    case 'forEach':
      return { kind: 'constant', value: undefined };
    case 'filter':
    case 'sort':
    case 'toSorted':
      return apply(`call:${name}`, [base, result]);
    default:
      return apply(`call:${name}`, [base, result]);
  }
}
