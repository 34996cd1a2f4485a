import type { TSESTree } from '@typescript-eslint/utils';
import type { AnswerShape } from '../../model/answer-shape.ts';
import { unwrap, nameOfProperty } from './syntax-nodes.ts';

/** What an expression over a read's answer is. */
export type AnswerPart =
  | { readonly kind: 'shape'; readonly shape: AnswerShape }
  /** A column of the row that was read. */
  | { readonly kind: 'column'; readonly column: string };

/** The variables that hold (parts of) what a read answered. */
export interface AnswerNames {
  readonly parts: ReadonlyMap<string, AnswerPart>;
  /** The call itself, whose value is the whole answer. */
  readonly call: TSESTree.Node;
  readonly shape: AnswerShape;
}

const rowShape: AnswerShape = { kind: 'row', absent: 'undefined' };

/**
 * What an expression is of the answer: the row, a column of it, the number of rows. Undefined for everything else, and
 * for columns that the answer names differently than the table.
 */
export function findAnswerPart(node: TSESTree.Node, names: AnswerNames): AnswerPart | undefined {
  const expression = unwrap(node);
  if (expression === names.call) return { kind: 'shape', shape: names.shape };
  if (expression.type === 'Identifier') return names.parts.get(expression.name);
  if (expression.type !== 'MemberExpression') {
    if (
      expression.type === 'CallExpression' &&
      expression.callee.type === 'MemberExpression' &&
      expression.arguments.length === 1
    ) {
      const { callee } = expression;
      const [first] = expression.arguments;
      if (
        !callee.computed &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'at' &&
        first?.type === 'Literal'
      ) {
        const whole = findAnswerPart(callee.object, names);
        return whole === undefined ? undefined : enter(whole, String(first.value));
      }
    }
    return undefined;
  }
  const whole = findAnswerPart(expression.object, names);
  if (whole === undefined) return undefined;
  const { property } = expression;
  const name = expression.computed
    ? property.type === 'Literal'
      ? String(property.value)
      : undefined
    : property.type === 'Identifier'
      ? property.name
      : undefined;
  return name === undefined ? undefined : enter(whole, name);
}

function enter(whole: AnswerPart, name: string): AnswerPart | undefined {
  if (whole.kind === 'column') return undefined;
  const { shape } = whole;
  switch (shape.kind) {
    case 'row':
      return shape.renamed?.[name] === undefined || shape.renamed[name] === name
        ? { kind: 'column', column: name }
        : undefined;
    case 'rows':
      if (name === 'length') return { kind: 'shape', shape: { kind: 'count' } };
      if (name !== '0') return undefined;
      return {
        kind: 'shape',
        shape: shape.renamed === undefined ? rowShape : { kind: 'row', absent: 'undefined', renamed: shape.renamed },
      };
    case 'object': {
      const field = shape.fields[name];
      return field === undefined ? undefined : { kind: 'shape', shape: field };
    }
    case 'tuple': {
      const item = shape.items[Number(name)];
      return item === undefined ? undefined : { kind: 'shape', shape: item };
    }
    default:
      return undefined;
  }
}

/**
 * Gives every name of a pattern its part.
 *
 * @returns false when the pattern has something that is not followed (a rest, a default)
 */
export function bindNames(
  pattern: TSESTree.Node,
  part: AnswerPart | undefined,
  parts: Map<string, AnswerPart>,
): boolean {
  switch (pattern.type) {
    case 'Identifier':
      parts.set(pattern.name, part ?? { kind: 'shape', shape: { kind: 'none' } });
      return true;
    case 'ObjectPattern':
      return pattern.properties.every((property) => {
        const name = nameOfProperty(property);
        if (property.type !== 'Property' || name === undefined) return false;
        return bindNames(property.value, part === undefined ? undefined : enter(part, name), parts);
      });
    case 'ArrayPattern':
      return pattern.elements.every(
        (element, index) =>
          element === null || bindNames(element, part === undefined ? undefined : enter(part, String(index)), parts),
      );
    default:
      return false;
  }
}
