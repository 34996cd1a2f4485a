import { dirname } from 'node:path';
import type * as PrismaAst from '@mrleebo/prisma-ast';
import type { Bailout } from '../../model/bailout.ts';
import type { EngineName } from '../../model/engine.ts';
import { readText } from '../../project/read-text.ts';
import { countShared } from '../merge-sources.ts';
import { findTableName, listRelations, lowerModel } from '../prisma/lower-model.ts';
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
  return groups.map(({ main, members }) => {
    const owner = findOwner(dirname(main));
    // Two schemas in one package are two databases: neither speaks for the other.
    const isOnly = groups.every((other) => other.main === main || findOwner(dirname(other.main)) !== owner);
    return readGroup(members, isOnly ? owner : dirname(main));
  });
}

/** The files of one schema, and the one that the others belong to. */
interface PrismaGroup {
  readonly main: string;
  readonly members: PrismaFile[];
}

function groupFiles(files: readonly PrismaFile[], findOwner: (folder: string) => string): readonly PrismaGroup[] {
  const groups = files
    .filter(({ isRoot }) => isRoot)
    .map((file): PrismaGroup => ({ main: file.file, members: [file] }));
  for (const file of files) {
    if (file.isRoot) continue;
    const owner = findOwner(dirname(file.file));
    const near = groups.filter(({ main }) => findOwner(dirname(main)) === owner);
    const group = findNearest(file.file, near);
    if (group === undefined) groups.push({ main: file.file, members: [file] });
    else group.members.push(file);
  }
  return groups;
}

function findNearest(file: string, groups: readonly PrismaGroup[]): PrismaGroup | undefined {
  let best: PrismaGroup | undefined;
  let bestLength = -1;
  for (const group of groups) {
    const length = countShared(file, group.main);
    if (length > bestLength) [best, bestLength] = [group, length];
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
  const tableOf = new Map(models.map(({ model }, index) => [model.name, tables[index]]));
  for (const { model } of models) {
    for (const { path, target } of listRelations(model, tableNames)) tableOf.get(target)?.aliases.push(path);
  }
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
  const name =
    provider?.type === 'assignment' && typeof provider.value === 'string' ? provider.value.replaceAll('"', '') : '';
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
