import type { TSESTree } from '@typescript-eslint/utils';
import type { ColumnFacts, KeyFacts, Provenance } from '../../model/schema-facts.ts';
import { recognizeGenerator } from '../sql/lower-column.ts';
import { findCalleeName, findKey, findProperty, findText, unwindCalls } from './call-chain.ts';
import type { CallChain } from './call-chain.ts';
import { findReturnedExpression, isFunction, unwrap } from './module-scope.ts';
import type { ModuleScopes, PlacedExpression } from './module-scope.ts';

/** A column and what is written beside it. */
interface DrizzleColumn {
  /** The property's name, by which code and the table's keys call it. */
  readonly property: string;
  readonly column: ColumnFacts;
  readonly keys: readonly KeyFacts[];
  /** The constant that `.references(() => users.id)` names, with its file. */
  readonly references?: { readonly constant: string; readonly path: string; readonly provenance: Provenance };
}

export interface DrizzleColumns {
  readonly columns: readonly DrizzleColumn[];
  /** False when a spread or a value could not be followed: it may hold keys. */
  readonly complete: boolean;
}

const depthLimit = 5;

/**
 * Reads the columns of a table: an object literal, or a function that returns one, spreads of other objects included.
 *
 * Documentation: https://orm.drizzle.team/docs/sql-schema-declaration, https://orm.drizzle.team/docs/indexes-constraints
 *
 * @param placed the second argument of `pgTable`
 * @param scopes follows names
 * @param locate gives a node its provenance
 * @param dialect `pg`, `mysql`, `sqlite`
 */
export function lowerColumns(
  placed: PlacedExpression,
  scopes: ModuleScopes,
  locate: (path: string, node: TSESTree.Node) => Provenance,
  dialect: string,
  depth = 0,
): DrizzleColumns {
  const object = openObject(placed, scopes);
  if (object?.node.type !== 'ObjectExpression' || depth > depthLimit) return { columns: [], complete: false };
  const { path } = object.file;
  const columns: DrizzleColumn[] = [];
  let complete = true;
  const add = (added: readonly DrizzleColumn[]): void => {
    for (const column of added) {
      const known = columns.findIndex(({ property }) => property === column.property);
      if (known >= 0) columns.splice(known, 1);
      columns.push(column);
    }
  };
  for (const member of object.node.properties) {
    if (member.type === 'SpreadElement') {
      const spread = lowerColumns({ file: object.file, node: member.argument }, scopes, locate, dialect, depth + 1);
      add(spread.columns);
      complete &&= spread.complete;
      continue;
    }
    const property = findKey(member);
    const value =
      property === undefined
        ? undefined
        : openColumn({ file: object.file, node: member.value as TSESTree.Expression }, scopes);
    const column =
      property === undefined || value === undefined
        ? undefined
        : lowerColumn(property, value.chain, value.path, locate(path, member), dialect);
    if (column === undefined) complete = false;
    else add([column]);
  }
  return { columns, complete };
}

function openObject(placed: PlacedExpression, scopes: ModuleScopes): PlacedExpression | undefined {
  const node = unwrap(placed.node);
  const { path } = placed.file;
  if (isFunction(node)) {
    const returned = findReturnedExpression(node);
    return returned === undefined ? undefined : { file: placed.file, node: returned };
  }
  if (node.type === 'Identifier') return scopes.findConstant(path, node.name);
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier')
    return scopes.findReturned(path, node.callee.name);
  return { file: placed.file, node };
}

function openColumn(
  placed: PlacedExpression,
  scopes: ModuleScopes,
): { readonly chain: CallChain; readonly path: string } | undefined {
  const node = unwrap(placed.node);
  if (node.type === 'Identifier') {
    const constant = scopes.findConstant(placed.file.path, node.name);
    return constant === undefined || constant.node.type === 'Identifier' ? undefined : openColumn(constant, scopes);
  }
  const chain = unwindCalls(node, () => false);
  if (chain === undefined) return undefined;
  // `id: primaryId()`, a function of the project that makes a column.
  if (chain.callee.type === 'Identifier' && chain.args.length === 0) {
    const returned = scopes.findReturned(placed.file.path, chain.callee.name);
    const inner = returned === undefined ? undefined : openColumn(returned, scopes);
    if (inner !== undefined)
      return { chain: { ...inner.chain, calls: [...inner.chain.calls, ...chain.calls] }, path: inner.path };
  }
  return { chain, path: placed.file.path };
}

function lowerColumn(
  property: string,
  chain: CallChain,
  path: string,
  provenance: Provenance,
  dialect: string,
): DrizzleColumn {
  const type = findCalleeName(chain.callee) ?? '';
  // Without a name in the call the property is the name, or its snake case where the client says so (`casing`).
  const name = findText(chain.args[0]) ?? property;
  let nullable = true;
  let generated: ColumnFacts['generated'] = /^(?:big|small)?serial$/u.test(type) ? 'sequence' : undefined;
  if (generated !== undefined) nullable = false;
  let isList = false;
  const keys: KeyFacts[] = [];
  let references: DrizzleColumn['references'];
  for (const { name: method, args } of chain.calls) {
    switch (method) {
      case 'notNull':
        nullable = false;
        break;
      case 'primaryKey':
        nullable = false;
        keys.push({ kind: 'primary', columns: [name], provenance });
        if (dialect === 'sqlite' && (type === 'integer' || type === 'int')) generated = 'sequence';
        break;
      case 'unique': {
        const keyName = findText(args[0]);
        const nulls = findText(findProperty(args[1] ?? args[0], 'nulls'));
        keys.push({
          kind: 'unique',
          columns: [name],
          ...(keyName !== undefined && { name: keyName }),
          ...(nulls === 'not distinct' && { nullsEqual: true }),
          provenance,
        });
        break;
      }
      case 'references': {
        const target = isFunction(args[0]) ? findReturnedExpression(args[0]) : undefined;
        if (target?.type === 'MemberExpression' && target.object.type === 'Identifier') {
          references = { constant: target.object.name, path, provenance };
        }
        break;
      }
      case 'generatedAlwaysAsIdentity':
      case 'generatedByDefaultAsIdentity':
        nullable = false;
        generated = 'sequence';
        break;
      case 'autoincrement':
        generated = 'sequence';
        break;
      case 'defaultRandom':
        generated = 'random';
        break;
      case 'defaultNow':
      case '$onUpdate':
      case '$onUpdateFn':
        generated ??= 'time';
        break;
      case 'default':
      case '$default':
      case '$defaultFn':
        generated = recognizeDefault(args[0]) ?? generated;
        break;
      case 'array':
        isList = true;
        break;
      default:
    }
  }
  const column: ColumnFacts = {
    name,
    ...(name !== property && { alias: property }),
    nullable,
    ...(generated !== undefined && { generated }),
    ...(isList && { isList: true }),
    ...((/^jsonb?$/u.test(type) || findText(findProperty(chain.args[1] ?? chain.args[0], 'mode')) === 'json') && {
      isJson: true,
    }),
  };
  return { property, column, keys, ...(references !== undefined && { references }) };
}

/** `` sql`now()` ``, `() => createId()`, `createId`, `() => new Date()`. */
function recognizeDefault(node: TSESTree.Node | undefined): ColumnFacts['generated'] | undefined {
  if (node === undefined) return undefined;
  if (node.type === 'TaggedTemplateExpression')
    return recognizeGenerator(node.quasi.quasis.map(({ value }) => value.raw).join(' '));
  const body = isFunction(node) ? findReturnedExpression(node) : node.type === 'Identifier' ? node : undefined;
  if (body?.type === 'NewExpression' && body.callee.type === 'Identifier' && body.callee.name === 'Date') return 'time';
  // `crypto.randomUUID().slice(0, 8)` is still random; a method of the random value is looked through.
  const callee = body?.type === 'CallExpression' ? (unwindCalls(body, () => false)?.callee ?? body.callee) : body;
  const names = callee === undefined ? '' : spellCallee(callee);
  if (/uuid|cuid|nanoid|ulid|ksuid|createid|generateid|newid|randombytes|random/iu.test(names)) return 'random';
  return /^Date\.now$/u.test(names) ? 'time' : undefined;
}

function spellCallee(node: TSESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return '';
  return `${spellCallee(node.object)}.${node.property.name}`;
}
