import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import { assign } from './assign.ts';
import { awaitValue } from './await-value.ts';
import { bindPattern } from './bind-pattern.ts';
import { runBranches } from './branch.ts';
import type { BranchExit } from './branch.ts';
import { evaluate } from './evaluate-expression.ts';
import { explainHandler, isRetried } from './explain-handler.ts';
import { isRefusal } from './is-refusal.ts';
import { getElement } from './iterate-collection.ts';
import { compareValues, readKnown } from './known-condition.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import { createFunction, createId } from './run.ts';
import type { Guard } from '../model/trace.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { apply, choose, negate, undefinedValue } from './values.ts';

/** How a statement ends: normally (undefined), or by always leaving its function or loop iteration. */
type Exit = Guard['exit'];

/** The returns of one function, in program order, each with the guards under which it is reached. */
interface Frame {
  readonly run: Run;
  readonly module: ModuleScope;
  readonly depth: number;
  readonly returns: { readonly guards: readonly Guard[]; readonly value: Value }[];
}

/** Runs a function body and gives what it returns: a choice, where several returns are reached under conditions. */
export function executeBody(run: Run, module: ModuleScope, scope: Scope, body: TSESTree.BlockStatement): Value {
  const frame: Frame = { run, module, depth: run.guards.length, returns: [] };
  const exit = executeBlock(frame, scope, body.body);
  keepGuardsOfOnlyReturn(frame, exit);
  const [last, ...earlier] = frame.returns.toReversed();
  if (last === undefined) return undefinedValue;
  let result = last.value;
  for (const { guards, value } of earlier) {
    const condition = conjoin(guards.slice(frame.depth).filter((guard) => guard.exit === undefined));
    result = condition === undefined ? value : choose(condition, value, result);
  }
  return result;
}

/**
 * Where a function comes back in one way only (`while (true) { if (!(await isTaken(slug))) return slug; … }`), the caller
 * goes on under the conditions of that return.
 */
function keepGuardsOfOnlyReturn({ run, returns, depth }: Frame, exit: Exit): void {
  const [only, ...others] = returns;
  if (only === undefined || others.length > 0 || exit !== 'return') return;
  const kept = only.guards.slice(depth).map((guard): Guard => ({ ...guard, exit: 'throw' }));
  run.guards = [...run.guards.slice(0, depth), ...kept];
}

function conjoin(guards: readonly Guard[]): Value | undefined {
  const conditions = guards.map((guard) => (guard.holds ? guard.condition : negate(guard.condition)));
  const [first, ...rest] = conditions;
  if (first === undefined) return undefined;
  return rest.reduce<Value>((all, condition) => apply('&&', [all, condition]), first);
}

function executeBlock(frame: Frame, scope: Scope, statements: readonly TSESTree.Statement[]): Exit {
  for (const statement of statements) hoist(frame, scope, statement);
  for (const statement of statements) {
    const exit = execute(frame, scope, statement);
    if (exit !== undefined) return exit;
  }
  return undefined;
}

function hoist(frame: Frame, scope: Scope, statement: TSESTree.Statement): void {
  if (statement.type !== 'FunctionDeclaration' || statement.id === null) return;
  const { run, module } = frame;
  const self = scope.lookup('this');
  scope.declare(
    statement.id.name,
    createFunction(run, {
      id: `${module.file.path}#${String(statement.range[0])}@${createId(run)}`,
      name: statement.id.name,
      node: statement,
      module,
      scope,
      ...(self === undefined ? {} : { self }),
    }),
  );
}

function execute(frame: Frame, scope: Scope, statement: TSESTree.Statement): Exit {
  const { run, module } = frame;
  switch (statement.type) {
    case 'ExpressionStatement': {
      const value = evaluate(run, module, scope, statement.expression);
      // a lazy builder that nobody awaits is never sent; everything else has been emitted by now
      void value;
      return undefined;
    }
    case 'VariableDeclaration':
      for (const { id, init } of statement.declarations) {
        bindPattern(
          run,
          module,
          scope,
          id,
          init === null ? undefinedValue : evaluate(run, module, scope, init),
          undefined,
        );
      }
      return undefined;
    case 'ReturnStatement': {
      const value = statement.argument === null ? undefinedValue : evaluate(run, module, scope, statement.argument);
      const isAsync = run.stack.at(-1)?.node.async === true;
      const settled = isAsync
        ? awaitValue(run, value, locate(statement.argument ?? statement, module.file.path))
        : value;
      frame.returns.push({ guards: run.guards, value: settled });
      return 'return';
    }
    case 'ThrowStatement':
      evaluate(run, module, scope, statement.argument);
      return 'throw';
    case 'BreakStatement':
    case 'ContinueStatement':
      return 'loop';
    case 'BlockStatement':
      return executeBlock(frame, scope.child(), statement.body);
    case 'IfStatement':
      return executeIf(frame, scope, statement);
    case 'ForOfStatement':
    case 'ForInStatement':
      return executeForEach(frame, scope, statement);
    case 'ForStatement': {
      const inner = scope.child();
      if (statement.init?.type === 'VariableDeclaration') execute(frame, inner, statement.init);
      else if (statement.init !== null) evaluate(run, module, inner, statement.init);
      return executeLoop(frame, inner, statement, statement.body, statement.test, undefined, statement.update);
    }
    case 'WhileStatement':
      return executeLoop(frame, scope, statement, statement.body, statement.test);
    case 'DoWhileStatement':
      return executeDoWhile(frame, scope, statement);
    case 'TryStatement':
      return executeTry(frame, scope, statement);
    case 'SwitchStatement':
      return executeSwitch(frame, scope, statement);
    case 'LabeledStatement':
      return execute(frame, scope, statement.body);
    case 'ClassDeclaration': {
      if (statement.id !== null) {
        const id = `${module.file.path}#${String(statement.range[0])}`;
        run.analyzer.classes.set(id, { id, name: statement.id.name, node: statement, module, scope });
        scope.declare(statement.id.name, { kind: 'class', id, name: statement.id.name });
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** `for (const x of xs)` and `for (const key in object)`. */
function executeForEach(
  frame: Frame,
  scope: Scope,
  statement: TSESTree.ForOfStatement | TSESTree.ForInStatement,
): Exit {
  const { run, module } = frame;
  const right = evaluate(run, module, scope, statement.right);
  const collection = awaitValue(run, right, locate(statement.right, module.file.path));
  return executeLoop(frame, scope, statement, statement.body, undefined, (inner) => {
    const element = statement.type === 'ForInStatement' ? apply('key', [collection]) : getElement(collection);
    if (statement.left.type === 'VariableDeclaration') {
      const declarator = statement.left.declarations[0];
      if (declarator !== undefined) bindPattern(run, module, inner, declarator.id, element, undefined);
    } else assign.write(run, module, inner, statement.left, element);
  });
}

function executeIf(frame: Frame, scope: Scope, statement: TSESTree.IfStatement): Exit {
  const { run, module } = frame;
  const condition = evaluate(run, module, scope, statement.test);
  const { consequent, alternate } = statement;
  const known = readKnown(run, condition);
  if (known !== undefined) {
    const taken = known ? consequent : alternate;
    return taken === null ? undefined : execute(frame, scope.child(), taken);
  }
  const [then, otherwise] = runBranches<{ readonly exit: Exit }>(
    run,
    condition,
    locate(statement.test, module.file.path),
    [
      () => ({ exit: execute(frame, scope.child(), consequent) }),
      alternate === null ? undefined : () => ({ exit: execute(frame, scope.child(), alternate) }),
    ],
    (end) => describeExit(frame, end.exit),
  );
  return then?.exit !== undefined && otherwise?.exit !== undefined ? weakest(then.exit, otherwise.exit) : undefined;
}

function describeExit(frame: Frame, exit: Exit): BranchExit | undefined {
  if (exit === undefined) return undefined;
  const returned = frame.returns.at(-1)?.value;
  return { exit, refuses: exit === 'throw' || (exit === 'return' && returned !== undefined && isRefusal(returned)) };
}

function weakest(a: NonNullable<Exit>, b: NonNullable<Exit>): NonNullable<Exit> {
  if (a === 'loop' || b === 'loop') return 'loop';
  return a === 'return' || b === 'return' ? 'return' : 'throw';
}

/** The body runs at least once, so it is under no condition; the test is false afterwards. */
function executeDoWhile(frame: Frame, scope: Scope, statement: TSESTree.DoWhileStatement): Exit {
  const { run, module } = frame;
  const { loops } = run;
  run.loops = [...loops, `${module.file.path}#${String(statement.range[0])}`];
  const depth = run.guards.length;
  const exit = execute(frame, scope.child(), statement.body);
  run.guards = run.guards.filter((guard, index) => index < depth || guard.exit === 'return' || guard.exit === 'throw');
  if (exit === 'return' || exit === 'throw') {
    run.loops = loops;
    return exit;
  }
  const condition = evaluate(run, module, scope, statement.test);
  run.loops = loops;
  const location = locate(statement.test, module.file.path);
  if (!isConstant(condition)) run.guards = [...run.guards, { condition, holds: false, location, exit: 'loop' }];
  return undefined;
}

/** `while (true)`, and a counter's first value against a literal. */
function isConstant(value: Value): boolean {
  return (
    value.kind === 'constant' ||
    (value.kind === 'apply' && value.operands.length > 0 && value.operands.every(isConstant))
  );
}

/** A loop body stands once, under the loop's id; `break` and `continue` say nothing about what comes after. */
function executeLoop(
  frame: Frame,
  scope: Scope,
  statement: TSESTree.Statement,
  body: TSESTree.Statement,
  test: TSESTree.Expression | null | undefined,
  enter?: (inner: Scope) => void,
  update?: TSESTree.Expression | null,
): Exit {
  const { run, module } = frame;
  const loops = run.loops;
  run.loops = [...loops, `${module.file.path}#${String(statement.range[0])}`];
  const tested = test ? evaluate(run, module, scope, test) : undefined;
  // `while (true)` is left by break: nothing is known of its test then
  const condition = tested === undefined || isConstant(tested) ? apply('loop', []) : tested;
  const inner = scope.child();
  enter?.(inner);
  let exits: readonly Guard[] = [];
  runBranches(run, condition, locate(test ?? statement, module.file.path), [
    () => {
      const depth = run.guards.length;
      execute(frame, inner, body);
      if (update) evaluate(run, module, inner, update);
      exits = run.guards.slice(depth).filter((guard) => guard.exit === 'return' || guard.exit === 'throw');
      run.guards = run.guards.slice(0, depth);
    },
    undefined,
  ]);
  run.loops = loops;
  if (test && condition === tested) {
    run.guards = [...run.guards, { condition, holds: false, location: locate(test, module.file.path), exit: 'loop' }];
  }
  run.guards = [...run.guards, ...exits];
  // an endless loop is only left by what returns from inside it
  const isEndless =
    test?.type === 'Literal' &&
    test.value === true &&
    !/\bbreak\b/.test(module.file.text.slice(body.range[0], body.range[1]));
  return isEndless ? 'return' : undefined;
}

function executeTry(frame: Frame, scope: Scope, statement: TSESTree.TryStatement): Exit {
  const { run, module } = frame;
  const { handler, finalizer } = statement;
  const handling =
    handler === null
      ? undefined
      : explainHandler(handler.body, handler.param, { run, module, scope }, isRetried(statement) ? 'retry' : undefined);
  if (handling !== undefined) run.handlers = [...run.handlers, handling];
  const before = run.guards;
  const sent = run.steps.length;
  const blockExit = executeBlock(frame, scope.child(), statement.block.body);
  if (handling !== undefined) run.handlers = run.handlers.slice(0, -1);
  let exit = blockExit;
  if (handler !== null) {
    const after = run.guards;
    run.guards = before;
    const open = new Map(run.transactions);
    reopenTransactions(run, sent);
    const caught: Value = apply('caught', [{ kind: 'constant', value: handler.loc.start.line }]);
    const [end] = runBranches<{ readonly exit: Exit }>(run, caught, locate(handler, module.file.path), [
      () => {
        const inner = scope.child();
        if (handler.param !== null) bindPattern(run, module, inner, handler.param, apply('error', []), undefined);
        return { exit: executeBlock(frame, inner, handler.body.body) };
      },
      undefined,
    ]);
    run.transactions.clear();
    for (const [connection, id] of open) run.transactions.set(connection, id);
    // a handler that always leaves: what follows only runs after a successful block, with its guards
    run.guards = end?.exit === undefined ? before : after;
    exit = blockExit !== undefined && end?.exit !== undefined ? blockExit : undefined;
  }
  if (finalizer !== null) {
    const kept = run.guards;
    run.guards = before;
    const finalExit = executeBlock(frame, scope.child(), finalizer.body);
    run.guards = kept;
    return finalExit ?? exit;
  }
  return exit;
}

/** A handler may find a transaction open that the block committed at its end. */
function reopenTransactions(run: Run, from: number): void {
  for (const { effect } of run.steps.slice(from)) {
    if (effect.kind === 'begin' && !run.transactions.has(effect.client.connection)) {
      run.transactions.set(effect.client.connection, effect.id);
    }
  }
}

function executeSwitch(frame: Frame, scope: Scope, statement: TSESTree.SwitchStatement): Exit {
  const { run, module } = frame;
  const subject = evaluate(run, module, scope, statement.discriminant);
  const inner = scope.child();
  const entered = findCase(frame, inner, subject, statement.cases);
  if (entered !== undefined) return executeCases(frame, inner, statement.cases.slice(entered));
  const exits: Exit[] = [];
  let pending: Value | undefined;
  let hasDefault = false;
  for (const branch of statement.cases) {
    const own =
      branch.test === null
        ? apply('default', [subject])
        : apply('===', [subject, evaluate(run, module, inner, branch.test)]);
    hasDefault ||= branch.test === null;
    const condition: Value = pending === undefined ? own : apply('||', [pending, own]);
    if (branch.consequent.length === 0) {
      pending = condition;
      continue;
    }
    pending = undefined;
    const depth = run.guards;
    const [end] = runBranches<{ readonly exit: Exit }>(
      run,
      condition,
      locate(branch, module.file.path),
      [() => ({ exit: executeBlock(frame, inner.child(), branch.consequent) }), undefined],
      (result) => (result.exit === 'loop' ? undefined : describeExit(frame, result.exit)),
    );
    if (branch.test === null) run.guards = depth;
    exits.push(end?.exit);
  }
  const left = exits.filter((exit) => exit !== undefined && exit !== 'loop');
  return hasDefault && left.length === exits.length && left[0] !== undefined ? left[0] : undefined;
}

/** The case that a known text leads to; behind the last one where there is none. */
function findCase(
  { run, module }: Frame,
  scope: Scope,
  subject: Value,
  cases: readonly TSESTree.SwitchCase[],
): number | undefined {
  if (subject.kind !== 'constant') return undefined;
  const answers = cases.map(({ test }) =>
    test === null ? false : readKnown(run, compareValues(run, '===', subject, evaluate(run, module, scope, test))),
  );
  if (answers.includes(undefined)) return undefined;
  const matching = answers.indexOf(true);
  if (matching >= 0) return matching;
  const fallback = cases.findIndex(({ test }) => test === null);
  return fallback >= 0 ? fallback : cases.length;
}

/** One case after the other, until one of them leaves. */
function executeCases(frame: Frame, scope: Scope, cases: readonly TSESTree.SwitchCase[]): Exit {
  for (const { consequent } of cases) {
    const exit = executeBlock(frame, scope, consequent);
    if (exit !== undefined) return exit === 'loop' ? undefined : exit;
  }
  return undefined;
}
