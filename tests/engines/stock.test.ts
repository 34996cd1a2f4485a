import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import { createHarness } from './support/harness.ts';
import { listEnds, nameRejection } from './support/list-ends.ts';

const schema = `CREATE TABLE item (
  sku text PRIMARY KEY,
  stock integer NOT NULL CONSTRAINT item_stock_check CHECK (stock >= 0)
);
`;

const reserve = `import { Pool } from 'pg';

const pool = new Pool();

export class OutOfStock extends Error {}

export async function reserveStock(sku: string, quantity: number): Promise<string> {
  const { rows } = await pool.query<{ stock: number }>('SELECT stock FROM item WHERE sku = $1', [sku]);
  const item = rows[0];
  if (!item || item.stock < quantity) {
    throw new OutOfStock('out of stock');
  }
  await pool.query('UPDATE item SET stock = $1 WHERE sku = $2', [item.stock - quantity, sku]);
  return 'reserved';
}
`;

const reserveOrAnswer = `import { Pool } from 'pg';

const pool = new Pool();

export async function reserveStock(sku: string, quantity: number): Promise<string> {
  const result = await pool.query('SELECT stock FROM item WHERE sku = $1', [sku]);
  const item = result.rows[0];
  if (item && item.stock >= quantity) {
    await pool.query('UPDATE item SET stock = $1 WHERE sku = $2', [item.stock - quantity, sku]);
    return 'reserved';
  }
  return 'out of stock';
}
`;

/** No item counts as none in stock. */
const reserveFromNothing = reserveOrAnswer
  .replace('const item = result.rows[0];', 'const stock = result.rows[0]?.stock ?? 0;')
  .replace('item && item.stock >= quantity', 'stock >= quantity')
  .replace('item.stock - quantity', 'stock - quantity');

/** The code before the change that made it race. */
const reserveWithLock = `import { Pool } from 'pg';

const pool = new Pool();

export async function reserveStock(sku: string, quantity: number): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ stock: number }>('SELECT stock FROM item WHERE sku = $1 FOR UPDATE', [sku]);
    const item = rows[0];
    if (!item || item.stock < quantity) {
      throw new Error('out of stock');
    }
    await client.query('UPDATE item SET stock = $1 WHERE sku = $2', [item.stock - quantity, sku]);
    await client.query('COMMIT');
    return 'reserved';
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`;

/** Ten are there, and both requests want six. */
const initial = 10;
const wanted = 6;

async function open(files: ProjectFiles, postgres: PostgresDatabase) {
  await postgres.pool.query(`DROP TABLE IF EXISTS item; ${schema}`);
  await postgres.pool.query('INSERT INTO item VALUES ($1, $2), ($3, $2)', ['desk', initial, 'lamp']);
  const harness = createHarness({ postgres });
  const source = await harness.load(files);
  const reserveSome = (quantity: number) => (): Promise<unknown> => source.call('reserveStock', 'desk', quantity);
  const look = async (ends: readonly PromiseSettledResult<unknown>[]) => {
    const { rows } = await postgres.pool.query<{ stock: number }>('SELECT stock FROM item ORDER BY sku');
    const answers = ends.map((end) => (end.status === 'fulfilled' ? String(end.value) : nameRejection(end.reason)));
    return { answers: answers.sort(), stock: rows.map(({ stock }) => stock) };
  };
  return { harness, reserveSome, look };
}

/** Both get their six of the ten, and four are still said to be there. */
async function expectOversold(files: ProjectFiles, finding: Finding, postgres: PostgresDatabase): Promise<void> {
  const { harness, reserveSome, look } = await open(files, postgres);
  const call = reserveSome(wanted);
  const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
  expect(run.deviations).toEqual([]);
  expect(await look(listEnds(run))).toEqual({ answers: ['reserved', 'reserved'], stock: [initial - wanted, initial] });
}

describe.each([
  { name: 'throws', source: reserve, rule: 'no-lost-update', taken: 6 },
  // Where the guard only skips the write, the timeline shows two that both fit: four and four.
  { name: 'lets pass and answers otherwise', source: reserveOrAnswer, rule: 'no-lost-update', taken: 4 },
  {
    name: 'throws inside of a READ COMMITTED transaction',
    source: reserveWithLock.replace(' FOR UPDATE', ''),
    rule: 'no-weak-isolation',
    taken: 6,
  },
] as const)('stock, where the guard $name', ({ source, rule, taken }) => {
  const files: ProjectFiles = { 'src/stock.ts': source, 'migrations/001_item.sql': schema };

  engineTest('the printed schedule sells twelve of ten', async ({ postgres }) => {
    const finding = findRace(files, rule);
    expect(finding).toMatchObject({ anomaly: 'lost update', confidence: 'proven' });
    expect(finding.witness.steps.map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining([`stock ${String(initial)}`, `stock becomes ${String(initial - taken)}`]),
    );
    await expectOversold(files, finding, postgres);
  });

  engineTest('after each suggestion the second is out of stock', async ({ postgres }) => {
    const finding = findRace(files, rule);
    for (const repair of listRepairs(files, finding)) {
      expect(listReports(repair.files), repair.title).toEqual([]);
      const { harness, reserveSome, look } = await open(repair.files, postgres);
      const call = reserveSome(wanted);
      const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
      expect(await look(listEnds(run)), repair.title).toEqual({
        answers: ['out of stock', 'reserved'],
        stock: [initial - wanted, initial],
      });

      const crowd = await open(repair.files, postgres);
      const ends = await crowd.harness.runAtOnce(50, crowd.reserveSome(1));
      const answers = [
        ...Array.from({ length: 50 - initial }, () => 'out of stock'),
        ...Array.from({ length: initial }, () => 'reserved'),
      ];
      expect(await crowd.look(ends), repair.title).toEqual({ answers, stock: [0, initial] });
    }
  });
});

engineTest(
  'where no item counts as none in stock, the printed schedule sells twelve of ten, too',
  async ({ postgres }) => {
    const files: ProjectFiles = { 'src/stock.ts': reserveFromNothing, 'migrations/001_item.sql': schema };
    await expectOversold(files, findRace(files, 'no-lost-update'), postgres);
  },
);

engineTest(
  'with FOR UPDATE there is no finding, and in the order that breaks it without, the second waits',
  async ({ postgres }) => {
    const files: ProjectFiles = { 'src/stock.ts': reserveWithLock, 'migrations/001_item.sql': schema };
    expect(listReports(files)).toEqual([]);
    const racy = { ...files, 'src/stock.ts': reserveWithLock.replace(' FOR UPDATE', '') };
    const steps = listPrintedSteps(findRace(racy, 'no-weak-isolation'));
    const { harness, reserveSome, look } = await open(files, postgres);
    const call = reserveSome(wanted);
    const run = await harness.runSchedule({ steps, actors: { A: call, B: call } });
    expect(run.calls.filter(({ waited }) => waited).map(({ label }) => label)).toEqual([
      'SELECT stock FROM item WHERE sku = $1 FOR UPDATE',
    ]);
    expect(await look(listEnds(run))).toEqual({
      answers: ['out of stock', 'reserved'],
      stock: [initial - wanted, initial],
    });
  },
);
