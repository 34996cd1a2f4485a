import { tokenizeSql } from './tokenize-sql.ts';
import type { SqlDialect, SqlToken } from './tokenize-sql.ts';

/** The tokens of one statement, without its semicolon; never empty. */
export type SqlStatement = readonly SqlToken[];

/**
 * Splits a script into statements. Semicolons inside strings, dollar quotes and comments don't count, nor do those in
 * the body of a trigger or routine (`BEGIN … END`), and MySQL's `DELIMITER` lines are obeyed. Drizzle's
 * `--> statement-breakpoint` ends a statement.
 *
 * @param text the script
 * @param dialect how to read it
 */
export function splitStatements(text: string, dialect: SqlDialect): readonly SqlStatement[] {
  const breakpoint = '--> statement-breakpoint';
  // Padded, so that offsets stay those of the file.
  const prepared = text.replaceAll(breakpoint, ';'.padEnd(breakpoint.length));
  const statements: SqlStatement[] = [];
  let current: SqlToken[] = [];
  let delimiter = ';';
  let depth = 0;
  let skipTo = 0;
  const finish = (): void => {
    if (current.length > 0) statements.push(current);
    current = [];
    depth = 0;
  };
  const tokens = tokenizeSql(prepared, dialect);
  for (const [index, token] of tokens.entries()) {
    if (token.start < skipTo) continue;
    if (current.length === 0 && token.kind === 'word' && token.text === 'delimiter') {
      const line = /[^\n]*/u.exec(prepared.slice(token.end))?.[0] ?? '';
      delimiter = line.trim() === '' ? ';' : line.trim();
      skipTo = token.end + line.length;
      continue;
    }
    if (depth === 0 && prepared.startsWith(delimiter, token.start)) {
      skipTo = token.start + delimiter.length;
      finish();
      continue;
    }
    current.push(token);
    if (token.kind === 'word' && /^(?:begin|case|end)$/u.test(token.text) && (depth > 0 || isRoutine(current))) {
      depth += countNesting(token.text, tokens[index + 1]);
    }
  }
  finish();
  return statements;
}

function isRoutine(statement: SqlStatement): boolean {
  if (statement[0]?.text !== 'create') return false;
  return statement
    .slice(1, 8)
    .some(({ kind, text }) => kind === 'word' && /^(?:function|procedure|trigger|event)$/u.test(text));
}

function countNesting(text: string, next: SqlToken | undefined): number {
  if (text === 'begin' || text === 'case') return 1;
  if (text !== 'end') return 0;
  return next?.kind === 'word' && /^(?:if|loop|while|repeat|for)$/u.test(next.text) ? 0 : -1;
}
