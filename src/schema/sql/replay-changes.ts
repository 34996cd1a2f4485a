import type { Provenance } from '../../model/schema-facts.ts';
import { createTableDraft, isSameKey } from '../table-draft.ts';
import type { TableDraft } from '../table-draft.ts';
import { lastPart } from './lower-column.ts';
import type { ColumnDefinition, KeyDefinition, SchemaChange, TableDefinition } from './schema-change.ts';
import type { SqlDialect } from './tokenize-sql.ts';

/** A change and where it is written. */
export interface LocatedChange {
  readonly change: SchemaChange;
  readonly provenance: Provenance;
}

/** What is left when all changes have run. */
export interface ReplayedSchema {
  readonly tables: readonly TableDraft[];
  /** Changes that were not understood and matter. */
  readonly unread: readonly { readonly detail: string; readonly provenance: Provenance }[];
}

/**
 * The tables that are there after all changes, in the order of their creation. A table that is altered but never
 * created (its migration is not in the project) is there too, as incomplete.
 *
 * @param changes in the order in which they run
 * @param dialect decides what dropping a column does to a key, and how names are compared
 */
export function replayChanges(changes: readonly LocatedChange[], dialect: SqlDialect): ReplayedSchema {
  const state = new ReplayState(dialect);
  for (const { change, provenance } of changes) state.apply(change, provenance);
  return { tables: state.finish(), unread: state.unread };
}

class ReplayState {
  readonly #dialect: SqlDialect;
  readonly #tables = new Map<string, TableDraft>();
  /** Every key that a table of this name ever had, to tell the dropped ones at the end. */
  readonly #everKeys = new Map<string, KeyDefinition[]>();

  readonly unread: { readonly detail: string; readonly provenance: Provenance }[] = [];

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
  }

  apply(change: SchemaChange, provenance: Provenance): void {
    switch (change.kind) {
      case 'create table':
        this.#createTable(change.table, change.unlessExists, change.definition, provenance);
        return;
      case 'drop table':
        this.#tables.delete(this.#fold(change.table));
        return;
      case 'rename table':
        this.#renameTable(change.table, change.to, provenance);
        return;
      case 'drop key':
        for (const table of this.#listAffected(change.table, change.name)) {
          table.keys = table.keys.filter((key) => !this.#isNamed(key, change.name));
          table.foreignKeys = table.foreignKeys.filter((key) => !this.#isNamed(key, change.name));
        }
        return;
      case 'rename key':
        for (const table of this.#listAffected(change.table, change.name)) {
          table.keys = table.keys.map((key) => (this.#isNamed(key, change.name) ? { ...key, name: change.to } : key));
        }
        return;
      case 'unread':
        this.#applyUnread(change, provenance);
        return;
      default:
        this.#alter(this.#require(change.table, provenance), change, provenance);
    }
  }

  finish(): readonly TableDraft[] {
    for (const [name, table] of this.#tables) {
      if (this.#dialect !== 'sqlite') {
        const primary = new Set(table.keys.find((key) => key.kind === 'primary')?.columns);
        table.columns = table.columns.map((column) =>
          primary.has(column.name) ? { ...column, nullable: false } : column,
        );
      }
      const ever = this.#everKeys.get(name) ?? [];
      table.dropped = ever.filter((key) => !table.keys.some((present) => isSameKey(present, key)));
    }
    return [...this.#tables.values()];
  }

  #applyUnread(
    { table: name, reason, concerns }: Extract<SchemaChange, { kind: 'unread' }>,
    provenance: Provenance,
  ): void {
    if (concerns === undefined) {
      if (name !== undefined) this.#require(name, provenance).complete = false;
      this.unread.push({ detail: name === undefined ? reason : `${reason} of ${name}`, provenance });
      return;
    }
    const { column, key: keyName } = concerns;
    const isConcerned = (key: KeyDefinition): boolean =>
      (keyName !== undefined && this.#isNamed(key, keyName)) ||
      (column !== undefined && key.columns.some((member) => this.#isSameName(member, column)));
    for (const table of name === undefined ? this.#tables.values() : [this.#require(name, provenance)]) {
      if (!table.keys.some(isConcerned)) continue;
      table.complete = false;
      table.keys = table.keys.filter((key) => !isConcerned(key));
      this.unread.push({ detail: `${reason} of ${table.name}`, provenance });
    }
  }

  #alter(
    table: TableDraft,
    change: Exclude<
      SchemaChange,
      { kind: 'create table' | 'drop table' | 'rename table' | 'drop key' | 'rename key' | 'unread' }
    >,
    provenance: Provenance,
  ): void {
    switch (change.kind) {
      case 'add column': {
        const { name } = change.definition.column;
        if (change.unlessExists && table.columns.some((column) => this.#isSameName(column.name, name))) return;
        this.#defineColumn(table, name, change.definition, provenance);
        return;
      }
      case 'redefine column': {
        const { name } = change.definition.column;
        if (!this.#isSameName(change.from, name)) this.#renameColumn(table, change.from, name);
        this.#defineColumn(table, name, change.definition, provenance);
        return;
      }
      case 'drop column':
        this.#dropColumn(table, change.column);
        return;
      case 'rename column':
        this.#renameColumn(table, change.column, change.to);
        return;
      case 'set nullable':
        table.columns = table.columns.map((column) =>
          this.#isSameName(column.name, change.column) ? { ...column, nullable: change.nullable } : column,
        );
        return;
      case 'set generated':
        table.columns = table.columns.map((column) => {
          if (!this.#isSameName(column.name, change.column)) return column;
          const { generated: _, ...rest } = column;
          return change.generated === undefined ? rest : { ...rest, generated: change.generated };
        });
        return;
      case 'add key':
        this.#addKey(table, change.key, provenance);
        return;
      case 'promote index': {
        const index = table.keys.find((key) => this.#isNamed(key, change.index));
        if (index === undefined) table.complete = false;
        else {
          table.keys = table.keys.map((key) =>
            key === index ? { ...key, kind: change.key, name: change.name ?? change.index } : key,
          );
        }
        return;
      }
      case 'add foreign key':
        table.foreignKeys.push({ ...change.foreignKey, provenance });
        return;
      case 'add check':
        table.checks.push(change.check);
        return;
      case 'drop primary key':
        table.keys = table.keys.filter((key) => key.kind !== 'primary');
        return;
    }
  }

  #createTable(name: string, unlessExists: boolean, definition: TableDefinition, provenance: Provenance): void {
    const existing = this.#tables.get(this.#fold(name));
    if (existing?.isCreated === true && unlessExists) return;
    const table = createTableDraft(name, provenance);
    this.#tables.set(this.#fold(name), table);
    table.columns = [...definition.columns];
    table.checks = [...definition.checks];
    table.foreignKeys = definition.foreignKeys.map((key) => ({ ...key, provenance }));
    table.complete = definition.unread.length === 0;
    for (const reason of definition.unread) this.unread.push({ detail: `${reason} of ${name}`, provenance });
    table.engine = findEngine(this.#dialect, definition.storage);
    for (const key of definition.keys) this.#addKey(table, key, provenance);
    for (const like of definition.like) {
      const other = this.#tables.get(this.#fold(like.table));
      if (other === undefined) table.complete = false;
      table.columns.push(...(other?.columns ?? []));
      if (like.keys) for (const key of other?.keys ?? []) this.#addKey(table, { ...key, name: '' }, provenance);
    }
    // Keys that were added before a creation that comes later (a dump beside migrations) stay.
    if (existing?.isCreated === false) for (const key of existing.keys) this.#addKey(table, key, key.provenance);
  }

  #renameTable(name: string, to: string, provenance: Provenance): void {
    const table = this.#require(name, provenance);
    this.#tables.delete(this.#fold(name));
    table.name = to;
    this.#tables.set(this.#fold(to), table);
    const ever = [...(this.#everKeys.get(this.#fold(to)) ?? []), ...(this.#everKeys.get(this.#fold(name)) ?? [])];
    this.#everKeys.set(this.#fold(to), ever);
    this.#everKeys.delete(this.#fold(name));
  }

  #defineColumn(table: TableDraft, name: string, definition: ColumnDefinition, provenance: Provenance): void {
    const index = table.columns.findIndex((column) => this.#isSameName(column.name, name));
    if (index < 0) table.columns.push(definition.column);
    else table.columns[index] = definition.column;
    for (const key of definition.keys) this.#addKey(table, key, provenance);
    table.foreignKeys.push(...definition.foreignKeys.map((key) => ({ ...key, provenance })));
    table.checks.push(...definition.checks);
  }

  #dropColumn(table: TableDraft, name: string): void {
    const has = (columns: readonly string[]): boolean => columns.some((column) => this.#isSameName(column, name));
    table.columns = table.columns.filter((column) => !this.#isSameName(column.name, name));
    table.foreignKeys = table.foreignKeys.filter((key) => !has(key.columns));
    table.keys = table.keys.flatMap((key) => {
      if (!has(key.columns)) return [key];
      // MySQL takes the column out of the index; a key over the rest remains
      // (https://dev.mysql.com/doc/refman/8.4/en/alter-table.html). PostgreSQL drops the index with the column.
      const columns = key.columns.filter((column) => !this.#isSameName(column, name));
      return this.#dialect === 'mysql' && columns.length > 0 ? [{ ...key, columns }] : [];
    });
  }

  #renameColumn(table: TableDraft, name: string, to: string): void {
    const rename = (column: string): string => (this.#isSameName(column, name) ? to : column);
    const renameIn = <Key extends { readonly columns: readonly string[] }>(key: Key): Key => ({
      ...key,
      columns: key.columns.map(rename),
    });
    table.columns = table.columns.map((column) => ({ ...column, name: rename(column.name) }));
    table.keys = table.keys.map(renameIn);
    table.foreignKeys = table.foreignKeys.map(renameIn);
    const fold = this.#fold(table.name);
    this.#everKeys.set(fold, (this.#everKeys.get(fold) ?? []).map(renameIn));
  }

  #addKey(table: TableDraft, key: KeyDefinition, provenance: Provenance): void {
    const { name = '' } = key;
    if (name !== '' && table.keys.some((known) => this.#isNamed(known, name))) return;
    table.keys.push({ ...key, provenance });
    const fold = this.#fold(table.name);
    const ever = this.#everKeys.get(fold);
    if (ever === undefined) this.#everKeys.set(fold, [key]);
    else ever.push(key);
  }

  #require(name: string, provenance: Provenance): TableDraft {
    let table = this.#tables.get(this.#fold(name));
    if (table === undefined) {
      table = createTableDraft(name, provenance);
      table.isCreated = false;
      table.engine = findEngine(this.#dialect, undefined);
      this.#tables.set(this.#fold(name), table);
    }
    return table;
  }

  #listAffected(name: string | undefined, key: string): readonly TableDraft[] {
    if (name !== undefined) {
      const table = this.#tables.get(this.#fold(name));
      return table === undefined ? [] : [table];
    }
    return [...this.#tables.values()].filter((table) => table.keys.some((known) => this.#isNamed(known, key)));
  }

  #isNamed(key: { readonly name?: string }, name: string): boolean {
    return key.name !== undefined && this.#isSameName(lastPart(key.name), lastPart(name));
  }

  #isSameName(a: string, b: string): boolean {
    return this.#dialect === 'postgresql' ? a === b : a.toLowerCase() === b.toLowerCase();
  }

  #fold(table: string): string {
    return this.#dialect === 'postgresql' ? table : table.toLowerCase();
  }
}

function findEngine(dialect: SqlDialect, storage: string | undefined): TableDraft['engine'] {
  switch (dialect) {
    case 'postgresql':
    case 'sqlite':
      return dialect;
    case 'mysql':
      return storage === undefined || storage === 'innodb' ? 'innodb' : undefined;
    case 'unknown':
      return undefined;
  }
}
