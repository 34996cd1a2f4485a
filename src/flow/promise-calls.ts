import type { TSESTree } from '@typescript-eslint/utils';
import type { ParallelPosition } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { awaitValue } from './await-value.ts';
import { evaluate } from './evaluate-expression.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { apply } from './values.ts';

const combinators = new Map<string, ParallelPosition['kind']>([
  ['all', 'all'],
  ['allSettled', 'allSettled'],
  ['race', 'race'],
  ['any', 'any'],
]);

/** `Promise.all([…])` and kin: each element is a branch of its own. Undefined for any other call. */
export function evaluatePromiseCall(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  node: TSESTree.CallExpression,
): Value | undefined {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type !== 'Identifier') return undefined;
  if (callee.object.name !== 'Promise' || callee.property.type !== 'Identifier') return undefined;
  const name = callee.property.name;
  const first = node.arguments[0];
  if (name === 'resolve' && first !== undefined && first.type !== 'SpreadElement') return evaluate(run, module, scope, first);
  const kind = combinators.get(name);
  if (kind === undefined || first === undefined || first.type === 'SpreadElement') return undefined;
  const location = locate(node, module.file.path);
  const group = `${module.file.path}#${String(node.range[0])}`;
  const inspected = kind !== 'allSettled' || isUsed(node);
  const outer = run.parallel;
  const enter = (branch: number, mapped: boolean): void => {
    run.parallel = [...outer, { group, kind, branch, mapped, location, inspected }];
  };
  let result: Value;
  if (first.type === 'ArrayExpression') {
    const elements: Value[] = [];
    let complete = true;
    first.elements.forEach((element, branch) => {
      if (element === null) return;
      const isSpread = element.type === 'SpreadElement';
      enter(branch, isSpread);
      const value = evaluate(run, module, scope, isSpread ? element.argument : element);
      elements.push(awaitElement(run, value, module, element));
      if (isSpread) complete = false;
    });
    result = { kind: 'array', elements, complete };
  } else {
    enter(0, true);
    const value = evaluate(run, module, scope, first);
    result =
      value.kind === 'array'
        ? { ...value, elements: value.elements.map((element) => awaitValue(run, element, locate(first, module.file.path))) }
        : awaitValue(run, value, locate(first, module.file.path));
  }
  run.parallel = outer;
  if (kind === 'allSettled') return apply('call:Promise.allSettled', [result]);
  if (kind === 'race' || kind === 'any') return apply(`call:Promise.${kind}`, [result]);
  return result;
}

function awaitElement(run: Run, value: Value, module: ModuleScope, node: TSESTree.Node): Value {
  const location = locate(node, module.file.path);
  if (value.kind === 'array') return { ...value, elements: value.elements.map((element) => awaitValue(run, element, location)) };
  return awaitValue(run, value, location);
}

/** Does anybody look at the value of this expression? */
function isUsed(node: TSESTree.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (parent.type === 'AwaitExpression' || parent.type === 'ChainExpression') return isUsed(parent);
  return parent.type !== 'ExpressionStatement' && !(parent.type === 'UnaryExpression' && parent.operator === 'void');
}
