import type { ColumnFacts, KeyFacts, SchemaFacts, TableFacts } from '../model/schema-facts.ts';
import { countShared, foldCasing } from './merge-sources.ts';
import { isSameKey } from './table-draft.ts';

/**
 * The table that a name in code means: the name in the database, a Prisma model (or the client's property: `orderItem`
 * is the model `OrderItem`), an exported Drizzle constant.
 *
 * Where several packages have a table of that name, those nearest to `from` count, then those outside examples and
 * scripts. If more than one is left, the result claims only keys that all of them have, and is incomplete when they differ.
 *
 * @param facts the schema
 * @param name as the adapter of the library calls it
 * @param from absolute path of the file that uses the table
 */
export function findTable(facts: SchemaFacts, name: string, from?: string): TableFacts | undefined {
  const candidates = findCandidates(facts.tables, name);
  const [first, ...others] = keepMain(from === undefined ? candidates : keepNearest(candidates, from));
  return first === undefined ? undefined : others.reduce(intersectTables, first);
}

/** A key over given columns, and what may let duplicates through all the same. */
export interface UniqueKeyMatch {
  readonly key: KeyFacts;
  /** Its columns that may be NULL: rows with a NULL there never collide (unless `key.nullsEqual`). */
  readonly nullable: readonly string[];
  /** Its columns that the database or client makes up: two inserts never have equal ones. */
  readonly generated: readonly string[];
}

/**
 * The key that keeps two rows with equal values in some columns apart: one whose columns are all among them, neither
 * partial nor over expressions. The best is without generated, then without nullable columns, then the shortest.
 *
 * @param table the table
 * @param equalColumns names of the columns that are equal in both rows; names of the database or of the code
 */
export function findUniqueKey(table: TableFacts, equalColumns: readonly string[]): UniqueKeyMatch | undefined {
  const columns = new Set(equalColumns.map((column) => resolveColumn(table, column)));
  let best: UniqueKeyMatch | undefined;
  for (const key of table.keys) {
    if (key.where !== undefined || key.expression !== undefined || key.columns.length === 0) continue;
    if (!key.columns.every((column) => columns.has(resolveColumn(table, column)))) continue;
    const match = describeMatch(table, key);
    if (best === undefined || rank(match) < rank(best)) best = match;
  }
  return best;
}

/**
 * A column of a table by its name in the database or in code.
 *
 * @param table the table
 * @param name either name; its casing (`orgId`, `org_id`) does not matter when nothing matches exactly
 */
export function findColumn(table: TableFacts, name: string): ColumnFacts | undefined {
  return (
    table.columns.find((column) => column.alias === name) ??
    table.columns.find((column) => column.name === name) ??
    table.columns.find(
      (column) => foldCasing(column.alias ?? '') === foldCasing(name) || foldCasing(column.name) === foldCasing(name),
    )
  );
}

function resolveColumn(table: TableFacts, name: string): string {
  return findColumn(table, name)?.name ?? foldCasing(name);
}

function describeMatch(table: TableFacts, key: KeyFacts): UniqueKeyMatch {
  // A key's columns are names of the database, never aliases.
  const columns = key.columns.map((name) => table.columns.find((column) => column.name === name));
  const isNullable = (index: number): boolean => columns[index]?.nullable ?? key.kind !== 'primary';
  return {
    key,
    nullable: key.nullsEqual === true ? [] : key.columns.filter((_, index) => isNullable(index)),
    generated: key.columns.filter((_, index) => columns[index]?.generated !== undefined),
  };
}

function rank({ key, nullable, generated }: UniqueKeyMatch): number {
  return (generated.length > 0 ? 2000 : 0) + (nullable.length > 0 ? 1000 : 0) + key.columns.length;
}

function findCandidates(tables: readonly TableFacts[], name: string): readonly TableFacts[] {
  const folded = name.toLowerCase();
  const tests: readonly ((table: TableFacts) => boolean)[] = [
    (table) => table.name === name || table.aliases.includes(name),
    (table) => table.aliases.some((alias) => lowerFirst(alias) === lowerFirst(name)),
    (table) => table.name.toLowerCase() === folded || table.aliases.some((alias) => alias.toLowerCase() === folded),
    // The schema's name left out, or one put in front that is the default there.
    (table) => lastPart(table.name).toLowerCase() === folded || table.name.toLowerCase() === lastPart(folded),
  ];
  for (const test of tests) {
    const found = tables.filter(test);
    if (found.length > 0) return found;
  }
  return findByPath(tables, name);
}

/** A path of relations, `User.posts.comments`: the model that the beginning leads to has the last one. */
function findByPath(tables: readonly TableFacts[], name: string): readonly TableFacts[] {
  const end = name.lastIndexOf('.');
  if (name.indexOf('.') === end) return [];
  const models = findCandidates(tables, name.slice(0, end)).flatMap(({ aliases }) =>
    aliases.filter((alias) => !alias.includes('.')),
  );
  const paths = new Set(models.map((model) => `${model}${name.slice(end)}`));
  return tables.filter(({ aliases }) => aliases.some((alias) => paths.has(alias)));
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function keepNearest(tables: readonly TableFacts[], from: string): readonly TableFacts[] {
  const shared = tables.map((table) => countShared(from, table.provenance.location.file));
  const most = Math.max(...shared);
  return tables.filter((_, index) => shared[index] === most);
}

function keepMain(tables: readonly TableFacts[]): readonly TableFacts[] {
  const aside =
    /\/(?:examples?|references?|fixtures?|templates?|playgrounds?|demos?|samples?|sandbox|docs?|scripts?|seeds?)\//u;
  const main = tables.filter((table) => !aside.test(table.provenance.location.file));
  return main.length > 0 ? main : tables;
}

function intersectTables(a: TableFacts, b: TableFacts): TableFacts {
  const keys = a.keys.filter((key) => b.keys.some((other) => isSameKey(key, other)));
  const agree = keys.length === a.keys.length && a.keys.length === b.keys.length;
  const columns = a.columns.map((column) => {
    const other = b.columns.find(({ name }) => name === column.name);
    return other?.nullable === true ? { ...column, nullable: true } : column;
  });
  const { engine, ...rest } = a;
  return {
    ...rest,
    aliases: [...new Set([...a.aliases, ...b.aliases])],
    columns: [...columns, ...b.columns.filter(({ name }) => !a.columns.some((column) => column.name === name))],
    keys,
    foreignKeys: a.foreignKeys.filter((key) =>
      b.foreignKeys.some((other) => other.columns.join() === key.columns.join()),
    ),
    checks: a.checks.filter((check) => b.checks.includes(check)),
    ...(engine !== undefined && engine === b.engine && { engine }),
    complete: a.complete && b.complete && agree,
    isAmbiguous: true,
  };
}
