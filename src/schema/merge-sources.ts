import type { ColumnFacts, KeyFacts, TableFacts } from '../model/schema-facts.ts';
import type { SchemaSource } from './schema-source.ts';
import { isSameKey } from './table-draft.ts';
import type { TableDraft } from './table-draft.ts';

/**
 * Joins what a declaration (Prisma, Drizzle) and the migrations of one database say about a table. A key counts when
 * either names it, unless migrations dropped it. Tables of one name that belong to different packages stay apart.
 *
 * @param declared Prisma schemas and Drizzle tables
 * @param migrated SQL migrations
 */
export function mergeSources(
  declared: readonly SchemaSource[],
  migrated: readonly SchemaSource[],
): readonly TableFacts[] {
  const tables: TableFacts[] = [];
  const joined = new Set<TableDraft>();
  for (const source of declared) {
    for (const table of source.tables) {
      const counterpart = findCounterpart(table, source, declared, migrated);
      if (counterpart !== undefined) joined.add(counterpart);
      tables.push(finish(counterpart === undefined ? table : joinTables(table, counterpart)));
    }
  }
  for (const source of migrated) {
    for (const table of source.tables) if (!joined.has(table)) tables.push(finish(table));
  }
  return tables;
}

function findCounterpart(
  table: TableDraft,
  source: SchemaSource,
  declared: readonly SchemaSource[],
  migrated: readonly SchemaSource[],
): TableDraft | undefined {
  const candidates = migrated.flatMap((other) => {
    const found = other.tables.find((candidate) => isCounterpart(table, candidate));
    return found === undefined ? [] : [{ found, source: other }];
  });
  const near = candidates.filter((candidate) => candidate.source.owner === source.owner);
  if (near.length > 0) return findNearest(table, near);
  // Migrations elsewhere (Supabase's at the root, an application's own folder): only when nothing else claims them, and
  // they are evidently those of the same database.
  const rivals = declared.filter((other) => other.tables.some((rival) => isCounterpart(table, rival)));
  const related = candidates.filter((candidate) => isSameDatabase(source, candidate.source));
  const [only, ...others] = related;
  if (only === undefined || others.length > 0 || rivals.length > 1) return undefined;
  return hasSameColumns(table, only.found) ? only.found : undefined;
}

/** One package contains the other, or most declared tables are among the migrated ones. */
function isSameDatabase(declared: SchemaSource, migrated: SchemaSource): boolean {
  if (isBelow(declared.owner, migrated.owner) || isBelow(migrated.owner, declared.owner)) return true;
  const names = new Set(migrated.tables.map(({ name }) => name.toLowerCase()));
  const shared = declared.tables.filter(({ name }) => names.has(name.toLowerCase()));
  return shared.length >= declared.tables.length * 0.6;
}

function hasSameColumns(declared: TableDraft, migrated: TableDraft): boolean {
  if (!migrated.isCreated) return true;
  const names = new Set(migrated.columns.map(({ name }) => foldCasing(name)));
  const shared = declared.columns.filter(({ name }) => names.has(foldCasing(name)));
  return shared.length >= declared.columns.length * 0.6;
}

function isCounterpart(a: TableDraft, b: TableDraft): boolean {
  const sameEngine = a.engine === undefined || b.engine === undefined || a.engine === b.engine;
  return sameEngine && a.name.toLowerCase() === b.name.toLowerCase();
}

function findNearest(table: TableDraft, candidates: readonly { readonly found: TableDraft }[]): TableDraft | undefined {
  const measure = (found: TableDraft): number =>
    countShared(table.provenance.location.file, found.provenance.location.file);
  return [...candidates].sort((a, b) => measure(b.found) - measure(a.found))[0]?.found;
}

/** How many characters two paths have in common from the start. */
export function countShared(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.lastIndexOf('/', length - 1);
}

function isBelow(folder: string, ancestor: string): boolean {
  return folder.startsWith(`${ancestor}/`);
}

function joinTables(declared: TableDraft, migrated: TableDraft): TableDraft {
  // Without a name in the declaration, a client's `casing` may have spelt it: migrations tell how.
  const spelt = new Map<string, string>();
  for (const { name } of declared.columns) {
    if (migrated.columns.some((column) => column.name === name)) continue;
    const other = migrated.columns.find((column) => foldCasing(column.name) === foldCasing(name));
    if (other !== undefined) spelt.set(name, other.name);
  }
  const spell = (name: string): string => spelt.get(name) ?? name;
  const columns = declared.columns.map((column): ColumnFacts =>
    spelt.has(column.name) ? { ...column, name: spell(column.name), alias: column.alias ?? column.name } : column,
  );
  const others = migrated.columns.filter(({ name }) => !columns.some((column) => column.name === name));
  const keys = declared.keys
    .map((key): KeyFacts => ({ ...key, columns: key.columns.map(spell) }))
    .filter((key) => !migrated.dropped.some((dropped) => isSameKey(dropped, key)));
  const added = migrated.keys.filter((key) => !keys.some((known) => isSameKey(known, key)));
  const foreignKeys = declared.foreignKeys.map((key) => ({ ...key, columns: key.columns.map(spell) }));
  const addedForeign = migrated.foreignKeys.filter(
    (key) => !foreignKeys.some((known) => known.columns.join() === key.columns.join()),
  );
  return {
    ...declared,
    columns: [...columns, ...others],
    keys: [...keys, ...added],
    foreignKeys: [...foreignKeys, ...addedForeign],
    checks: [...new Set([...declared.checks, ...migrated.checks])],
    engine: declared.engine ?? migrated.engine,
    // That migrations begin in the middle takes nothing from what is declared.
    complete: declared.complete && migrated.complete,
  };
}

/** `orgId`, `org_id` and `ORG_ID` are one name in different casings. */
export function foldCasing(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function finish(draft: TableDraft): TableFacts {
  const { name, aliases, columns, keys, foreignKeys, relations, checks, engine, provenance, complete, isCreated } =
    draft;
  return {
    name,
    aliases,
    columns,
    keys,
    foreignKeys: foreignKeys.map(({ columns: own, references, provenance: place }) => ({
      columns: own,
      references,
      provenance: place,
    })),
    ...(relations.length > 0 && { relations }),
    checks,
    ...(engine !== undefined && { engine }),
    provenance,
    complete: complete && isCreated,
  };
}
