import type { Client } from '../../model/client.ts';
import type { ChainValue } from '../../model/value.ts';
import type { LibraryAdapter } from '../adapter.ts';
import { spellChain } from '../spell-chain.ts';
import { makeRedisClient, recognizeRedis } from './redis-commands-recognition.ts';
import type { RedisDialect } from './redis-commands-recognition.ts';

const packages: ReadonlySet<string> = new Set(['redis', '@redis/client']);

const factories: readonly string[] = ['createClient', 'createCluster', 'createClientPool', 'createSentinel'];

/** Named, default and namespace imports of each factory, spelled by `spellChain`. */
const constructions: ReadonlySet<string> = new Set(
  factories.flatMap((name) => [`${name}()`, `default.${name}()`, `*.${name}()`, `*.default.${name}()`]),
);

const typeNames: readonly string[] = [
  'RedisClientType',
  'RedisClusterType',
  'RedisClientPoolType',
  'RedisSentinelType',
];

const clientTypes: ReadonlySet<string> = new Set(typeNames.flatMap((name) => [name, `default.${name}`, `*.${name}`]));

const multiTypes: ReadonlySet<string> = new Set(['RedisClientMultiCommandType', 'RedisMultiCommandType']);

const dialect: RedisDialect = {
  library: 'node-redis',
  style: { options: 'object', scripts: 'object', missingHash: 'never', hashFields: 'tuple' },
  members: {
    multi: 'multi',
    exec: 'exec',
    exectyped: 'exec',
    execaspipeline: 'exec pipeline',
    execaspipelinetyped: 'exec pipeline',
    discard: 'discard',
    addcommand: 'wire list',
    sendcommand: 'wire list',
    duplicate: 'new connection',
    connect: 'same client',
    on: 'same client',
    once: 'same client',
    off: 'same client',
    addlistener: 'same client',
    removelistener: 'same client',
    withcommandoptions: 'same client',
    withtypemapping: 'same client',
    withabortsignal: 'same client',
    asap: 'same client',
    watch: 'watch',
    unwatch: 'unwatch',
    close: 'nothing',
    destroy: 'nothing',
    disconnect: 'nothing',
    ref: 'nothing',
    unref: 'nothing',
    emit: 'nothing',
    scaniterator: 'nothing',
    hscaniterator: 'nothing',
    sscaniterator: 'nothing',
    zscaniterator: 'nothing',
    monitor: 'nothing',
  },
  unsupported: {
    executeisolated: 'commands on a connection of their own are not followed',
    execute: 'commands on a connection of their own are not followed',
    use: 'commands on a connection of their own are not followed',
    legacy: 'the callback interface of node-redis is not modelled',
  },
  // https://github.com/redis/node-redis/blob/master/docs/transactions.md: a list; a failed command makes exec throw.
  answerExec: (answers) => ({ kind: 'tuple', items: answers }),
};

/** node-redis 4, 5 and 6: commands are sent at the call, names in camel or upper case. */
export const nodeRedisAdapter: LibraryAdapter = {
  name: 'node-redis',
  documentation: [
    'https://github.com/redis/node-redis/blob/master/README.md',
    'https://github.com/redis/node-redis/blob/master/docs/transactions.md',
    'https://redis.io/docs/latest/commands/',
  ],
  checkedAgainst: { redis: '6.3.1' },
  handlesImport: (specifier) => packages.has(specifier),
  identify: identifyNodeRedis,
  recognize: (chain, context) => recognizeRedis(chain, context, dialect),
};

function identifyNodeRedis(chain: ChainValue): Client | undefined {
  if (chain.root.kind === 'client' || !packages.has(chain.root.package)) return undefined;
  const spelling = spellChain(chain);
  if (chain.root.kind === 'typed') {
    if (clientTypes.has(spelling)) return makeRedisClient('node-redis', 'root');
    // Unlike ioredis, the type is that of MULTI; how it is sent is decided by the name of the exec method.
    return multiTypes.has(spelling) ? { ...makeRedisClient('node-redis', 'queue'), role: 'multi' } : undefined;
  }
  return constructions.has(spelling) ? makeRedisClient('node-redis', 'root', chain.steps.at(-1)?.args?.[0]) : undefined;
}
