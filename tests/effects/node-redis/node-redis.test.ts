import { describe, expect, test } from 'vitest';
import { nodeRedisAdapter } from '../../../src/effects/libraries/node-redis.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

const head = "import { createClient } from 'redis'; const client = createClient();";

function recognize(call: string) {
  return recognizeOf(nodeRedisAdapter, `${head} ${call}`);
}

function actionOf(call: string) {
  const recognition = recognize(call);
  if (recognition.kind !== 'effects') throw new Error(`${recognition.kind}: ${call}`);
  expect(recognition.effects).toHaveLength(1);
  return recognition.effects[0]?.action;
}

describe('what is a client', () => {
  test.each([
    "import { createClient } from 'redis'; createClient().get",
    "import { createClient } from '@redis/client'; createClient({ url }).get",
    "import redis from 'redis'; redis.createClient().get",
    "import * as redis from 'redis'; redis.createCluster({}).get",
    "import { createClientPool } from 'redis'; createClientPool().get",
    "import type { RedisClientType } from 'redis'; declare const cache: RedisClientType; cache.get",
    "import { createClient } from 'redis'; createClient().on('error', log).connect().get",
    "import { createClient } from 'redis'; createClient().withTypeMapping({}).get",
  ])('%s', (source) => {
    expect(chainOf(source, { adapters: [nodeRedisAdapter] }).root).toMatchObject({
      kind: 'client',
      client: { library: 'node-redis', role: 'root' },
    });
  });

  test.each([
    "import { createClient } from '@supabase/supabase-js'; const client = createClient(url, key); client.get('seat')",
    "import { createClient } from 'axios'; const client = createClient(); client.get('/seats')",
    "import { SCHEMA_FIELD_TYPE } from 'redis'; SCHEMA_FIELD_TYPE.TEXT",
    "import type { RedisClientOptions } from 'redis'; declare const client: RedisClientOptions; client.get",
  ])('not a client: %s', (source) => {
    expect(chainOf(source, { adapters: [nodeRedisAdapter] }).root.kind).not.toBe('client');
  });
});

describe('names in camel and upper case, options as objects', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['client.set(seat, holder)', { command: 'set', expiry: 'drop' }],
    ['client.SET(seat, holder, { EX: 60 })', { command: 'set', expiry: 'set' }],
    ['client.set(seat, holder, { KEEPTTL: true })', { command: 'set', expiry: 'keep' }],
    ['client.set(seat, holder, { EX: 60, NX: true })', { command: 'setnx', expiry: 'set' }],
    [
      "client.set(seat, holder, { expiration: { type: 'PX', value: 60 }, condition: 'NX' })",
      { command: 'setnx', expiry: 'set' },
    ],
    ["client.set(seat, holder, { expiration: 'KEEPTTL' })", { command: 'set', expiry: 'keep' }],
    ['client.set(seat, holder, { GET: true })', { command: 'getset', expiry: 'drop' }],
    ['client.set(seat, holder, { NX: false })', { command: 'set', expiry: 'drop' }],
    ['client.setEx(seat, 60, holder)', { command: 'set', expiry: 'set' }],
    ['client.setNX(seat, holder)', { command: 'setnx' }],
    ['client.getSet(seat, holder)', { command: 'getset' }],
    ['client.hSet(seat, field, holder)', { command: 'hset', member: { kind: 'input', name: 'field' } }],
    ["client.sendCommand(['SET', seat, holder, 'NX'])", { command: 'setnx' }],
  ];
  test.each(cases)('%s', (call, command) => {
    expect(actionOf(call)).toMatchObject({
      kind: 'command',
      resource: { kind: 'key', key: { kind: 'input', name: 'seat' } },
      value: { kind: 'input', name: 'holder' },
      ...command,
    });
  });

  test('a time to live on one path only leaves the expiry open', () => {
    const action = actionOf('client.set(seat, holder, ttl ? { EX: ttl } : undefined)');
    expect(action).toMatchObject({ command: 'set' });
    expect(action).not.toHaveProperty('expiry');
  });

  test.each([
    'client.set(seat, holder, options)',
    'client.set(seat, holder, { NX: first })',
    'client.set(seat, holder, { ...defaults })',
    "client.set(seat, holder, { condition: 'XX' })",
    'client.set(seat, holder, first ? { NX: true } : {})',
  ])('%s is counted, not guessed', (call) => {
    expect(recognize(call)).toMatchObject({ kind: 'unsupported' });
  });

  test('members and fields as lists and objects', () => {
    expect(actionOf("client.sAdd(k, ['ann', 'bob'])")).toMatchObject({
      kind: 'block',
      commands: [{ member: { value: 'ann' } }, { member: { value: 'bob' } }],
    });
    expect(actionOf("client.zAdd(k, [{ score: 1, value: 'ann' }])")).toMatchObject({
      command: 'zadd',
      member: { value: 'ann' },
      value: { value: 1 },
    });
    expect(actionOf("client.mSet([['a', 1], ['b', 2]])")).toMatchObject({
      kind: 'block',
      commands: [{ command: 'set', resource: { key: { value: 'a' } } }, { resource: { key: { value: 'b' } } }],
    });
    expect(recognize("client.hmGet(k, ['a', 'b'])")).toMatchObject({
      answer: { kind: 'tuple', items: [{ kind: 'scalar' }, { kind: 'scalar' }] },
    });
    expect(recognize("client.zAdd(k, { score: 1, value: 'ann' }, { NX: true })")).toMatchObject({
      kind: 'unsupported',
    });
  });

  test('version 4’s commandOptions in front is no key', () => {
    const source =
      "import { commandOptions, createClient } from 'redis'; createClient().get(commandOptions({ returnBuffers: true }), seat)";
    expect(recognizeOf(nodeRedisAdapter, source)).toMatchObject({
      effects: [{ action: { resource: { key: { name: 'seat' } } } }],
    });
  });

  test('a script’s keys', () => {
    expect(actionOf('client.eval(text, { keys: [a, b], arguments: [token] })')).toMatchObject({
      kind: 'block',
      commands: [
        { command: 'script', resource: { key: { name: 'a' } }, member: { elements: [{ name: 'token' }] } },
        { resource: { key: { name: 'b' } } },
      ],
    });
    expect(actionOf('client.evalSha(sha, options)')).toMatchObject({
      commands: [{ resource: { key: { kind: 'unknown' } } }],
    });
  });
});

describe('MULTI', () => {
  test('exec is one block, answers in a list', () => {
    expect(recognize('client.multi().set(a, b).del(c).exec()')).toMatchObject({
      effects: [{ action: { kind: 'block', commands: [{ command: 'set' }, { command: 'del' }] } }],
      answer: { kind: 'tuple', items: [{ kind: 'none' }, { kind: 'count' }] },
    });
    expect(recognize("client.MULTI().addCommand(['SET', a, b]).EXEC()")).toMatchObject({
      effects: [{ action: { kind: 'block', commands: [{ command: 'set' }] } }],
    });
  });

  test.each(['client.multi().set(a, b).del(c).execAsPipeline()', 'client.multi().set(a, b).del(c).exec(true)'])(
    '%s is not atomic',
    (call) => {
      expect(recognize(call)).toMatchObject({
        effects: [{ action: { kind: 'command' } }, { action: { kind: 'command' } }],
      });
    },
  );

  test.each(['client.executeIsolated(async (isolated) => isolated)', 'client.execute(async (isolated) => isolated)'])(
    '%s is counted',
    (call) => {
      expect(recognize(call)).toMatchObject({
        kind: 'unsupported',
        reason: 'commands on a connection of their own are not followed',
      });
    },
  );
});

test('modules and unknown commands are counted', () => {
  expect(recognize("client.json.set(k, '$', v)")).toEqual({
    kind: 'unsupported',
    reason: 'Redis module is not modelled',
    detail: 'json.set',
  });
  expect(recognize('client.takeSeat(k)')).toEqual({
    kind: 'unsupported',
    reason: 'unknown Redis command',
    detail: 'takeSeat',
  });
  expect(recognize('client.close()')).toEqual({ kind: 'nothing' });
});
