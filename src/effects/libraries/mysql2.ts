import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { EffectAction } from '../../model/effect.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { databaseStore } from '../database-store.ts';
import { findConstantEntry, findEntry } from '../find-entry.ts';
import { spellChain } from '../spell-chain.ts';
import { recognizeSqlArguments } from '../sql/recognize-sql-text.ts';

const packages = new Set(['mysql2', 'mysql2/promise']);

/** Factories, spelled by `spellChain` after the import's own prefix. `mysql2` itself gives clients with callbacks. */
const constructions: Readonly<Record<string, Client['role']>> = {
  'createPool()': 'pool',
  'createConnection()': 'connection',
  'createPoolCluster()': 'cluster',
};

const types: Readonly<Record<string, Client['role']>> = {
  Pool: 'pool',
  PoolConnection: 'connection',
  Connection: 'connection',
  PoolCluster: 'cluster',
  PoolNamespace: 'pool',
};

/** Members that touch no data. */
const nothing = new Set([
  'release',
  'end',
  'destroy',
  'ping',
  'connect',
  'on',
  'once',
  'off',
  'emit',
  'addListener',
  'removeListener',
  'escape',
  'escapeId',
  'format',
  'changeUser',
  'pause',
  'resume',
  'releaseConnection',
  'add',
  'remove',
  'reset',
  'unprepare',
  'setMaxListeners',
  'removeAllListeners',
]);

const transactionMembers: Readonly<Record<string, 'begin' | 'commit' | 'rollback'>> = {
  beginTransaction: 'begin',
  commit: 'commit',
  rollback: 'rollback',
};

/**
 * mysql2 with promises. Statements go out at the call. `BEGIN` through a pool reaches any connection, as with pg. The
 * callback interface (`mysql2` without `/promise` and without `.promise()`) is not modelled.
 */
export const mysql2Adapter: LibraryAdapter = {
  name: 'mysql2',
  documentation: [
    'https://sidorares.github.io/node-mysql2/docs',
    'https://sidorares.github.io/node-mysql2/docs/documentation/promise-wrapper',
    'https://github.com/mysqljs/sqlstring#readme',
  ],
  checkedAgainst: { mysql2: '3.24.6' },
  handlesImport: (specifier) => packages.has(specifier),
  identify: identifyMysql2,
  recognize: recognizeMysql2,
};

function identifyMysql2(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || !packages.has(root.package)) return undefined;
  const spelling = spellChain(chain).replace(/^(default|\*)\./, '');
  const callbacks = root.package === 'mysql2';
  const role = (root.kind === 'typed' ? types : constructions)[spelling];
  if (role === undefined) return undefined;
  const connection =
    role !== 'connection' ? 'pool' : root.kind === 'typed' ? 'declared connection' : 'single connection';
  return makeClient(callbacks ? `${role} with callbacks` : role, connection);
}

function makeClient(role: Client['role'], connection: string): Client {
  const shared = connection === 'pool' ? 'pool' : connection === 'single connection' ? 'connection' : undefined;
  return { library: 'mysql2', role, connection, engine: 'innodb', ...(shared === undefined ? {} : { shared }) };
}

function recognizeMysql2(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a MySQL client' };
  const { client } = chain.root;
  const [step, ...more] = chain.steps;
  if (step?.args === undefined) return { kind: 'pending' };
  if (more.length > 0)
    return {
      kind: 'unsupported',
      reason: 'unknown member of the answer',
      detail: more.map(({ name }) => name).join('.'),
    };
  if (step.name === 'promise')
    return { kind: 'client', client: { ...client, role: client.role.replace(' with callbacks', '') } };
  if (nothing.has(step.name)) return { kind: 'nothing' };
  if (client.role.endsWith('with callbacks') || step.args.at(-1)?.kind === 'function') {
    return { kind: 'unsupported', reason: 'callbacks instead of promises', detail: step.name };
  }
  const control = transactionMembers[step.name];
  if (control !== undefined) return recognizeControl(control, step.name);
  switch (step.name) {
    case 'query':
    case 'execute':
      return recognizeQuery(step, client, context);
    case 'getConnection':
      return { kind: 'client', client: makeClient('connection', context.newConnection()) };
    case 'of':
      return client.role === 'cluster' ? { kind: 'client', client: makeClient('pool', 'pool') } : unknownMember(step);
    default:
      return unknownMember(step);
  }
}

function unknownMember(step: ChainStep): Recognition {
  return { kind: 'unsupported', reason: 'unknown member of mysql2', detail: step.name };
}

function recognizeControl(kind: 'begin' | 'commit' | 'rollback', label: string): Recognition {
  const action: EffectAction = { kind, resource: { kind: 'table', store: databaseStore, name: '' } };
  return {
    kind: 'effects',
    sent: 'on call',
    effects: [{ action, answer: { kind: 'none' }, label }],
    answer: { kind: 'none' },
  };
}

/** `query(sql, values)`, `query({ sql, values })`. */
function recognizeQuery(step: ChainStep, client: Client, context: RecognizeContext): Recognition {
  const [first, second] = step.args ?? [];
  const options = first?.kind === 'object' ? first : undefined;
  const arrays = findConstantEntry(options, 'rowsAsArray') === true || findEntry(options, 'nestTables') !== undefined;
  return recognizeSqlArguments(
    options === undefined ? first : findEntry(options, 'sql'),
    findEntry(options, 'values') ?? second,
    {
      client,
      engine: 'innodb',
      sent: 'on call',
      wrap: (answer) => wrapAnswer(answer, arrays),
      newConnection: context.newConnection,
    },
  );
}

/** `[rows, fields]` of a query, `[ResultSetHeader, undefined]` of a write. */
function wrapAnswer(answer: AnswerShape, arrays: boolean): AnswerShape {
  const header: AnswerShape = {
    kind: 'object',
    fields: {
      affectedRows: { kind: 'count' },
      changedRows: { kind: 'count' },
      insertId: { kind: 'scalar', absent: 'never' },
    },
  };
  const first: AnswerShape = answer.kind === 'count' ? header : arrays ? { kind: 'none' } : answer;
  return { kind: 'tuple', items: [first, { kind: 'none' }] };
}
