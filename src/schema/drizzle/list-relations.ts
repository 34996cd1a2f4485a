import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceFile } from '../../project/project.ts';
import { findKey, findProperty, findText } from './call-chain.ts';
import { findReturnedExpression, isFunction, unwrap } from './module-scope.ts';
import type { ModuleScopes } from './module-scope.ts';

/** One entry of `relations(orders, ({ many }) => ({ items: many(items) }))`. Tables are constants, columns properties. */
export interface DrizzleRelation {
  readonly table: string;
  readonly name: string;
  readonly other: string;
  readonly isList: boolean;
  /** `relationName`, which tells several relations of two tables apart. */
  readonly pairName?: string;
  readonly fields: readonly string[];
  readonly references: readonly string[];
}

/**
 * The relations that the constants of a file declare.
 *
 * Documentation: https://orm.drizzle.team/docs/relations
 */
export function listDrizzleRelations(file: SourceFile, scopes: ModuleScopes): readonly DrizzleRelation[] {
  return scopes.listConstants(file.path).flatMap(([, node]): readonly DrizzleRelation[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return [];
    const imported = scopes.findImport(file.path, node.callee.name);
    if (imported?.name !== 'relations' || !/^drizzle-orm(?:$|\/)/u.test(imported.specifier)) return [];
    const [table, build] = node.arguments;
    const owner = table === undefined ? undefined : findConstantName(table);
    const returned = isFunction(build) ? findReturnedExpression(build) : undefined;
    if (owner === undefined || returned?.type !== 'ObjectExpression') return [];
    return returned.properties.flatMap((property) => readEntry(owner, property) ?? []);
  });
}

function readEntry(table: string, property: TSESTree.ObjectLiteralElement): DrizzleRelation | undefined {
  if (property.type !== 'Property') return undefined;
  const name = findKey(property);
  const call = unwrap(property.value as TSESTree.Expression);
  if (name === undefined || call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return undefined;
  const [target, config] = call.arguments;
  const other = target === undefined ? undefined : findConstantName(target);
  const kind = call.callee.name;
  if (other === undefined || (kind !== 'one' && kind !== 'many')) return undefined;
  const pairName = findText(findProperty(config, 'relationName'));
  return {
    table,
    name,
    other,
    isList: kind === 'many',
    ...(pairName !== undefined && { pairName }),
    fields: listColumns(findProperty(config, 'fields')),
    references: listColumns(findProperty(config, 'references')),
  };
}

/** `items`, or `schema.items`. */
function findConstantName(node: TSESTree.CallExpressionArgument): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier'
    ? node.property.name
    : undefined;
}

function listColumns(node: TSESTree.Expression | undefined): readonly string[] {
  if (node?.type !== 'ArrayExpression') return [];
  return node.elements.flatMap((element) =>
    element?.type === 'MemberExpression' && element.property.type === 'Identifier' ? [element.property.name] : [],
  );
}
