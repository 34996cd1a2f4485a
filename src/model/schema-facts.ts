import type { EngineName } from './engine.ts';
import type { Location } from './location.ts';

/** What the project's schema files say. A table that is not here is unknown: nothing follows about its constraints. */
export interface SchemaFacts {
  readonly tables: readonly TableFacts[];
  /** The engine that the schema files name (Prisma's `provider`, Drizzle's dialect), if they agree. */
  readonly engine?: EngineName;
  /** Changes whenever a fact changes; for caches. */
  readonly digest: string;
}

export interface TableFacts {
  /** Name in the database. */
  readonly name: string;
  /** Names in code: the Prisma model, the exported Drizzle constant; empty for SQL. */
  readonly aliases: readonly string[];
  readonly columns: readonly ColumnFacts[];
  /** Primary and unique keys in force after all migrations. */
  readonly keys: readonly KeyFacts[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
  /** What a declaration in code names; absent where there is none. */
  readonly relations?: readonly RelationFacts[];
  /** CHECK constraints as text. */
  readonly checks: readonly string[];
  readonly engine?: EngineName;
  readonly provenance: Provenance;
  /** False when only part of the definition could be read, so that an absent key proves nothing. */
  readonly complete: boolean;
  /** Set when several definitions bear the name; these are the facts that all of them share. */
  readonly isAmbiguous?: true;
}

export interface ColumnFacts {
  readonly name: string;
  /** Name in code, where it differs (`@map`, Drizzle's property name). */
  readonly alias?: string;
  readonly nullable: boolean;
  /** The database or client makes the value up: autoincrement, uuid, cuid, now(). */
  readonly generated?: 'sequence' | 'random' | 'time';
  readonly isList?: boolean;
  readonly isJson?: boolean;
}

export interface KeyFacts {
  readonly kind: 'primary' | 'unique';
  /** Database column names, in order. */
  readonly columns: readonly string[];
  /** Name in the database, or as the client calls it (`orgId_slug`). */
  readonly name?: string;
  /** A partial unique index holds only for rows with this condition (SQL text). */
  readonly where?: string;
  /** NULLS NOT DISTINCT; otherwise rows with a NULL in the key never collide. */
  readonly nullsEqual?: boolean;
  /** True for an index over expressions such as lower(email); `columns` then names the columns that it mentions. */
  readonly expression?: string;
  readonly provenance: Provenance;
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[];
  readonly references: string;
  readonly provenance: Provenance;
}

/** Rows of another table that code gets with a row of this one, under a name. */
export interface RelationFacts {
  readonly name: string;
  /** The other table, as the client calls it. */
  readonly table: string;
  /** Columns of the other table and the own ones that they equal, as code calls them; empty where they are not known. */
  readonly on: readonly { readonly other: string; readonly own: string }[];
  /** May there be more than one such row? */
  readonly isList: boolean;
  /** Are the columns of the other table the foreign key, so that a new row there may belong to this one? */
  readonly isOwned: boolean;
}

/** Where a fact was read. */
export interface Provenance {
  readonly source: 'prisma' | 'sql' | 'drizzle';
  readonly location: Location;
}
