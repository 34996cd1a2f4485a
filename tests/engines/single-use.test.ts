import { describe, expect } from 'vitest';
import type { PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import { createHarness } from './support/harness.ts';

const exchange = `import { Pool } from 'pg';

const pool = new Pool();

export async function exchange(id: string): Promise<string> {
  const { rows } = await pool.query<{ account: string }>('SELECT account FROM code WHERE id = $1', [id]);
  const code = rows[0];
  if (!code) throw new Error('unknown code');
  await pool.query('INSERT INTO session (account) VALUES ($1)', [code.account]);
  await pool.query('DELETE FROM code WHERE id = $1', [id]);
  return code.account;
}
`;

const exchangeInTransaction = `import { Pool } from 'pg';

const pool = new Pool();

export async function exchange(id: string): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ account: string }>('SELECT account FROM code WHERE id = $1', [id]);
    const code = rows[0];
    if (!code) throw new Error('unknown code');
    await client.query('INSERT INTO session (account) VALUES ($1)', [code.account]);
    await client.query('DELETE FROM code WHERE id = $1', [id]);
    await client.query('COMMIT');
    return code.account;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`;

const exchangeWithDrizzle = `import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';

const db = drizzle(new Pool());
const code = pgTable('code', { id: text('id').primaryKey(), account: text('account').notNull() });
const session = pgTable('session', { account: text('account').notNull() });

export async function exchange(id: string): Promise<string> {
  const [found] = await db.select().from(code).where(eq(code.id, id)).limit(1);
  if (!found) throw new Error('unknown code');
  await db.insert(session).values({ account: found.account });
  await db.delete(code).where(eq(code.id, id));
  return found.account;
}
`;

/** The source beside one code that nobody has used yet; `count` tells how often it was. */
async function open(files: ProjectFiles, postgres: PostgresDatabase) {
  const { pool } = postgres;
  await pool.query(
    'DROP TABLE IF EXISTS code, session; CREATE TABLE code (id text PRIMARY KEY, account text NOT NULL)',
  );
  await pool.query("CREATE TABLE session (account text NOT NULL); INSERT INTO code VALUES ('c', 'ann')");
  const harness = createHarness({ postgres });
  const source = await harness.load(files);
  return {
    harness,
    call: (): Promise<unknown> => source.call('exchange', 'c'),
    count: async (): Promise<number> => (await pool.query('SELECT 1 FROM session')).rows.length,
  };
}

describe('a code that is exchanged for a session, and deleted', () => {
  engineTest.for([
    { name: 'pg', source: exchange, rule: 'no-check-then-insert' },
    { name: 'pg in a transaction', source: exchangeInTransaction, rule: 'no-weak-isolation' },
    { name: 'Drizzle on pg', source: exchangeWithDrizzle, rule: 'no-check-then-insert' },
  ] as const)('$name: is used twice, and once after each suggestion', async ({ source, rule }, { postgres }) => {
    const files: ProjectFiles = { 'src/exchange.ts': source };
    const finding = findRace(files, rule);
    const before = await open(files, postgres);
    const steps = listPrintedSteps(finding);
    const run = await before.harness.runSchedule({ steps, actors: { A: before.call, B: before.call } });
    expect(Object.values(run.actors)).toEqual([1, 2].map(() => ({ status: 'fulfilled', value: 'ann' })));
    expect(await before.count()).toBe(2);

    for (const repair of listRepairs(files, finding)) {
      expect(listReports(repair.files), repair.title).toEqual([]);
      const pair = await open(repair.files, postgres);
      const again = await pair.harness.runSchedule({ steps, actors: { A: pair.call, B: pair.call } });
      const ends = Object.values(again.actors).map(({ status }) => status);
      expect(ends.sort(), repair.title).toEqual(['fulfilled', 'rejected']);
      expect(await pair.count(), repair.title).toBe(1);

      const crowd = await open(repair.files, postgres);
      const all = await crowd.harness.runAtOnce(50, crowd.call);
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await crowd.count(), repair.title).toBe(1);
    }
  });
});
