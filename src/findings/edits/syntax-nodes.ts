import type { TSESTree } from '@typescript-eslint/utils';
import { walkSyntax } from '../../flow/walk-syntax.ts';
import type { SourceText } from './source-text.ts';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** The outermost expression with exactly this range. */
export function findNodeAt(source: SourceText, range: readonly [number, number]): TSESTree.Expression | undefined {
  let found: TSESTree.Node | undefined;
  walkSyntax(source.program, (node) => {
    if (found !== undefined || node.range[0] > range[0] || node.range[1] < range[1]) return false;
    if (
      node.range[0] === range[0] &&
      node.range[1] === range[1] &&
      node.type !== 'ExpressionStatement' &&
      node.type !== 'Program'
    )
      found = node;
    return true;
  });
  return found as TSESTree.Expression | undefined;
}

export function isFunction(node: TSESTree.Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** The innermost function around a node. */
export function findFunctionAround(node: TSESTree.Node): FunctionNode | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) if (isFunction(at)) return at;
  return undefined;
}

/** The statement that a node is part of, and that stands in a block. */
export function findStatement(node: TSESTree.Node): TSESTree.Statement | undefined {
  for (let at: TSESTree.Node | undefined = node; at !== undefined && !(at !== node && isFunction(at)); at = at.parent) {
    if (at.parent?.type === 'BlockStatement' || at.parent?.type === 'Program') return at as TSESTree.Statement;
  }
  return undefined;
}

/** An expression without what only concerns types, parentheses or waiting. */
export function unwrap(node: TSESTree.Node): TSESTree.Node {
  switch (node.type) {
    case 'AwaitExpression':
      return unwrap(node.argument);
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'ChainExpression':
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** The whole of a call with `await` and type assertions around it. */
export function wrapperOf(node: TSESTree.Node): TSESTree.Node {
  const { parent } = node;
  if (parent === undefined) return node;
  switch (parent.type) {
    case 'AwaitExpression':
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ChainExpression':
      return wrapperOf(parent);
    default:
      return node;
  }
}

/** References to any of these names below a node, except those inside `except`. */
export function findReferences(
  node: TSESTree.Node,
  names: ReadonlySet<string>,
  except: readonly TSESTree.Node[] = [],
): readonly TSESTree.Identifier[] {
  const found: TSESTree.Identifier[] = [];
  walkSyntax(node, (at) => {
    if (except.includes(at)) return false;
    if (at.type === 'Identifier' && names.has(at.name) && isReference(at)) found.push(at);
    return true;
  });
  return found;
}

function isReference(node: TSESTree.Identifier): boolean {
  const { parent } = node;
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent.type === 'Property') return parent.value === node || parent.computed;
  return true;
}

/** Is a node inside (or equal to) another? */
export function isInside(node: TSESTree.Node, outer: TSESTree.Node): boolean {
  return outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];
}

/** A name that nothing in the function has. */
export function pickName(source: SourceText, around: TSESTree.Node, wished: readonly string[]): string {
  const text = source.text.slice(around.range[0], around.range[1]);
  const isFree = (name: string): boolean => !new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text);
  const free = wished.find(isFree);
  if (free !== undefined) return free;
  const base = wished[0] ?? 'result';
  for (let number = 2; ; number += 1) if (isFree(`${base}${String(number)}`)) return `${base}${String(number)}`;
}

/** Is it the same every time it is evaluated, and without effects? Names, members, literals and arithmetic are. */
export function isPure(node: TSESTree.Node): boolean {
  switch (node.type) {
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(isPure);
    case 'MemberExpression':
      return isPure(node.object) && (!node.computed || isPure(node.property));
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isPure(node.left) && isPure(node.right);
    case 'UnaryExpression':
      return node.operator !== 'delete' && isPure(node.argument);
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ChainExpression':
      return isPure(node.expression);
    default:
      return false;
  }
}

/** Are there calls or awaits in it, so that its place among other statements matters? */
export function mayAct(node: TSESTree.Node): boolean {
  let acts = false;
  walkSyntax(node, (at) => {
    if (isFunction(at)) return false;
    if (
      [
        'AwaitExpression',
        'CallExpression',
        'NewExpression',
        'AssignmentExpression',
        'UpdateExpression',
        'TaggedTemplateExpression',
        'YieldExpression',
      ].includes(at.type)
    )
      acts = true;
    return !acts;
  });
  return acts;
}

/** Does a statement always leave the function (or the loop round)? */
export function alwaysLeaves(node: TSESTree.Statement): boolean {
  switch (node.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'ContinueStatement':
      return true;
    case 'BlockStatement': {
      const last = node.body.at(-1);
      return last !== undefined && alwaysLeaves(last);
    }
    default:
      return false;
  }
}

/** The name of a property, if it is not computed. */
export function nameOfProperty(
  property: TSESTree.ObjectLiteralElement | TSESTree.Property | TSESTree.RestElement,
): string | undefined {
  if (property.type !== 'Property' || property.computed) return undefined;
  return property.key.type === 'Identifier'
    ? property.key.name
    : property.key.type === 'Literal'
      ? String(property.key.value)
      : undefined;
}

/** A property of an object literal by name; undefined too where a spread could hide it. */
export function findProperty(object: TSESTree.ObjectExpression, name: string): TSESTree.Property | undefined {
  return object.properties.find((property): property is TSESTree.Property => nameOfProperty(property) === name);
}

/** Finds the initial value of a name that is declared once in the function, as a constant. */
export function createConstantFinder(around: TSESTree.Node): (name: string) => TSESTree.Expression | undefined {
  return (name) => {
    const found: TSESTree.VariableDeclarator[] = [];
    walkSyntax(around, (node) => {
      if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name)
        found.push(node);
      return true;
    });
    const [declarator, ...more] = found;
    if (declarator?.init == null || more.length > 0) return undefined;
    return declarator.parent.kind === 'const' ? declarator.init : undefined;
  };
}
