import { basename, dirname } from 'node:path';
import { isRecord, readJsonc } from '../../project/read-jsonc.ts';
import type { SqlDialect } from './tokenize-sql.ts';

/** SQL files that run one after another against one database. */
export interface MigrationFolder {
  /** Absolute path. */
  readonly folder: string;
  /** Absolute paths, in the order in which they run. */
  readonly files: readonly string[];
  readonly dialect: SqlDialect;
}

const scriptFolder =
  /^(?:migrations?|migrate|drizzle|db|database|sql|schemas?|initdb\.d|docker-entrypoint-initdb\.d)$/iu;
const schemaFile = /^(?:schema|structure|init|tables|ddl|setup)\.sql$/iu;
const oneFileFolder = /^(?:migration|up)\.sql$/iu;

/**
 * Groups SQL files into folders of migrations, and orders each as its tool does: Drizzle by its journal, Prisma and
 * Diesel by the names of the folders, the others (Supabase, Flyway, dbmate, …) by number or time in the file's name.
 * Files elsewhere (queries, seeds) and the way back (`down.sql`, Flyway's `U1__…`) are left out.
 *
 * @param files absolute paths of SQL files
 */
export function orderMigrations(files: readonly string[]): readonly MigrationFolder[] {
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const name = basename(file);
    if (/^down\.sql$|[._-]down\.sql$|[._-](?:rollback|undo)\.sql$|^U\d[\w.]*__/iu.test(name)) continue;
    const parent = dirname(file);
    const group = oneFileFolder.test(name) ? dirname(parent) : parent;
    const named = scriptFolder.test(basename(group)) || scriptFolder.test(basename(dirname(group)));
    if (!named && !oneFileFolder.test(name) && !schemaFile.test(name)) continue;
    if (/^seeds?\b|[._-]seeds?\.sql$|\bqueries\b/iu.test(name) || /^(?:queries|seeds?)$/iu.test(basename(group)))
      continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [file]);
    else members.push(file);
  }
  return [...groups].map(([folder, members]) => orderFolder(folder, members));
}

function orderFolder(folder: string, members: readonly string[]): MigrationFolder {
  const journal = readJsonc(`${folder}/meta/_journal.json`);
  const dialect = isRecord(journal) ? toDialect(journal['dialect']) : 'unknown';
  const listed = isRecord(journal) && Array.isArray(journal['entries']) ? listTags(journal['entries']) : [];
  const place = new Map(listed.map((tag, index) => [tag, index]));
  // A journal that lacks some of the files was given up: they are then run by hand, in the order of their names.
  if (members.every((file) => place.has(basename(file, '.sql')))) {
    const rank = (file: string): number => place.get(basename(file, '.sql')) ?? 0;
    return { folder, files: [...members].sort((a, b) => rank(a) - rank(b)), dialect };
  }
  const files = [...members].sort((a, b) => compareNames(spellOrder(folder, a), spellOrder(folder, b)));
  const isSupabase = /(?:^|\/)supabase(?:\/|$)/u.test(folder);
  return { folder, files, dialect: dialect === 'unknown' && isSupabase ? 'postgresql' : dialect };
}

function listTags(entries: readonly unknown[]): readonly string[] {
  return entries.map((entry) => (isRecord(entry) ? entry['tag'] : undefined)).filter((tag) => typeof tag === 'string');
}

/** What a file is ordered by: its name, or that of its own folder. Flyway's repeatable ones come last. */
function spellOrder(folder: string, file: string): string {
  const below = file.slice(folder.length + 1).replace(/\/(?:migration|up)\.sql$/iu, '');
  return /^R__/u.test(below) ? `\uFFFF${below}` : below.replace(/^V(?=\d)/u, '').replaceAll(/(?<=\d)_(?=\d)/gu, '.');
}

/** Numbers in names compare as numbers: 2 comes before 10. */
function compareNames(a: string, b: string): number {
  const partsA = a.match(/\d+|\D+/gu) ?? [];
  const partsB = b.match(/\d+|\D+/gu) ?? [];
  for (const [index, partA] of partsA.entries()) {
    const partB = partsB[index];
    if (partB === undefined) break;
    const byNumber = /^\d/u.test(partA) && /^\d/u.test(partB) ? compareNumbers(partA, partB) : 0;
    if (byNumber !== 0) return byNumber;
    if (partA !== partB && !(/^\d/u.test(partA) && /^\d/u.test(partB))) return partA < partB ? -1 : 1;
  }
  return partsA.length - partsB.length;
}

function compareNumbers(a: string, b: string): number {
  const [digitsA, digitsB] = [a.replace(/^0+/u, ''), b.replace(/^0+/u, '')];
  if (digitsA.length !== digitsB.length) return digitsA.length - digitsB.length;
  return digitsA < digitsB ? -1 : digitsA > digitsB ? 1 : 0;
}

/**
 * The dialect that a tool's configuration names: Prisma's `provider`, Drizzle's `dialect`.
 *
 * @param name `postgresql`, `cockroachdb`, `mysql`, `sqlite`, `turso`, …
 */
export function toDialect(name: unknown): SqlDialect {
  switch (name) {
    case 'postgresql':
    case 'postgres':
    case 'cockroachdb':
    case 'pg':
      return 'postgresql';
    case 'mysql':
    case 'mariadb':
    case 'singlestore':
      return 'mysql';
    case 'sqlite':
    case 'turso':
    case 'd1':
      return 'sqlite';
    default:
      return 'unknown';
  }
}

/**
 * Guesses the dialect of a script from what only one of them has.
 *
 * @param text the script
 */
export function recognizeDialect(text: string): SqlDialect {
  if (
    /\bengine\s*=|\bauto_increment\b|^\s*delimiter\b|`\s+(?:varchar|bigint|int|text|datetime)\b|\bunique\s+key\s+`/imu.test(
      text,
    )
  )
    return 'mysql';
  if (/\bautoincrement\b|\bwithout\s+rowid\b|\bpragma\b/iu.test(text)) return 'sqlite';
  if (
    /\$\$|::\w|\b(?:big)?serial\b|\btimestamptz\b|\bjsonb\b|\bplpgsql\b|\bgen_random_uuid\b|\bcreate\s+extension\b|\busing\s+(?:btree|gin|gist)\b|"public"|\bpublic\.|\btimestamp\(3\)|\bbytea\b|\btimestamp\s+with(?:out)?\s+time\s+zone\b|\buuid\b/iu.test(
      text,
    )
  ) {
    return 'postgresql';
  }
  return 'unknown';
}
