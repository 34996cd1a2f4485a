import type { TSESTree } from '@typescript-eslint/utils';
import type { Location } from '../model/location.ts';
import type { FunctionValue, Value } from '../model/value.ts';
import { awaitValue, isPending } from './await-value.ts';
import { bindPattern } from './bind-pattern.ts';
import { canAct } from './can-act.ts';
import { getMember } from './get-member.ts';
import { evaluate } from './evaluate-expression.ts';
import { executeBody } from './execute-statement.ts';
import { locate } from './locate.ts';
import type { FunctionRecord } from './records.ts';
import { mayReachClient } from './may-reach-client.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import { findFunction, limits, report } from './run.ts';
import { leaveOut } from './leave-out.ts';
import { makeRemembered } from './make-remembered.ts';
import { apply, isEmptyHanded, mayAct, undefinedValue, unknown } from './values.ts';

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
  const opaque = (): Value =>
    apply(
      `call:${record.name}`,
      args.filter((arg) => arg.kind !== 'function'),
    );
  const isShared = run.analyzer.functions.has(record.id);
  if (isShared && !args.some(mayAct)) {
    const known = run.analyzer.effectless.get(record.id);
    if (known !== undefined) return known;
  }
  if (run.stack.some((active) => active.node === record.node)) {
    run.recursions += 1;
    return opaque();
  }
  const left = leaveOut(run, record, args, location);
  if (left !== undefined) return left;
  if (run.inert >= limits.inertDepth) return opaque();
  const inert = run.inert > 0 || isInert(run, record, args);
  if (run.stack.length >= limits.depth || run.callCount >= limits.calls) {
    // one of them tells that the trace is not whole; a thousand tell no more
    if (!inert && !run.bailouts.some((bailout) => bailout.kind === 'budget'))
      report(run, 'budget', 'calls are nested too deep or too many', location, record.name);
    return opaque();
  }
  run.callCount += 1;

  const before = {
    steps: run.steps.length,
    bailouts: run.bailouts.length,
    closures: run.closures.size,
    guards: run.guards,
    recursions: run.recursions,
    decisions: run.decisions,
  };
  const calls = run.calls;
  const isInline =
    location.file === record.module.file.path &&
    contains(record.node.range, location.range) === false &&
    isClosure(record);
  if (!isInline) run.calls = [...calls, { callee: record.name, location }];
  if (inert) run.inert += 1;
  const returned = invoke(run, record, args);
  const made = isEmptyHanded(returned) ? (makeRemembered(run, args, location) ?? returned) : returned;
  const result = run.silent ? made : keepCalls(made, run.calls);
  if (inert) run.inert -= 1;
  run.calls = calls;
  if (args.some(isQueue))
    report(run, 'unsupported', 'a queue of commands is handed to a function', location, record.name);

  const isPlain =
    run.steps.length === before.steps &&
    run.bailouts.length === before.bailouts &&
    run.closures.size === before.closures &&
    run.recursions === before.recursions &&
    run.decisions === before.decisions &&
    run.guards.length === before.guards.length;
  if (isShared && isPlain && isAlwaysSame(record, result) && !run.silent && !args.some(mayAct))
    run.analyzer.effectless.set(record.id, result);
  return result;
}

/** What a function returns before it is sent (`return db.user.find(…)`) is still of the calls that led there. */
function keepCalls(value: Value, calls: Run['calls']): Value {
  if (calls.length === 0 || !isPending(value)) return value;
  if (value.kind === 'chain') return value.calls === undefined ? { ...value, calls } : value;
  if (value.kind !== 'choice') return value;
  return { ...value, then: keepCalls(value.then, calls), otherwise: keepCalls(value.otherwise, calls) };
}

/** Only what is the same for all arguments and runs may be remembered: a logger's nothing, a factory's client. */
function isAlwaysSame(record: FunctionRecord, result: Value): boolean {
  if (result.kind === 'constant') return result.value === undefined;
  if (result.kind !== 'chain' || record.node.params.length > 0) return false;
  return (
    result.root.kind !== 'client' ||
    (result.root.client.connection === 'pool' && result.root.client.queue === undefined)
  );
}

/**
 * Is it certain that a function has no effects, however deep its calls go: a function of module level, in a file whose
 * imports lead to no client, called with nothing that acts?
 */
export function isInert(run: Run, record: FunctionRecord, args: readonly Value[]): boolean {
  const instance = record.self?.kind === 'instance' ? run.analyzer.instances.get(record.self.id) : undefined;
  const isOwn =
    record.scope === record.module.scope &&
    (record.self === undefined || (instance !== undefined && !instance.args?.some((arg) => canAct(run.analyzer, arg))));
  return (
    isOwn && !args.some((arg) => canAct(run.analyzer, arg)) && !mayReachClient(run.analyzer, record.module.file.path)
  );
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
      bindPattern(run, module, scope, parameter.argument, collectRest(args.slice(index)), undefined);
      return;
    }
    bindPattern(
      run,
      module,
      scope,
      parameter,
      findArgument(run, args, index, locate(parameter, module.file.path)),
      undefined,
    );
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

/** The value for a parameter; behind `f(id, ...others)` it is one of the others. */
function findArgument(run: Run, args: readonly Value[], index: number, location: Location): Value {
  const at = args.findIndex(isSpread);
  const spread = args[at];
  if (spread?.kind !== 'apply' || at > index) return args[index] ?? undefinedValue;
  return getMember(run, spread.operands[0] ?? undefinedValue, String(index - at), location);
}

function collectRest(rest: readonly Value[]): Value {
  const [only] = rest;
  if (rest.length === 1 && only?.kind === 'apply' && only.operator === 'spread' && only.operands[0])
    return only.operands[0];
  return { kind: 'array', elements: rest, complete: !rest.some(isSpread) };
}

function isSpread(value: Value): boolean {
  return value.kind === 'apply' && value.operator === 'spread';
}

/** May members of a destructured parameter go by their own names, since no other parameter has them? */
function namesOwnMembers(record: FunctionRecord, target: TSESTree.Node): boolean {
  if (target.type !== 'ObjectPattern') return false;
  const taken = target.properties.map((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' ? property.key.name : '',
  );
  const others = record.node.params.filter(
    (other) => other !== target && !(other.type === 'AssignmentPattern' && other.left === target),
  );
  return others.every((other) => other.type === 'Identifier' && !taken.includes(other.name));
}

/** Arguments of a root: inputs named after the parameters, with what their declared types tell. */
export function inputArguments(run: Run, record: FunctionRecord): readonly Value[] {
  return record.node.params.map((parameter, index) => {
    if (parameter.type === 'RestElement') {
      const name = parameter.argument.type === 'Identifier' ? parameter.argument.name : `(${String(index)})`;
      return apply('spread', [{ kind: 'input', name }]);
    }
    const target =
      parameter.type === 'AssignmentPattern'
        ? parameter.left
        : parameter.type === 'TSParameterProperty'
          ? parameter.parameter
          : parameter;
    const name =
      target.type === 'Identifier' ? target.name : namesOwnMembers(record, target) ? '' : `(${String(index)})`;
    const input: Value = { kind: 'input', name };
    const annotation = 'typeAnnotation' in target ? target.typeAnnotation?.typeAnnotation : undefined;
    return annotation === undefined ? input : (resolveDeclaredValue(run, record.module, annotation, input) ?? input);
  });
}
