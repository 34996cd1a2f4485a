import type { TSESTree } from '@typescript-eslint/utils';
import { isFreshSource } from '../effects/fresh-sources.ts';
import type { Location } from '../model/location.ts';
import type { ChainStep, ChainValue, Value } from '../model/value.ts';
import { findImportHandlers } from './analyzer.ts';
import { assign } from './assign.ts';
import { awaitValue } from './await-value.ts';
import { callFunction } from './call-function.ts';
import { callInertImport, skipInertImport } from './call-inert-import.ts';
import { callWrapper } from './call-wrapper.ts';
import { instantiateClass } from './class-members.ts';
import { evaluate, readTemplate } from './evaluate-expression.ts';
import { resolveRequire } from './evaluate-module.ts';
import { extendChain, identify, settleChain } from './extend-chain.ts';
import { getMember } from './get-member.ts';
import { iterateCollection, isIteration } from './iterate-collection.ts';
import { locate } from './locate.ts';
import { makeRemembered } from './make-remembered.ts';
import type { ModuleScope } from './module-scope.ts';
import { findKeyedMember } from './open-type-members.ts';
import { evaluatePromiseCall } from './promise-calls.ts';
import { explainHandlerFunction } from './explain-handler.ts';
import type { Run } from './run.ts';
import { report } from './run.ts';
import type { Scope } from './scope.ts';
import { spellCallee } from './spell-callee.ts';
import { apply, constant, isClientOrObject, undefinedValue } from './values.ts';

/** The value of a call. */
export function evaluateCall(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.CallExpression): Value {
  const promise = evaluatePromiseCall(run, module, scope, node);
  if (promise !== undefined) return promise;
  if (run.reading.kind === 'sketch') {
    const inert = callInertImport(run, module, scope, node);
    if (inert !== undefined) return inert;
  }
  const { callee } = node;
  const required = readRequire(scope, node);
  if (required !== undefined) return resolveRequire(run.analyzer, module, required);
  const location = locate(node, module.file.path);
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
    const name = callee.property.name;
    if (name === 'then' || name === 'catch' || name === 'finally') {
      return evaluatePromiseMethod(run, module, scope, node, callee.object, name);
    }
    const base =
      callee.object.type === 'Super'
        ? (scope.lookup('this') ?? undefinedValue)
        : evaluate(run, module, scope, callee.object);
    return callMember(run, module, scope, node, callee.object, base, name);
  }
  const target = callee.type === 'Super' ? undefinedValue : evaluate(run, module, scope, callee);
  const args = evaluateArguments(run, module, scope, node.arguments);
  return callValue(run, module, scope, target, args, node, spellCallee(callee), location);
}

/** The specifier of a call of `require`. */
function readRequire(scope: Scope, { callee, arguments: [first] }: TSESTree.CallExpression): string | undefined {
  if (callee.type !== 'Identifier' || callee.name !== 'require' || scope.lookup('require') !== undefined)
    return undefined;
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
}

/** Evaluates arguments; a spread of something unknown contributes one unknown. */
export function evaluateArguments(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  nodes: readonly TSESTree.CallExpressionArgument[],
): readonly Value[] {
  const args: Value[] = [];
  for (const node of nodes) {
    if (node.type !== 'SpreadElement') {
      args.push(skipInertImport(run, module, scope, node) ?? evaluate(run, module, scope, node));
      continue;
    }
    const spread = evaluate(run, module, scope, node.argument);
    if (spread.kind === 'array' && spread.complete) args.push(...spread.elements);
    else args.push(apply('spread', [spread]));
  }
  return args;
}

function callMember(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  node: TSESTree.CallExpression,
  receiver: TSESTree.Node,
  base: Value,
  name: string,
): Value {
  const location = locate(node, module.file.path);
  if (name === 'bind' && (base.kind === 'chain' || base.kind === 'function')) {
    evaluateArguments(run, module, scope, node.arguments);
    return base;
  }
  if (base.kind === 'chain') {
    const args = evaluateArguments(run, module, scope, node.arguments);
    const result = callChain(
      run,
      base,
      { name, args, location, ...readTypeArguments(node, module) },
      args,
      isDropped(node),
    );
    // commands queued on a stored handle: the variable now holds the longer queue
    if (isSameHandle(base, result)) assign.write(run, module, scope, receiver, result);
    return result;
  }
  if (isIteration(name) && base.kind !== 'instance' && base.kind !== 'module' && base.kind !== 'object') {
    const iterated = iterateCollection(run, module, scope, node, base, name);
    if (iterated !== undefined) return iterated;
  }
  const target = getMember(run, base, name, location);
  const args = evaluateArguments(run, module, scope, node.arguments);
  const kept = findKeyedMember(run, base, name, args[0]);
  if (kept !== undefined) return kept;
  if (target.kind === 'function' || target.kind === 'chain' || target.kind === 'class' || target.kind === 'choice') {
    return callValue(run, module, scope, target, args, node, name, location);
  }
  if (
    mutators.has(name) &&
    args.length > 0 &&
    (base.kind === 'answer' || base.kind === 'array' || base.kind === 'apply' || base.kind === 'object')
  ) {
    assign.write(run, module, scope, receiver, mutate(base, name, args, run.loops.length > 0));
  }
  if (
    base.kind === 'apply' &&
    base.operator === 'global:Object' &&
    name === 'assign' &&
    node.arguments[0] !== undefined
  ) {
    assign.write(run, module, scope, node.arguments[0], apply('mutated', args));
  }
  if (isFreshSource('', `${spellValue(base)}.${name}`)) return freshAt(`${spellValue(base)}.${name}()`, location);
  return callWrapper(run, {
    name: isNamed(base) ? `${spellValue(base)}.${name}` : name,
    subject: base,
    args,
    location,
    dropped: isDropped(node),
  });
}

const mutators = new Set([
  'push',
  'unshift',
  'splice',
  'pop',
  'shift',
  'sort',
  'reverse',
  'fill',
  'add',
  'delete',
  'set',
]);

function mutate(base: Value, name: string, args: readonly Value[], inLoop: boolean): Value {
  if (name === 'push' && base.kind === 'array') {
    // what a loop pushes stands for any number of elements
    const pushed: readonly Value[] = inLoop
      ? [apply('spread', [{ kind: 'array', elements: args, complete: false }])]
      : args;
    return { kind: 'array', elements: [...base.elements, ...pushed], complete: base.complete && !inLoop };
  }
  return apply('mutated', [base, ...args]);
}

function callValue(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  target: Value,
  args: readonly Value[],
  node: TSESTree.CallExpression,
  name: string,
  location: Location,
): Value {
  switch (target.kind) {
    case 'function':
      return callFunction(run, target, args, location);
    case 'chain':
      return callChain(
        run,
        target,
        { name: '()', args, location, ...readTypeArguments(node, module) },
        args,
        isDropped(node),
      );
    default:
      if (isFreshSource('', spellValue(target))) return freshAt(`${spellValue(target)}()`, location);
      return callWrapper(run, { name, subject: target, args, location, dropped: isDropped(node) });
  }
}

/** Extends a chain with a call and lets the adapter look; unknown package functions may run the closures they get. */
function callChain(run: Run, base: ChainValue, step: ChainStep, args: readonly Value[], dropped: boolean): Value {
  const extended = extendChain(run, base, step);
  if (extended.kind !== 'chain') return extended;
  if (extended.root.kind === 'client') {
    if (extended.steps.length === 0) return extended;
    return settleChain(run, extended, false, step.location);
  }
  const spelled = [extended.root.name, ...extended.steps.map((each) => each.name).filter((each) => each !== '()')].join(
    '.',
  );
  if (isFreshSource(extended.root.package, spelled)) return freshAt(`${spelled}()`, step.location);
  // a call of what a wrapper made of a function (`const load = cache(async (id) => …)`) is a call of the function
  const wrapped = base.steps.at(-1)?.args?.filter((arg) => arg.kind === 'function') ?? [];
  if (wrapped.length === 1 && wrapped[0]?.kind === 'function')
    return callFunction(run, wrapped[0], args, step.location);
  if (args[0]?.kind === 'constant') {
    const made = makeRemembered(run, args, step.location);
    if (made !== undefined) return made;
  }
  if (!run.silent && args.some((arg) => arg.kind === 'function')) {
    return callWrapper(run, { name: spelled, subject: extended, args, location: step.location, dropped });
  }
  const isKnownPackage =
    extended.root.kind === 'export' && findImportHandlers(run.analyzer, extended.root.package).length > 0;
  if (!isKnownPackage && args.some((arg) => arg.kind === 'chain' && arg.root.kind === 'client')) {
    report(run, 'unknown', 'a client is handed to code outside the project', step.location, spelled);
  }
  return extended;
}

function isSameHandle(before: Value, after: Value): boolean {
  return (
    before.kind === 'chain' &&
    after.kind === 'chain' &&
    before.root.kind === 'client' &&
    after.root.kind === 'client' &&
    after.steps.length === 0 &&
    before.steps.length === 0 &&
    before.root.client.library === after.root.client.library &&
    before.root.client.role === after.root.client.role &&
    before.root.client.connection === after.root.client.connection &&
    before.root.client.queue?.id === after.root.client.queue?.id &&
    before.root.client !== after.root.client
  );
}

/** `promise.then(f)`, `.catch(f)`, `.finally(f)`: the receiver is awaited, then the callbacks run. */
function evaluatePromiseMethod(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  node: TSESTree.CallExpression,
  receiver: TSESTree.Expression,
  name: 'then' | 'catch' | 'finally',
): Value {
  const handlerNode = name === 'catch' ? node.arguments[0] : name === 'then' ? node.arguments[1] : undefined;
  const before = run.guards;
  const handling = handlerNode === undefined ? undefined : explainHandlerFunction(handlerNode, { run, module, scope });
  if (handling !== undefined) run.handlers = [...run.handlers, handling];
  const settled = awaitValue(run, evaluate(run, module, scope, receiver), locate(receiver, module.file.path));
  if (handling !== undefined) run.handlers = run.handlers.slice(0, -1);
  const location = locate(node, module.file.path);
  const callbacks = evaluateArguments(run, module, scope, node.arguments);
  let result = settled;
  const [first, second] = callbacks;
  if (name === 'then' && first?.kind === 'function') {
    result = awaitValue(run, callFunction(run, first, [settled], location), location);
  }
  const onRejected = name === 'catch' ? first : name === 'then' ? second : undefined;
  if (onRejected?.kind === 'function') {
    const after = run.guards;
    run.guards = [...before, { condition: apply('caught', [constant(location.start.line)]), holds: true, location }];
    awaitValue(run, callFunction(run, onRejected, [apply('error', [])], location), location);
    // what was known of the receiver's success is known no more, unless the handler throws again
    run.guards = handling !== undefined && handling.then !== 'continues' ? after : before;
  } else if (handling?.then === 'continues') run.guards = before;
  if (name === 'finally' && first?.kind === 'function') {
    const after = run.guards;
    run.guards = before;
    awaitValue(run, callFunction(run, first, [], location), location);
    run.guards = after;
  }
  return result;
}

/** The value of `new X(…)`. */
export function evaluateNew(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.NewExpression): Value {
  const target = evaluate(run, module, scope, node.callee);
  const args = evaluateArguments(run, module, scope, node.arguments);
  const location = locate(node, module.file.path);
  if (target.kind === 'class') return instantiateClass(run, target, args);
  if (target.kind === 'chain')
    return identify(run, { ...target, steps: [...target.steps, { name: 'new', args, location }] });
  const spelled = `new ${spellValue(target)}`;
  if (isFreshSource('', spelled) && args.length === 0) return freshAt(`${spelled}()`, location);
  if (spelled === 'new Promise' && args[0]?.kind === 'function') {
    callFunction(run, args[0], [apply('resolve', []), apply('reject', [])], location);
  }
  // what it adds to a client is not looked at
  if (spelled === 'new Proxy' && args[0] !== undefined && isClientOrObject(args[0])) return args[0];
  return apply(`call:${spelled}`, args);
}

/** The value of a tagged template. */
export function evaluateTagged(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  node: TSESTree.TaggedTemplateExpression,
): Value {
  const location = locate(node, module.file.path);
  const read = (): ReturnType<typeof readTemplate> =>
    readTemplate(node.quasi, (child) => evaluate(run, module, scope, child));
  if (node.tag.type === 'MemberExpression' && !node.tag.computed && node.tag.property.type === 'Identifier') {
    const base = evaluate(run, module, scope, node.tag.object);
    if (base.kind === 'chain') return tagChain(run, base, { name: node.tag.property.name, template: read(), location });
  }
  const target = evaluate(run, module, scope, node.tag);
  if (target.kind === 'chain') return tagChain(run, target, { name: '``', template: read(), location });
  return apply('call:tag', [target, ...read().values]);
}

function tagChain(run: Run, base: ChainValue, step: ChainStep): Value {
  const extended: ChainValue = { ...base, steps: [...base.steps, step] };
  if (base.root.kind === 'client') return settleChain(run, extended, false, step.location);
  return identify(run, extended);
}

function readTypeArguments(node: TSESTree.CallExpression, module: ModuleScope): { typeArguments?: readonly string[] } {
  // oxc-parser has null where typescript-estree has undefined
  const parameters = node.typeArguments?.params;
  return parameters === undefined
    ? {}
    : { typeArguments: parameters.map((type) => module.file.text.slice(type.range[0], type.range[1])) };
}

/** Is the call a statement, so that nobody waits for it or looks at its result? */
function isDropped(node: TSESTree.Node): boolean {
  const { parent } = node;
  if (parent?.type === 'ChainExpression') return isDropped(parent);
  return parent?.type === 'ExpressionStatement' || (parent?.type === 'UnaryExpression' && parent.operator === 'void');
}

/** A fresh value, told apart from others by the place of the call. */
function freshAt(spelled: string, location: Location): Value {
  return { kind: 'fresh', source: `${spelled}@${location.file}#${String(location.range[0])}` };
}

/** A short name of what is called, for messages and for the table of fresh values. */
function spellValue(value: Value): string {
  if (value.kind === 'apply' && value.operator.startsWith('global:')) return value.operator.slice('global:'.length);
  if (value.kind === 'apply' && value.operator.startsWith('member:')) {
    return `${spellValue(value.operands[0] ?? constant(''))}.${value.operator.slice('member:'.length)}`;
  }
  if (value.kind === 'input') return value.name;
  if (value.kind === 'chain' && value.root.kind === 'export') return value.root.name;
  return value.kind;
}

/** Has the value a name of its own: a global, a parameter, an import, a member of one? */
function isNamed(value: Value): boolean {
  if (value.kind === 'apply')
    return (
      value.operator.startsWith('global:') || (value.operator.startsWith('member:') && value.operands.every(isNamed))
    );
  return value.kind === 'input' || value.kind === 'chain';
}
