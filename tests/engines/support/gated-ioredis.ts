import { Redis } from 'ioredis';
import type { ChainableCommander, RedisOptions } from 'ioredis';
import type { Gate } from './gate.ts';
import type { RedisTarget } from './reach-redis.ts';

/** Stand-ins for the exports of `ioredis` whose commands pass a gate; all keys get the test's prefix. */
export interface GatedIoredis {
  /** What the source under test gets for `import … from 'ioredis'`. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** Methods that open a queue; only its `exec` is a call. */
const queues: ReadonlySet<string> = new Set(['multi', 'pipeline']);

/** Members that are no commands although the server knows some by that name. */
const local: ReadonlySet<string> = new Set([
  'connect',
  'disconnect',
  'quit',
  'duplicate',
  'on',
  'once',
  'off',
  'exec',
  'monitor',
  'subscribe',
  'psubscribe',
]);

/**
 * @param gate decides when a command is sent
 * @param target connection and key prefix of the test; they win over what the source asks for
 */
export function createGatedIoredis(gate: Gate, target: RedisTarget): GatedIoredis {
  const opened = new Set<Redis>();

  function wrapQueue(queue: ChainableCommander, name: string): ChainableCommander {
    // The queue of a MULTI begins with the command MULTI itself.
    const label = (): string =>
      `${name.toUpperCase()} of ${String(queue.length - (name === 'multi' ? 1 : 0))} commands`;
    return new Proxy(queue, {
      get(target, property) {
        const member = Reflect.get(target, property, target) as unknown;
        if (typeof member !== 'function') return member;
        if (property === 'exec') return () => gate.pass({ label: label(), execute: async () => target.exec() });
        return (...args: unknown[]) => {
          const result = (member as (...args: unknown[]) => unknown).apply(target, args);
          // Queueing methods answer with the queue itself, which must stay the gated one.
          return result === target ? wrapQueue(target, name) : result;
        };
      },
    });
  }

  function wrap(redis: Redis): Redis {
    opened.add(redis);
    return new Proxy(redis, {
      get(target, property) {
        const member = Reflect.get(target, property, target) as unknown;
        if (typeof member !== 'function' || typeof property !== 'string') return member;
        const method = member as (...args: unknown[]) => unknown;
        if (property === 'duplicate') return () => wrap(target.duplicate());
        if (queues.has(property))
          return (...args: unknown[]) => wrapQueue(method.apply(target, args) as ChainableCommander, property);
        if (!isCommand(target, property)) return method.bind(target);
        return (...args: unknown[]) => {
          if (args.some((arg) => typeof arg === 'function')) throw new Error('commands with callbacks are not gated');
          const label = [property.toUpperCase(), ...args.slice(0, 1).map(String)].join(' ');
          return gate.pass({ label, execute: async () => method.apply(target, args) });
        };
      },
    });
  }

  // A constructor that answers with the gated client: `new Redis(url)`.
  function GatedRedis(...args: readonly unknown[]): Redis {
    const asked = args.findLast((arg) => typeof arg === 'object' && arg !== null) as Asked | undefined;
    return wrap(new Redis({ ...asked, ...target, keyPrefix: `${target.keyPrefix}${asked?.keyPrefix ?? ''}` }));
  }

  return {
    exports: { default: GatedRedis, Redis: GatedRedis },
    close: async () => {
      for (const redis of opened) redis.disconnect();
      return Promise.resolve();
    },
  };
}

/** Options of the source under test. */
type Asked = Omit<RedisOptions, 'replyMapping'>;

/** Built-in commands, and those that the source defined with `defineCommand` or `scripts`. */
function isCommand(redis: Redis, name: string): boolean {
  if (local.has(name)) return false;
  return (
    name === 'call' ||
    redis.getBuiltinCommands().includes(name.replace(/Buffer$/, '').toLowerCase()) ||
    Object.hasOwn(redis, name)
  );
}
