import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { findEntry } from '../find-entry.ts';
import { spellChain } from '../spell-chain.ts';
import { recognizeSqlArguments, recognizeSqlText, type SqlCall } from '../sql/recognize-sql-text.ts';

const packages = new Set(['pg', 'pg-pool', '@neondatabase/serverless', '@vercel/postgres']);

/** Constructions, spelled by `spellChain`, after the import's own prefix (`default.`, `*.`, `native.`). */
const constructions: Readonly<Record<string, Client['role']>> = {
  'Pool.new()': 'pool',
  'BoundPool.new()': 'pool',
  'Client.new()': 'connection',
  // pg-pool's default export is the class.
  'new()': 'pool',
  // @vercel/postgres
  'createPool()': 'pool',
  'createClient()': 'connection',
  sql: 'pool',
  db: 'pool',
};

/** Declared types. */
const types: Readonly<Record<string, Client['role']>> = {
  Pool: 'pool',
  PoolClient: 'connection',
  Client: 'connection',
  ClientBase: 'connection',
  VercelPool: 'pool',
  VercelClient: 'connection',
  VercelPoolClient: 'connection',
};

/** Members that touch no data. */
const nothing = new Set([
  'release',
  'end',
  'on',
  'once',
  'off',
  'removeListener',
  'removeAllListeners',
  'addListener',
  'emit',
  'setTypeParser',
  'getTypeParser',
  'escapeIdentifier',
  'escapeLiteral',
  'totalCount',
  'idleCount',
  'waitingCount',
  'setMaxListeners',
  'ref',
  'unref',
  'ending',
  'ended',
  'options',
  'processID',
]);

/** Names of a step with a template: the client itself as a tag, or its member `sql`. */
const tags = new Set(['()', '``', 'sql']);

const reasonForCallback = 'query with a callback instead of a promise';

/**
 * pg, and packages with its interface. A statement goes out at the call; `pool.query` takes any connection, so that
 * BEGIN through a pool begins a transaction on a connection that the next call need not get.
 */
export const pgAdapter: LibraryAdapter = {
  name: 'pg',
  documentation: [
    'https://node-postgres.com/apis/pool',
    'https://node-postgres.com/apis/client',
    'https://node-postgres.com/features/transactions',
    'https://neon.com/docs/serverless/serverless-driver',
    'https://vercel.com/docs/storage/vercel-postgres/sdk',
  ],
  checkedAgainst: { pg: '8.23.1', '@neondatabase/serverless': '1.0.0', '@vercel/postgres': '0.10.0' },
  handlesImport: (specifier) => packages.has(specifier),
  identify: identifyPg,
  recognize: recognizePg,
};

function identifyPg(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || !packages.has(root.package)) return undefined;
  const spelling = spellChain(chain)
    .replace(/^(default|\*)\./, '')
    .replace(/^native\./, '');
  if (root.kind === 'typed') {
    const role = types[spelling];
    return role === undefined ? undefined : makeClient(role, role === 'pool' ? 'pool' : 'declared connection');
  }
  if (spelling === 'new()' && root.package !== 'pg-pool') return undefined;
  if ((spelling === 'sql' || spelling === 'db') && root.package !== '@vercel/postgres') return undefined;
  const role = constructions[spelling];
  return role === undefined ? undefined : makeClient(role, role === 'pool' ? 'pool' : 'single connection');
}

function makeClient(role: Client['role'], connection: string): Client {
  const shared = connection === 'pool' ? 'pool' : connection === 'single connection' ? 'connection' : undefined;
  return { library: 'pg', role, connection, engine: 'postgresql', ...(shared === undefined ? {} : { shared }) };
}

function recognizePg(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a PostgreSQL client' };
  const { client } = chain.root;
  const [step, ...more] = chain.steps;
  if (step === undefined || (step.args === undefined && step.template === undefined)) return { kind: 'pending' };
  if (more.length > 0)
    return {
      kind: 'unsupported',
      reason: 'unknown member of the answer',
      detail: more.map(({ name }) => name).join('.'),
    };
  const call: SqlCall = {
    client,
    engine: 'postgresql',
    sent: 'on call',
    wrap: wrapAnswer,
    newConnection: context.newConnection,
  };
  if (step.template !== undefined) return recognizeTemplate(step, call);
  switch (step.name) {
    case 'query':
      return recognizeQuery(step, call);
    case 'connect':
      if (step.args?.at(-1)?.kind === 'function')
        return { kind: 'unsupported', reason: 'connect with a callback instead of a promise' };
      return client.role === 'pool'
        ? { kind: 'client', client: makeClient('connection', context.newConnection()) }
        : { kind: 'nothing' };
    default:
      return nothing.has(step.name)
        ? { kind: 'nothing' }
        : { kind: 'unsupported', reason: 'unknown member of pg', detail: step.name };
  }
}

/** `query(text, values)`, `query({ text, values })`. */
function recognizeQuery(step: ChainStep, call: SqlCall): Recognition {
  const [first, second] = step.args ?? [];
  if (step.args?.at(-1)?.kind === 'function') return { kind: 'unsupported', reason: reasonForCallback };
  if (first?.kind !== 'object') return recognizeSqlArguments(first, second, call);
  const arrays = findEntry(first, 'rowMode') !== undefined;
  // With rowMode 'array' the cells have numbers, not the columns' names.
  const wrap = arrays ? (): AnswerShape => ({ kind: 'object', fields: { rowCount: { kind: 'count' } } }) : call.wrap;
  return recognizeSqlArguments(findEntry(first, 'text'), findEntry(first, 'values') ?? second, { ...call, wrap });
}

/** `` sql`…` `` of @vercel/postgres, also on a connected client: every interpolation is a parameter. */
function recognizeTemplate(step: ChainStep, call: SqlCall): Recognition {
  const template = step.template;
  if (template === undefined || !tags.has(step.name))
    return { kind: 'unsupported', reason: 'unknown member of pg', detail: step.name };
  const text = template.quasis.map((quasi, index) => (index === 0 ? quasi : `$${index}${quasi}`)).join('');
  return recognizeSqlText({ text, values: template.values }, call);
}

function wrapAnswer(answer: AnswerShape): AnswerShape {
  // A write without RETURNING has no rows.
  const rows: AnswerShape = answer.kind === 'rows' ? { kind: 'rows' } : { kind: 'none' };
  return { kind: 'object', fields: { rows, rowCount: { kind: 'count' } } };
}
