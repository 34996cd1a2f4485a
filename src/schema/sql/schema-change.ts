import type { ColumnFacts, ForeignKeyFacts, KeyFacts } from '../../model/schema-facts.ts';

/** A key before its place in a file is added. */
export type KeyDefinition = Omit<KeyFacts, 'provenance'>;
export type ForeignKeyDefinition = Omit<ForeignKeyFacts, 'provenance'> & { readonly name?: string };

/** A column with the constraints written beside it. */
export interface ColumnDefinition {
  readonly column: ColumnFacts;
  readonly keys: readonly KeyDefinition[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  readonly checks: readonly string[];
}

/** The body of a CREATE TABLE. */
export interface TableDefinition {
  readonly columns: readonly ColumnFacts[];
  readonly keys: readonly KeyDefinition[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  readonly checks: readonly string[];
  /** `LIKE other INCLUDING INDEXES`. */
  readonly like: readonly { readonly table: string; readonly keys: boolean }[];
  /** MySQL's `ENGINE = …`, in lower case. */
  readonly storage?: string;
  /** Something in it was not understood. Example: an exclusion constraint. */
  readonly unread: readonly string[];
}

/**
 * What one statement, or one clause of an ALTER TABLE, changes. Tables are named as in `lowerTableName`.
 */
export type SchemaChange =
  | {
      readonly kind: 'create table';
      readonly table: string;
      readonly unlessExists: boolean;
      readonly definition: TableDefinition;
    }
  | { readonly kind: 'drop table'; readonly table: string }
  | { readonly kind: 'rename table'; readonly table: string; readonly to: string }
  | {
      readonly kind: 'add column';
      readonly table: string;
      readonly unlessExists: boolean;
      readonly definition: ColumnDefinition;
    }
  /** MySQL's MODIFY and CHANGE: `from` is the name before. */
  | {
      readonly kind: 'redefine column';
      readonly table: string;
      readonly from: string;
      readonly definition: ColumnDefinition;
    }
  | { readonly kind: 'drop column'; readonly table: string; readonly column: string }
  | { readonly kind: 'rename column'; readonly table: string; readonly column: string; readonly to: string }
  | { readonly kind: 'set nullable'; readonly table: string; readonly column: string; readonly nullable: boolean }
  | {
      readonly kind: 'set generated';
      readonly table: string;
      readonly column: string;
      readonly generated: ColumnFacts['generated'] | undefined;
    }
  | { readonly kind: 'add key'; readonly table: string; readonly key: KeyDefinition }
  /** `ADD CONSTRAINT name UNIQUE USING INDEX index`: the index becomes the constraint. */
  | {
      readonly kind: 'promote index';
      readonly table: string;
      readonly index: string;
      readonly key: 'primary' | 'unique';
      readonly name?: string;
    }
  | { readonly kind: 'add foreign key'; readonly table: string; readonly foreignKey: ForeignKeyDefinition }
  | { readonly kind: 'add check'; readonly table: string; readonly check: string }
  /** A constraint or index by name; the table is unknown for PostgreSQL's DROP INDEX. */
  | { readonly kind: 'drop key'; readonly table?: string; readonly name: string }
  | { readonly kind: 'drop primary key'; readonly table: string }
  | { readonly kind: 'rename key'; readonly table?: string; readonly name: string; readonly to: string }
  /** Something that may concern keys was not understood: the table's facts are no longer complete. */
  | {
      readonly kind: 'unread';
      readonly table?: string;
      readonly reason: string;
      /** It matters only when this column is part of a key, or a key has this name. */
      readonly concerns?: { readonly column?: string; readonly key?: string };
    };
