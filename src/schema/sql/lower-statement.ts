import { lowerAlterTable } from './lower-alter-table.ts';
import { lowerBlock } from './lower-block.ts';
import { lowerCreateTable } from './lower-create-table.ts';
import { lowerUniqueIndex } from './lower-index.ts';
import { lowerTableName } from './lower-table-name.ts';
import type { SchemaChange } from './schema-change.ts';
import type { SqlStatement } from './split-statements.ts';
import { TokenCursor } from './token-cursor.ts';
import type { SqlDialect } from './tokenize-sql.ts';

/**
 * What one statement changes about tables and keys. Statements that can't concern them (functions, policies, grants,
 * data) change nothing.
 *
 * @param statement its tokens
 * @param text the whole text that the tokens' offsets refer to
 * @param dialect how it is read
 */
export function lowerStatement(statement: SqlStatement, text: string, dialect: SqlDialect): readonly SchemaChange[] {
  const cursor = new TokenCursor(statement, text, dialect);
  if (cursor.accept('create')) return lowerCreate(cursor);
  if (cursor.accept('alter', 'table') || cursor.accept('alter', 'foreign', 'table')) return lowerAlterTable(cursor);
  if (cursor.accept('alter', 'index')) return lowerAlterIndex(cursor);
  if (cursor.accept('drop', 'table')) return lowerDropTable(cursor);
  if (cursor.accept('drop', 'index')) return lowerDropIndex(cursor);
  if (cursor.accept('rename', 'table')) return lowerRenameTables(cursor);
  if (cursor.accept('do')) return lowerBlock(cursor, dialect, lowerStatement);
  return [];
}

function lowerCreate(cursor: TokenCursor): readonly SchemaChange[] {
  if (cursor.accept('unique', 'index')) return [lowerUniqueIndex(cursor)];
  cursor.accept('global');
  cursor.accept('local');
  // A temporary table belongs to one session: nothing else can see it.
  if (cursor.accept('temp') || cursor.accept('temporary')) return [];
  cursor.accept('unlogged');
  cursor.accept('foreign');
  return cursor.accept('table') ? lowerCreateTable(cursor) : [];
}

function lowerAlterIndex(cursor: TokenCursor): readonly SchemaChange[] {
  cursor.accept('if', 'exists');
  const name = lowerTableName(cursor);
  const to = cursor.accept('rename', 'to') ? cursor.acceptName() : undefined;
  return name === undefined || to === undefined ? [] : [{ kind: 'rename key', name, to }];
}

function lowerDropTable(cursor: TokenCursor): readonly SchemaChange[] {
  cursor.accept('if', 'exists');
  return cursor.splitAtCommas().map((part): SchemaChange => {
    const table = lowerTableName(part);
    return table === undefined ? { kind: 'unread', reason: 'DROP TABLE' } : { kind: 'drop table', table };
  });
}

function lowerDropIndex(cursor: TokenCursor): readonly SchemaChange[] {
  cursor.accept('concurrently');
  cursor.accept('if', 'exists');
  return cursor.splitAtCommas().map((part): SchemaChange => {
    const name = lowerTableName(part);
    if (name === undefined) return { kind: 'unread', reason: 'DROP INDEX' };
    const table = part.accept('on') ? lowerTableName(part) : undefined;
    return { kind: 'drop key', name, ...(table !== undefined && { table }) };
  });
}

/** MySQL's RENAME TABLE a TO b, c TO d. */
function lowerRenameTables(cursor: TokenCursor): readonly SchemaChange[] {
  return cursor.splitAtCommas().map((part): SchemaChange => {
    const table = lowerTableName(part);
    const to = part.accept('to') ? lowerTableName(part) : undefined;
    if (table === undefined || to === undefined) return { kind: 'unread', reason: 'RENAME TABLE' };
    return { kind: 'rename table', table, to };
  });
}
