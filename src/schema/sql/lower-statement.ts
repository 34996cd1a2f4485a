import { lowerAlterTable } from './lower-alter-table.ts';
import { lowerCreateTable } from './lower-create-table.ts';
import { lowerUniqueIndex } from './lower-index.ts';
import { lowerTableName } from './lower-table-name.ts';
import type { SchemaChange } from './schema-change.ts';
import { splitStatements } from './split-statements.ts';
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
  if (cursor.accept('do')) return lowerBlock(cursor, dialect);
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

/**
 * A DO block. The one form whose effect is certain is a list of statements that may find their work done already
 * (`BEGIN … EXCEPTION WHEN duplicate_object THEN null; END`); what others do to keys depends on data.
 */
function lowerBlock(cursor: TokenCursor, dialect: SqlDialect): readonly SchemaChange[] {
  const literal = cursor.listRest().find((token) => token.kind === 'string')?.text ?? '';
  const body = /^\$(\w*)\$([^]*)\$\1\$$/u.exec(literal)?.[2];
  if (body === undefined || !/\b(?:unique|primary\s+key|create\s+table|drop|rename)\b/iu.test(body)) return [];
  const certain =
    /^\s*begin\b([^]*?)\bexception\s+when\s+duplicate_(?:object|table|column)\s+then\s+(?:null|raise\s+notice[^;]*)\s*;[^]*\bend\b\s*\w*\s*;?\s*$/iu.exec(body)?.[1];
  const inner = certain ?? body;
  const changes = splitStatements(inner, dialect).flatMap((statement) => {
    const start = statement.findIndex(({ kind, text }) => kind === 'word' && /^(?:create|alter|drop)$/u.test(text));
    if (start < 0) return [];
    return lowerStatement(statement.slice(start), inner, dialect);
  });
  if (certain !== undefined && !/\b(?:if|loop|execute)\b/iu.test(certain)) return changes;
  const reason = 'keys changed in a DO block';
  const unread = changes.flatMap((change): readonly SchemaChange[] => {
    if (!/key|column|table|index|unread/u.test(change.kind) || change.kind === 'add foreign key') return [];
    return [{ kind: 'unread', reason, ...(change.table !== undefined && { table: change.table }) }];
  });
  if (unread.length > 0 || !/\bexecute\b/iu.test(body)) return unread;
  return [{ kind: 'unread', reason }];
}
