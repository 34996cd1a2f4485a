import type { TSESTree } from '@typescript-eslint/utils';
import { findAnswerPart } from './answer-names.ts';
import type { AnswerNames } from './answer-names.ts';
import { mentionsAnswer, stripNumber } from './read-guard.ts';
import type { FindConstant } from './read-guard.ts';
import { isPure, unwrap } from './syntax-nodes.ts';

/** `row.stock - qty`, also through a constant, as what the database can compute; undefined for every other expression. */
export function readArithmetic(
  node: TSESTree.Node,
  column: string,
  answer: AnswerNames,
  findConstant: FindConstant,
): { readonly operator: '+' | '-'; readonly amount: TSESTree.Node } | undefined {
  const expression = unwrap(node);
  if (expression.type === 'Identifier') {
    const constant = findConstant(expression.name);
    return constant === undefined ? undefined : readArithmetic(constant, column, answer, () => undefined);
  }
  if (expression.type !== 'BinaryExpression' || (expression.operator !== '+' && expression.operator !== '-'))
    return undefined;
  const left = findAnswerPart(stripNumber(unwrap(expression.left)), answer);
  if (left?.kind === 'column' && left.column === column && isAmount(expression.right, answer))
    return { operator: expression.operator, amount: expression.right };
  const right = findAnswerPart(stripNumber(unwrap(expression.right)), answer);
  const isSum = expression.operator === '+' && right?.kind === 'column' && right.column === column;
  return isSum && isAmount(expression.left, answer) ? { operator: '+', amount: expression.left } : undefined;
}

/** Something that is the same whenever it is evaluated, is no text, and does not come from the row. */
function isAmount(node: TSESTree.Node, answer: AnswerNames): boolean {
  if (
    node.type === 'TemplateLiteral' ||
    (node.type === 'Literal' && typeof node.value !== 'number' && typeof node.value !== 'bigint')
  )
    return false;
  return isPure(node) && !mentionsAnswer(node, answer);
}
