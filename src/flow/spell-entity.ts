import type { TSESTree } from '@typescript-eslint/utils';

/** `A.B.C` of a qualified name. */
export function spellEntity(entity: TSESTree.EntityName): string {
  if (entity.type === 'Identifier') return entity.name;
  if (entity.type === 'ThisExpression') return 'this';
  return `${spellEntity(entity.left)}.${entity.right.name}`;
}
