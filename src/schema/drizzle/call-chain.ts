import type { TSESTree } from '@typescript-eslint/utils';
import { unwrap } from './module-scope.ts';

/** `text('email').notNull().unique()`: the innermost call and the calls on its result. */
export interface CallChain {
  /** What is called first: `text`, or `t.text`. */
  readonly callee: TSESTree.Expression;
  readonly args: readonly TSESTree.CallExpressionArgument[];
  /** `notNull`, `unique`, in the order in which they run. */
  readonly calls: readonly ChainCall[];
}

interface ChainCall {
  readonly name: string;
  readonly args: readonly TSESTree.CallExpressionArgument[];
  readonly node: TSESTree.Node;
}

/**
 * Takes a chain of calls apart.
 *
 * @param node the outermost call
 * @param isStart says whether a callee begins the chain, where a member of something could go either way (`t.text`)
 * @returns undefined when the node is no call
 */
export function unwindCalls(
  node: TSESTree.Expression,
  isStart: (callee: TSESTree.Expression) => boolean,
): CallChain | undefined {
  const calls: ChainCall[] = [];
  let at = unwrap(node);
  while (at.type === 'CallExpression') {
    const callee = unwrap(at.callee);
    if (
      callee.type !== 'MemberExpression' ||
      callee.property.type !== 'Identifier' ||
      callee.computed ||
      isStart(callee)
    ) {
      return { callee, args: at.arguments, calls };
    }
    const inner = unwrap(callee.object);
    if (inner.type !== 'CallExpression') return { callee, args: at.arguments, calls };
    calls.unshift({ name: callee.property.name, args: at.arguments, node: at });
    at = inner;
  }
  return undefined;
}

/** The last name of a callee: `text` for `text(…)` and `t.text(…)`. */
export function findCalleeName(callee: TSESTree.Expression): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier'
    ? callee.property.name
    : undefined;
}

/** The text of a string literal, or of a template without values. */
export function findText(node: TSESTree.Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  return node?.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}

/** The value of a property of an object literal. */
export function findProperty(node: TSESTree.Node | undefined, name: string): TSESTree.Expression | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    if (findKey(property) === name) return unwrap(property.value as TSESTree.Expression);
  }
  return undefined;
}

/** The name of a property of an object literal, if it is not computed. */
export function findKey(property: TSESTree.Property): string | undefined {
  if (property.computed) return undefined;
  return property.key.type === 'Identifier' ? property.key.name : findText(property.key);
}
