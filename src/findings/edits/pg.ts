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
import { findProperty, nameOfProperty, pickName } from './syntax-nodes.ts';

const pinned: PinnedConnection = {
  names: ['client', 'connection'],
  open: (receiver) => `${receiver}.connect()`,
  begin: (name) => `${name}.query('BEGIN')`,
  commit: (name) => `${name}.query('COMMIT')`,
  rollback: (name) => `${name}.query('ROLLBACK')`,
  release: (name) => `${name}.release()`,
  statements: ['query'],
};

/** pg's forms: SQL with its condition, `rowCount`, SQLSTATE 23505, BEGIN … COMMIT on a client of its own. */
export const pgEdits: LibraryEdits = {
  name: 'pg',
  readUpdate: (call, context) => {
    const sql = readQuery(call, context);
    return sql && readSqlUpdate(sql, readAnswers(context));
  },
  readInsert: (call, context) => {
    const sql = readQuery(call, context);
    return (
      sql &&
      readSqlInsert(sql, readAnswers(context), (error) => ({
        test: `${error} instanceof Error && 'code' in ${error} && ${error}.code === '23505'`,
        imports: [],
      }))
    );
  },
  countDeleted: (call, context) => {
    const sql = readQuery(call, context);
    return sql && countSqlDeleted(sql, readAnswers(context));
  },
  lockRead: (call, context) => {
    const sql = readQuery(call, context);
    return sql && lockSqlSelect(sql);
  },
  pinned,
  joinInTransaction: (parts) => (parts.client.role === 'pool' ? printPinnedTransaction(parts, pinned) : undefined),
};

const readAnswers = ({ source, around }: CallContext): SqlAnswers => ({
  count: {
    names: ['rowCount', 'changedRows'],
    declare: (name) => (name === 'rowCount' ? '{ rowCount }' : `{ rowCount: ${name} }`),
    isNone: (name) => `${name} === 0`,
    isSome: (name) => `${name} !== 0`,
  },
  imports: [],
  callEdits: [],
  readBound: (pattern) => {
    if (pattern.type === 'Identifier') return { edits: [], isNone: `${pattern.name}.rowCount === 0` };
    if (pattern.type !== 'ObjectPattern') return undefined;
    const bound = pattern.properties.find((property) => nameOfProperty(property) === 'rowCount');
    if (bound?.type === 'Property')
      return bound.value.type === 'Identifier' ? { edits: [], isNone: `${bound.value.name} === 0` } : undefined;
    const last = pattern.properties.at(-1);
    const name = pickName(source, around, ['rowCount', 'changedRows']);
    const text = name === 'rowCount' ? ', rowCount' : `, rowCount: ${name}`;
    return last === undefined
      ? undefined
      : { edits: [{ range: [last.range[1], last.range[1]], text }], isNone: `${name} === 0` };
  },
});

/** `query(text, values)` or `query({ text, values })`. */
function readQuery(call: TSESTree.Expression, { source }: CallContext): SqlCall | undefined {
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return undefined;
  const [first, second] = call.arguments;
  const isObject = first?.type === 'ObjectExpression';
  const literal = readSqlLiteral(isObject ? findProperty(first, 'text')?.value : first, source);
  const values = isObject ? (findProperty(first, 'values')?.value ?? second) : second;
  return literal === undefined ? undefined : readParameters(source, literal, readValueList(values), 'postgresql');
}
