import type { TSESTree } from '@typescript-eslint/utils';
import type { Comparison } from '../../model/program.ts';
import { comparisonOf, mirrored, opposite } from '../comparisons.ts';
import { findAnswerPart } from './answer-names.ts';
import type { AnswerNames } from './answer-names.ts';
import { findReferences, isInside, isPure, unwrap } from './syntax-nodes.ts';

/** A condition on a column of the row, to be put into a statement's WHERE. */
export interface RowCondition {
  readonly column: string;
  readonly comparison: Comparison;
  /** The other side: an expression of the source, or a constant. */
  readonly value:
    | { readonly kind: 'expression'; readonly node: TSESTree.Node }
    | { readonly kind: 'constant'; readonly value: string | number | boolean | null };
}

/** One part of what a test requires. */
export type GuardPart =
  | { readonly kind: 'row'; readonly condition: RowCondition }
  /** The row is there (or is not). */
  | { readonly kind: 'existence'; readonly exists: boolean }
  /** A column is truthy or falsy: what that means depends on its type. */
  | { readonly kind: 'truth'; readonly column: string; readonly truthy: boolean }
  /** Something that is not about the row. */
  | { readonly kind: 'other'; readonly node: TSESTree.Node }
  /** Something about the row that no condition expresses. */
  | { readonly kind: 'unclear'; readonly node: TSESTree.Node };

/** Finds what a name of the function was declared as, if it is a constant. */
export type FindConstant = (name: string) => TSESTree.Expression | undefined;

/** What must hold, all of it, for `test` to be `outcome`. */
export function readGuard(
  test: TSESTree.Node,
  outcome: boolean,
  answer: AnswerNames,
  findConstant: FindConstant,
): readonly GuardPart[] {
  const node = unwrap(test);
  switch (node.type) {
    case 'UnaryExpression':
      if (node.operator === '!') return readGuard(node.argument, !outcome, answer, findConstant);
      break;
    case 'LogicalExpression':
      if ((node.operator === '||' && !outcome) || (node.operator === '&&' && outcome)) {
        return [
          ...readGuard(node.left, outcome, answer, findConstant),
          ...readGuard(node.right, outcome, answer, findConstant),
        ];
      }
      break;
    case 'BinaryExpression': {
      const comparison = comparisonOf[node.operator];
      if (comparison === undefined) break;
      return [readComparison(node, outcome ? comparison : opposite[comparison], answer, findConstant)];
    }
    case 'CallExpression':
      if (node.callee.type === 'Identifier' && node.callee.name === 'Boolean' && node.arguments[0] !== undefined) {
        return readGuard(node.arguments[0], outcome, answer, findConstant);
      }
      break;
    case 'Identifier': {
      const constant = findConstant(node.name);
      if (constant !== undefined && answer.parts.get(node.name) === undefined)
        return readGuard(constant, outcome, answer, () => undefined);
      break;
    }
    default:
      break;
  }
  const part = findAnswerPart(node, answer);
  if (part === undefined) return [mentionsAnswer(node, answer) ? { kind: 'unclear', node } : { kind: 'other', node }];
  if (part.kind === 'column') return [{ kind: 'truth', column: part.column, truthy: outcome }];
  return isExistence(part.shape.kind) ? [{ kind: 'existence', exists: outcome }] : [{ kind: 'unclear', node }];
}

function isExistence(kind: string): boolean {
  return kind === 'row' || kind === 'count' || kind === 'success' || kind === 'scalar';
}

function readComparison(
  node: TSESTree.BinaryExpression,
  comparison: Comparison,
  answer: AnswerNames,
  findConstant: FindConstant,
): GuardPart {
  const left = readSide(node.left, answer, findConstant);
  const right = readSide(node.right, answer, findConstant);
  if (left === undefined && right === undefined)
    return mentionsAnswer(node, answer) ? { kind: 'unclear', node } : { kind: 'other', node };
  const side = left ?? right;
  const value = left === undefined ? node.left : node.right;
  const direction = left === undefined ? mirrored[comparison] : comparison;
  if (side === undefined || (left !== undefined && right !== undefined) || mentionsAnswer(value, answer))
    return { kind: 'unclear', node };
  const constant = constantOf(value);
  if (side.kind === 'shape') {
    if (!isExistence(side.shape)) return { kind: 'unclear', node };
    if (side.shape === 'row' || side.shape === 'scalar') {
      const isNothing = constant !== undefined && constant.value === null;
      if (isNothing && (direction === '=' || direction === '!='))
        return { kind: 'existence', exists: direction === '!=' };
      if (side.shape === 'row') return { kind: 'unclear', node };
    }
    if (constant === undefined) return { kind: 'unclear', node };
    if (
      (direction === '>' && constant.value === 0) ||
      (direction === '!=' && constant.value === 0) ||
      (direction === '>=' && constant.value === 1)
    )
      return { kind: 'existence', exists: true };
    if (
      (direction === '=' && constant.value === 0) ||
      (direction === '<' && constant.value === 1) ||
      (direction === '<=' && constant.value === 0)
    )
      return { kind: 'existence', exists: false };
    return { kind: 'unclear', node };
  }
  if (side.minus !== undefined) {
    // row.stock - qty < 0 is row.stock < qty
    if (constant?.value !== 0) return { kind: 'unclear', node };
    return {
      kind: 'row',
      condition: { column: side.column, comparison: direction, value: { kind: 'expression', node: side.minus } },
    };
  }
  if (constant !== undefined)
    return {
      kind: 'row',
      condition: { column: side.column, comparison: direction, value: { kind: 'constant', value: constant.value } },
    };
  if (!isStable(value)) return { kind: 'unclear', node };
  return {
    kind: 'row',
    condition: { column: side.column, comparison: direction, value: { kind: 'expression', node: value } },
  };
}

/** Pure, or the present moment. */
function isStable(node: TSESTree.Node): boolean {
  return (
    isPure(node) ||
    (node.type === 'NewExpression' &&
      node.callee.type === 'Identifier' &&
      node.callee.name === 'Date' &&
      node.arguments.every(isPure))
  );
}

type Side =
  | { readonly kind: 'column'; readonly column: string; readonly minus?: TSESTree.Node }
  | { readonly kind: 'shape'; readonly shape: string };

function readSide(node: TSESTree.Node, answer: AnswerNames, findConstant: FindConstant): Side | undefined {
  const expression = stripNumber(unwrap(node));
  const part = findAnswerPart(expression, answer);
  if (part?.kind === 'column') return part;
  if (part?.kind === 'shape') return { kind: 'shape', shape: part.shape.kind };
  if (expression.type === 'Identifier') {
    const constant = findConstant(expression.name);
    return constant === undefined || !mentionsAnswer(constant, answer)
      ? undefined
      : readSide(constant, answer, () => undefined);
  }
  if (expression.type === 'BinaryExpression' && expression.operator === '-') {
    const left = findAnswerPart(stripNumber(unwrap(expression.left)), answer);
    if (left?.kind === 'column' && isPure(expression.right) && !mentionsAnswer(expression.right, answer))
      return { ...left, minus: expression.right };
  }
  return undefined;
}

/** `Number(row.balance)` is the balance: the database computes with numbers anyway. */
export function stripNumber(node: TSESTree.Node): TSESTree.Node {
  if (
    node.type === 'CallExpression' &&
    node.callee.type === 'Identifier' &&
    node.callee.name === 'Number' &&
    node.arguments.length === 1
  ) {
    const [argument] = node.arguments;
    if (argument !== undefined) return unwrap(argument);
  }
  return node;
}

function constantOf(node: TSESTree.Node): { readonly value: string | number | boolean | null } | undefined {
  if (node.type === 'Identifier' && node.name === 'undefined') return { value: null };
  if (
    node.type === 'Literal' &&
    (node.value === null || ['string', 'number', 'boolean'].includes(typeof node.value)) &&
    !('regex' in node)
  ) {
    return { value: node.value as string | number | boolean | null };
  }
  return undefined;
}

/** Is (a part of) the answer anywhere in an expression? */
export function mentionsAnswer(node: TSESTree.Node, answer: AnswerNames): boolean {
  return findReferences(node, new Set(answer.parts.keys())).length > 0 || isInside(answer.call, node);
}
