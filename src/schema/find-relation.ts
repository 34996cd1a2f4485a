import type { RelationFacts, TableFacts } from '../model/schema-facts.ts';

/**
 * What a client means by a name under which it asks for rows of another table: a relation that is declared, or (where the
 * client goes by foreign keys) the table of that name, if one foreign key connects the two.
 *
 * @param table the table whose rows are asked for
 * @param name the name in the query
 * @param findTable the table that a name means
 */
export function findRelation(
  table: TableFacts,
  name: string,
  findTable: (name: string) => TableFacts | undefined,
): RelationFacts | undefined {
  const declared = table.relations?.find((relation) => relation.name === name);
  if (declared !== undefined || table.relations !== undefined) return declared;
  const other = findTable(name);
  if (other === undefined || other === table) return undefined;
  const down = link(other, table);
  const up = link(table, other);
  if (down !== undefined && up === undefined)
    return {
      name,
      table: name,
      on: [{ other: down.column, own: down.key }],
      isList: !isUnique(other, down.column),
      isOwned: true,
    };
  if (up !== undefined && down === undefined)
    return { name, table: name, on: [{ other: up.key, own: up.column }], isList: false, isOwned: false };
  return undefined;
}

/** The only foreign key from one table to the primary key of another, of one column. */
function link(from: TableFacts, to: TableFacts): { readonly column: string; readonly key: string } | undefined {
  const keys = from.foreignKeys.filter(({ references }) => references === to.name);
  const [column, ...moreColumns] = keys.length === 1 ? (keys[0]?.columns ?? []) : [];
  const [key, ...moreKeys] = to.keys.find(({ kind }) => kind === 'primary')?.columns ?? [];
  if (column === undefined || key === undefined || moreColumns.length > 0 || moreKeys.length > 0) return undefined;
  return { column, key };
}

function isUnique(table: TableFacts, column: string): boolean {
  return table.keys.some((key) => key.columns.length === 1 && key.columns[0] === column && key.where === undefined);
}
