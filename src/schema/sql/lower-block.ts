import type { SchemaChange } from './schema-change.ts';
import { splitStatements } from './split-statements.ts';
import type { SqlStatement } from './split-statements.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { SqlDialect, SqlToken } from './tokenize-sql.ts';

type LowerStatement = (statement: SqlStatement, text: string, dialect: SqlDialect) => readonly SchemaChange[];

const worthReading = /\b(?:unique|primary\s+key|create\s+table|drop|rename|alter)\b/iu;
const conditional = /\b(?:if|case|loop|while|exception|return)\b/iu;
/** What may run twice: the work is done afterwards, by this run or an earlier one. */
const idempotent =
  /^\s*begin\b([^]*?)\bexception\s+when\s+(?:duplicate_(?:object|table|column)|others)\s+then\s+(?:null|raise\s+notice[^;]*)\s*;\s*end\b\s*;?\s*$/iu;

/**
 * Reads a DO block. Certain are statements that run one after another, and those that may find their work done already
 * (`BEGIN … EXCEPTION WHEN duplicate_object THEN null; END`). What others do to keys depends on the data.
 *
 * @param cursor stands behind the word DO
 * @param dialect how the block is read
 * @param lowerStatement reads one statement
 */
export function lowerBlock(
  cursor: TokenCursor,
  dialect: SqlDialect,
  lowerStatement: LowerStatement,
): readonly SchemaChange[] {
  const literal = cursor.listRest().find((token) => token.kind === 'string')?.text ?? '';
  const body = /^\$(\w*)\$([^]*)\$\1\$$/u.exec(literal)?.[2];
  if (body === undefined || !worthReading.test(body)) return [];
  const once = idempotent.exec(body)?.[1];
  const inner = once ?? body;
  const changes = splitStatements(inner, dialect).flatMap((statement) =>
    lowerInner(statement, inner, dialect, lowerStatement),
  );
  const plain = inner.replaceAll(/\bif\s+(?:not\s+)?exists\b(?!\s*\()/giu, '');
  if (!conditional.test(plain)) return changes;
  return changes.flatMap((change) => (isEnsured(change, inner) ? [change] : toUncertain(change)));
}

/** `IF NOT EXISTS (SELECT … conname = 'seats_key') THEN … ADD CONSTRAINT seats_key`: it is there afterwards. */
function isEnsured(change: SchemaChange, text: string): boolean {
  if (change.kind !== 'add key' || change.key.name === undefined) return false;
  const conditions = text.match(/\bif\s+not\s+exists\s*\([^;]*?\bthen\b/giu) ?? [];
  return conditions.some((condition) => condition.includes(`'${change.key.name}'`));
}

function lowerInner(
  statement: SqlStatement,
  text: string,
  dialect: SqlDialect,
  lowerStatement: LowerStatement,
): readonly SchemaChange[] {
  // Before it may stand BEGIN, IF … THEN, a label.
  const start = statement.findIndex(
    ({ kind, text: word }) => kind === 'word' && /^(?:create|alter|drop|execute)$/u.test(word),
  );
  const first = statement[start];
  if (first === undefined) return [];
  if (first.text !== 'execute') return lowerStatement(statement.slice(start), text, dialect);
  const inner = findLiteral(statement.slice(start + 1));
  if (inner === undefined) {
    return worthReading.test(text.slice(first.start, statement.at(-1)?.end))
      ? [{ kind: 'unread', reason: 'EXECUTE of computed SQL' }]
      : [];
  }
  return splitStatements(inner, dialect).flatMap((one) => lowerStatement(one, inner, dialect));
}

function findLiteral(tokens: readonly SqlToken[]): string | undefined {
  const [only, ...others] = tokens;
  if (only?.kind !== 'string' || others.length > 0) return undefined;
  const dollar = /^\$(\w*)\$([^]*)\$\1\$$/u.exec(only.text)?.[2];
  return dollar ?? only.text.slice(1, -1).replaceAll("''", "'");
}

/** What a change that may or may not have run leaves unknown. */
function toUncertain(change: SchemaChange): readonly SchemaChange[] {
  const reason = 'keys changed in a DO block';
  switch (change.kind) {
    case 'unread':
      return [change];
    case 'add check':
    case 'add foreign key':
    case 'set nullable':
    case 'set generated':
    case 'rename key':
      return [];
    case 'add column':
      return change.definition.keys.length === 0 ? [] : [{ kind: 'unread', table: change.table, reason }];
    case 'drop column':
    case 'rename column':
      return [{ kind: 'unread', table: change.table, reason, concerns: { column: change.column } }];
    case 'redefine column':
      return [{ kind: 'unread', table: change.table, reason, concerns: { column: change.from } }];
    case 'drop key': {
      const table = change.table === undefined ? {} : { table: change.table };
      return [{ kind: 'unread', ...table, reason, concerns: { key: change.name } }];
    }
    case 'create table':
    case 'drop table':
    case 'rename table':
    case 'add key':
    case 'promote index':
    case 'drop primary key':
      return [{ kind: 'unread', table: change.table, reason }];
  }
}
