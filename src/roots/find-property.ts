import type { TSESTree } from '@typescript-eslint/utils';
import { findDeclaration } from './find-declaration.ts';

/**
 * The value of a property of an object written in the code, also behind a constant, a type assertion or a call that
 * takes the object first (`createRoute({ … })`).
 *
 * @returns undefined where there is none, or the object is not to be seen
 */
export function findProperty(node: TSESTree.Node | undefined, name: string): TSESTree.Node | undefined {
  for (const property of findObject(node)?.properties ?? []) {
    if (property.type !== 'Property' || property.computed) continue;
    const key =
      property.key.type === 'Identifier'
        ? property.key.name
        : property.key.type === 'Literal'
          ? property.key.value
          : '';
    if (key === name) return property.value;
  }
  return undefined;
}

/** The object that an expression stands for. */
export function findObject(node: TSESTree.Node | undefined, depth = 0): TSESTree.ObjectExpression | undefined {
  if (node === undefined || depth > 6) return undefined;
  switch (node.type) {
    case 'ObjectExpression':
      return node;
    case 'Identifier': {
      const declaration = findDeclaration(node, node.name);
      return declaration?.kind === 'variable' && declaration.member === undefined
        ? findObject(declaration.init, depth + 1)
        : undefined;
    }
    case 'CallExpression':
      return findObject(node.arguments[0], depth + 1);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return findObject(node.expression, depth + 1);
    default:
      return undefined;
  }
}
