import { describe, expect, test } from 'vitest';
import { upstashAdapter } from '../../../src/effects/libraries/upstash.ts';
import type { ChainValue } from '../../../src/model/value.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

const head = "import { Redis } from '@upstash/redis'; const redis = Redis.fromEnv();";

function recognize(call: string) {
  return recognizeOf(upstashAdapter, `${head} ${call}`);
}

function actionOf(call: string) {
  const recognition = recognize(call);
  if (recognition.kind !== 'effects') throw new Error(`${recognition.kind}: ${call}`);
  expect(recognition.effects).toHaveLength(1);
  return recognition.effects[0]?.action;
}

describe('what is a client', () => {
  test.each([
    "import { Redis } from '@upstash/redis'; new Redis({ url, token }).get",
    "import { Redis } from '@upstash/redis/cloudflare'; Redis.fromEnv(env).get",
    "import { createClient } from '@vercel/kv'; createClient({ url, token }).get",
    "import type { Redis } from '@upstash/redis'; declare const cache: Redis; cache.get",
    "import type { VercelKV } from '@vercel/kv'; declare const cache: VercelKV; cache.get",
  ])('%s', (source) => {
    expect(chainOf(source, { adapters: [upstashAdapter] }).root).toMatchObject({
      kind: 'client',
      client: { library: 'upstash', role: 'root', engine: 'redis' },
    });
  });

  test('the exported client of @vercel/kv', () => {
    const kv = (name: string, pack: string): ChainValue => ({
      kind: 'chain',
      root: { kind: 'export', package: pack, name },
      steps: [],
    });
    expect(upstashAdapter.identify(kv('kv', '@vercel/kv'), {})).toMatchObject({ library: 'upstash' });
    expect(upstashAdapter.identify(kv('default', '@vercel/kv'), {})).toMatchObject({ library: 'upstash' });
    expect(upstashAdapter.identify(kv('default', '@upstash/redis'), {})).toBeUndefined();
  });

  test.each([
    "import { Ratelimit } from '@upstash/ratelimit'; new Ratelimit({}).limit(ip)",
    "import { Client } from '@upstash/qstash'; const redis = new Client({}); redis.get('x')",
    "import ky from 'ky'; const kv = ky.create(); kv.get('/seats')",
  ])('not a client: %s', (source) => {
    expect(chainOf(source, { adapters: [upstashAdapter] }).root.kind).not.toBe('client');
  });
});

describe('commands', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['redis.set(seat, holder)', { command: 'set', expiry: 'drop' }],
    ['redis.set(seat, holder, { ex: 60 })', { command: 'set', expiry: 'set' }],
    ['redis.set(seat, holder, { keepTtl: true })', { command: 'set', expiry: 'keep' }],
    ['redis.set(seat, holder, { nx: true, px: 60 })', { command: 'setnx', expiry: 'set' }],
    ['redis.set(seat, holder, { get: true })', { command: 'getset', expiry: 'drop' }],
    ['redis.setnx(seat, holder)', { command: 'setnx' }],
    ['redis.hset(seat, { free: holder })', { command: 'hset', member: { kind: 'constant', value: 'free' } }],
    ['redis.zadd(seat, { score: holder, member: who })', { command: 'zadd', member: { kind: 'input', name: 'who' } }],
  ];
  test.each(cases)('%s', (call, command) => {
    expect(actionOf(call)).toMatchObject({
      kind: 'command',
      resource: { kind: 'key', key: { kind: 'input', name: 'seat' } },
      value: { kind: 'input', name: 'holder' },
      ...command,
    });
  });

  test('answers that differ from Redis on a socket', () => {
    expect(recognize('redis.hgetall(k)')).toMatchObject({ answer: { kind: 'row', absent: 'null' } });
    expect(recognize("redis.hmget(k, 'a', 'b')")).toMatchObject({
      answer: { kind: 'object', fields: { a: { kind: 'scalar' }, b: { kind: 'scalar' } } },
    });
    expect(recognize('redis.get(k)')).toMatchObject({ sent: 'on call', answer: { kind: 'scalar', absent: 'null' } });
  });

  test.each([
    'redis.set(seat, holder, { xx: true })',
    'redis.set(seat, holder, options)',
    'redis.zadd(seat, { nx: true }, { score: 1, member: who })',
    "redis.json.set(seat, '$', holder)",
    'redis.createLock()',
  ])('%s is counted, not guessed', (call) => {
    expect(recognize(call)).toMatchObject({ kind: 'unsupported' });
  });

  test('scripts: eval with lists, and a script object', () => {
    const script = {
      kind: 'block',
      commands: [
        {
          command: 'script',
          value: { name: 'text' },
          resource: { key: { name: 'k' } },
          member: { elements: [{ name: 'token' }] },
        },
      ],
    };
    expect(actionOf('redis.eval(text, [k], [token])')).toMatchObject(script);
    expect(actionOf('redis.createScript(text).exec([k], [token])')).toMatchObject(script);
    expect(recognize('redis.createScript(text).init()')).toMatchObject({
      kind: 'unsupported',
      reason: 'member of a Redis script',
    });
  });
});

describe('queues', () => {
  test('multi is one block, answers in a list', () => {
    expect(recognize('redis.multi().set(a, b).del(c).exec()')).toMatchObject({
      effects: [{ action: { kind: 'block', commands: [{ command: 'set' }, { command: 'del' }] } }],
      answer: { kind: 'tuple', items: [{ kind: 'none' }, { kind: 'count' }] },
    });
  });

  test('pipeline is not atomic', () => {
    expect(recognize('redis.pipeline().incr(hits).expire(hits, 60).exec()')).toMatchObject({
      effects: [{ action: { kind: 'command', command: 'incr' } }, { action: { kind: 'command', command: 'expire' } }],
      answers: 0,
    });
  });
});
