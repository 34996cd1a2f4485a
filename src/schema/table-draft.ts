import type {
  ColumnFacts,
  ForeignKeyFacts,
  KeyFacts,
  Provenance,
  RelationFacts,
  TableFacts,
} from '../model/schema-facts.ts';

/** A table while its facts are being collected. */
export interface TableDraft {
  name: string;
  aliases: string[];
  columns: ColumnFacts[];
  keys: KeyFacts[];
  foreignKeys: (ForeignKeyFacts & { readonly name?: string })[];
  relations: RelationFacts[];
  checks: string[];
  engine: TableFacts['engine'];
  /** False when something about it was not understood. */
  complete: boolean;
  /** False when only changes of it were seen: what it was created with is unknown. */
  isCreated: boolean;
  readonly provenance: Provenance;
  /** Keys that migrations created and dropped again: a declaration elsewhere that still has them is out of date. */
  dropped: Pick<KeyFacts, 'columns' | 'where' | 'expression'>[];
}

/** A table of which nothing is known yet but its name. */
export function createTableDraft(name: string, provenance: Provenance): TableDraft {
  return {
    name,
    aliases: [],
    columns: [],
    keys: [],
    foreignKeys: [],
    relations: [],
    checks: [],
    engine: undefined,
    complete: true,
    isCreated: true,
    provenance,
    dropped: [],
  };
}

/**
 * Whether two keys keep the same rows apart: equal columns in any order, under the same condition.
 *
 * @param a one key
 * @param b the other
 */
export function isSameKey(
  a: Pick<KeyFacts, 'columns' | 'where' | 'expression'>,
  b: Pick<KeyFacts, 'columns' | 'where' | 'expression'>,
): boolean {
  if (a.columns.length !== b.columns.length || normalize(a.where) !== normalize(b.where)) return false;
  if (normalize(a.expression) !== normalize(b.expression)) return false;
  const columns = new Set(a.columns.map((column) => column.toLowerCase()));
  return b.columns.every((column) => columns.has(column.toLowerCase()));
}

/** SQL text without the differences that tools introduce: case, quotes, brackets, white space. */
function normalize(text: string | undefined): string | undefined {
  return text?.toLowerCase().replaceAll(/["`()\s]/gu, '');
}
