import type { TSESTree } from '@typescript-eslint/utils';

/** What is called, as a short name: the variable, or the member without its object. */
export function spellCallee(callee: TSESTree.Node): string {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
    ? callee.property.name
    : callee.type;
}
