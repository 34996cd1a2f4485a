import type { KeyCommand, Term } from '../../src/model/program.ts';

const commands = new Set([
  'GET',
  'SET',
  'SETNX',
  'GETSET',
  'GETDEL',
  'DEL',
  'INCR',
  'INCRBY',
  'EXPIRE',
  'PERSIST',
  'EXISTS',
  'TTL',
  'MGET',
  'MSET',
  'HSET',
  'HGETALL',
  'SADD',
  'SREM',
  'SMEMBERS',
  'EVAL',
  'WATCH',
  'UNWATCH',
  'MULTI',
  'EXEC',
]);

/** Whether a statement is a Redis command rather than SQL. */
export function isRedisCommand(statement: string): boolean {
  const [first = '', second = ''] = statement.trim().split(/\s+/);
  if (first === 'SET' && /^(TRANSACTION|SESSION|GLOBAL)$/i.test(second)) return false;
  return commands.has(first);
}

/** A Redis text; digits are numbers, so that INCR can count. */
export function toTerm(text: string): Term {
  return { kind: 'constant', value: /^-?\d{1,15}$/.test(text) ? Number(text) : text };
}

function key(text: string | undefined): Term {
  return { kind: 'constant', value: text ?? '' };
}

/** One command, words separated by spaces. HSET takes one field here; see `parseRedisAll`. */
export function parseRedis(statement: string): KeyCommand {
  const [first] = parseRedisAll(statement);
  if (!first) throw new Error(`unknown command: ${statement}`);
  return first;
}

/** One command as the steps of a block: HSET with several fields is one step of several. */
export function parseRedisAll(statement: string): readonly KeyCommand[] {
  const words = statement.trim().split(/\s+/);
  const [name = '', ...args] = words;
  const first = key(args[0]);
  const value = toTerm(args[1] ?? '');
  switch (name) {
    case 'GET':
    case 'GETDEL':
    case 'EXISTS':
    case 'TTL':
    case 'SMEMBERS':
    case 'HGETALL':
    case 'DEL':
    case 'EXPIRE':
    case 'PERSIST':
      return [{ kind: name.toLowerCase() as 'get', key: first }];
    case 'SETNX':
    case 'SET': {
      const options = new Set(args.slice(2).map((word) => word.toUpperCase()));
      const expiry = options.has('EX') || options.has('PX') ? 'set' : options.has('KEEPTTL') ? 'keep' : 'none';
      return [{ kind: 'set', key: first, value, onlyIfAbsent: name === 'SETNX' || options.has('NX'), expiry }];
    }
    case 'GETSET':
      return [{ kind: 'getset', key: first, value }];
    case 'INCR':
      return [{ kind: 'incr', key: first, by: { kind: 'constant', value: 1 } }];
    case 'INCRBY':
      return [{ kind: 'incr', key: first, by: value }];
    case 'SADD':
    case 'SREM':
      return [{ kind: name === 'SADD' ? 'sadd' : 'srem', key: first, member: value }];
    case 'HSET': {
      const fields: KeyCommand[] = [];
      for (let index = 1; index + 1 < args.length; index += 2)
        fields.push({
          kind: 'hset',
          key: first,
          member: toTerm(args[index] ?? ''),
          value: toTerm(args[index + 1] ?? ''),
        });
      return fields;
    }
    case 'MGET':
      return [{ kind: 'mget', keys: args.map(key) }];
    case 'MSET': {
      const entries: (readonly [Term, Term])[] = [];
      for (let index = 0; index + 1 < args.length; index += 2)
        entries.push([key(args[index]), toTerm(args[index + 1] ?? '')]);
      return [{ kind: 'mset', entries }];
    }
    case 'EVAL': {
      // the measured script compares and deletes; its key and owner are the last two words
      const owner = args.at(-1) ?? '';
      return [{ kind: 'delif', key: key(args.at(-2)), value: toTerm(owner) }];
    }
    default:
      throw new Error(`unknown command: ${statement}`);
  }
}
