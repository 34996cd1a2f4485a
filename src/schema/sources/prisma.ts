import { dirname } from 'node:path';
import type * as PrismaAst from '@mrleebo/prisma-ast';
import type { Bailout } from '../../model/bailout.ts';
import type { EngineName } from '../../model/engine.ts';
import { readText } from '../../project/read-text.ts';
import { findTableName, lowerModel } from '../prisma/lower-model.ts';
import { createPrismaParser } from '../prisma/parse-blocks.ts';
import type { ParsedBlock } from '../prisma/parse-blocks.ts';
import type { SchemaSource } from '../schema-source.ts';

const sizeLimit = 8 * 1024 * 1024;

/** One `.prisma` file, parsed. */
interface PrismaFile {
  readonly file: string;
  readonly blocks: readonly ParsedBlock[];
  readonly bailouts: readonly Bailout[];
  /** It names the database, so it is the root of a schema. */
  readonly isRoot: boolean;
}

/**
 * Reads the Prisma schemas of a project. A schema may be a folder of files: those without a `datasource` belong to the
 * nearest file that has one.
 *
 * @param files absolute paths of all `.prisma` files
 * @param findOwner the package that a folder belongs to
 */
export function readPrismaSources(
  files: readonly string[],
  findOwner: (folder: string) => string,
): readonly SchemaSource[] {
  if (files.length === 0) return [];
  const parse = createPrismaParser();
  const parsed = files.map((file): PrismaFile => {
    const text = readText(file, sizeLimit);
    if (typeof text !== 'string') return { file, blocks: [], bailouts: [text], isRoot: false };
    const { blocks, bailouts } = parse(file, text);
    return { file, blocks, bailouts, isRoot: blocks.some(({ block }) => block.type === 'datasource') };
  });
  const groups = groupFiles(parsed, findOwner);
  return groups.map((group) => {
    const owner = findOwner(dirname(group[0]!.file));
    // Two schemas in one package are two databases: neither speaks for the other.
    const isOnly = groups.every((other) => other === group || findOwner(dirname(other[0]!.file)) !== owner);
    return readGroup(group, isOnly ? owner : dirname(group[0]!.file));
  });
}

function groupFiles(files: readonly PrismaFile[], findOwner: (folder: string) => string): readonly (readonly PrismaFile[])[] {
  const groups = new Map<string, PrismaFile[]>();
  for (const file of files) if (file.isRoot) groups.set(file.file, [file]);
  for (const file of files) {
    if (file.isRoot) continue;
    const owner = findOwner(dirname(file.file));
    const root = findNearest(file.file, [...groups.keys()].filter((candidate) => findOwner(dirname(candidate)) === owner));
    const group = groups.get(root ?? owner);
    if (group === undefined) groups.set(owner, [file]);
    else group.push(file);
  }
  return [...groups.values()];
}

function findNearest(file: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestLength = -1;
  for (const candidate of candidates) {
    let length = 0;
    while (length < file.length && file[length] === candidate[length]) length += 1;
    if (length > bestLength) [best, bestLength] = [candidate, length];
  }
  return best;
}

function readGroup(group: readonly PrismaFile[], owner: string): SchemaSource {
  const models: { readonly parsed: ParsedBlock; readonly model: PrismaAst.Model }[] = [];
  let engine: EngineName | undefined;
  for (const { blocks } of group) {
    for (const parsed of blocks) {
      const { block } = parsed;
      if (block.type === 'model') models.push({ parsed, model: block });
      if (block.type === 'datasource') engine = findEngine(block);
    }
  }
  const tableNames = new Map(models.map(({ model }) => [model.name, findTableName(model)]));
  const tables = models.map(({ parsed, model }) => lowerModel(parsed, model, { tableNames, engine }));
  return {
    owner,
    tables,
    ...(engine !== undefined && { engine }),
    bailouts: group.flatMap(({ bailouts }) => bailouts),
    files: group.map(({ file }) => file),
  };
}

function findEngine(datasource: PrismaAst.Datasource): EngineName | undefined {
  const provider = datasource.assignments.find((entry) => entry.type === 'assignment' && entry.key === 'provider');
  const name = provider?.type === 'assignment' && typeof provider.value === 'string' ? provider.value.replaceAll('"', '') : '';
  switch (name) {
    case 'postgresql':
    case 'postgres':
    case 'cockroachdb':
      return 'postgresql';
    case 'mysql':
      return 'innodb';
    case 'sqlite':
      return 'sqlite';
    default:
      return undefined;
  }
}
