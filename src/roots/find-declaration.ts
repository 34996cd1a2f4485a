import type { TSESTree } from '@typescript-eslint/utils';
import type { CandidateNode } from '../project/root-candidate.ts';

/** What a name means where it stands, as far as roots need to know. */
export type Declaration =
  | { readonly kind: 'import'; readonly specifier: string; readonly name: string }
  /** `member` is set for `const { member } = init`. */
  | { readonly kind: 'variable'; readonly init: TSESTree.Expression; readonly member?: string }
  | { readonly kind: 'function'; readonly node: TSESTree.FunctionDeclaration }
  | { readonly kind: 'parameter'; readonly type: TSESTree.TypeNode | undefined };

/**
 * The declaration that a name refers to, looked for in the blocks and functions around the node, innermost first.
 *
 * Misses: variables of loops and catch clauses, and what is assigned later.
 */
export function findDeclaration(node: TSESTree.Node, name: string): Declaration | undefined {
  for (let around = node.parent; around; around = around.parent) {
    switch (around.type) {
      case 'Program':
      case 'BlockStatement':
      case 'TSModuleBlock':
        for (const statement of around.body) {
          const found = readStatement(statement, name);
          if (found !== undefined) return found;
        }
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const found = readParameters(around, name);
        if (found !== undefined) return found;
        break;
      }
      default:
    }
  }
  return undefined;
}

function readStatement(statement: TSESTree.Node, name: string): Declaration | undefined {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return statement.declaration === null ? undefined : readStatement(statement.declaration, name);
    case 'ExportDefaultDeclaration':
      return statement.declaration.type === 'FunctionDeclaration'
        ? readStatement(statement.declaration, name)
        : undefined;
    case 'ImportDeclaration':
      for (const specifier of statement.specifiers) {
        if (specifier.local.name === name)
          return { kind: 'import', specifier: statement.source.value, name: readImported(specifier) };
      }
      return undefined;
    case 'FunctionDeclaration':
      return statement.id?.name === name
        ? { kind: 'function', node: statement as TSESTree.FunctionDeclaration }
        : undefined;
    case 'VariableDeclaration':
      for (const { id, init } of statement.declarations) {
        if (init === null) continue;
        if (id.type === 'Identifier' && id.name === name) return { kind: 'variable', init };
        if (id.type !== 'ObjectPattern') continue;
        for (const property of id.properties) {
          if (property.type !== 'Property' || property.key.type !== 'Identifier') continue;
          if (property.value.type === 'Identifier' && property.value.name === name)
            return { kind: 'variable', init, member: property.key.name };
        }
      }
      return undefined;
    default:
      return undefined;
  }
}

function readImported(specifier: TSESTree.ImportClause): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

function readParameters(node: CandidateNode, name: string): Declaration | undefined {
  for (const parameter of node.params) {
    const inner = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    const target = inner.type === 'AssignmentPattern' ? inner.left : inner;
    if (target.type === 'Identifier' && target.name === name)
      return { kind: 'parameter', type: target.typeAnnotation?.typeAnnotation };
    if (target.type === 'ObjectPattern' && target.properties.some((property) => bindsName(property, name)))
      return { kind: 'parameter', type: undefined };
  }
  return undefined;
}

function bindsName(property: TSESTree.Property | TSESTree.RestElement, name: string): boolean {
  const target = property.type === 'RestElement' ? property.argument : property.value;
  const inner = target.type === 'AssignmentPattern' ? target.left : target;
  return inner.type === 'Identifier' && inner.name === name;
}
