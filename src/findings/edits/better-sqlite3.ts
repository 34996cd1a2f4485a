import type { TSESTree } from '@typescript-eslint/utils';
import type { CallContext, LibraryEdits } from './library-edits.ts';
import { readParameters, readSqlInsert, readSqlLiteral, readSqlUpdate, readValueList } from './sql-call.ts';
import type { SqlAnswers, SqlCall } from './sql-call.ts';

/** better-sqlite3's forms: SQL with its condition, `changes`, the extended result codes of SQLite. */
export const betterSqlite3Edits: LibraryEdits = {
  name: 'better-sqlite3',
  readUpdate: (call, context) => {
    const sql = readRun(call, context);
    return sql && readSqlUpdate(sql, answers);
  },
  readInsert: (call, context) => {
    const sql = readRun(call, context);
    return (
      sql &&
      readSqlInsert(sql, answers, (error) => ({
        test: `${error} instanceof Error && 'code' in ${error} && ${error}.code === 'SQLITE_CONSTRAINT_UNIQUE'`,
        imports: [],
      }))
    );
  },
};

const answers: SqlAnswers = {
  count: {
    names: ['changes', 'changedRows'],
    declare: (name) => (name === 'changes' ? '{ changes }' : `{ changes: ${name} }`),
    isNone: (name) => `${name} === 0`,
    isSome: (name) => `${name} > 0`,
  },
  imports: [],
  callEdits: [],
  readBound: (pattern) =>
    pattern.type === 'Identifier' ? { edits: [], isNone: `${pattern.name}.changes === 0` } : undefined,
};

/** `db.prepare(text).run(…values)` in one expression. */
function readRun(call: TSESTree.Expression, { source }: CallContext): SqlCall | undefined {
  if (
    call.type !== 'CallExpression' ||
    call.callee.type !== 'MemberExpression' ||
    call.callee.property.type !== 'Identifier' ||
    call.callee.property.name !== 'run'
  )
    return undefined;
  const prepare = call.callee.object;
  if (prepare.type !== 'CallExpression') return undefined;
  const literal = readSqlLiteral(prepare.arguments[0], source);
  if (literal === undefined) return undefined;
  const last = call.arguments.at(-1);
  const values =
    call.arguments[0]?.type === 'ArrayExpression'
      ? readValueList(call.arguments[0])
      : last === undefined
        ? undefined
        : { elements: call.arguments, end: last.range[1] };
  return readParameters(source, literal, values, 'sqlite');
}
