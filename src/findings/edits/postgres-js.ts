import type { TSESTree } from '@typescript-eslint/utils';
import type { CallContext, LibraryEdits } from './library-edits.ts';
import { printCallbackTransaction } from './print-callback-transaction.ts';
import { readSqlInsert, readSqlUpdate } from './sql-call.ts';
import type { SqlAnswers, SqlCall } from './sql-call.ts';
import { textOf } from './source-text.ts';
import type { SourceText } from './source-text.ts';

/** postgres.js's forms: conditions inside the template, `count`, SQLSTATE 23505, `sql.begin`. */
export const postgresJsEdits: LibraryEdits = {
  name: 'postgres-js',
  readUpdate: (call, context) => {
    const sql = readTemplate(call, context);
    return sql && readSqlUpdate(sql, answers);
  },
  readInsert: (call, context) => {
    const sql = readTemplate(call, context);
    return (
      sql &&
      readSqlInsert(sql, answers, (error) => ({
        test: `${error} instanceof Error && 'code' in ${error} && ${error}.code === '23505'`,
        imports: [],
      }))
    );
  },
  joinInTransaction: (parts) => (parts.client.role === 'pool' ? printCallbackTransaction(parts, 'begin') : undefined),
};

const answers: SqlAnswers = {
  count: {
    names: ['result', 'written'],
    declare: (name) => name,
    isNone: (name) => `${name}.count === 0`,
    isSome: (name) => `${name}.count > 0`,
  },
  imports: [],
  callEdits: [],
  readBound: (pattern, isReturning) => {
    if (pattern.type === 'Identifier') return { edits: [], isNone: `${pattern.name}.count === 0` };
    const [first] = pattern.type === 'ArrayPattern' ? pattern.elements : [];
    return first?.type === 'Identifier' && isReturning ? { edits: [], isNone: `!${first.name}` } : undefined;
  },
};

/** A tagged template whose interpolations are all parameters. */
function readTemplate(call: TSESTree.Expression, { source }: CallContext): SqlCall | undefined {
  if (call.type !== 'TaggedTemplateExpression') return undefined;
  const { quasi } = call;
  const base = quasi.range[0] + 1;
  const text = textOf(source, quasi).slice(1, -1);
  if (quasi.quasis.some((part) => part.value.raw.includes('\\'))) return undefined;
  const holes = quasi.expressions.map((expression) => {
    const start = source.text.lastIndexOf('${', expression.range[0]) - base;
    return { start, end: findHoleEnd(source, expression, base), expression };
  });
  // fragments and helpers are calls or templates: what they become is not in this text
  if (
    holes.some(
      ({ expression }) => expression.type === 'TaggedTemplateExpression' || expression.type === 'CallExpression',
    )
  )
    return undefined;
  return {
    source,
    text,
    base,
    holes,
    quote: '`',
    dialect: 'postgresql',
    valueOf: (token) => holes.find(({ start }) => start === token.start)?.expression,
    replaceValue: (token, before, value) => [
      { range: [base + token.start, base + token.end], text: `${before}\${${value}}` },
    ],
    startAdding: () => ({ add: (value) => `\${${value}}`, finish: () => [] }),
  };
}

function findHoleEnd(source: SourceText, expression: TSESTree.Node, base: number): number {
  return source.text.indexOf('}', expression.range[1]) + 1 - base;
}
