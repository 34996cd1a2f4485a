import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { MissingKey, SchemaEdit } from '../../model/schema-edit.ts';
import { addPrismaKey } from './add-prisma-key.ts';

/**
 * The edit that adds a missing unique key to the definition of its table, in whichever file that is.
 *
 * @returns undefined for a definition that is no Drizzle table in TypeScript and no Prisma model, or whose form or file
 *   can't be read: no edit is better than a wrong one
 */
export async function proposeSchemaEdit(key: MissingKey): Promise<SchemaEdit | undefined> {
  const { source, location } = key.definition;
  try {
    const text = readFileSync(location.file, 'utf8').replace(/^\uFEFF/, '');
    const edits = await addKey(text, key, source);
    if (edits === undefined) return undefined;
    return {
      file: location.file,
      line: location.start.line,
      title: `Add a unique key on ${key.table}(${key.columns.join(', ')}) (remove rows that share it first, then generate the migration)`,
      edits,
    };
  } catch {
    // the finding stands without the edit
    return undefined;
  }
}

async function addKey(
  text: string,
  key: MissingKey,
  source: MissingKey['definition']['source'],
): Promise<SchemaEdit['edits'] | undefined> {
  switch (source) {
    case 'prisma':
      return addPrismaKey(text, key);
    case 'sql':
      return undefined;
    case 'drizzle': {
      if (!/\.[cm]?tsx?$/u.test(key.definition.location.file)) return undefined;
      // it brings a TypeScript compiler along: loaded only when there is something to edit
      const { addDrizzleKey } = await import('./add-drizzle-key.ts');
      return addDrizzleKey(text, key, takesArrays(path.dirname(key.definition.location.file)) ? 'array' : 'object');
    }
  }
}

/** A table's third argument may return an array since 0.36.0 (its release notes); before it returns an object. */
function takesArrays(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    const range = readDrizzleRange(path.join(at, 'package.json'));
    const version = range === undefined ? undefined : /(\d+)\.(\d+)/u.exec(range);
    if (version != null) return Number(version[1]) > 0 || Number(version[2]) >= 36;
    if (path.dirname(at) === at) return true;
  }
}

/** The range in which a package asks for drizzle-orm. */
function readDrizzleRange(manifest: string): string | undefined {
  try {
    const parsed = JSON.parse(readFileSync(manifest, 'utf8')) as Partial<Record<string, Record<string, string>>>;
    const lists = [parsed['dependencies'], parsed['devDependencies'], parsed['peerDependencies']];
    return lists.map((list) => list?.['drizzle-orm']).find((range) => range !== undefined);
  } catch {
    return undefined;
  }
}
