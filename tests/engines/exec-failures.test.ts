import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis as Upstash } from '@upstash/redis';
import type { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe, expect } from 'vitest';
import { engineTest } from './support/engine-test.ts';
import { findRace, listRepairs, listReports } from './support/find-race.ts';
import { createHarness } from './support/harness.ts';

/**
 * What the suggestion "Send both in one MULTI" rests on: which clients throw when one command of it fails, and that the
 * command after it runs all the same.
 */
const wrongType = /WRONGTYPE/;

describe('HSET of a key that holds a text, then EXPIRE, in one MULTI', () => {
  engineTest('ioredis answers with the error', async ({ redis: { redis } }) => {
    await redis.set('cart:7', 'no hash');
    const replies = await redis.multi().hset('cart:7', 'lamp', 1).expire('cart:7', 3600).exec();
    expect(replies?.map(([error, answer]) => error?.message ?? answer)).toEqual([
      expect.stringMatching(wrongType) as string,
      1,
    ]);
    expect(await redis.ttl('cart:7')).toBeGreaterThan(3000);
  });

  engineTest('node-redis rejects', async ({ redis: { redis, target } }) => {
    await redis.set('cart:7', 'no hash');
    const client = createClient({ socket: { host: target.host, port: target.port } });
    await client.connect();
    const key = `${target.keyPrefix}cart:7`;
    const done = client.multi().hSet(key, 'lamp', 1).expire(key, 3600).exec();
    await expect(done).rejects.toMatchObject({ name: 'Error', errorIndexes: [0] });
    client.destroy();
    expect(await redis.ttl('cart:7')).toBeGreaterThan(3000);
  });

  engineTest('@upstash/redis rejects', async ({ redis: { redis } }) => {
    await redis.set('cart:7', 'no hash');
    const bridge = await openBridge(redis);
    const client = new Upstash({ url: bridge.url, token: 'none', retry: false, responseEncoding: false });
    await expect(client.multi().hset('cart:7', { lamp: 1 }).expire('cart:7', 3600).exec()).rejects.toThrow(wrongType);
    bridge.close();
    expect(await redis.ttl('cart:7')).toBeGreaterThan(3000);
  });
});

engineTest('a command that Redis does not queue makes EXEC of ioredis reject', async ({ redis: { redis } }) => {
  const wrong = redis.multi().set('a', '1').call('set', 'b').del('c');
  await expect(wrong.exec()).rejects.toThrow('EXECABORT');
  expect(await redis.get('a')).toBeNull();
});

engineTest('the rewritten source throws what the written one threw', async ({ redis }) => {
  const files = {
    'src/cart.ts': `import { Redis } from 'ioredis';

const redis = new Redis();

export async function storeCart(id: string, sku: string): Promise<void> {
  await redis.hset(\`cart:\${id}\`, sku, 1);
  await redis.expire(\`cart:\${id}\`, 3600);
}
`,
  };
  const finding = findRace(files, 'no-nonatomic-cache-update');
  const all = [{ title: 'as written', files }, ...listRepairs(files, finding)];
  expect(all).toHaveLength(2);
  for (const each of all) {
    await redis.redis.set('cart:7', 'no hash');
    const source = await createHarness({ redis }).load(each.files);
    await expect(source.call('storeCart', '7', 'lamp'), each.title).rejects.toThrow(wrongType);
  }
  expect(listReports(all[1]!.files)).toEqual([]);
});

/**
 * Upstash's REST interface in front of a Redis server, as far as MULTI: a list of `{ result }` and `{ error }`.
 * https://upstash.com/docs/redis/features/restapi#transactions
 */
async function openBridge(redis: Redis): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      const queue = redis.multi(JSON.parse(body) as unknown[][]);
      void queue.exec().then((replies) => {
        const answers = (replies ?? []).map(([error, result]) => (error ? { error: error.message } : { result }));
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answers));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, close: () => server.close() };
}
