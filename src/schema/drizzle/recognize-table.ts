import type { TSESTree } from '@typescript-eslint/utils';
import { findText, unwindCalls } from './call-chain.ts';
import { findReturnedExpression, isFunction } from './module-scope.ts';
import type { ModuleScopes, PlacedExpression } from './module-scope.ts';

/** A call that defines a table. */
export interface TableCall {
  /** `pg`, `mysql`, `sqlite`, …, as in `drizzle-orm/pg-core`. */
  readonly dialect: string;
  /** Name in the database; undefined when it is computed. */
  readonly name: string | undefined;
  readonly args: readonly TSESTree.CallExpressionArgument[];
  readonly node: TSESTree.Expression;
}

const core = /^drizzle-orm\/(\w+)-core$/u;

/**
 * Recognizes a table definition by where its function comes from: `pgTable(…)`, a creator (`pgTableCreator`), a method
 * of a schema (`pgSchema('auth').table(…)`).
 *
 * @param placed the initializer of a constant
 * @param scopes follows names
 */
export function recognizeTable(placed: PlacedExpression, scopes: ModuleScopes): TableCall | undefined {
  const { path } = placed.file;
  const chain = unwindCalls(placed.node, (callee) => findSchema(callee, path, scopes) !== undefined);
  if (chain === undefined) return undefined;
  const text = findText(chain.args[0]);
  const describe = (dialect: string, name: string | undefined): TableCall => ({
    dialect,
    name,
    args: chain.args,
    node: placed.node,
  });

  const schema = findSchema(chain.callee, path, scopes);
  if (schema !== undefined) {
    const isDefault = schema.name === 'public' || schema.dialect === 'mysql';
    return describe(schema.dialect, text === undefined || isDefault ? text : `${schema.name}.${text}`);
  }
  // pgTable.withRLS(…) defines a table as pgTable(…) does.
  const callee =
    chain.callee.type === 'MemberExpression' &&
    chain.callee.property.type === 'Identifier' &&
    chain.callee.property.name === 'withRLS'
      ? chain.callee.object
      : chain.callee;
  const exported = findExport(callee, path, scopes);
  if (exported !== undefined) {
    return /^(?:pg|mysql|sqlite|singlestore|gel|cockroach)Table$/u.test(exported.name)
      ? describe(exported.dialect, text)
      : undefined;
  }
  if (callee.type !== 'Identifier') return undefined;
  const creator = scopes.findConstant(path, callee.name);
  const creation = creator === undefined ? undefined : unwindCalls(creator.node, () => false);
  if (creator === undefined || creation === undefined) return undefined;
  const factory = findExport(creation.callee, creator.file.path, scopes);
  if (factory === undefined || !/TableCreator$/u.test(factory.name)) return undefined;
  return describe(factory.dialect, text === undefined ? undefined : applyNaming(creation.args[0], text));
}

function findExport(
  callee: TSESTree.Expression,
  path: string,
  scopes: ModuleScopes,
): { readonly dialect: string; readonly name: string } | undefined {
  const isMember =
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.property.type === 'Identifier';
  const local = isMember
    ? (callee.object as TSESTree.Identifier).name
    : callee.type === 'Identifier'
      ? callee.name
      : undefined;
  const imported = local === undefined ? undefined : scopes.findImport(path, local);
  const dialect = imported === undefined ? undefined : core.exec(imported.specifier)?.[1];
  if (imported === undefined || dialect === undefined) return undefined;
  if (!isMember) return { dialect, name: imported.name };
  return imported.name === '*' ? { dialect, name: (callee.property as TSESTree.Identifier).name } : undefined;
}

/** `auth.table` where `const auth = pgSchema('auth')`. */
function findSchema(
  callee: TSESTree.Expression,
  path: string,
  scopes: ModuleScopes,
): { readonly dialect: string; readonly name: string } | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  if (callee.property.type !== 'Identifier' || callee.property.name !== 'table') return undefined;
  const constant = scopes.findConstant(path, callee.object.name);
  if (constant?.node.type !== 'CallExpression') return undefined;
  const factory = findExport(constant.node.callee, constant.file.path, scopes);
  const name = findText(constant.node.arguments[0]);
  return factory !== undefined && /Schema$/u.test(factory.name) && name !== undefined
    ? { dialect: factory.dialect, name }
    : undefined;
}

/** What a creator's naming function makes of a name: `` (name) => `shop_${name}` ``. */
function applyNaming(node: TSESTree.Node | undefined, name: string): string | undefined {
  const body = isFunction(node) ? findReturnedExpression(node) : undefined;
  const parameter = isFunction(node) ? node.params[0] : undefined;
  if (body === undefined || parameter?.type !== 'Identifier') return undefined;
  if (body.type === 'Identifier' && body.name === parameter.name) return name;
  if (body.type !== 'TemplateLiteral') return undefined;
  let result = '';
  for (const [index, { value }] of body.quasis.entries()) {
    result += value.cooked;
    const expression = body.expressions[index];
    if (expression === undefined) continue;
    if (expression.type !== 'Identifier' || expression.name !== parameter.name) return undefined;
    result += name;
  }
  return result;
}
