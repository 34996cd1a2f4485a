import { describe, expect, test } from 'vitest';
import { ioredisAdapter } from '../../../src/effects/libraries/ioredis.ts';
import type { CommandAction } from '../../../src/model/effect.ts';
import { recognizeOf } from '../../support/chain-of.ts';

const head = "import Redis from 'ioredis'; const redis = new Redis();";

function recognize(call: string) {
  return recognizeOf(ioredisAdapter, `${head} ${call}`);
}

/** The commands of the one effect of a call, without their resources' store. */
function commandsOf(call: string): readonly Omit<CommandAction, 'kind' | 'resource'>[] {
  const recognition = recognize(call);
  if (recognition.kind !== 'effects') throw new Error(`${recognition.kind}: ${call}`);
  return recognition.effects.flatMap(({ action }) => {
    if (action.kind !== 'command' && action.kind !== 'block') throw new Error(action.kind);
    return (action.kind === 'block' ? action.commands : [action]).map(({ kind: _kind, resource, ...rest }) => {
      if (resource.kind !== 'key') throw new Error(resource.kind);
      return { key: resource.key, ...rest };
    });
  });
}

const input = (name: string) => ({ kind: 'input', name });
const constant = (value: unknown) => ({ kind: 'constant', value });

describe('SET and its options', () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ['redis.set(seat, holder)', { command: 'set', expiry: 'drop' }, { kind: 'none' }],
    ["redis.set(seat, holder, 'EX', 60)", { command: 'set', expiry: 'set' }, { kind: 'none' }],
    ["redis.set(seat, holder, 'px', ttl)", { command: 'set', expiry: 'set' }, { kind: 'none' }],
    ["redis.set(seat, holder, 'KEEPTTL')", { command: 'set', expiry: 'keep' }, { kind: 'none' }],
    ["redis.set(seat, holder, 'EX', 60, 'NX')", { command: 'setnx', expiry: 'set' }, { kind: 'success' }],
    ["redis.set(seat, holder, 'NX', 'PX', 60)", { command: 'setnx', expiry: 'set' }, { kind: 'success' }],
    ["redis.set(seat, holder, 'GET')", { command: 'getset', expiry: 'drop' }, { kind: 'scalar', absent: 'null' }],
    ["redis.setBuffer(seat, holder, 'GET')", { command: 'getset', expiry: 'drop' }, { kind: 'scalar', absent: 'null' }],
    ['redis.setex(seat, 60, holder)', { command: 'set', expiry: 'set' }, { kind: 'none' }],
    ['redis.getset(seat, holder)', { command: 'getset', expiry: 'drop' }, { kind: 'scalar', absent: 'null' }],
    ["redis.call('SET', seat, holder, 'EX', 60)", { command: 'set', expiry: 'set' }, { kind: 'none' }],
  ];
  test.each(cases)('%s', (call, command, answer) => {
    expect(commandsOf(call)).toEqual([{ key: input('seat'), value: input('holder'), ...command }]);
    expect(recognize(call)).toMatchObject({ kind: 'effects', sent: 'on call', answer });
  });

  test('NX alone touches no time to live', () => {
    expect(commandsOf("redis.set(seat, holder, 'NX')")).toEqual([
      { key: input('seat'), value: input('holder'), command: 'setnx' },
    ]);
    expect(commandsOf('redis.setnx(seat, holder)')).toEqual([
      { key: input('seat'), value: input('holder'), command: 'setnx' },
    ]);
  });

  test.each([
    "redis.set(seat, holder, 'XX')",
    "redis.set(seat, holder, 'NX', 'GET')",
    'redis.set(seat, holder, mode, 60)',
    "redis.set(seat, holder, 'IFEQ', old)",
    'redis.set(seat, holder, ...options)',
    'redis.set(...pair)',
  ])('%s is counted, not guessed', (call) => {
    expect(recognize(call)).toMatchObject({
      kind: 'unsupported',
      reason: 'arguments of a Redis command are not understood',
    });
  });

  test('the label shows the options', () => {
    expect(recognize("redis.set(seat, holder, 'EX', 60, 'NX')")).toMatchObject({ effects: [{ label: 'SET EX NX' }] });
  });
});

describe('single keys', () => {
  const optional = { kind: 'scalar', absent: 'null' };
  const number = { kind: 'scalar', absent: 'never' };
  const cases: readonly (readonly [string, object, object])[] = [
    ['redis.get(key)', { command: 'get' }, optional],
    ['redis.getBuffer(key)', { command: 'get' }, optional],
    ['redis.getdel(key)', { command: 'getdel' }, optional],
    ["redis.getex(key, 'EX', 60)", { command: 'get', expiry: 'set' }, optional],
    ["redis.getex(key, 'PERSIST')", { command: 'get', expiry: 'drop' }, optional],
    ['redis.incr(key)', { command: 'incr', value: constant(1) }, number],
    ['redis.decr(key)', { command: 'incr', value: constant(-1) }, number],
    ['redis.incrby(key, seats)', { command: 'incr', value: input('seats') }, number],
    ['redis.decrby(key, 3)', { command: 'incr', value: constant(-3) }, number],
    ['redis.del(key)', { command: 'del' }, { kind: 'count' }],
    ['redis.unlink(key)', { command: 'del' }, { kind: 'count' }],
    ['redis.exists(key)', { command: 'exists' }, { kind: 'count' }],
    ['redis.expire(key, 60)', { command: 'expire', expiry: 'set' }, { kind: 'count' }],
    ["redis.pexpire(key, 60, 'NX')", { command: 'expire', expiry: 'set' }, { kind: 'count' }],
    ['redis.persist(key)', { command: 'persist', expiry: 'drop' }, { kind: 'count' }],
    ['redis.ttl(key)', { command: 'ttl' }, number],
    ['redis.hgetall(key)', { command: 'hget' }, { kind: 'row', absent: 'never' }],
    ['redis.smembers(key)', { command: 'smembers' }, { kind: 'rows' }],
    ["redis.sismember(key, 'ann')", { command: 'smembers', member: constant('ann') }, { kind: 'success' }],
    ['redis.lrange(key, 0, -1)', { command: 'lrange' }, { kind: 'rows' }],
    ['redis.rpop(key)', { command: 'lpop' }, optional],
    ['redis.zremrangebyscore(key, 0, now)', { command: 'zrem' }, { kind: 'count' }],
    ['redis.zcard(key)', { command: 'zrange' }, { kind: 'count' }],
    ["redis.zincrby(key, 5, 'ann')", { command: 'hincr', member: constant('ann'), value: constant(5) }, number],
    ["redis.hincrby(key, 'free', 2)", { command: 'hincr', member: constant('free'), value: constant(2) }, number],
  ];
  test.each(cases)('%s', (call, command, answer) => {
    expect(commandsOf(call)).toEqual([{ key: input('key'), ...command }]);
    expect(recognize(call)).toMatchObject({ answer });
  });

  test('a trailing callback is no argument', () => {
    expect(commandsOf('redis.get(key, (error, value) => value)')).toEqual([{ key: input('key'), command: 'get' }]);
    expect(commandsOf('redis.del(key, () => undefined)')).toHaveLength(1);
  });

  test('an amount that is not literal is subtracted from zero', () => {
    expect(commandsOf('redis.decrby(key, n)')).toEqual([
      {
        key: input('key'),
        command: 'incr',
        value: { kind: 'apply', operator: '-', operands: [constant(0), input('n')] },
      },
    ]);
  });
});

describe('several keys, fields or members are one block', () => {
  test('DEL of two keys', () => {
    expect(recognize('redis.del(a, b)')).toMatchObject({
      effects: [{ action: { kind: 'block' } }],
      answer: { kind: 'count' },
    });
    expect(commandsOf('redis.del(a, b)')).toEqual([
      { key: input('a'), command: 'del' },
      { key: input('b'), command: 'del' },
    ]);
    expect(commandsOf('redis.del([a, b])')).toHaveLength(2);
  });

  test('DEL of a list of unknown length is a DEL of any of them', () => {
    expect(commandsOf('redis.del(...keys)')).toEqual([{ key: { kind: 'element', of: input('keys') }, command: 'del' }]);
    expect(commandsOf('redis.del(ids.map((id) => `seat:${id}`))')).toMatchObject([
      { key: { kind: 'template' }, command: 'del' },
    ]);
  });

  test('MGET answers by position, unless the number of keys is unknown', () => {
    const optional = { kind: 'scalar', absent: 'null' };
    expect(recognize('redis.mget(a, b)')).toMatchObject({ answer: { kind: 'tuple', items: [optional, optional] } });
    expect(recognize('redis.mget(...keys)')).toMatchObject({ answer: { kind: 'none' } });
  });

  test('MSET and HSET with pairs and with objects', () => {
    const pair = [
      { key: input('k'), command: 'hset', member: constant('free'), value: input('n') },
      { key: input('k'), command: 'hset', member: constant('held'), value: constant(0) },
    ];
    expect(commandsOf("redis.hset(k, 'free', n, 'held', 0)")).toEqual(pair);
    expect(commandsOf('redis.hset(k, { free: n, held: 0 })')).toEqual(pair);
    expect(commandsOf('redis.mset({ a: 1 })')).toEqual([
      { key: constant('a'), command: 'set', value: constant(1), expiry: 'drop' },
    ]);
    expect(commandsOf('redis.hset(k, seat)')).toEqual([{ key: input('k'), command: 'hset', value: input('seat') }]);
  });

  test('sets, lists and sorted sets', () => {
    expect(commandsOf("redis.sadd(k, 'ann', 'bob')")).toMatchObject([
      { command: 'sadd', member: constant('ann') },
      { command: 'sadd', member: constant('bob') },
    ]);
    expect(commandsOf('redis.rpush(k, job)')).toEqual([{ key: input('k'), command: 'lpush', member: input('job') }]);
    expect(commandsOf("redis.zadd(k, 1, 'ann')")).toEqual([
      { key: input('k'), command: 'zadd', member: constant('ann'), value: constant(1) },
    ]);
    expect(recognize("redis.zadd(k, 'NX', 1, 'ann')")).toMatchObject({ kind: 'unsupported' });
    expect(recognize("redis.zadd(k, 'NX', 'CH', 1, 'ann')")).toMatchObject({ kind: 'unsupported' });
  });
});

describe('scripts', () => {
  test('EVAL is one step over its KEYS, with its arguments', () => {
    expect(recognize('redis.eval(release, 1, key, token)')).toMatchObject({ effects: [{ action: { kind: 'block' } }] });
    expect(commandsOf('redis.eval(release, 1, key, token)')).toEqual([
      {
        key: input('key'),
        command: 'script',
        value: input('release'),
        member: { kind: 'array', elements: [input('token')], complete: true },
      },
    ]);
    expect(commandsOf('redis.evalsha(sha, 2, a, b)')).toMatchObject([{ key: input('a') }, { key: input('b') }]);
  });

  test('a script without KEYS may touch any key', () => {
    expect(commandsOf('redis.eval(text, 0)')).toMatchObject([{ command: 'script', key: { kind: 'unknown' } }]);
    expect(commandsOf('redis.eval(text, n, key)')).toMatchObject([{ command: 'script', key: { kind: 'unknown' } }]);
  });

  test('a command of the client’s own scripts', () => {
    const call =
      "import { Redis } from 'ioredis'; const redis = new Redis(url, { scripts: { take: { lua: 'x', numberOfKeys: 1 } } }); redis.take(seat, 1)";
    expect(recognizeOf(ioredisAdapter, call)).toMatchObject({
      effects: [
        {
          action: {
            kind: 'block',
            commands: [{ command: 'script', resource: { key: input('seat') }, value: constant('x') }],
          },
        },
      ],
    });
  });
});

describe('what is counted or ignored', () => {
  test.each([
    "redis.publish('seats', id)",
    'redis.quit()',
    'redis.ping()',
    "redis.defineCommand('take', {})",
    'redis.disconnect()',
  ])('%s does nothing', (call) => {
    expect(recognize(call)).toEqual({ kind: 'nothing' });
  });

  test.each([
    ['redis.ltrim(key, 0, 9)', 'Redis command is not modelled', 'ltrim'],
    ['redis.takeSeat(key)', 'unknown Redis command', 'takeSeat'],
    ['redis.toString()', 'unknown Redis command', 'toString'],
    ['redis.exec()', 'EXEC whose MULTI is not seen', undefined],
    ['redis.call(name, key)', 'Redis command is computed', 'call'],
    ['redis.multi({ pipeline: false })', 'MULTI without a queue on the client', 'multi({ pipeline: false })'],
  ])('%s', (call, reason, detail) => {
    expect(recognize(call)).toEqual({ kind: 'unsupported', reason, ...(detail && { detail }) });
  });

  test('WATCH is one effect a key', () => {
    expect(recognize('redis.watch(a, b)')).toMatchObject({
      effects: [{ action: { command: 'watch' } }, { action: { command: 'watch' } }],
    });
    expect(recognize('redis.unwatch()')).toMatchObject({ effects: [{ action: { command: 'unwatch' } }] });
  });
});
