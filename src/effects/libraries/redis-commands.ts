import type { AnswerShape } from '../../model/answer-shape.ts';
import type { CommandName } from '../../model/effect.ts';

/**
 * How the arguments of a command are laid out, after arrays were flattened (options are told apart by the style of
 * the library).
 *
 * - `key`: the key alone counts. `GET k`, `TTL k`, `ZRANGE k 0 -1`
 * - `keys`: every argument is a key; the command touches all of them in one step. `DEL k1 k2`
 * - `key value`: `SETNX k v`
 * - `key time value`: `SETEX k 60 v`
 * - `set`, `getex`, `expire`: those with options of their own
 * - `key by`: `INCRBY k 5`
 * - `key member`: one member or field, read. `HGET k f`, `SISMEMBER k m`
 * - `key members`: one or more. `HDEL k f1 f2`, `SADD k m1 m2`
 * - `key pairs`: fields with values, or an object. `HSET k f v f v`
 * - `key member by`: `HINCRBY k f 5`
 * - `key by member`: `ZINCRBY k 5 m`
 * - `key scores`: `ZADD k 1 m`, with options before the scores
 * - `pairs`: keys with values. `MSET k v k v`
 * - `script`: text (or digest, or function name) and the keys it may touch
 */
type CommandForm =
  | 'key'
  | 'keys'
  | 'key value'
  | 'key time value'
  | 'set'
  | 'getex'
  | 'expire'
  | 'key by'
  | 'key member'
  | 'key members'
  | 'key pairs'
  | 'key member by'
  | 'key by member'
  | 'key scores'
  | 'pairs'
  | 'script';

/** What one command does. */
export interface CommandRow {
  readonly form: CommandForm;
  readonly command: CommandName;
  /** Shape of the answer for one key, field or member; lists of them are made by the form. */
  readonly answer: AnswerShape;
  readonly expiry?: 'set' | 'keep' | 'drop';
  /** The added amount is negated: DECR. */
  readonly negated?: true;
}

const optional: AnswerShape = { kind: 'scalar', absent: 'null' };
const scalar: AnswerShape = { kind: 'scalar', absent: 'never' };
const count: AnswerShape = { kind: 'count' };
const success: AnswerShape = { kind: 'success' };
const rows: AnswerShape = { kind: 'rows' };
const none: AnswerShape = { kind: 'none' };

/** The effects of Redis commands by their lower-case names. https://redis.io/docs/latest/commands/ */
export const redisCommands: Readonly<Record<string, CommandRow>> = {
  get: { form: 'key', command: 'get', answer: optional },
  getrange: { form: 'key', command: 'get', answer: scalar },
  substr: { form: 'key', command: 'get', answer: scalar },
  strlen: { form: 'key', command: 'get', answer: count },
  getbit: { form: 'key', command: 'get', answer: scalar },
  bitcount: { form: 'key', command: 'get', answer: count },
  dump: { form: 'key', command: 'get', answer: optional },
  mget: { form: 'keys', command: 'get', answer: optional },
  getex: { form: 'getex', command: 'get', answer: optional },
  getdel: { form: 'key', command: 'getdel', answer: optional },
  // GETSET and SET without KEEPTTL discard a time to live (documentation of SET; measured on 7.0).
  getset: { form: 'key value', command: 'getset', answer: optional, expiry: 'drop' },
  set: { form: 'set', command: 'set', answer: none },
  setnx: { form: 'key value', command: 'setnx', answer: success },
  setex: { form: 'key time value', command: 'set', answer: none, expiry: 'set' },
  psetex: { form: 'key time value', command: 'set', answer: none, expiry: 'set' },
  mset: { form: 'pairs', command: 'set', answer: none, expiry: 'drop' },
  del: { form: 'keys', command: 'del', answer: count },
  unlink: { form: 'keys', command: 'del', answer: count },
  // INCR and its kin keep a time to live (measured on 7.0).
  incr: { form: 'key by', command: 'incr', answer: scalar },
  incrby: { form: 'key by', command: 'incr', answer: scalar },
  incrbyfloat: { form: 'key by', command: 'incr', answer: scalar },
  decr: { form: 'key by', command: 'incr', answer: scalar, negated: true },
  decrby: { form: 'key by', command: 'incr', answer: scalar, negated: true },
  exists: { form: 'keys', command: 'exists', answer: count },
  touch: { form: 'keys', command: 'exists', answer: count },
  type: { form: 'key', command: 'exists', answer: scalar },
  ttl: { form: 'key', command: 'ttl', answer: scalar },
  pttl: { form: 'key', command: 'ttl', answer: scalar },
  expiretime: { form: 'key', command: 'ttl', answer: scalar },
  pexpiretime: { form: 'key', command: 'ttl', answer: scalar },
  expire: { form: 'expire', command: 'expire', answer: count, expiry: 'set' },
  pexpire: { form: 'expire', command: 'expire', answer: count, expiry: 'set' },
  expireat: { form: 'expire', command: 'expire', answer: count, expiry: 'set' },
  pexpireat: { form: 'expire', command: 'expire', answer: count, expiry: 'set' },
  persist: { form: 'key', command: 'persist', answer: count, expiry: 'drop' },

  hget: { form: 'key member', command: 'hget', answer: optional },
  hexists: { form: 'key member', command: 'hget', answer: success },
  hstrlen: { form: 'key member', command: 'hget', answer: count },
  hmget: { form: 'key members', command: 'hget', answer: optional },
  // The shape for a missing hash differs between libraries: see `CommandStyle.missingHash`.
  hgetall: { form: 'key', command: 'hget', answer: { kind: 'row', absent: 'never' } },
  hkeys: { form: 'key', command: 'hget', answer: rows },
  hvals: { form: 'key', command: 'hget', answer: rows },
  hlen: { form: 'key', command: 'hget', answer: count },
  hscan: { form: 'key', command: 'hget', answer: none },
  hrandfield: { form: 'key', command: 'hget', answer: none },
  hset: { form: 'key pairs', command: 'hset', answer: count },
  hmset: { form: 'key pairs', command: 'hset', answer: none },
  hdel: { form: 'key members', command: 'hdel', answer: count },
  hincrby: { form: 'key member by', command: 'hincr', answer: scalar },
  hincrbyfloat: { form: 'key member by', command: 'hincr', answer: scalar },

  sadd: { form: 'key members', command: 'sadd', answer: count },
  srem: { form: 'key members', command: 'srem', answer: count },
  smembers: { form: 'key', command: 'smembers', answer: rows },
  sismember: { form: 'key member', command: 'smembers', answer: success },
  smismember: { form: 'key', command: 'smembers', answer: none },
  scard: { form: 'key', command: 'smembers', answer: count },
  srandmember: { form: 'key', command: 'smembers', answer: none },
  sscan: { form: 'key', command: 'smembers', answer: none },
  sinter: { form: 'keys', command: 'smembers', answer: rows },
  sunion: { form: 'keys', command: 'smembers', answer: rows },
  sdiff: { form: 'keys', command: 'smembers', answer: rows },

  lpush: { form: 'key members', command: 'lpush', answer: count },
  rpush: { form: 'key members', command: 'lpush', answer: count },
  lpop: { form: 'key', command: 'lpop', answer: optional },
  rpop: { form: 'key', command: 'lpop', answer: optional },
  lrange: { form: 'key', command: 'lrange', answer: rows },
  llen: { form: 'key', command: 'lrange', answer: count },
  lindex: { form: 'key', command: 'lrange', answer: optional },
  lpos: { form: 'key', command: 'lrange', answer: optional },

  zadd: { form: 'key scores', command: 'zadd', answer: count },
  zrem: { form: 'key members', command: 'zrem', answer: count },
  // Removal by range names no member: it removes some of them, in one step.
  zremrangebyscore: { form: 'key', command: 'zrem', answer: count },
  zremrangebyrank: { form: 'key', command: 'zrem', answer: count },
  zremrangebylex: { form: 'key', command: 'zrem', answer: count },
  // A sorted set's score is a number under a member, as a hash's number is under a field.
  zincrby: { form: 'key by member', command: 'hincr', answer: scalar },
  zscore: { form: 'key member', command: 'zrange', answer: optional },
  zrank: { form: 'key member', command: 'zrange', answer: optional },
  zrevrank: { form: 'key member', command: 'zrange', answer: optional },
  zcard: { form: 'key', command: 'zrange', answer: count },
  zcount: { form: 'key', command: 'zrange', answer: count },
  zlexcount: { form: 'key', command: 'zrange', answer: count },
  zmscore: { form: 'key', command: 'zrange', answer: none },
  zscan: { form: 'key', command: 'zrange', answer: none },
  zrange: { form: 'key', command: 'zrange', answer: rows },
  zrevrange: { form: 'key', command: 'zrange', answer: rows },
  zrangebyscore: { form: 'key', command: 'zrange', answer: rows },
  zrevrangebyscore: { form: 'key', command: 'zrange', answer: rows },
  zrangebylex: { form: 'key', command: 'zrange', answer: rows },
  zrevrangebylex: { form: 'key', command: 'zrange', answer: rows },

  eval: { form: 'script', command: 'script', answer: none },
  eval_ro: { form: 'script', command: 'script', answer: none },
  evalro: { form: 'script', command: 'script', answer: none },
  evalsha: { form: 'script', command: 'script', answer: none },
  evalsha_ro: { form: 'script', command: 'script', answer: none },
  evalsharo: { form: 'script', command: 'script', answer: none },
  fcall: { form: 'script', command: 'script', answer: none },
  fcall_ro: { form: 'script', command: 'script', answer: none },
  fcallro: { form: 'script', command: 'script', answer: none },
};

/** Commands that change or show nothing that a race could be about. Publishing has no state. */
export const silentCommands: ReadonlySet<string> = new Set([
  'ping',
  'echo',
  'info',
  'time',
  'dbsize',
  'select',
  'auth',
  'hello',
  'command',
  'config',
  'client',
  'memory',
  'object',
  'role',
  'keys',
  'scan',
  'randomkey',
  'wait',
  'latency',
  'slowlog',
  'lastsave',
  'lolwut',
  'readonly',
  'readwrite',
  'script',
  'function',
  'publish',
  'spublish',
  'pubsub',
  'subscribe',
  'psubscribe',
  'ssubscribe',
  'unsubscribe',
  'punsubscribe',
  'sunsubscribe',
  'quit',
  'reset',
  'scriptload',
  'scriptexists',
  'scriptflush',
  'clientid',
  'clientsetname',
  'configget',
  'memoryusage',
]);

/** Commands of Redis that have no place in the vocabulary of effects yet; each use of one is counted. */
export const unmodelledCommands: ReadonlySet<string> = new Set([
  'append',
  'setrange',
  'setbit',
  'bitop',
  'bitfield',
  'bitpos',
  'lcs',
  'msetnx',
  'msetex',
  'hsetnx',
  'hsetex',
  'hgetdel',
  'hgetex',
  'hexpire',
  'hpexpire',
  'hexpireat',
  'hpexpireat',
  'hpersist',
  'httl',
  'hpttl',
  'rename',
  'renamenx',
  'copy',
  'move',
  'restore',
  'migrate',
  'sort',
  'flushdb',
  'flushall',
  'swapdb',
  'spop',
  'smove',
  'sinterstore',
  'sunionstore',
  'sdiffstore',
  'sintercard',
  'lpushx',
  'rpushx',
  'lset',
  'linsert',
  'lrem',
  'ltrim',
  'lmove',
  'rpoplpush',
  'lmpop',
  'blpop',
  'brpop',
  'blmove',
  'blmpop',
  'brpoplpush',
  'zpopmin',
  'zpopmax',
  'bzpopmin',
  'bzpopmax',
  'zmpop',
  'bzmpop',
  'zrangestore',
  'zunion',
  'zinter',
  'zdiff',
  'zunionstore',
  'zinterstore',
  'zdiffstore',
  'zintercard',
  'zrandmember',
  'pfadd',
  'pfcount',
  'pfmerge',
  'geoadd',
  'geodist',
  'geohash',
  'geopos',
  'georadius',
  'georadiusbymember',
  'geosearch',
  'geosearchstore',
  'xadd',
  'xack',
  'xread',
  'xreadgroup',
  'xrange',
  'xrevrange',
  'xlen',
  'xdel',
  'xtrim',
  'xgroup',
  'xinfo',
  'xclaim',
  'xautoclaim',
  'xpending',
]);
