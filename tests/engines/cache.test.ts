import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { RedisKeyspace } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import type { ScheduleRun } from './support/gate.ts';
import { createHarness } from './support/harness.ts';

const profile = `import Redis from 'ioredis';

const redis = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');

export async function saveProfile(userId: string, name: string): Promise<void> {
  await redis.set(\`profile:\${userId}\`, name);
  await redis.del(\`profile-list:\${userId}\`);
}

export async function showProfile(userId: string): Promise<(string | null)[]> {
  return redis.mget(\`profile:\${userId}\`, \`profile-list:\${userId}\`);
}
`;

const profileWithHelper: ProjectFiles = {
  'src/profile.ts': profile
    .replace("'ioredis';\n", "'ioredis';\nimport { forgetLists } from './forget-lists';\n")
    .replace('await redis.del(`profile-list:${userId}`)', 'await forgetLists(redis, userId)'),
  'src/forget-lists.ts': `import type { Redis } from 'ioredis';

export async function forgetLists(redis: Redis, userId: string): Promise<void> {
  await redis.del(\`profile-list:\${userId}\`);
}
`,
};

const session = `import { Redis } from 'ioredis';

const redis = new Redis();

export async function storeSession(id: string, user: string): Promise<void> {
  await redis.set(\`session:\${id}\`, user);
  await redis.expire(\`session:\${id}\`, 3600);
}
`;

const attempts = `import { Redis } from 'ioredis';

const redis = new Redis();

export async function countLogin(ip: string): Promise<number> {
  const count = await redis.incr(\`login:\${ip}\`);
  if (count === 1) {
    await redis.expire(\`login:\${ip}\`, 60);
  }
  return count;
}
`;

const cart = `import { Redis } from 'ioredis';

const redis = new Redis();

export async function storeCart(id: string, sku: string): Promise<void> {
  await redis.hset(\`cart:\${id}\`, sku, 1);
  await redis.expire(\`cart:\${id}\`, 3600);
}
`;

const views = `import { Redis } from 'ioredis';

const redis = new Redis();

export async function countView(page: string): Promise<number> {
  const views = Number((await redis.get(\`views:\${page}\`)) ?? 0) + 1;
  await redis.set(\`views:\${page}\`, views);
  return views;
}
`;

const ticket = `import { Redis } from 'ioredis';

const redis = new Redis();

export async function redeem(code: string): Promise<string> {
  const reward = await redis.get(\`ticket:\${code}\`);
  if (reward === null) {
    throw new Error('already used');
  }
  await redis.del(\`ticket:\${code}\`);
  return reward;
}
`;

/** The source beside a store that holds only these keys. */
async function open(files: ProjectFiles, redis: RedisKeyspace, initial: Readonly<Record<string, string>> = {}) {
  await redis.redis.del('profile:7', 'profile-list:7', 'session:7', 'login:::1', 'cart:7', 'views:home', 'ticket:7');
  for (const [key, value] of Object.entries(initial)) await redis.redis.set(key, value);
  const harness = createHarness({ redis });
  return { harness, source: await harness.load(files) };
}

/** Seconds that the key still has; -1 for ever, -2 where there is none: https://redis.io/docs/latest/commands/ttl/ */
function readLifetime({ redis }: RedisKeyspace, key: string): Promise<number> {
  return redis.ttl(key);
}

const stored = { 'profile:7': 'Ann', 'profile-list:7': 'Ann, Bob' };

/** A writer and a reader in the printed order; what the reader sees. */
async function readBetween(files: ProjectFiles, finding: Finding, redis: RedisKeyspace): Promise<ScheduleRun> {
  const { harness, source } = await open(files, redis, stored);
  return harness.runSchedule({
    steps: listPrintedSteps(finding),
    actors: { A: () => source.call('saveProfile', '7', 'Anna'), reader: () => source.call('showProfile', '7') },
  });
}

/** What 25 readers see while 25 writers write. */
async function readInCrowd(files: ProjectFiles, redis: RedisKeyspace): Promise<readonly unknown[]> {
  const { harness, source } = await open(files, redis, stored);
  const ends = await harness.runAtOnce(50, (index) =>
    index % 2 === 0 ? source.call('saveProfile', '7', 'Anna') : source.call('showProfile', '7'),
  );
  return ends
    .filter((_, index) => index % 2 === 1)
    .map((end) => (end.status === 'fulfilled' ? end.value : end.reason) as unknown);
}

describe('SET of a profile, then DEL of its list', () => {
  const torn = ['Anna', 'Ann, Bob'];
  const before = ['Ann', 'Ann, Bob'];
  const after = ['Anna', null];

  engineTest.for([
    { name: 'both here', files: { 'src/profile.ts': profile } },
    { name: 'one in a helper of another file', files: profileWithHelper },
  ])('$name: the reader of the printed schedule sees it torn', async ({ files }, { redis }) => {
    const finding = findRace(files, 'no-nonatomic-cache-update');
    const mode = 'request and reader';
    expect(finding).toMatchObject({ anomaly: 'torn read', confidence: 'proven', witness: { mode } });
    const run = await readBetween(files, finding, redis);
    expect(run.deviations).toEqual([]);
    expect(run.actors['reader']).toEqual({ status: 'fulfilled', value: torn });
    // So that the silence of a crowd after a suggestion tells something.
    expect(await readInCrowd(files, redis)).toContainEqual(torn);
  });

  engineTest('after each suggestion no reader sees it torn', async ({ redis }) => {
    const files: ProjectFiles = { 'src/profile.ts': profile };
    const finding = findRace(files, 'no-nonatomic-cache-update');
    for (const repair of listRepairs(files, finding)) {
      expect(listReports(repair.files), repair.title).toEqual([]);
      const run = await readBetween(repair.files, finding, redis);
      expect(run.actors['reader'], repair.title).toEqual({ status: 'fulfilled', value: after });
      for (const seen of await readInCrowd(repair.files, redis))
        expect([before, after], repair.title).toContainEqual(seen);
    }
  });
});

const expiries = [
  { name: 'SET, then EXPIRE', source: session, call: ['storeSession', '7', 'ann'], key: 'session:7', seconds: 3600 },
  { name: 'HSET, then EXPIRE', source: cart, call: ['storeCart', '7', 'lamp'], key: 'cart:7', seconds: 3600 },
  {
    name: 'INCR, then EXPIRE of a new counter',
    source: attempts,
    call: ['countLogin', '::1'],
    key: 'login:::1',
    seconds: 60,
  },
] as const;

describe('a time to live that comes second', () => {
  engineTest.for(expiries)('$name: a crash where it is printed leaves the key for ever', async (expiry, { redis }) => {
    const files: ProjectFiles = { 'src/store.ts': expiry.source };
    const finding = findRace(files, 'no-nonatomic-cache-update');
    const mode = 'request and crash';
    expect(finding).toMatchObject({ anomaly: 'no expiry', confidence: 'proven', witness: { mode } });
    const { harness, source } = await open(files, redis);
    const [name, ...args] = expiry.call;
    const run = await harness.runSchedule({
      steps: listPrintedSteps(finding),
      actors: { A: () => source.call(name, ...args) },
    });
    expect(run.deviations).toEqual([]);
    expect(run.actors['A']).toEqual({ status: 'crashed' });
    expect(await readLifetime(redis, expiry.key)).toBe(-1);
  });

  engineTest.for(expiries.slice(0, 2))(
    '$name: after each suggestion every crash leaves an end',
    async (expiry, { redis }) => {
      const files: ProjectFiles = { 'src/store.ts': expiry.source };
      const finding = findRace(files, 'no-nonatomic-cache-update');
      const [name, ...args] = expiry.call;
      for (const repair of listRepairs(files, finding)) {
        expect(listReports(repair.files), repair.title).toEqual([]);
        const { harness, source } = await open(repair.files, redis);
        await harness.runSchedule({
          steps: listPrintedSteps(finding),
          actors: { A: () => source.call(name, ...args) },
        });
        expect(await readLifetime(redis, expiry.key), repair.title).toBeGreaterThan(expiry.seconds - 5);

        const crowd = await open(repair.files, redis);
        const ends = await crowd.harness.runAtOnce(50, () => crowd.source.call(name, ...args));
        expect(
          ends.filter(({ status }) => status === 'rejected'),
          repair.title,
        ).toEqual([]);
        expect(await readLifetime(redis, expiry.key), repair.title).toBeGreaterThan(expiry.seconds - 5);
      }
    },
  );
});

describe('GET of a counter, then SET of the sum', () => {
  const files: ProjectFiles = { 'src/views.ts': views };

  engineTest('the printed schedule counts one of two views', async ({ redis }) => {
    const finding = findRace(files, 'no-lost-update');
    expect(finding).toMatchObject({ anomaly: 'lost update', confidence: 'proven' });
    const { harness, source } = await open(files, redis, { 'views:home': '7' });
    const call = (): Promise<unknown> => source.call('countView', 'home');
    const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
    expect(run.deviations).toEqual([]);
    expect(await redis.redis.get('views:home')).toBe('8');
    expect(Object.values(run.actors)).toEqual([1, 2].map(() => ({ status: 'fulfilled', value: 8 })));
  });

  engineTest('after each suggestion all views count', async ({ redis }) => {
    const finding = findRace(files, 'no-lost-update');
    for (const repair of listRepairs(files, finding)) {
      expect(listReports(repair.files), repair.title).toEqual([]);
      const { harness, source } = await open(repair.files, redis, { 'views:home': '7' });
      const call = (): Promise<unknown> => source.call('countView', 'home');
      const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
      expect(Object.values(run.actors), repair.title).toEqual([8, 9].map((value) => ({ status: 'fulfilled', value })));

      // No key yet: the count begins at one, as the source says.
      const crowd = await open(repair.files, redis);
      const ends = await crowd.harness.runAtOnce(50, () => crowd.source.call('countView', 'home'));
      const counts = Array.from({ length: 50 }, (_, index) => ({ status: 'fulfilled', value: index + 1 }));
      expect(ends, repair.title).toEqual(counts);
    }
  });
});

engineTest('GET of a ticket, then DEL: the printed schedule redeems it twice', async ({ redis }) => {
  const files: ProjectFiles = { 'src/ticket.ts': ticket };
  const finding = findRace(files, 'no-nonatomic-cache-update');
  expect(finding).toMatchObject({ anomaly: 'double claim', confidence: 'proven' });
  const { harness, source } = await open(files, redis, { 'ticket:7': 'free coffee' });
  const call = (): Promise<unknown> => source.call('redeem', '7');
  const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
  expect(run.deviations).toEqual([]);
  const redeemed = { status: 'fulfilled', value: 'free coffee' };
  expect(run.actors).toEqual({ A: redeemed, B: redeemed });
});
