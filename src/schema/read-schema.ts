import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Bailout } from '../model/bailout.ts';
import type { EngineName } from '../model/engine.ts';
import type { SchemaFacts, TableFacts } from '../model/schema-facts.ts';
import { findLanguage } from '../project/parse-source.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import { walkFiles } from '../project/walk-files.ts';
import { mergeSources } from './merge-sources.ts';
import type { SchemaSource } from './schema-source.ts';
import { mayDefineDrizzleTables, readDrizzleSources } from './sources/drizzle.ts';
import { readPrismaSources } from './sources/prisma.ts';
import { readSqlSources } from './sources/sql.ts';

export interface SchemaOptions {
  /** Absolute path of the project's root. */
  readonly root: string;
  /** Parses the files with Drizzle tables. */
  readonly project: Project;
  /** Schema files and folders, absolute or relative to the root, in place of those found by themselves. */
  readonly files?: readonly string[];
}

export interface SchemaReading {
  readonly facts: SchemaFacts;
  /** Files that could not be read, statements that were not understood. */
  readonly bailouts: readonly Bailout[];
  /** Absolute paths of the files that facts came from, sorted. */
  readonly files: readonly string[];
}

const sourceSizeLimit = 2 * 1024 * 1024;

/**
 * Reads everything that a project's files say about its tables: Prisma schemas, SQL migrations, Drizzle tables.
 *
 * @param options where to look
 */
export function readSchema(options: SchemaOptions): SchemaReading {
  const root = resolve(options.root);
  const walked = walkFiles(options.files ?? [root], {
    cwd: root,
    ignore: [],
    all: options.files !== undefined,
    takes: ['migration', 'seed', 'script', 'declaration'],
    accepts: (name) => /\.(?:prisma|sql)$/u.test(name) || name === 'package.json' || isSource(name),
  });
  const findOwner = createOwnerFinder(root);
  const bailouts = [...walked.bailouts];
  const declared = [
    ...readPrismaSources(
      walked.files.filter((file) => file.endsWith('.prisma')),
      findOwner,
    ),
    ...readDrizzleSources(findDrizzleFiles(walked.files), options.project, findOwner),
  ];
  // Two Prisma schemas in one package: the migrations beside each are its own.
  const owners = declared.map(({ owner }) => owner).sort((a, b) => b.length - a.length);
  const findSqlOwner = (folder: string): string =>
    owners.find((owner) => folder.startsWith(`${owner}/`) && owner.length > findOwner(folder).length) ??
    findOwner(folder);
  const migrated = readSqlSources(
    walked.files.filter((file) => file.endsWith('.sql')),
    findSqlOwner,
  );
  const sources = [...declared, ...migrated];
  const tables = mergeSources(declared, migrated);
  const engine = findEngine(declared) ?? findEngine(migrated);
  bailouts.push(...sources.flatMap((source) => source.bailouts));
  const files = new Set(sources.filter((source) => source.tables.length > 0).flatMap((source) => source.files));
  return {
    facts: { tables, ...(engine !== undefined && { engine }), digest: hashFacts(root, tables, engine) },
    bailouts,
    files: [...files].sort(),
  };
}

function isSource(name: string): boolean {
  const language = findLanguage(name);
  return language !== undefined && language !== 'dts';
}

/** The sources that may define tables; none are read when no package of the project depends on Drizzle. */
function findDrizzleFiles(files: readonly string[]): readonly string[] {
  const manifests = files.filter((file) => basename(file) === 'package.json');
  const mentions = (file: string, word: string): boolean => {
    const text = readText(file, sourceSizeLimit);
    return typeof text === 'string' && text.includes(word);
  };
  if (manifests.length > 0 && !manifests.some((file) => mentions(file, 'drizzle-orm'))) return [];
  return files.filter((file) => {
    if (!isSource(file)) return false;
    const text = readText(file, sourceSizeLimit);
    return typeof text === 'string' && mayDefineDrizzleTables(text);
  });
}

/** Finds the package that a folder belongs to: the nearest folder upward with a package.json, at most the root. */
function createOwnerFinder(root: string): (folder: string) => string {
  const known = new Map<string, string>();
  const findOwner = (folder: string): string => {
    let owner = known.get(folder);
    if (owner === undefined) {
      const isTop = folder === root || dirname(folder) === folder;
      owner = isTop || existsSync(join(folder, 'package.json')) ? folder : findOwner(dirname(folder));
      known.set(folder, owner);
    }
    return owner;
  };
  return findOwner;
}

function findEngine(sources: readonly SchemaSource[]): EngineName | undefined {
  const engines = new Set(sources.filter((source) => source.tables.length > 0).flatMap(({ engine }) => engine ?? []));
  return engines.size === 1 ? [...engines][0] : undefined;
}

/** Equal on every machine: paths are relative to the root. */
function hashFacts(root: string, tables: readonly TableFacts[], engine: EngineName | undefined): string {
  const text = JSON.stringify({ engine, tables }, (key, value: unknown) =>
    key === 'file' && typeof value === 'string' ? relative(root, value) : value,
  );
  return createHash('sha1').update(text).digest('hex');
}
