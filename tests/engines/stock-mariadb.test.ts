import { describe, expect } from 'vitest';
import type { MariadbDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import { createHarness } from './support/harness.ts';
import { listEnds, nameRejection } from './support/list-ends.ts';

const schema = `CREATE TABLE item (
  sku varchar(40) NOT NULL PRIMARY KEY,
  stock int NOT NULL
) ENGINE=InnoDB;
`;

const reserve = `import { createPool } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';

const pool = createPool({ uri: process.env.DATABASE_URL });

export async function reserveStock(sku: string, quantity: number): Promise<string> {
  const [rows] = await pool.execute<RowDataPacket[]>('SELECT stock FROM item WHERE sku = ?', [sku]);
  const item = rows[0];
  if (!item || item.stock < quantity) {
    throw new Error('out of stock');
  }
  await pool.execute('UPDATE item SET stock = ? WHERE sku = ?', [item.stock - quantity, sku]);
  return 'reserved';
}
`;

/** The code before the change that made it race; the default level is REPEATABLE READ. */
const reserveWithLock = `import mysql from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';

const pool = mysql.createPool({ uri: process.env.DATABASE_URL });

export async function reserveStock(sku: string, quantity: number): Promise<string> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const [rows] = await connection.query<RowDataPacket[]>('SELECT stock FROM item WHERE sku = ? FOR UPDATE', [sku]);
    const item = rows[0];
    if (!item || item.stock < quantity) {
      throw new Error('out of stock');
    }
    await connection.query('UPDATE item SET stock = ? WHERE sku = ?', [item.stock - quantity, sku]);
    await connection.commit();
    return 'reserved';
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
}
`;

/** The numbers of the printed timeline: ten are there, and both requests want six. */
const initial = 10;
const wanted = 6;

async function open(files: ProjectFiles, mariadb: MariadbDatabase) {
  await mariadb.connection.query('DROP TABLE IF EXISTS item');
  await mariadb.connection.query(schema);
  await mariadb.connection.query('INSERT INTO item VALUES (?, ?), (?, ?)', ['desk', initial, 'lamp', initial]);
  const harness = createHarness({ mariadb });
  const source = await harness.load(files);
  const reserveSome = (quantity: number) => (): Promise<unknown> => source.call('reserveStock', 'desk', quantity);
  const look = async (ends: readonly PromiseSettledResult<unknown>[]) => {
    const [rows] = await mariadb.connection.query('SELECT stock FROM item ORDER BY sku');
    const answers = ends.map((end) => (end.status === 'fulfilled' ? String(end.value) : nameRejection(end.reason)));
    return { answers: answers.sort(), stock: (rows as { stock: number }[]).map(({ stock }) => stock) };
  };
  return { harness, reserveSome, look };
}

describe.each([
  { name: 'outside of transactions', source: reserve, rule: 'no-lost-update' },
  {
    name: 'in a REPEATABLE READ transaction',
    source: reserveWithLock.replace(' FOR UPDATE', ''),
    rule: 'no-weak-isolation',
  },
] as const)('stock on MariaDB $name', ({ source, rule }) => {
  const files: ProjectFiles = { 'src/stock.ts': source, 'migrations/001_item.sql': schema };

  engineTest('the printed schedule sells twelve of ten', async ({ mariadb }) => {
    const finding = findRace(files, rule);
    expect(finding).toMatchObject({ anomaly: 'lost update', confidence: 'proven', witness: { engine: 'innodb' } });
    const { harness, reserveSome, look } = await open(files, mariadb);
    const call = reserveSome(wanted);
    const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
    expect(run.deviations).toEqual([]);
    expect(await look(listEnds(run))).toEqual({
      answers: ['reserved', 'reserved'],
      stock: [initial - wanted, initial],
    });
  });

  engineTest('after each suggestion the second is out of stock', async ({ mariadb }) => {
    const finding = findRace(files, rule);
    for (const repair of listRepairs(files, finding)) {
      expect(listReports(repair.files), repair.title).toEqual([]);
      const { harness, reserveSome, look } = await open(repair.files, mariadb);
      const call = reserveSome(wanted);
      const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
      expect(await look(listEnds(run)), repair.title).toEqual({
        answers: ['out of stock', 'reserved'],
        stock: [initial - wanted, initial],
      });

      const crowd = await open(repair.files, mariadb);
      const ends = await crowd.harness.runAtOnce(50, crowd.reserveSome(1));
      const answers = [
        ...Array.from({ length: 50 - initial }, () => 'out of stock'),
        ...Array.from({ length: initial }, () => 'reserved'),
      ];
      expect(await crowd.look(ends), repair.title).toEqual({ answers, stock: [0, initial] });
    }
  });
});

engineTest('on MariaDB FOR UPDATE is silent and safe', async ({ mariadb }) => {
  const files: ProjectFiles = { 'src/stock.ts': reserveWithLock, 'migrations/001_item.sql': schema };
  expect(listReports(files)).toEqual([]);
  const racy = { ...files, 'src/stock.ts': reserveWithLock.replace(' FOR UPDATE', '') };
  const { harness, reserveSome, look } = await open(files, mariadb);
  const call = reserveSome(wanted);
  const run = await harness.runSchedule({
    steps: listPrintedSteps(findRace(racy, 'no-weak-isolation')),
    actors: { A: call, B: call },
  });
  expect(run.calls.filter(({ waited }) => waited).map(({ label }) => label)).toEqual([
    'SELECT stock FROM item WHERE sku = ? FOR UPDATE',
  ]);
  expect(await look(listEnds(run))).toEqual({
    answers: ['out of stock', 'reserved'],
    stock: [initial - wanted, initial],
  });
});
