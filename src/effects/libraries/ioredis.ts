import type { ChainStep, ChainValue, Value } from '../../model/value.ts';
import type { Client } from '../../model/client.ts';
import type { LibraryAdapter } from '../adapter.ts';
import { findEntry } from '../find-entry.ts';
import { spellChain } from '../spell-chain.ts';
import { flattenArguments } from './redis-commands-arguments.ts';
import type { LoweredCommand } from './redis-commands-call.ts';
import { lowerScriptCall, makeRedisClient, recognizeRedis } from './redis-commands-recognition.ts';
import type { RedisDialect } from './redis-commands-recognition.ts';

/** iovalkey is a fork with the same interface (https://github.com/valkey-io/iovalkey, 0.3). */
const packages: ReadonlySet<string> = new Set(['ioredis', 'iovalkey']);

/** Constructions of a client, spelled by `spellChain`. */
const constructions: ReadonlySet<string> = new Set([
  'default.new()',
  'Redis.new()',
  'Cluster.new()',
  '*.new()',
  '*.default.new()',
  '*.Redis.new()',
  '*.Cluster.new()',
  'default.Cluster.new()',
  'default.Redis.new()',
  'default.default.new()',
  'Redis.Cluster.new()',
  'default.createClient()',
  'Redis.createClient()',
]);

const clientTypes: ReadonlySet<string> = new Set([
  'default',
  'Redis',
  'Cluster',
  'default.Redis',
  'default.Cluster',
  '*.Redis',
  '*.default',
  '*.Cluster',
  'RedisCommander',
]);

/** Both `multi()` and `pipeline()` are declared to give this type. */
const queueTypes: ReadonlySet<string> = new Set([
  'ChainableCommander',
  'Pipeline',
  'default.ChainableCommander',
  '*.ChainableCommander',
]);

const dialect: RedisDialect = {
  library: 'ioredis',
  style: { options: 'positional', scripts: 'counted', missingHash: 'never', hashFields: 'tuple' },
  members: {
    multi: 'multi',
    pipeline: 'pipeline',
    exec: 'exec',
    execbuffer: 'exec',
    discard: 'discard',
    duplicate: 'new connection',
    connect: 'same client',
    on: 'same client',
    once: 'same client',
    off: 'same client',
    addlistener: 'same client',
    removelistener: 'same client',
    removealllisteners: 'same client',
    setmaxlisteners: 'same client',
    watch: 'watch',
    unwatch: 'unwatch',
    call: 'wire',
    disconnect: 'nothing',
    definecommand: 'nothing',
    emit: 'nothing',
    scanstream: 'nothing',
    hscanstream: 'nothing',
    sscanstream: 'nothing',
    zscanstream: 'nothing',
    monitor: 'nothing',
  },
  unsupported: { nodes: 'nodes of a cluster are not followed', sendcommand: 'Redis command is computed' },
  suffix: 'Buffer',
  // https://github.com/redis/ioredis#transaction: each result is [error, value], errors are inside.
  answerExec: (answers) => ({
    kind: 'tuple',
    items: answers.map((answer) => ({ kind: 'tuple', items: [{ kind: 'error' }, answer] })),
  }),
  lowerOther: lowerDefinedScript,
};

/** ioredis 5 and 6: commands are sent at the call. */
export const ioredisAdapter: LibraryAdapter = {
  name: 'ioredis',
  documentation: [
    'https://github.com/redis/ioredis',
    'https://redis.github.io/ioredis/',
    'https://redis.io/docs/latest/commands/',
  ],
  checkedAgainst: { ioredis: '6.0.0' },
  handlesImport: (specifier) => packages.has(specifier.split('/')[0] ?? specifier),
  identify: identifyIoredis,
  recognize: (chain, context) => recognizeRedis(chain, context, dialect),
};

function identifyIoredis(chain: ChainValue): Client | undefined {
  if (chain.root.kind === 'client' || !packages.has(chain.root.package)) return undefined;
  const spelling = spellChain(chain);
  if (chain.root.kind === 'typed') {
    if (clientTypes.has(spelling)) return makeRedisClient('ioredis', 'root');
    return queueTypes.has(spelling) ? makeRedisClient('ioredis', 'queue') : undefined;
  }
  if (!constructions.has(spelling)) return undefined;
  // new Redis(url, options), new Redis(port, host, options), new Redis(options): the options are the last object.
  const options = chain.steps.at(-1)?.args?.findLast((arg) => arg.kind === 'object');
  return makeRedisClient('ioredis', 'root', options);
}

/** A command defined by `new Redis({ scripts: { name: { lua, numberOfKeys } } })`. */
function lowerDefinedScript(step: ChainStep, client: Client, store: string): LoweredCommand | undefined {
  const scripts = client.detail?.['scripts'];
  const script = scripts?.kind === 'object' ? findEntry(scripts, step.name) : undefined;
  if (script?.kind !== 'object') return undefined;
  const text: Value = findEntry(script, 'lua') ?? { kind: 'unknown', reason: "a script's text" };
  const numberOfKeys = findEntry(script, 'numberOfKeys');
  const args = flattenArguments(step.args ?? []).values;
  const keys = numberOfKeys?.kind === 'constant' ? Number(numberOfKeys.value) : 0;
  return lowerScriptCall(text, args.slice(0, keys), args.slice(keys), store);
}
