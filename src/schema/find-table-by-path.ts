import type { RelationFacts, SchemaFacts, TableFacts } from '../model/schema-facts.ts';
import { findRelation } from './find-relation.ts';
import { findTable } from './find-table.ts';

/**
 * The table that a name or a path of relations means: `Order.items.product` is the table behind the relation `product` of
 * the one behind `items`. A path whose first part is no table with such a relation is a name with a schema's in front.
 *
 * @param facts the schema
 * @param name as the adapter of the library calls it
 * @param from absolute path of the file that uses the table
 */
export function findTableByPath(facts: SchemaFacts, name: string, from: string): TableFacts | undefined {
  const dot = name.lastIndexOf('.');
  const relation = dot < 0 ? undefined : findRelationOf(facts, name.slice(0, dot), name.slice(dot + 1), from);
  return findTable(facts, relation?.table ?? name, from);
}

/** What a client means by a relation of a table. */
export function findRelationOf(
  facts: SchemaFacts,
  table: string,
  name: string,
  from: string,
): RelationFacts | undefined {
  const owner = findTableByPath(facts, table, from);
  return owner && findRelation(owner, name, (other) => findTable(facts, other, from));
}
