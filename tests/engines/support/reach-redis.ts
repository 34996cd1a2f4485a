import { Redis } from 'ioredis';
import type { NoServer } from './reach-postgres.ts';

/** Where a Redis client connects to, and what it puts before each key. */
export interface RedisTarget {
  readonly host: string;
  readonly port: number;
  readonly keyPrefix: string;
}

/** A Redis server that tests may use. */
export interface RedisServer {
  readonly target: RedisTarget;
  readonly version: string;
}

/** The server on REDIS_HOST and REDIS_PORT, by default 127.0.0.1:6379. There is none to start here. */
export async function reachRedis(): Promise<RedisServer | NoServer> {
  const target: RedisTarget = {
    host: process.env['REDIS_HOST'] ?? '127.0.0.1',
    port: Number(process.env['REDIS_PORT'] ?? 6379),
    keyPrefix: '',
  };
  const redis = new Redis({
    ...target,
    lazyConnect: true,
    connectTimeout: 3_000,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // Without a listener the driver prints each failed attempt.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = await redis.info('server');
    return { target, version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown' };
  } catch {
    return { reason: `no Redis on ${target.host}:${String(target.port)}` };
  } finally {
    redis.disconnect();
  }
}
