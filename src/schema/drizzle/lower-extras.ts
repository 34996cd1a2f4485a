import type { TSESTree } from '@typescript-eslint/utils';
import type { KeyFacts, Provenance } from '../../model/schema-facts.ts';
import { findCalleeName, findProperty, findText, unwindCalls } from './call-chain.ts';
import type { CallChain } from './call-chain.ts';
import { findReturnedExpression, isFunction, unwrap } from './module-scope.ts';

/** What the third argument of `pgTable` says. */
export interface DrizzleExtras {
  readonly keys: readonly KeyFacts[];
  readonly foreignKeys: readonly {
    readonly columns: readonly string[];
    readonly constant: string;
    readonly provenance: Provenance;
  }[];
  readonly checks: readonly string[];
  /** False when an entry was not understood. */
  readonly complete: boolean;
}

/**
 * Reads the constraints and indexes of a table.
 *
 * Example: `(t) => [uniqueIndex('users_email').on(t.email).where(sql`deleted_at is null`), index().on(t.orgId)]`
 *
 * @param node the third argument: a function that returns an array, or (older) an object
 * @param text the file's text, which the node's offsets refer to
 * @param toColumn database names by property
 * @param locate gives a node its provenance
 */
export function lowerExtras(
  node: TSESTree.CallExpressionArgument | undefined,
  text: string,
  toColumn: (property: string) => string,
  locate: (node: TSESTree.Node) => Provenance,
): DrizzleExtras {
  const keys: KeyFacts[] = [];
  const foreignKeys: DrizzleExtras['foreignKeys'][number][] = [];
  const checks: string[] = [];
  const nothing = { keys, foreignKeys, checks };
  if (node === undefined) return { ...nothing, complete: true };
  const returned = isFunction(node) ? findReturnedExpression(node) : undefined;
  const entries = returned === undefined ? undefined : listEntries(returned);
  if (entries === undefined) return { ...nothing, complete: false };

  let complete = true;
  for (const entry of entries) {
    // Drizzle ignores what is no builder of its own.
    if (entry?.type === 'ObjectExpression') continue;
    const chain = entry === undefined ? undefined : unwindCalls(entry, () => false);
    if (entry === undefined || chain === undefined) {
      complete = false;
      continue;
    }
    const provenance = locate(entry);
    switch (findCalleeName(chain.callee)) {
      case 'uniqueIndex':
      case 'unique': {
        const key = lowerUnique(chain, text, toColumn);
        if (key === undefined) complete = false;
        else keys.push({ ...key, provenance });
        break;
      }
      case 'primaryKey': {
        const columns = findKeyColumns(chain, toColumn);
        if (columns === undefined) complete = false;
        else {
          const name = findText(findProperty(chain.args[0], 'name'));
          keys.push({ kind: 'primary', columns, ...(name !== undefined && { name }), provenance });
        }
        break;
      }
      case 'foreignKey': {
        const columns = listMembers(findProperty(chain.args[0], 'columns'));
        const foreign = findProperty(chain.args[0], 'foreignColumns');
        const first = foreign?.type === 'ArrayExpression' ? foreign.elements[0] : undefined;
        if (columns !== undefined && first?.type === 'MemberExpression' && first.object.type === 'Identifier') {
          foreignKeys.push({ columns: columns.map(toColumn), constant: first.object.name, provenance });
        }
        break;
      }
      case 'check':
        checks.push(spellSql(chain.args[1], text, toColumn));
        break;
      case 'index':
      case 'fulltextIndex':
      case 'vectorIndex':
      case 'pgPolicy':
      case 'crudPolicy':
        break;
      default:
        complete = false;
    }
  }
  return { ...nothing, complete };
}

function listEntries(node: TSESTree.Expression): readonly (TSESTree.Expression | undefined)[] | undefined {
  if (node.type === 'ArrayExpression') {
    return node.elements.map((item) => (item === null || item.type === 'SpreadElement' ? undefined : item));
  }
  if (node.type !== 'ObjectExpression') return undefined;
  return node.properties.map((item) => (item.type === 'Property' ? (item.value as TSESTree.Expression) : undefined));
}

function lowerUnique(
  chain: CallChain,
  text: string,
  toColumn: (property: string) => string,
): Omit<KeyFacts, 'provenance'> | undefined {
  const on = chain.calls.find(({ name }) => name === 'on' || name === 'onOnly' || name === 'using');
  // The first argument of `using` is the index method.
  const items = on?.name === 'using' ? on.args.slice(1) : on?.args;
  if (items === undefined || items.length === 0) return undefined;
  const columns: string[] = [];
  let isExpression = false;
  for (const item of items) {
    const property = findColumnProperty(item);
    const mentioned = property === undefined ? listMentioned(item) : [property];
    if (property === undefined) isExpression = true;
    for (const name of mentioned.map(toColumn)) if (!columns.includes(name)) columns.push(name);
  }
  const where = chain.calls.find(({ name }) => name === 'where')?.args[0];
  const name = findText(chain.args[0]);
  return {
    kind: 'unique',
    columns,
    ...(name !== undefined && { name }),
    ...(where !== undefined && { where: spellSql(where, text, toColumn) }),
    ...(isExpression && { expression: items.map((item) => spellSql(item, text, toColumn)).join(', ') }),
    ...(chain.calls.some((call) => call.name === 'nullsNotDistinct') && { nullsEqual: true }),
  };
}

function findKeyColumns(chain: CallChain, toColumn: (property: string) => string): readonly string[] | undefined {
  const listed = findProperty(chain.args[0], 'columns');
  // The older form: primaryKey(t.a, t.b).
  const members = listed === undefined ? chain.args.map(findColumnProperty) : listMembers(listed);
  if (members === undefined || members.length === 0) return undefined;
  const names = members.filter((name) => name !== undefined);
  return names.length === members.length ? names.map(toColumn) : undefined;
}

function listMembers(node: TSESTree.Node | undefined): readonly string[] | undefined {
  if (node?.type !== 'ArrayExpression') return undefined;
  const names = node.elements.map((item) => (item === null ? undefined : findColumnProperty(item)));
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** `t.email`, `t.email.asc()`, or `email` from a destructured parameter. */
function findColumnProperty(node: TSESTree.Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const method = findCalleeName(node.callee);
    if (!/^(?:asc|desc|op|nullsFirst|nullsLast)$/u.test(method ?? '')) return undefined;
    return findColumnProperty(node.callee.object);
  }
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return undefined;
  return node.computed ? findText(node.property) : findCalleeName(node);
}

function listMentioned(node: TSESTree.Node): readonly string[] {
  if (node.type === 'TaggedTemplateExpression') {
    const inside = node.quasi.expressions.flatMap(listMentioned);
    return inside.length > 0 ? inside : [];
  }
  const property = findColumnProperty(node);
  if (property !== undefined) return [property];
  if (node.type !== 'CallExpression') return [];
  const receiver = node.callee.type === 'MemberExpression' ? listMentioned(node.callee.object) : [];
  return [...receiver, ...node.arguments.flatMap(listMentioned)];
}

/** SQL text of `` sql`…` `` with the names of columns put in; any other expression as written. */
function spellSql(node: TSESTree.Node | undefined, text: string, toColumn: (property: string) => string): string {
  if (node === undefined) return '';
  const inner =
    node.type === 'TemplateLiteral' ? node : node.type === 'TaggedTemplateExpression' ? node.quasi : undefined;
  if (inner === undefined) {
    const property = findColumnProperty(unwrap(node as TSESTree.Expression));
    return property === undefined ? text.slice(...node.range) : toColumn(property);
  }
  const parts = inner.quasis.map(({ value }, index) => {
    const expression = inner.expressions[index];
    if (expression === undefined) return value.raw;
    const property = findColumnProperty(expression);
    return value.raw + (property === undefined ? `\${${text.slice(...expression.range)}}` : toColumn(property));
  });
  return parts.join('').replaceAll(/\s+/gu, ' ').trim();
}
