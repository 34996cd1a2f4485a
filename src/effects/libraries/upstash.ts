import type { Client } from '../../model/client.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainValue, Value } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { spellChain } from '../spell-chain.ts';
import { flattenArguments } from './redis-commands-arguments.ts';
import { lowerScriptCall, makeRedisClient, readStore, recognizeRedis } from './redis-commands-recognition.ts';
import type { RedisDialect } from './redis-commands-recognition.ts';

/** Constructions of a client, spelled by `spellChain`. Both packages use the same class. */
const constructions: ReadonlySet<string> = new Set([
  'Redis.new()',
  'Redis.fromEnv()',
  '*.Redis.new()',
  '*.Redis.fromEnv()',
  // @vercel/kv
  'kv',
  'default',
  '*.kv',
  'createClient()',
  '*.createClient()',
]);

const clientTypes: ReadonlySet<string> = new Set(['Redis', '*.Redis', 'VercelKV']);

const queueTypes: ReadonlySet<string> = new Set(['Pipeline', '*.Pipeline']);

const dialect: RedisDialect = {
  library: 'upstash',
  style: { options: 'object', scripts: 'arrays', missingHash: 'null', hashFields: 'object' },
  members: {
    multi: 'multi',
    pipeline: 'pipeline',
    exec: 'exec',
    use: 'nothing',
    addtelemetry: 'nothing',
  },
  unsupported: { createlock: 'the lock object of a client is not modelled' },
  // https://upstash.com/docs/redis/sdks/ts/pipelining/pipeline-transaction: a list of results; an error makes exec throw.
  answerExec: (answers) => ({ kind: 'tuple', items: answers }),
};

/**
 * @upstash/redis, and @vercel/kv on top of it: each call is one HTTP request, sent at the call. Values are JSON: what
 * `get` answers may be an object.
 */
export const upstashAdapter: LibraryAdapter = {
  name: 'upstash',
  documentation: [
    'https://upstash.com/docs/redis/sdks/ts/overview',
    'https://upstash.com/docs/redis/sdks/ts/pipelining/pipeline-transaction',
    'https://vercel.com/docs/redis',
  ],
  checkedAgainst: { '@upstash/redis': '1.39.0' },
  handlesImport: (specifier) => isUpstash(specifier) || specifier === '@vercel/kv',
  identify: identifyUpstash,
  recognize: recognizeUpstash,
};

/** With subpaths for the run-times: `@upstash/redis/cloudflare`. */
function isUpstash(specifier: string): boolean {
  return specifier === '@upstash/redis' || specifier.startsWith('@upstash/redis/');
}

function identifyUpstash(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || !upstashAdapter.handlesImport(root.package)) return undefined;
  const spelling = spellChain(chain);
  if (root.kind === 'typed') {
    if (clientTypes.has(spelling)) return makeRedisClient('upstash', 'root');
    return queueTypes.has(spelling) ? makeRedisClient('upstash', 'queue') : undefined;
  }
  // The default export is a client only in @vercel/kv.
  if (spelling === 'default' && isUpstash(root.package)) return undefined;
  return constructions.has(spelling) ? makeRedisClient('upstash', 'root') : undefined;
}

function recognizeUpstash(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a Redis client' };
  const { client } = chain.root;
  const [first, ...rest] = chain.steps;
  if (client.role === 'root' && first?.name === 'createScript' && first.args) {
    const text: Value = first.args[0] ?? { kind: 'unknown', reason: "a script's text" };
    const script: Client = { ...client, role: 'script', detail: { ...client.detail, text } };
    return rest.length === 0
      ? { kind: 'client', client: script }
      : recognizeUpstash({ ...chain, root: { kind: 'client', client: script }, steps: rest }, context);
  }
  return client.role === 'script' ? recognizeScript(chain, client) : recognizeRedis(chain, context, dialect);
}

/** `script.exec(keys, args)`, `script.eval(…)`, `script.evalsha(…)`. */
function recognizeScript(chain: ChainValue, client: Client): Recognition {
  const [step] = chain.steps;
  if (!step) return { kind: 'client', client };
  if (!step.args || !['exec', 'eval', 'evalsha'].includes(step.name))
    return { kind: 'unsupported', reason: 'member of a Redis script', detail: step.name };
  const [keys, args] = step.args;
  const list = (value: Value | undefined): readonly Value[] =>
    value?.kind === 'array' ? flattenArguments([value]).values : [];
  const text: Value = client.detail?.['text'] ?? { kind: 'unknown', reason: "a script's text" };
  const lowered = lowerScriptCall(text, list(keys), list(args), readStore(client));
  if (lowered.kind !== 'effect') return lowered;
  return { kind: 'effects', sent: 'on call', effects: [lowered.draft], answer: lowered.draft.answer };
}
