import { dirname } from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Bailout } from '../../model/bailout.ts';
import type { EngineName } from '../../model/engine.ts';
import type { Provenance } from '../../model/schema-facts.ts';
import type { Project, SourceFile } from '../../project/project.ts';
import { lowerColumns } from '../drizzle/lower-columns.ts';
import { lowerExtras } from '../drizzle/lower-extras.ts';
import { linkRelations } from '../drizzle/link-relations.ts';
import { listDrizzleRelations } from '../drizzle/list-relations.ts';
import type { DrizzleRelation } from '../drizzle/list-relations.ts';
import { ModuleScopes } from '../drizzle/module-scope.ts';
import { recognizeTable } from '../drizzle/recognize-table.ts';
import type { TableCall } from '../drizzle/recognize-table.ts';
import type { SchemaSource } from '../schema-source.ts';
import { createTableDraft } from '../table-draft.ts';
import type { TableDraft } from '../table-draft.ts';

/** A table, with what can be named only once all tables are known. */
interface DrizzleTable {
  readonly constant: string;
  readonly draft: TableDraft;
  readonly pending: readonly {
    readonly columns: readonly string[];
    readonly constant: string;
    readonly provenance: Provenance;
  }[];
}

/**
 * Whether a text may define Drizzle tables; a cheap look before parsing.
 *
 * @param text a source file
 */
export function mayDefineDrizzleTables(text: string): boolean {
  // Tables are made by functions of `drizzle-orm/…-core`, or by a creator of the project, with columns from there.
  return /drizzle-orm\/\w+-core/u.test(text) || (text.includes('drizzle-orm') && /\brelations\(/u.test(text));
}

/**
 * Reads the Drizzle tables of a project.
 *
 * @param files absolute paths of source files that may define tables
 * @param project parses and resolves
 * @param findOwner the package that a folder belongs to
 */
export function readDrizzleSources(
  files: readonly string[],
  project: Project,
  findOwner: (folder: string) => string,
): readonly SchemaSource[] {
  const scopes = new ModuleScopes(project);
  const groups = new Map<
    string,
    {
      readonly tables: DrizzleTable[];
      readonly relations: DrizzleRelation[];
      readonly files: string[];
      readonly bailouts: Bailout[];
    }
  >();
  for (const path of files) {
    const file = project.readSource(path);
    const owner = findOwner(dirname(path));
    const group = groups.get(owner) ?? { tables: [], relations: [], files: [], bailouts: [] };
    groups.set(owner, group);
    if ('kind' in file) {
      group.bailouts.push(file);
      continue;
    }
    group.relations.push(...listDrizzleRelations(file, scopes));
    const found = lowerFile(file, scopes, group.bailouts);
    if (found.length > 0) group.files.push(path);
    group.tables.push(...found);
  }
  return [...groups].map(([owner, group]): SchemaSource => {
    const names = new Map(group.tables.map(({ constant, draft }) => [constant, draft.name]));
    for (const { draft, pending } of group.tables) {
      for (const { columns, constant, provenance } of pending) {
        draft.foreignKeys.push({ columns, references: names.get(constant) ?? constant, provenance });
      }
    }
    linkRelations(group.tables, group.relations);
    const engines = new Set(group.tables.map(({ draft }) => draft.engine));
    const engine = engines.size === 1 ? [...engines][0] : undefined;
    const tables = group.tables.map(({ draft }) => draft);
    return { owner, tables, ...(engine !== undefined && { engine }), bailouts: group.bailouts, files: group.files };
  });
}

function lowerFile(file: SourceFile, scopes: ModuleScopes, bailouts: Bailout[]): readonly DrizzleTable[] {
  const tables: DrizzleTable[] = [];
  for (const [constant, node] of scopes.listConstants(file.path)) {
    const call = recognizeTable({ file, node }, scopes);
    if (call === undefined) continue;
    const table = lowerTable(constant, call, file, scopes);
    tables.push(table);
    if (table.draft.complete) continue;
    const { location } = table.draft.provenance;
    bailouts.push({ kind: 'unsupported', reason: 'Drizzle table not fully understood', detail: constant, location });
  }
  return tables;
}

function lowerTable(constant: string, call: TableCall, file: SourceFile, scopes: ModuleScopes): DrizzleTable {
  const locate = (path: string, node: TSESTree.Node): Provenance => ({
    source: 'drizzle',
    location: {
      file: path,
      start: { line: node.loc.start.line, column: node.loc.start.column },
      end: { line: node.loc.end.line, column: node.loc.end.column },
      range: [node.range[0], node.range[1]],
    },
  });
  const draft = createTableDraft(call.name ?? constant, locate(file.path, call.node));
  draft.aliases.push(constant);
  draft.engine = findEngine(call.dialect);
  const second = call.args[1];
  const body =
    second === undefined || second.type === 'SpreadElement'
      ? { columns: [], complete: false }
      : lowerColumns({ file, node: second }, scopes, locate, call.dialect);
  draft.columns = body.columns.map(({ column }) => column);
  const names = new Map(body.columns.map(({ property, column }) => [property, column.name]));
  const toColumn = (property: string): string => names.get(property) ?? property;
  const extras = lowerExtras(call.args[2], file.text, toColumn, (node) => locate(file.path, node));
  draft.keys = [...body.columns.flatMap(({ keys }) => keys), ...extras.keys];
  draft.checks = [...extras.checks];
  draft.complete = body.complete && extras.complete;
  const primary = new Set(extras.keys.find(({ kind }) => kind === 'primary')?.columns);
  if (call.dialect !== 'sqlite') {
    draft.columns = draft.columns.map((column) => (primary.has(column.name) ? { ...column, nullable: false } : column));
  }
  const pending = body.columns.flatMap(({ column, references }) =>
    references === undefined
      ? []
      : [{ columns: [column.name], constant: references.constant, provenance: references.provenance }],
  );
  return { constant, draft, pending: [...pending, ...extras.foreignKeys] };
}

function findEngine(dialect: string): EngineName | undefined {
  switch (dialect) {
    case 'pg':
    case 'cockroach':
      return 'postgresql';
    case 'mysql':
      return 'innodb';
    case 'sqlite':
      return 'sqlite';
    default:
      return undefined;
  }
}
