import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import { bindPattern } from './bind-pattern.ts';
import { evaluate } from './evaluate-expression.ts';
import type { ModuleScope } from './module-scope.ts';
import { readPatternNames } from './module-scope.ts';
import { isFunctionNode } from './records.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { walkSyntax } from './walk-syntax.ts';

/** How many names are followed from the constants of one function to those around it. */
const mostSteps = 4;

/**
 * The value of an expression inside a function that is not run: constants around it are what they are initialized with,
 * parameters what they are declared to be, or what a client hands to its callback (`db.transaction(async (tx) => …)`).
 */
export function evaluateInPlace(run: Run, module: ModuleScope, node: TSESTree.Expression): Value {
  const scope = module.scope.child();
  bindNames(run, module, scope, node, 0);
  return evaluate(run, module, scope, node);
}

function bindNames(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.Node, steps: number): void {
  if (steps > mostSteps) return;
  walkSyntax(node, (inner) => {
    if (isFunctionNode(inner)) return false;
    if (inner.type === 'Identifier' && scope.get(inner.name) === undefined) bindName(run, module, scope, inner, steps);
    return true;
  });
}

function bindName(run: Run, module: ModuleScope, scope: Scope, use: TSESTree.Identifier, steps: number): void {
  for (let around = use.parent as TSESTree.Node | undefined; around !== undefined; around = around.parent) {
    if (around.type === 'BlockStatement') {
      for (const statement of around.body) {
        if (statement.type !== 'VariableDeclaration') continue;
        for (const { id, init } of statement.declarations) {
          if (init === null || !readPatternNames(id).includes(use.name)) continue;
          bindNames(run, module, scope, init, steps + 1);
          bindPattern(run, module, scope, id, evaluate(run, module, scope, init), undefined);
          return;
        }
      }
    }
    if (!isFunctionNode(around)) continue;
    const parameter = around.params.find((each) => readPatternNames(each).includes(use.name));
    if (parameter === undefined) continue;
    bindParameter(run, module, scope, around, parameter, steps);
    return;
  }
}

function bindParameter(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  around: TSESTree.Node,
  parameter: TSESTree.Parameter,
  steps: number,
): void {
  const annotation = 'typeAnnotation' in parameter ? parameter.typeAnnotation?.typeAnnotation : undefined;
  const input: Value = { kind: 'input', name: '' };
  const declared = annotation && resolveDeclaredValue(run, module, annotation, input);
  const value = declared ?? findHandedOut(run, module, scope, around, steps) ?? input;
  bindPattern(run, module, scope, parameter, value, undefined);
}

/** What a client hands to a callback: a transaction of its own. */
function findHandedOut(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  callback: TSESTree.Node,
  steps: number,
): Value | undefined {
  const { parent } = callback;
  if (parent?.type !== 'CallExpression' || parent.callee.type !== 'MemberExpression') return undefined;
  bindNames(run, module, scope, parent.callee.object, steps + 1);
  const receiver = evaluate(run, module, scope, parent.callee.object);
  if (receiver.kind !== 'chain' || receiver.root.kind !== 'client' || parent.callee.property.type !== 'Identifier')
    return undefined;
  const { client } = receiver.root;
  const handle: Value = {
    kind: 'chain',
    root: { kind: 'client', client: { ...client, role: 'transaction', connection: 'caller' } },
    steps: [],
  };
  return handle;
}
