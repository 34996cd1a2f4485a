import type { Provenance } from './schema-facts.ts';

/** A unique key that no table definition has, and that would make a finding's second row impossible. */
export interface MissingKey {
  /** The table as the code calls it. */
  readonly table: string;
  /** Its columns as the definition calls them (Drizzle's properties, Prisma's fields), in the order of the check. */
  readonly columns: readonly string[];
  /** The one definition of the table. */
  readonly definition: Provenance;
}

/** An edit of a table's definition, in a file other than the finding's. */
export interface SchemaEdit {
  /** Absolute path. */
  readonly file: string;
  /** Where the definition begins, 1-based. */
  readonly line: number;
  /** Imperative, with what must be done beside it. */
  readonly title: string;
  /** In the order of their places. */
  readonly edits: readonly { readonly range: readonly [number, number]; readonly text: string }[];
}
