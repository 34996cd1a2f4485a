import type { KeyFacts, TableFacts } from '../../src/model/schema-facts.ts';
import { createProject } from '../../src/project/create-project.ts';
import { readSchema } from '../../src/schema/read-schema.ts';
import type { SchemaReading } from '../../src/schema/read-schema.ts';
import { writeProject } from '../project/write-project.ts';

/** The schema of a project that consists of some files. */
export interface ProjectSchema extends SchemaReading {
  readonly root: string;
  /** The only table of this name. */
  readonly table: (name: string) => TableFacts;
}

/**
 * Writes files into a new folder and reads its schema.
 *
 * @param files texts by relative path
 * @param only schema files and folders that are named
 */
export function readProjectSchema(files: Readonly<Record<string, string>>, only?: readonly string[]): ProjectSchema {
  const root = writeProject(files);
  const reading = readSchema({ root, project: createProject({ root }), ...(only !== undefined && { files: only }) });
  const table = (name: string): TableFacts => {
    const found = reading.facts.tables.filter((candidate) => candidate.name === name);
    if (found.length !== 1) throw new Error(`${String(found.length)} tables called ${name}`);
    return found[0]!;
  };
  return { ...reading, root, table };
}

/** A key in one line: `unique(org_id, slug) where deleted_at is null`. */
export function spellKey({ kind, columns, where, nullsEqual, expression }: KeyFacts): string {
  const parts = [`${kind}(${columns.join(', ')})`];
  if (expression !== undefined) parts.push(`over ${expression}`);
  if (where !== undefined) parts.push(`where ${where}`);
  if (nullsEqual === true) parts.push('nulls equal');
  return parts.join(' ');
}

/** All keys of a table in one line each. */
export function spellKeys(table: TableFacts): readonly string[] {
  return table.keys.map(spellKey);
}
