import type { Condition, Resource } from '../../model/effect.ts';
import { describe } from './lower-conditions.ts';
import { findNode, listNodes, readVariant, type SqlNode } from './sql-node.ts';
import { readIdentifier, readName, readNameParts, type NamedQuery, type SqlScope } from './sql-scope.ts';

/** One item of a FROM list. */
export interface RelationItem {
  /** The name by which its columns are qualified. */
  readonly alias: string;
  /** The name of the common table expression that it is, if it is one. */
  readonly named?: string;
  readonly source:
    | { readonly kind: 'table'; readonly name: string }
    /** A subquery or a read-only common table expression. */
    | { readonly kind: 'query'; readonly query: SqlNode }
    /** The rows that a data-modifying common table expression returned. */
    | { readonly kind: 'written'; readonly draft: number }
    /** Rows that come from no table: `unnest($1)`, system catalogs. */
    | { readonly kind: 'none' };
}

export interface Relations {
  readonly items: readonly RelationItem[];
  /** What inner joins ask of the first table's rows. */
  readonly conditions: readonly Condition[];
}

/** Functions in FROM that make rows of their arguments. */
const rowFunctions =
  /^(unnest|generate_series|(json|jsonb)_(each|each_text|array_elements|array_elements_text|to_recordset|to_record|populate_recordset|object_keys|table|tree)|regexp_(split_to_table|matches)|string_to_table|pragma_\w+|pg_\w+)$/;

/**
 * @param from the parser's FROM list: tables with their joins
 * @param scope what its names mean
 */
export function lowerRelations(from: readonly SqlNode[], scope: SqlScope): Relations {
  const items: RelationItem[] = [];
  const conditions: Condition[] = [];
  for (const entry of from) {
    items.push(lowerRelation(findNode(entry, 'relation'), scope));
    for (const join of listNodes(entry, 'joins')) {
      items.push(lowerRelation(findNode(join, 'relation'), scope));
      const [kind, content] = readVariant(findNode(join, 'join_operator'));
      if (/^(Join|Inner|Right|RightOuter|StraightJoin)$/.test(kind)) {
        const on = findNode(content, 'On');
        conditions.push({ kind: 'elsewhere', text: on === undefined ? 'join' : describe(on, scope) });
      }
    }
  }
  return { items, conditions };
}

/** The scope inside a statement over these relations, whose own table is the item with index `own`. */
export function enterRelations(scope: SqlScope, items: readonly RelationItem[], own: number): SqlScope {
  const qualifiers = (item: RelationItem): readonly string[] =>
    item.source.kind === 'table' ? [item.alias, item.source.name] : [item.alias];
  const ownItem = items[own];
  return {
    ...scope,
    own: ownItem === undefined ? [] : qualifiers(ownItem),
    // A set-returning function has columns too, but no table's.
    others: items.filter((item, index) => index !== own && item.alias !== '').map((item) => item.alias),
  };
}

/** The scope inside a derived table; a common table expression does not see itself. */
export function enterQuery(scope: SqlScope, item: RelationItem): SqlScope {
  const queries = new Map(scope.queries);
  if (item.named !== undefined) queries.set(item.named, { kind: 'none' });
  return { ...scope, queries, own: [], others: [] };
}

export function makeTable(name: string, scope: SqlScope): Resource {
  return { kind: 'table', store: scope.store, name };
}

function lowerRelation(relation: SqlNode, scope: SqlScope): RelationItem {
  const [kind, content] = readVariant(relation);
  const aliasNode = findNode(content, 'alias', 'name');
  const alias = aliasNode === undefined ? undefined : readIdentifier(aliasNode, scope);
  if (kind === 'Table') {
    const parts = readNameParts(findNode(content, 'name'), scope);
    const name = parts.at(-1) ?? '';
    if (findNode(content, 'args') !== undefined) return lowerRowFunction(name, alias, scope);
    const named: NamedQuery | undefined = parts.length === 1 ? scope.queries.get(name) : undefined;
    if (named !== undefined) return { alias: alias ?? name, named: name, source: named };
    if (isSystemTable(parts)) return { alias: alias ?? name, source: { kind: 'none' } };
    return { alias: alias ?? name, source: { kind: 'table', name } };
  }
  if (kind === 'Derived')
    return { alias: alias ?? '', source: { kind: 'query', query: findNode(content, 'subquery') } };
  if (kind === 'UNNEST') return { alias: alias ?? '', source: { kind: 'none' } };
  if (kind === 'Function' || kind === 'TableFunction')
    return lowerRowFunction(readName(findNode(content, 'name'), scope), alias, scope);
  if (kind === 'JsonTable') return { alias: alias ?? '', source: { kind: 'none' } };
  scope.report('SQL relation is not modelled', kind);
  return { alias: alias ?? '', source: { kind: 'none' } };
}

function lowerRowFunction(name: string, alias: string | undefined, scope: SqlScope): RelationItem {
  if (!rowFunctions.test(name.toLowerCase())) scope.report('SQL function is not known', name);
  return { alias: alias ?? name, source: { kind: 'none' } };
}

function isSystemTable(parts: readonly string[]): boolean {
  const [first = '', second] = parts;
  if (second !== undefined) return /^(information_schema|pg_catalog|performance_schema|sys)$/i.test(parts.at(-2) ?? '');
  return /^(pg_(?!boss)\w+|sqlite_(master|schema|sequence)|dual)$/i.test(first);
}
