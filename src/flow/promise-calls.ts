import type { TSESTree } from '@typescript-eslint/utils';
import type { Location } from '../model/location.ts';
import type { ParallelPosition } from '../model/trace.ts';
import type { ArrayValue, Value } from '../model/value.ts';
import { awaitValue } from './await-value.ts';
import { evaluate } from './evaluate-expression.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { claimMark } from './sketch.ts';
import { apply, undefinedValue } from './values.ts';

const combinators = new Map<string, ParallelPosition['kind']>([
  ['all', 'all'],
  ['allSettled', 'allSettled'],
  ['race', 'race'],
  ['any', 'any'],
]);

/** One Promise.all (or kin) that is being evaluated. */
interface Group {
  readonly run: Run;
  readonly position: Omit<ParallelPosition, 'branch' | 'mapped'>;
  readonly outer: readonly ParallelPosition[];
}

/**
 * `Promise.all([…])` and kin: each element is a branch of its own, each element that stands for many a mapped one.
 *
 * Misses: calls that were sent before and are only waited for here, unless their answers are handed over directly.
 *
 * @returns undefined for any other call
 */
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
  if (name === 'resolve' && first !== undefined && first.type !== 'SpreadElement')
    return evaluate(run, module, scope, first);
  const kind = combinators.get(name);
  if (kind === undefined || first === undefined || first.type === 'SpreadElement') return undefined;
  const location = locate(node, module.file.path);
  const inspected = kind !== 'allSettled' || isUsed(node);
  const handler = run.handlers.at(-1);
  const group: Group = {
    run,
    outer: run.parallel,
    position: {
      group: `${module.file.path}#${String(node.range[0])}`,
      kind,
      location,
      inspected,
      ...(isDetached(node) ? { detached: true } : {}),
      ...(handler === undefined ? {} : { handler: handler.location }),
    },
  };
  const result =
    first.type === 'ArrayExpression'
      ? evaluateElements(group, module, scope, first)
      : awaitBranches(
          group,
          enter(group, 0, true, () => evaluate(run, module, scope, first)),
          location,
        );
  return kind === 'all' ? result : apply(`call:Promise.${kind}`, [result]);
}

function enter<Result>(group: Group, branch: number, mapped: boolean, read: () => Result): Result {
  const { run, outer, position } = group;
  run.parallel = [...outer, { ...position, branch, mapped }];
  const result = read();
  run.parallel = outer;
  return result;
}

function evaluateElements(group: Group, module: ModuleScope, scope: Scope, list: TSESTree.ArrayExpression): Value {
  const { run } = group;
  const elements = list.elements.map((element, branch): Value => {
    if (element === null) return undefinedValue;
    const mapped = element.type === 'SpreadElement';
    const sent = run.steps.length;
    return enter(group, branch, mapped, () => {
      const value = evaluate(run, module, scope, mapped ? element.argument : element);
      const location = locate(element, module.file.path);
      if (element.type === 'Identifier') claimSent(group, value, branch, sent);
      return value.kind === 'array' ? awaitAll(run, value, location) : awaitValue(run, value, location);
    });
  });
  return { kind: 'array', elements, complete: list.elements.every((element) => element?.type !== 'SpreadElement') };
}

/** A value that holds promises: a mapped array, or one that calls were pushed to. */
function awaitBranches(group: Group, value: Value, location: Location): Value {
  const { run } = group;
  if (value.kind !== 'array') return enter(group, 0, true, () => awaitValue(run, value, location));
  const isMapped = !value.complete && value.elements.length === 1;
  const elements = value.elements.map((element, branch) => {
    const many = element.kind === 'apply' && element.operator === 'spread' ? element.operands[0] : undefined;
    return enter(group, branch, isMapped || many !== undefined, () =>
      many?.kind === 'array' ? awaitAll(run, many, location) : awaitValue(run, element, location),
    );
  });
  return { ...value, elements };
}

function awaitAll(run: Run, value: ArrayValue, location: Location): Value {
  return { ...value, elements: value.elements.map((element) => awaitValue(run, element, location)) };
}

/** `const sent = pool.query(…)` without await runs beside the other branches of the group that waits for it. */
function claimSent(group: Group, value: Value, branch: number, sent: number): void {
  const { run, position } = group;
  claimMark(run, value, [...group.outer, { ...position, branch, mapped: false }]);
  if (value.kind !== 'answer') return;
  const at = run.steps.findIndex((step) => step.effect.id === value.effect);
  const step = run.steps[at];
  if (step === undefined || at >= sent || step.parallel !== undefined) return;
  run.steps[at] = { ...step, parallel: { ...position, branch, mapped: false }, around: group.outer };
}

/** `Promise.all(…).catch(report);` as a statement of its own. */
function isDetached(node: TSESTree.Node): boolean {
  const member = node.parent;
  const call = member?.parent;
  if (member?.type !== 'MemberExpression' || member.object !== node || member.property.type !== 'Identifier')
    return false;
  if (call?.type !== 'CallExpression' || call.callee !== member || call.arguments.length === 0) return false;
  return member.property.name === 'catch' && call.parent.type !== 'AwaitExpression' && !isUsed(call);
}

/** Does anybody look at the value of this expression? */
function isUsed(node: TSESTree.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (parent.type === 'AwaitExpression' || parent.type === 'ChainExpression') return isUsed(parent);
  return parent.type !== 'ExpressionStatement' && !(parent.type === 'UnaryExpression' && parent.operator === 'void');
}
