import type { Location } from '../model/location.ts';
import type { FunctionValue, Value } from '../model/value.ts';
import { awaitValue } from './await-value.ts';
import { bindPattern } from './bind-pattern.ts';
import { evaluate } from './evaluate-expression.ts';
import { executeBody } from './execute-statement.ts';
import { locate } from './locate.ts';
import type { FunctionRecord } from './records.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import { findFunction, limits, report } from './run.ts';
import { apply, mayAct, undefinedValue, unknown } from './values.ts';

/**
 * Runs a function of the analysed code in place: its effects become the caller's, guards of its early returns end with
 * it, guards of its throws stay.
 *
 * @returns the (awaited) result; an uninterpreted value where the function is too deep, recursive or unknown
 */
export function callFunction(run: Run, callee: FunctionValue, args: readonly Value[], location: Location): Value {
  const record = findFunction(run, callee);
  if (record === undefined) return unknown('function is gone');
  run.invoked.add(callee.id);
  const opaque = (): Value => apply(`call:${record.name}`, args.filter((arg) => arg.kind !== 'function'));
  const isShared = run.analyzer.functions.has(record.id);
  if (isShared && !args.some(mayAct)) {
    const known = run.analyzer.effectless.get(record.id);
    if (known !== undefined) return known;
  }
  if (run.stack.some((active) => active.node === record.node)) {
    run.recursions += 1;
    return opaque();
  }
  if (run.stack.length >= limits.depth || run.callCount >= limits.calls) {
    report(run, 'budget', 'calls are nested too deep or too many', location, record.name);
    return opaque();
  }
  run.callCount += 1;

  const before = { steps: run.steps.length, bailouts: run.bailouts.length, closures: run.closures.size, guards: run.guards, recursions: run.recursions };
  const calls = run.calls;
  const isInline = location.file === record.module.file.path && contains(record.node.range, location.range) === false && isClosure(record);
  if (!isInline) run.calls = [...calls, { callee: record.name, location }];
  const result = invoke(run, record, args);
  run.calls = calls;
  if (args.some(isQueue)) report(run, 'unsupported', 'a queue of commands is handed to a function', location, record.name);

  const isPlain =
    run.steps.length === before.steps &&
    run.bailouts.length === before.bailouts &&
    run.closures.size === before.closures &&
    run.recursions === before.recursions &&
    run.guards.length === before.guards.length;
  // only what is the same for all arguments may be remembered: a logger's nothing, a factory's client
  const isAlwaysSame = (result.kind === 'constant' && result.value === undefined) || (record.node.params.length === 0 && (result.kind === 'chain' || result.kind === 'instance'));
  if (isShared && isPlain && isAlwaysSame && !run.silent && !args.some(mayAct)) run.analyzer.effectless.set(record.id, result);
  return result;
}

/** A MULTI or pipeline in the making: what a callee adds to it is not seen by the caller. */
function isQueue(value: Value): boolean {
  return value.kind === 'chain' && value.root.kind === 'client' && value.root.client.queue !== undefined;
}

function isClosure(record: FunctionRecord): boolean {
  return record.node.type !== 'FunctionDeclaration' && record.name === '(anonymous)';
}

function contains(outer: readonly [number, number], inner: readonly [number, number]): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}

/** Binds parameters and runs the body. Used for roots too, where every argument is an input. */
export function invoke(run: Run, record: FunctionRecord, args: readonly Value[]): Value {
  const { node, module } = record;
  const scope = record.scope.child();
  if (node.type !== 'ArrowFunctionExpression' && record.self !== undefined) scope.declare('this', record.self);
  run.stack.push(record);
  node.params.forEach((parameter, index) => {
    if (parameter.type === 'RestElement') {
      const rest = args.slice(index);
      bindPattern(run, module, scope, parameter.argument, { kind: 'array', elements: rest, complete: true }, undefined);
      return;
    }
    bindPattern(run, module, scope, parameter, args[index] ?? undefinedValue, undefined);
  });
  const guards = run.guards;
  let result: Value;
  if (node.body.type === 'BlockStatement') result = executeBody(run, module, scope, node.body);
  else result = evaluate(run, module, scope, node.body);
  if (node.async && !node.generator) result = awaitValue(run, result, locate(node.body, module.file.path));
  run.guards = [...guards, ...run.guards.slice(guards.length).filter((guard) => guard.exit === 'throw')];
  run.stack.pop();
  return result;
}

/** Arguments of a root: inputs named after the parameters, with what their declared types tell. */
export function inputArguments(run: Run, record: FunctionRecord): readonly Value[] {
  return record.node.params.map((parameter, index) => {
    const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    const name = target.type === 'Identifier' ? target.name : `(${String(index)})`;
    const input: Value = { kind: 'input', name };
    const annotation = 'typeAnnotation' in target ? target.typeAnnotation?.typeAnnotation : undefined;
    return annotation === undefined ? input : (resolveDeclaredValue(run, record.module, annotation, input) ?? input);
  });
}
