import type { TSESTree } from '@typescript-eslint/utils';
import type { CandidateNode } from '../project/root-candidate.ts';

/** A member of the class around a node: its method, or what is known of its value. */
export interface ClassMember {
  readonly method?: CandidateNode;
  readonly init?: TSESTree.Expression;
  readonly type?: TSESTree.TypeNode;
}

/** `this.name`, of the innermost class around the node. Misses: members of base classes, and assigned ones. */
export function findClassMember(node: TSESTree.Node, name: string): ClassMember | undefined {
  for (let around = node.parent; around; around = around.parent) {
    if (around.type !== 'ClassBody') continue;
    for (const member of around.body) {
      if (member.type === 'MethodDefinition' && member.kind === 'constructor') {
        const property = findParameterProperty(member.value, name);
        if (property !== undefined) return property;
      }
      if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue;
      if (member.key.type !== 'Identifier' || member.key.name !== name) continue;
      if (member.type === 'MethodDefinition')
        return member.value.type === 'FunctionExpression' ? { method: member.value } : {};
      return {
        ...(member.value === null ? {} : { init: member.value }),
        ...(member.typeAnnotation === undefined ? {} : { type: member.typeAnnotation.typeAnnotation }),
      };
    }
    return undefined;
  }
  return undefined;
}

/** `constructor(private readonly app: Express) {}`. */
function findParameterProperty(constructor: TSESTree.Node, name: string): ClassMember | undefined {
  if (constructor.type !== 'FunctionExpression') return undefined;
  for (const parameter of constructor.params) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const target = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (target.type === 'Identifier' && target.name === name)
      return target.typeAnnotation === undefined ? {} : { type: target.typeAnnotation.typeAnnotation };
  }
  return undefined;
}
