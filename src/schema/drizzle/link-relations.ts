import type { RelationFacts } from '../../model/schema-facts.ts';
import type { TableDraft } from '../table-draft.ts';
import type { DrizzleRelation } from './list-relations.ts';

/** A table and the constant that holds it. */
interface NamedTable {
  readonly constant: string;
  readonly draft: TableDraft;
}

/**
 * Gives tables their relations. A `many` says nothing of columns: they are those of the `one` on the other side, or of the
 * only foreign key between the two tables. A relation whose columns are not known is left out.
 */
export function linkRelations(tables: readonly NamedTable[], relations: readonly DrizzleRelation[]): void {
  const find = (constant: string): TableDraft | undefined => {
    const found = tables.filter((table) => table.constant === constant);
    return found.length === 1 ? found[0]?.draft : undefined;
  };
  for (const relation of relations) {
    const owner = find(relation.table);
    const other = find(relation.other);
    const on = owner === undefined || other === undefined ? undefined : findColumns(relation, relations, owner, other);
    if (owner === undefined || other === undefined || on === undefined || on.length === 0) continue;
    owner.relations.push({
      name: relation.name,
      table: other.name,
      on,
      isList: relation.isList,
      isOwned: relation.fields.length === 0,
    });
  }
}

function findColumns(
  relation: DrizzleRelation,
  relations: readonly DrizzleRelation[],
  owner: TableDraft,
  other: TableDraft,
): RelationFacts['on'] | undefined {
  if (relation.fields.length > 0) return pair(relation.references, relation.fields);
  const backs = relations.filter(
    (back) =>
      back.table === relation.other &&
      back.other === relation.table &&
      back.fields.length > 0 &&
      back.pairName === relation.pairName,
  );
  const [back, ...more] = backs;
  if (back !== undefined) return more.length === 0 ? pair(back.fields, back.references) : undefined;
  const keys = other.foreignKeys.filter(({ references }) => references === owner.name);
  const primary = owner.keys.find(({ kind }) => kind === 'primary')?.columns ?? [];
  const columns = keys.length === 1 ? (keys[0]?.columns ?? []) : [];
  if (columns.length !== 1 || primary.length !== 1) return undefined;
  return pair(
    columns.map((name) => nameInCode(other, name)),
    primary.map((name) => nameInCode(owner, name)),
  );
}

function nameInCode(table: TableDraft, column: string): string {
  return table.columns.find(({ name }) => name === column)?.alias ?? column;
}

function pair(others: readonly string[], own: readonly string[]): RelationFacts['on'] {
  return others.flatMap((other, index) => {
    const column = own[index];
    return column === undefined ? [] : [{ other, own: column }];
  });
}
