import type { TSESTree } from '@typescript-eslint/utils';
import type { CallContext, LibraryEdits, PinnedConnection } from './library-edits.ts';
import { printPinnedTransaction } from './print-pinned-transaction.ts';
import {
  countSqlDeleted,
  lockSqlSelect,
  readParameters,
  readSqlInsert,
  readSqlLiteral,
  readSqlUpdate,
  readValueList,
} from './sql-call.ts';
import type { SqlAnswers, SqlCall } from './sql-call.ts';

const pinned: PinnedConnection = {
  names: ['connection', 'transaction'],
  open: (receiver) => `${receiver}.getConnection()`,
  begin: (name) => `${name}.beginTransaction()`,
  commit: (name) => `${name}.commit()`,
  rollback: (name) => `${name}.rollback()`,
  release: (name) => `${name}.release()`,
  statements: ['query', 'execute'],
};

/** mysql2's forms: SQL with its condition, `affectedRows` (rows matched), errno 1062, a transaction on one connection. */
export const mysql2Edits: LibraryEdits = {
  name: 'mysql2',
  readUpdate: (call, context) => {
    const sql = readQuery(call, context);
    return sql && readSqlUpdate(sql, readAnswers(call, context));
  },
  readInsert: (call, context) => {
    const sql = readQuery(call, context);
    return (
      sql &&
      readSqlInsert(sql, readAnswers(call, context), (error) => ({
        test: `${error} instanceof Error && 'errno' in ${error} && ${error}.errno === 1062`,
        imports: [],
      }))
    );
  },
  countDeleted: (call, context) => {
    const sql = readQuery(call, context);
    return sql && countSqlDeleted(sql, readAnswers(call, context));
  },
  lockRead: (call, context) => {
    const sql = readQuery(call, context);
    return sql && lockSqlSelect(sql);
  },
  pinned,
  joinInTransaction: (parts) => (parts.client.role === 'pool' ? printPinnedTransaction(parts, pinned) : undefined),
};

/** The answer's type has no `affectedRows` unless the call says that it is a write. */
function readAnswers(call: TSESTree.Expression, { source }: CallContext): SqlAnswers {
  const isTyped =
    /\.[cm]?tsx?$/.test(source.path) && call.type === 'CallExpression' && call.typeArguments === undefined;
  const at = call.type === 'CallExpression' ? call.callee.range[1] : call.range[0];
  return {
    count: {
      names: ['result', 'written'],
      declare: (name) => `[${name}]`,
      isNone: (name) => `${name}.affectedRows === 0`,
      isSome: (name) => `${name}.affectedRows > 0`,
    },
    imports: isTyped
      ? [
          {
            name: 'ResultSetHeader',
            package: 'mysql2/promise',
            accepts: (specifier) => specifier.startsWith('mysql2'),
            isType: true,
          },
        ]
      : [],
    callEdits: isTyped ? [{ range: [at, at], text: '<ResultSetHeader>' }] : [],
    readBound: (pattern) => {
      const [first] = pattern.type === 'ArrayPattern' ? pattern.elements : [];
      return first?.type === 'Identifier' ? { edits: [], isNone: `${first.name}.affectedRows === 0` } : undefined;
    },
  };
}

function readQuery(call: TSESTree.Expression, { source }: CallContext): SqlCall | undefined {
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return undefined;
  const literal = readSqlLiteral(call.arguments[0], source);
  return literal === undefined ? undefined : readParameters(source, literal, readValueList(call.arguments[1]), 'mysql');
}
