import type { TSESTree } from '@typescript-eslint/utils';
import type { CandidateNode } from '../project/root-candidate.ts';
import { findClassMember } from './find-class-member.ts';
import { findDeclaration } from './find-declaration.ts';

/**
 * The functions of this file that an argument stands for: written in place, named, a method of `this`, bound, in a list,
 * or handed to a wrapper (`asyncHandler(async (req, res) => …)`).
 */
export function resolveFunctions(node: TSESTree.Node | null | undefined, depth = 0): readonly CandidateNode[] {
  if (!node || depth > 6) return [];
  const recur = (inner: TSESTree.Node | null): readonly CandidateNode[] => resolveFunctions(inner, depth + 1);
  switch (node.type) {
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [node];
    case 'FunctionDeclaration':
      return [node as TSESTree.FunctionDeclaration];
    case 'Identifier': {
      const declaration = findDeclaration(node, node.name);
      if (declaration?.kind === 'function') return [declaration.node];
      return declaration?.kind === 'variable' && declaration.member === undefined ? recur(declaration.init) : [];
    }
    case 'MemberExpression': {
      if (node.object.type !== 'ThisExpression' || node.property.type !== 'Identifier') return [];
      const member = findClassMember(node, node.property.name);
      if (member?.method !== undefined) return [member.method];
      return member?.init === undefined ? [] : recur(member.init);
    }
    case 'CallExpression': {
      const { callee } = node;
      if (
        callee.type === 'MemberExpression' &&
        callee.property.type === 'Identifier' &&
        callee.property.name === 'bind'
      )
        return recur(callee.object);
      return node.arguments.flatMap(recur);
    }
    case 'ArrayExpression':
      return node.elements.flatMap(recur);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
      return recur(node.expression);
    default:
      return [];
  }
}

/** Has a function a name of its own, by which a reader finds it in the file? */
export function hasOwnName(node: CandidateNode): boolean {
  if (node.id !== null) return true;
  const { parent } = node;
  return (
    parent.type === 'VariableDeclarator' || parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition'
  );
}
