import { describe, expect, test } from 'vitest';
import { engineTest } from './engine-test.ts';
import { createHarness, listScheduleSteps } from './harness.ts';

const readThenInsert = `
  import { Pool } from 'pg';
  const pool = new Pool();
  export async function signUp(email: string): Promise<string> {
    const found = await pool.query('select id from account where email = $1', [email]);
    if (found.rows.length > 0) throw new Error('EMAIL_TAKEN');
    await pool.query('insert into account (email) values ($1)', [email]);
    return 'created';
  }
`;

const onConflict = `
  import { Pool } from 'pg';
  const pool = new Pool();
  export async function signUp(email: string): Promise<string> {
    const inserted = await pool.query('insert into account (email) values ($1) on conflict (email) do nothing', [email]);
    if (inserted.rowCount === 0) throw new Error('EMAIL_TAKEN');
    return 'created';
  }
`;

describe('PostgreSQL', () => {
  engineTest('read, read, insert, insert makes two accounts', async ({ postgres }) => {
    await postgres.pool.query('create table account (id serial, email text)');
    const harness = createHarness({ postgres });
    const source = await harness.load({ 'sign-up.ts': readThenInsert });
    const call = () => source.call('signUp', 'ann@example.com');
    const run = await harness.runSchedule({ steps: ['A', 'B', 'A', 'B'], actors: { A: call, B: call } });
    expect(run.deviations).toEqual([]);
    expect(run.calls.map(({ actor, label }) => `${actor} ${label.slice(0, 6)}`)).toEqual([
      'A select',
      'B select',
      'A insert',
      'B insert',
    ]);
    expect(run.actors).toEqual({
      A: { status: 'fulfilled', value: 'created' },
      B: { status: 'fulfilled', value: 'created' },
    });
    expect((await postgres.pool.query('select * from account')).rowCount).toBe(2);
  });

  engineTest('the serial order of the same source makes one', async ({ postgres }) => {
    await postgres.pool.query('create table account (id serial, email text)');
    const harness = createHarness({ postgres });
    const source = await harness.load({ 'sign-up.ts': readThenInsert });
    const call = () => source.call('signUp', 'ann@example.com');
    const run = await harness.runSchedule({ steps: ['A', 'A', 'B', 'B'], actors: { A: call, B: call } });
    expect(run.actors['B']).toMatchObject({ status: 'rejected', reason: { message: 'EMAIL_TAKEN' } });
    expect(run.deviations).toEqual(['entry 4 (B): has ended']);
    expect((await postgres.pool.query('select * from account')).rowCount).toBe(1);
  });

  engineTest('ON CONFLICT makes one account, also with 50 calls at once', async ({ postgres }) => {
    await postgres.pool.query('create table account (id serial, email text unique)');
    const harness = createHarness({ postgres });
    const source = await harness.load({ 'sign-up.ts': onConflict });
    const call = () => source.call('signUp', 'ann@example.com');
    const run = await harness.runSchedule({ steps: ['A', 'B', 'A', 'B'], actors: { A: call, B: call } });
    expect(run.actors['A']).toEqual({ status: 'fulfilled', value: 'created' });
    expect(run.actors['B']).toMatchObject({ status: 'rejected', reason: { message: 'EMAIL_TAKEN' } });
    const results = await harness.runAtOnce(50, () => source.call('signUp', 'bob@example.com'));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await postgres.pool.query('select * from account')).rowCount).toBe(2);
  });

  engineTest('a statement that waits for a row lock lets the other actor go on', async ({ postgres }) => {
    await postgres.pool.query('create table seat (id int, free int); insert into seat values (1, 2)');
    const harness = createHarness({ postgres });
    const source = await harness.load({
      'seats.ts': `
        import { takeOne } from './take-one';
        import pg from 'pg';
        const pool = new pg.Pool({ connectionString: 'postgres://elsewhere/production' });
        export async function book(): Promise<void> {
          const client = await pool.connect();
          try {
            await client.query('begin');
            const seat = await client.query('select free from seat where id = 1 for update');
            await client.query('update seat set free = $1 where id = 1', [takeOne(seat.rows[0].free)]);
            await client.query('commit');
          } finally {
            client.release();
          }
        }
      `,
      'take-one.ts': 'export const takeOne = (free: number): number => free - 1;',
    });
    const book = () => source.call('book');
    const run = await harness.runSchedule({
      steps: ['A', 'B', 'A', 'B', 'A', 'B', 'A', 'B'],
      actors: { A: book, B: book },
    });
    expect(
      run.calls.filter(({ waited }) => waited).map(({ actor, label }) => `${actor} ${label.slice(0, 11)}`),
    ).toEqual(['B select free']);
    expect(run.calls.map(({ actor }) => actor).join('')).toBe('ABABAABB');
    expect(run.deviations).toEqual(['entry 6 (B): waits']);
    expect((await postgres.pool.query('select free from seat')).rows).toEqual([{ free: 0 }]);
  });

  engineTest('a crash cuts the connection: what was not committed is gone', async ({ postgres }) => {
    await postgres.pool.query('create table account (id int, balance int); insert into account values (1, 10), (2, 0)');
    const harness = createHarness({ postgres });
    const source = await harness.load({
      'transfer.ts': `
        import { Pool } from 'pg';
        const pool = new Pool();
        export async function transfer(atomic: boolean): Promise<void> {
          const client = await pool.connect();
          if (atomic) await client.query('begin');
          await client.query('update account set balance = balance - 5 where id = 1');
          await client.query('update account set balance = balance + 5 where id = 2');
          if (atomic) await client.query('commit');
          client.release();
        }
      `,
    });
    const balances = async () =>
      (await postgres.pool.query('select balance from account order by id')).rows.map(
        (row: { balance: number }) => row.balance,
      );
    const whole = await harness.runSchedule({
      steps: ['A', 'A', 'crash'],
      actors: { A: () => source.call('transfer', true) },
    });
    expect(whole.actors).toEqual({ A: { status: 'crashed' } });
    expect(await balances()).toEqual([10, 0]);
    await harness.runSchedule({ steps: ['A', 'crash'], actors: { A: () => source.call('transfer', false) } });
    expect(await balances()).toEqual([5, 0]);
  });

  engineTest('a deadlock ends one actor with 40P01', async ({ postgres }) => {
    await postgres.pool.query('create table seat (id int, free int); insert into seat values (1, 2), (2, 2)');
    const harness = createHarness({ postgres });
    const source = await harness.load({
      'swap.ts': `
        import { Pool } from 'pg';
        const pool = new Pool();
        export async function swap(first: number, second: number): Promise<void> {
          const client = await pool.connect();
          try {
            await client.query('begin');
            await client.query('update seat set free = free - 1 where id = $1', [first]);
            await client.query('update seat set free = free + 1 where id = $1', [second]);
            await client.query('commit');
          } catch (error) {
            await client.query('rollback');
            throw error;
          } finally {
            client.release();
          }
        }
      `,
    });
    const run = await harness.runSchedule({
      steps: ['A', 'B', 'A', 'B', 'A', 'B', 'A', 'B'],
      actors: { A: () => source.call('swap', 1, 2), B: () => source.call('swap', 2, 1) },
    });
    const ends = Object.values(run.actors);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '40P01' } });
  });
});

describe('Redis', () => {
  const publish = (write: string) => `
    import Redis from 'ioredis';
    const redis = new Redis(process.env.REDIS_URL ?? 'redis://elsewhere');
    export async function publish(price: number): Promise<void> {
      ${write}
    }
    export async function show(): Promise<(string | null)[]> {
      return redis.mget('price', 'list');
    }
  `;

  engineTest('SET, then DEL: a reader in between sees the new price with the old list', async ({ redis }) => {
    await redis.redis.mset('price', '1', 'list', 'price 1');
    const harness = createHarness({ redis });
    const source = await harness.load({
      'cache.ts': publish("await redis.set('price', String(price)); await redis.del('list');"),
    });
    const run = await harness.runSchedule({
      steps: ['A', 'reader', 'A'],
      actors: { A: () => source.call('publish', 2), reader: () => source.call('show') },
    });
    expect(run.deviations).toEqual([]);
    expect(run.actors['reader']).toEqual({ status: 'fulfilled', value: ['2', 'price 1'] });
  });

  engineTest('in a MULTI no reader gets in between, wherever it is put', async ({ redis }) => {
    const harness = createHarness({ redis });
    const source = await harness.load({
      'cache.ts': publish("await redis.multi().set('price', String(price)).del('list').exec();"),
    });
    const seen: unknown[] = [];
    for (const steps of [
      ['A', 'reader'],
      ['reader', 'A'],
      ['A', 'reader', 'A'],
    ]) {
      await redis.redis.mset('price', '1', 'list', 'price 1');
      const run = await harness.runSchedule({
        steps,
        actors: { A: () => source.call('publish', 2), reader: () => source.call('show') },
      });
      seen.push(run.actors['reader']);
      expect(run.calls).toContainEqual({
        actor: 'A',
        label: 'MULTI of 2 commands',
        waited: false,
        outcome: 'answered',
      });
    }
    const whole = { status: 'fulfilled', value: ['2', null] };
    expect(seen).toEqual([whole, { status: 'fulfilled', value: ['1', 'price 1'] }, whole]);
  });

  engineTest('keys are in a space of the test’s own, also in scripts and queues', async ({ redis }) => {
    const harness = createHarness({ redis });
    const source = await harness.load({
      'counter.ts': `
        import { Redis } from 'ioredis';
        const redis = new Redis();
        export async function count(): Promise<number> {
          await redis.eval("return redis.call('INCR', KEYS[1])", 1, 'hits');
          const tx = redis.multi();
          tx.incr('hits');
          await tx.exec();
          return Number(await redis.get('hits'));
        }
      `,
    });
    const results = await harness.runAtOnce(50, () => source.call('count'));
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await redis.redis.get('hits')).toBe('100');
  });
});

test('the schedule of a witness has one entry a client call, a waiting statement where it was sent', () => {
  const step = (actor: 'A' | 'B' | 'crash', operation: string, waits = false) => ({
    actor,
    operation,
    label: operation,
    outcome: '',
    waits,
  });
  const witness = {
    anomaly: 'lost update' as const,
    engine: 'postgresql' as const,
    isolation: 'read committed' as const,
    mode: 'two requests' as const,
    steps: [
      step('A', 'read'),
      step('A', 'check'),
      step('B', 'read', true),
      step('A', 'write'),
      step('B', 'read'),
      step('B', 'write'),
      step('crash', ''),
    ],
    final: [],
    serial: [],
    errors: [],
    switches: 3,
  };
  expect(listScheduleSteps(witness, (operation) => operation !== 'check')).toEqual(['A', 'B', 'A', 'B', 'crash']);
});
