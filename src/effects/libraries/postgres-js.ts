import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { IsolationLevel } from '../../model/engine.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue, Value } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { spellChain } from '../spell-chain.ts';
import { listParameters, recognizeSqlText, type SqlCall } from '../sql/recognize-sql-text.ts';
import { composeSqlText } from '../sql/compose-sql-text.ts';
import { composePostgresJs } from './postgres-js-fragments.ts';

const constructions = new Set(['default()', '*.default()', '*()']);

/** Declared types; `default.` where the namespace of the default import is used (`postgres.Sql`). */
const types: Readonly<Record<string, Client['role']>> = {
  Sql: 'pool',
  ISql: 'pool',
  TransactionSql: 'transaction',
  ReservedSql: 'connection',
};

/** Members that touch no data. */
const nothing = new Set([
  'end',
  'close',
  'release',
  'listen',
  'notify',
  'subscribe',
  'options',
  'parameters',
  'CLOSE',
  'END',
  'PostgresError',
]);

/** Values with a type: the first argument counts. */
const typedValues = new Set(['array', 'json', 'typed']);

/** Members of a query that only shape its answer, or send it. */
const queryMembers: Readonly<Record<string, 'rows' | 'none'>> = {
  execute: 'rows',
  simple: 'rows',
  values: 'none',
  raw: 'none',
};

/**
 * postgres.js. A query is sent when it is awaited; without await a tagged template is a fragment of another one.
 */
export const postgresJsAdapter: LibraryAdapter = {
  name: 'postgres-js',
  documentation: ['https://github.com/porsager/postgres#readme'],
  checkedAgainst: { postgres: '3.4.7' },
  handlesImport: (specifier) => specifier === 'postgres',
  identify: identifyPostgresJs,
  recognize: recognizePostgresJs,
};

function identifyPostgresJs(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || root.package !== 'postgres') return undefined;
  const spelling = spellChain(chain);
  if (root.kind === 'typed') {
    const role = types[spelling.replace(/^(default|\*)\./, '')];
    return role === undefined ? undefined : makeClient(role, role === 'pool' ? 'pool' : `declared ${role}`);
  }
  return constructions.has(spelling) ? makeClient('pool', 'pool') : undefined;
}

function makeClient(role: Client['role'], connection: string): Client {
  return { library: 'postgres-js', role, connection, engine: 'postgresql' };
}

function recognizePostgresJs(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a PostgreSQL client' };
  const { client } = chain.root;
  const [step, ...more] = chain.steps;
  if (step === undefined) return { kind: 'pending' };
  const call: SqlCall = {
    client,
    engine: 'postgresql',
    sent: 'on await',
    wrap: wrapAnswer,
    newConnection: context.newConnection,
  };
  if (step.template !== undefined || step.name === 'unsafe') return recognizeQuery(step, more, call, context);
  if (step.args === undefined) return { kind: 'pending' };
  // sql(columns), sql(rows): a fragment, for composePostgresJs to read where it stands.
  if (step.name === '()') return { kind: 'pending' };
  if (typedValues.has(step.name))
    return { kind: 'value', value: step.args[0] ?? { kind: 'unknown', reason: 'no argument' } };
  if (step.name === 'types' || step.name === 'typed')
    return { kind: 'value', value: more.at(-1)?.args?.[0] ?? { kind: 'unknown', reason: 'a typed value' } };
  return recognizeMember(step, client, context);
}

function recognizeMember(step: ChainStep, client: Client, context: RecognizeContext): Recognition {
  const args = step.args ?? [];
  switch (step.name) {
    case 'begin':
    case 'savepoint': {
      const callback = args.at(-1);
      if (callback === undefined) return { kind: 'unsupported', reason: 'a transaction without a callback' };
      const options = args.length > 1 && step.name === 'begin' ? args[0] : undefined;
      const isolation = readIsolation(options);
      if (isolation === 'computed') return { kind: 'unsupported', reason: 'transaction options are computed' };
      // A savepoint is inside the transaction of its handle.
      const connection = step.name === 'savepoint' ? client.connection : context.newConnection();
      return {
        kind: 'transaction',
        callback,
        handle: makeClient('transaction', connection),
        handleAt: 0,
        label: `sql.${step.name}`,
        ...(isolation && { isolation }),
      };
    }
    case 'reserve':
      return { kind: 'client', client: makeClient('connection', context.newConnection()) };
    default:
      return nothing.has(step.name)
        ? { kind: 'nothing' }
        : { kind: 'unsupported', reason: 'unknown member of postgres', detail: step.name };
  }
}

function recognizeQuery(
  step: ChainStep,
  more: readonly ChainStep[],
  call: SqlCall,
  context: RecognizeContext,
): Recognition {
  for (const member of more) {
    if (queryMembers[member.name] === undefined)
      return { kind: 'unsupported', reason: 'unknown member of a query', detail: member.name };
  }
  const sent = more.some(({ name }) => name === 'execute') ? 'on call' : 'on await';
  if (sent === 'on await' && !context.awaited) return { kind: 'pending' };
  const shaped = more.some(({ name }) => queryMembers[name] === 'none');
  const wrap = shaped
    ? (): AnswerShape => ({ kind: 'object', fields: { count: { kind: 'count' }, length: { kind: 'count' } } })
    : call.wrap;
  if (step.template === undefined) {
    const composed = composeSqlText(step.args?.[0] ?? { kind: 'unknown', reason: 'no text' });
    if (composed === undefined) return { kind: 'unsupported', reason: 'SQL text is computed' };
    return recognizeSqlText({ ...composed, values: listParameters(step.args?.[1]) }, { ...call, sent, wrap });
  }
  const composed = composePostgresJs(step.template);
  if (composed === undefined) return { kind: 'unsupported', reason: 'SQL text is computed' };
  return recognizeSqlText(composed, { ...call, sent, wrap });
}

/** The first argument of `begin` is text after BEGIN: `isolation level serializable`, `read write`. */
function readIsolation(options: Value | undefined): IsolationLevel | 'computed' | undefined {
  if (options === undefined) return undefined;
  if (options.kind !== 'constant' || typeof options.value !== 'string') return 'computed';
  const level = /isolation\s+level\s+(serializable|repeatable\s+read|read\s+(?:un)?committed)/i.exec(
    options.value,
  )?.[1];
  if (level === undefined) return undefined;
  const name = level.toLowerCase().replace(/\s+/g, ' ');
  return name === 'serializable' || name === 'repeatable read' ? name : 'read committed';
}

/** The answer is an array of rows with `count`; a write without RETURNING has no rows, only the count. */
function wrapAnswer(answer: AnswerShape): AnswerShape {
  return answer.kind === 'count' ? { kind: 'object', fields: { count: { kind: 'count' } } } : answer;
}
