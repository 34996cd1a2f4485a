import { describe, expect, test } from 'vitest';
import { ioredisAdapter } from '../../../src/effects/libraries/ioredis.ts';
import type { Client } from '../../../src/model/client.ts';
import { mergeQueues } from '../../../src/model/merge-queues.ts';
import type { Value } from '../../../src/model/value.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

function rootOf(source: string) {
  return chainOf(source, { adapters: [ioredisAdapter] }).root;
}

describe('what is a client', () => {
  test.each([
    "import Redis from 'ioredis'; new Redis().get",
    "import IORedis from 'ioredis'; new IORedis(process.env.REDIS_URL).get",
    "import { Redis } from 'ioredis'; new Redis(6379, 'cache').get",
    "import { Cluster } from 'ioredis'; new Cluster([]).get",
    "import Redis from 'ioredis'; new Redis.Cluster([]).get",
    "import * as ioredis from 'ioredis'; new ioredis.Redis().get",
    "import type { Redis } from 'ioredis'; declare const cache: Redis; cache.get",
    "import type Redis from 'ioredis'; declare const cache: Redis; cache.get",
    "import Redis from 'ioredis'; new Redis().on('error', log).get",
    "import Redis from 'ioredis'; new Redis().duplicate().get",
  ])('%s', (source) => {
    expect(rootOf(source)).toMatchObject({
      kind: 'client',
      client: { library: 'ioredis', role: 'root', engine: 'redis' },
    });
  });

  test.each([
    "import axios from 'axios'; const client = axios.create(); client.get('/seats')",
    "import { HttpClient } from 'ioredis-http'; new HttpClient().get('/seats')",
    "import { ReplyError } from 'ioredis'; new ReplyError()",
    "import type { RedisOptions } from 'ioredis'; declare const client: RedisOptions; client.get",
  ])('not a client: %s', (source) => {
    expect(rootOf(source).kind).not.toBe('client');
  });

  test('a Map named redis is no chain at all', () => {
    expect(() =>
      chainOf("import 'ioredis'; const redis = new Map(); redis.get(key)", { adapters: [ioredisAdapter] }),
    ).toThrow('not a chain');
  });

  test('a duplicate talks through a connection of its own', () => {
    expect(rootOf("import Redis from 'ioredis'; const redis = new Redis(); redis.duplicate()")).toMatchObject({
      client: { connection: 'tx1' },
    });
  });

  test('clients with different prefixes or databases have different key spaces', () => {
    const store = (options: string) => {
      const recognition = recognizeOf(
        ioredisAdapter,
        `import Redis from 'ioredis'; new Redis(url, ${options}).get('seat')`,
      );
      return recognition.kind === 'effects' && recognition.effects[0]?.action.resource.store;
    };
    expect(store('{}')).toBe('redis');
    expect(store("{ keyPrefix: 'a:', db: 2 }")).toBe('redis:a::2');
    expect(store('{ db: 0 }')).toBe('redis');
  });
});

describe('queues', () => {
  const head = "import Redis from 'ioredis'; const redis = new Redis();";
  const recognize = (call: string) => recognizeOf(ioredisAdapter, `${head} ${call}`);

  test('MULTI is one block of all its commands, with errors inside the answer', () => {
    expect(recognize("redis.multi().set(seat, holder, 'EX', 60).del(list).exec()")).toEqual({
      kind: 'effects',
      sent: 'on call',
      effects: [
        expect.objectContaining({
          label: 'MULTI',
          action: {
            kind: 'block',
            resource: { kind: 'key', store: 'redis', key: { kind: 'input', name: 'seat' } },
            commands: [
              {
                kind: 'command',
                resource: { kind: 'key', store: 'redis', key: { kind: 'input', name: 'seat' } },
                command: 'set',
                value: { kind: 'input', name: 'holder' },
                expiry: 'set',
              },
              {
                kind: 'command',
                resource: { kind: 'key', store: 'redis', key: { kind: 'input', name: 'list' } },
                command: 'del',
              },
            ],
          },
        }),
      ],
      answer: {
        kind: 'tuple',
        items: [
          { kind: 'tuple', items: [{ kind: 'error' }, { kind: 'none' }] },
          { kind: 'tuple', items: [{ kind: 'error' }, { kind: 'count' }] },
        ],
      },
    });
  });

  test('a MULTI of one command is a block too', () => {
    expect(recognize('redis.multi().incr(hits).exec()')).toMatchObject({
      effects: [{ action: { kind: 'block', commands: [{ command: 'incr' }] } }],
    });
  });

  test('a MULTI without exec sends nothing', () => {
    expect(recognize('redis.multi().set(a, b).del(c)')).toMatchObject({ kind: 'client', client: { role: 'multi' } });
  });

  test('statement by statement: each call answers with the queue that has one command more', () => {
    const context = { awaited: false, newConnection: () => 'c1' };
    const location = {
      file: '/case.ts',
      start: { line: 1, column: 0 },
      end: { line: 1, column: 0 },
      range: [0, 0] as const,
    };
    const call = (client: Client, name: string, ...args: Value[]) =>
      ioredisAdapter.recognize(
        { kind: 'chain', root: { kind: 'client', client }, steps: [{ name, args, location }] },
        context,
      );
    const queued = (client: Client, name: string, ...args: Value[]): Client => {
      const recognition = call(client, name, ...args);
      if (recognition.kind !== 'client') throw new Error(recognition.kind);
      return recognition.client;
    };
    const root = rootOf(`${head} redis.multi()`);
    if (root.kind !== 'client') throw new Error(root.kind);
    const key: Value = { kind: 'input', name: 'seat' };
    const one = queued(root.client, 'set', key, { kind: 'input', name: 'holder' });
    const two = queued(one, 'del', { kind: 'input', name: 'list' });
    expect(call(two, 'exec')).toMatchObject({
      effects: [{ action: { kind: 'block', commands: [{ command: 'set' }, { command: 'del' }] } }],
    });
    // Where two paths meet, the longer queue goes on; where they differ, neither does.
    expect(mergeQueues(one, two)).toBe(two);
    expect(mergeQueues(two, one)).toBe(two);
    expect(mergeQueues(two, queued(one, 'expire', key))).toBeUndefined();
    expect(mergeQueues(one, { ...one, queue: { id: 'c2', calls: [] } })).toBeUndefined();
  });

  test('a pipeline is not atomic: its commands are effects of their own', () => {
    expect(recognize('redis.pipeline().set(seat, holder).del(list).exec()')).toMatchObject({
      effects: [{ action: { kind: 'command', command: 'set' } }, { action: { kind: 'command', command: 'del' } }],
    });
  });

  test('the answer of a pipeline belongs to its first command that answers something', () => {
    expect(recognize('redis.pipeline().set(a, b).ping().get(c).exec()')).toMatchObject({
      answers: 1,
      answer: {
        kind: 'tuple',
        items: [
          { items: [{ kind: 'error' }, { kind: 'none' }] },
          { items: [{ kind: 'error' }, { kind: 'none' }] },
          { items: [{ kind: 'error' }, { kind: 'scalar' }] },
        ],
      },
    });
  });

  test('commands given as a list', () => {
    expect(recognize("redis.multi([['set', seat, holder], ['expire', seat, 60]]).exec()")).toMatchObject({
      effects: [
        { action: { kind: 'block', commands: [{ command: 'set', value: { name: 'holder' } }, { command: 'expire' }] } },
      ],
    });
    expect(recognize('redis.pipeline(commands.map((each) => each))')).toMatchObject({ kind: 'unsupported' });
  });

  test('a queue with a command that is not understood is counted as a whole', () => {
    expect(recognize('redis.multi().set(a, b).ltrim(c, 0, 9).exec()')).toEqual({
      kind: 'unsupported',
      reason: 'Redis command is not modelled',
      detail: 'ltrim',
    });
  });

  test('an empty queue and a discarded one do nothing', () => {
    expect(recognize('redis.multi().exec()')).toEqual({ kind: 'nothing' });
    expect(recognize('redis.multi().set(a, b).discard()')).toEqual({ kind: 'nothing' });
  });

  test('a parameter declared as ChainableCommander may be a pipeline: its exec is counted', () => {
    const source =
      "import type { ChainableCommander } from 'ioredis'; declare const batch: ChainableCommander; batch.del(key).exec()";
    expect(recognizeOf(ioredisAdapter, source)).toEqual({
      kind: 'unsupported',
      reason: 'EXEC of a queue that may be a pipeline or a MULTI',
    });
  });
});
