import { dirname } from 'node:path';
import type { Bailout } from '../../model/bailout.ts';
import type { EngineName } from '../../model/engine.ts';
import type { Location } from '../../model/location.ts';
import { LineTable } from '../../project/line-table.ts';
import { isRecord, readJsonc } from '../../project/read-jsonc.ts';
import { readText } from '../../project/read-text.ts';
import type { SchemaSource } from '../schema-source.ts';
import { lowerStatement } from '../sql/lower-statement.ts';
import { orderMigrations, recognizeDialect, toDialect } from '../sql/order-migrations.ts';
import type { MigrationFolder } from '../sql/order-migrations.ts';
import { replayChanges } from '../sql/replay-changes.ts';
import type { LocatedChange } from '../sql/replay-changes.ts';
import { splitStatements } from '../sql/split-statements.ts';
import type { SqlStatement } from '../sql/split-statements.ts';
import type { SqlDialect } from '../sql/tokenize-sql.ts';

const sizeLimit = 8 * 1024 * 1024;

/**
 * Replays the SQL migrations of a project.
 *
 * documentation: https://www.postgresql.org/docs/current/sql-createtable.html,
 * https://www.postgresql.org/docs/current/sql-altertable.html, https://dev.mysql.com/doc/refman/8.4/en/create-table.html,
 * https://www.sqlite.org/lang_createtable.html
 *
 * @param files absolute paths of all SQL files
 * @param findOwner the package that a folder belongs to
 */
export function readSqlSources(
  files: readonly string[],
  findOwner: (folder: string) => string,
): readonly SchemaSource[] {
  return orderMigrations(files).map((folder) => readFolder(folder, findOwner(folder.folder)));
}

function readFolder(migrations: MigrationFolder, owner: string): SchemaSource {
  const bailouts: Bailout[] = [];
  const texts: { readonly file: string; readonly text: string }[] = [];
  for (const file of migrations.files) {
    const text = readText(file, sizeLimit);
    if (typeof text === 'string') texts.push({ file, text: hideWayBack(text) });
    else bailouts.push(text);
  }
  if (texts.some(({ text }) => isForeign(text))) return { owner, tables: [], bailouts, files: [] };
  const dialect = findDialect(migrations, texts);
  const changes: LocatedChange[] = [];
  for (const { file, text } of texts) {
    if (!/\b(?:create|alter|drop|rename)\b/iu.test(text)) continue;
    const lines = new LineTable(text);
    for (const statement of splitStatements(text, dialect)) {
      const lowered = lowerStatement(statement, text, dialect);
      if (lowered.length === 0) continue;
      const location = locate(file, lines, statement);
      for (const change of lowered) changes.push({ change, provenance: { source: 'sql', location } });
    }
  }
  const { tables, unread } = replayChanges(changes, dialect);
  for (const { detail, provenance } of unread) {
    const reason = 'SQL schema statement not understood';
    bailouts.push({ kind: 'unsupported', reason, detail, location: provenance.location });
  }
  const engine = toEngine(dialect);
  return {
    owner,
    tables,
    ...(engine !== undefined && { engine }),
    bailouts,
    files: migrations.files,
  };
}

/** ClickHouse keeps no keys apart, and tables of the same names beside those of the real database. */
function isForeign(text: string): boolean {
  return /\bengine\s*=\s*\w*MergeTree\b|\bLowCardinality\(/iu.test(text);
}

function locate(file: string, lines: LineTable, statement: SqlStatement): Location {
  const start = statement[0]?.start ?? 0;
  const end = statement.at(-1)?.end ?? start;
  return { file, start: lines.findPosition(start), end: lines.findPosition(end), range: [start, end] };
}

/** Blanks what undoes a migration, in the tools that keep both ways in one file. Offsets stay. */
function hideWayBack(text: string): string {
  const marker = /^[ \t]*--[ \t]*(?:migrate:down|\+goose[ \t]+down|\+migrate[ \t]+down|down[ \t]+migration)\b/imu.exec(
    text,
  );
  return marker === null ? text : text.slice(0, marker.index);
}

function findDialect({ folder, dialect }: MigrationFolder, texts: readonly { readonly text: string }[]): SqlDialect {
  if (dialect !== 'unknown') return dialect;
  const lock = readText(`${folder}/migration_lock.toml`, sizeLimit);
  const provider = typeof lock === 'string' ? /^\s*provider\s*=\s*"(\w+)"/mu.exec(lock)?.[1] : undefined;
  if (provider !== undefined) return toDialect(provider);
  const config = readJsonc(`${dirname(folder)}/meta/_journal.json`);
  if (isRecord(config) && toDialect(config['dialect']) !== 'unknown') return toDialect(config['dialect']);
  for (const { text } of texts) {
    const recognized = recognizeDialect(text);
    if (recognized !== 'unknown') return recognized;
  }
  return 'unknown';
}

function toEngine(dialect: SqlDialect): EngineName | undefined {
  switch (dialect) {
    case 'postgresql':
    case 'sqlite':
      return dialect;
    case 'mysql':
      return 'innodb';
    case 'unknown':
      return undefined;
  }
}
