import type { TSESTree } from '@typescript-eslint/utils';
import { evaluate } from './evaluate-expression.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import { findFunction } from './run.ts';
import type { Scope } from './scope.ts';
import { walkSyntax } from './walk-syntax.ts';

/** How many helpers deep a question about an error is followed. */
const mostHelpers = 2;

/** Where names are looked up. */
export interface Place {
  readonly run: Run;
  readonly module: ModuleScope;
  readonly scope: Scope;
}

/**
 * What stands behind the names in a handler that asks what an error is: the values of constants that something is compared
 * with (`error.code === UNIQUE_VIOLATION`), and the text of functions that are given the error and that the way on
 * depends on (`if (isTaken(error))`, `return toResponse(error)`).
 *
 * @param param the name of the error, if it has one
 */
export function readHandlerText(body: TSESTree.Node, param: string | undefined, place: Place, depth = 0): string {
  const parts: string[] = [];
  walkSyntax(body, (node) => {
    for (const asked of listCompared(node)) parts.push(spellConstant(asked, param, place));
    if (node.type === 'CallExpression' && depth < mostHelpers && decides(node) && isGiven(node, param))
      parts.push(readHelper(node.callee, place, depth));
    return true;
  });
  return parts.filter((part) => part !== '').join('\n');
}

function listCompared(node: TSESTree.Node): readonly TSESTree.Node[] {
  if (node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator)) return [node.left, node.right];
  return node.type === 'SwitchCase' && node.test !== null ? [node.test] : [];
}

function spellConstant(node: TSESTree.Node, param: string | undefined, { run, module, scope }: Place): string {
  const isName = node.type === 'Identifier' && node.name !== param;
  const isMember =
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.object.type === 'Identifier' &&
    node.object.name !== param;
  const value = isName || isMember ? evaluate(run, module, scope, node) : undefined;
  return value?.kind === 'constant' ? String(value.value) : '';
}

function isGiven(call: TSESTree.CallExpression, param: string | undefined): boolean {
  return param !== undefined && call.arguments.some((each) => each.type === 'Identifier' && each.name === param);
}

/** Is it asked in a condition, returned or thrown? What is logged decides nothing. */
function decides(call: TSESTree.CallExpression): boolean {
  let { parent }: TSESTree.Node = call;
  while (passing.has(parent.type) && parent.parent !== undefined) ({ parent } = parent);
  return deciding.has(parent.type);
}

const passing: ReadonlySet<string> = new Set([
  'AwaitExpression',
  'BinaryExpression',
  'LogicalExpression',
  'UnaryExpression',
]);

const deciding: ReadonlySet<string> = new Set([
  'ArrowFunctionExpression',
  'ConditionalExpression',
  'IfStatement',
  'ReturnStatement',
  'SwitchStatement',
  'ThrowStatement',
  'VariableDeclarator',
]);

function readHelper(callee: TSESTree.Expression, { run, module, scope }: Place, depth: number): string {
  const isOwn = callee.type === 'MemberExpression' && !callee.computed && isNamed(callee.object);
  if (callee.type !== 'Identifier' && !isOwn) return '';
  const value = evaluate(run, module, scope, callee);
  const record = value.kind === 'function' ? findFunction(run, value) : undefined;
  if (record === undefined) return '';
  const { node } = record;
  const first = node.params.at(0);
  const inner = { run, module: record.module, scope: record.scope };
  const own = record.module.file.text.slice(node.range[0], node.range[1]);
  return `${own}\n${readHandlerText(node, first?.type === 'Identifier' ? first.name : undefined, inner, depth + 1)}`;
}

function isNamed(node: TSESTree.Expression): boolean {
  return node.type === 'Identifier' || node.type === 'ThisExpression';
}
