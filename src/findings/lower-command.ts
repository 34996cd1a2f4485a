import type { CommandAction } from '../model/effect.ts';
import type { KeyCommand } from '../model/program.ts';
import { lowerTerm } from './lower-value.ts';
import type { SliceEffects } from './lower-value.ts';
import type { Value } from '../model/value.ts';

/** A command in the model checker's language; undefined for those that it has no counterpart for. */
export function lowerCommand(action: CommandAction, slice: SliceEffects): KeyCommand | undefined {
  if (action.resource.kind !== 'key') return undefined;
  const key = lowerTerm(action.resource.key, slice);
  const value = lowerTerm(action.value ?? { kind: 'unknown', reason: 'value' }, slice);
  const member = lowerTerm(action.member ?? { kind: 'unknown', reason: 'member' }, slice);
  switch (action.command) {
    case 'get':
    case 'hget':
    case 'lrange':
    case 'zrange':
      return { kind: 'get', key };
    case 'getdel':
    case 'lpop':
      return { kind: 'getdel', key };
    case 'exists':
    case 'ttl':
    case 'smembers':
      return { kind: action.command, key };
    case 'set':
    case 'setnx':
      return {
        kind: 'set',
        key,
        value,
        onlyIfAbsent: action.command === 'setnx',
        expiry: action.expiry === 'set' ? 'set' : action.expiry === 'keep' ? 'keep' : 'none',
      };
    case 'getset':
      return { kind: 'getset', key, value };
    case 'del':
    case 'expire':
    case 'persist':
      return { kind: action.command, key };
    case 'incr':
    case 'hincr':
      return { kind: 'incr', key, by: { kind: 'constant', value: 1 } };
    case 'sadd':
    case 'zadd':
    case 'lpush':
      return { kind: 'sadd', key, member };
    case 'srem':
    case 'zrem':
      return { kind: 'srem', key, member };
    case 'hset':
      return { kind: 'hset', key, member, value };
    case 'hdel':
      return { kind: 'srem', key, member };
    case 'script':
    case 'watch':
    case 'unwatch':
      return undefined;
  }
}

/** A command on one field of a hash, or one member of a sorted set: such a field is a cell by itself, as a key is. */
export function lowerFieldCommand(action: CommandAction, field: Value, slice: SliceEffects): KeyCommand | undefined {
  const key = lowerTerm(field, slice);
  switch (action.command) {
    case 'hget':
    case 'zrange':
      return { kind: 'get', key };
    case 'hset':
    case 'zadd':
      return {
        kind: 'set',
        key,
        value: lowerTerm(action.value ?? { kind: 'unknown', reason: 'value' }, slice),
        onlyIfAbsent: false,
        expiry: 'keep',
      };
    case 'hincr':
      return { kind: 'incr', key, by: { kind: 'constant', value: 1 } };
    default:
      return undefined;
  }
}
