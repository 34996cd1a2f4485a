import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect } from 'vitest';
import type { MariadbDatabase, PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import type { Harness } from './support/harness.ts';
import { createHarness } from './support/harness.ts';

const schema = `CREATE TABLE account (
  id varchar(40) PRIMARY KEY,
  balance integer NOT NULL
);
`;

/** @param placeholder spells the parameters: `$1` or `?` */
const transfer = (imports: string, pool: string, placeholder: (number: number) => string): string => `${imports}

const pool = ${pool};

export async function transfer(from: string, to: string, amount: number): Promise<string> {
  await pool.query('BEGIN');
  try {
    if (amount <= 0) throw new RangeError('nothing to transfer');
    await pool.query('UPDATE account SET balance = balance - ${placeholder(1)} WHERE id = ${placeholder(2)}', [amount, from]);
    await pool.query('UPDATE account SET balance = balance + ${placeholder(1)} WHERE id = ${placeholder(2)}', [amount, to]);
    await pool.query('COMMIT');
    return 'transferred';
  } catch (error) {
    await pool.query('ROLLBACK');
    throw error;
  }
}
`;

interface Bank {
  readonly harness: Harness;
  /** What is on the accounts of Ann and Bob. */
  readonly look: () => Promise<readonly number[]>;
}

async function openPostgres(postgres: PostgresDatabase): Promise<Bank> {
  await postgres.pool.query(`DROP TABLE IF EXISTS account; ${schema}`);
  await postgres.pool.query("INSERT INTO account VALUES ('ann', 10), ('bob', 10)");
  return {
    harness: createHarness({ postgres }),
    look: async () => {
      const { rows } = await postgres.pool.query<{ balance: number }>('SELECT balance FROM account ORDER BY id');
      return rows.map(({ balance }) => balance);
    },
  };
}

async function openMariadb(mariadb: MariadbDatabase): Promise<Bank> {
  await mariadb.connection.query('DROP TABLE IF EXISTS account');
  await mariadb.connection.query(schema);
  await mariadb.connection.query("INSERT INTO account VALUES ('ann', 10), ('bob', 10)");
  return {
    harness: createHarness({ mariadb }),
    look: async () => {
      const [rows] = await mariadb.connection.query<RowDataPacket[]>('SELECT balance FROM account ORDER BY id');
      return rows.map((row) => Number(row['balance']));
    },
  };
}

/**
 * A wants to transfer nothing, which is refused; B transfers five of Ann's ten to Bob, who has ten too. The printed
 * schedule takes from Ann what B has sent, and leaves with Bob what came after A's ROLLBACK.
 */
async function expectLost(files: ProjectFiles, open: () => Promise<Bank>): Promise<void> {
  const finding = findRace(files, 'no-weak-isolation');
  expect(finding).toMatchObject({ anomaly: 'committed write lost', confidence: 'proven' });
  const { harness, look } = await open();
  const source = await harness.load(files);
  const run = await harness.runSchedule({
    steps: listPrintedSteps(finding),
    actors: { A: () => source.call('transfer', 'ann', 'bob', 0), B: () => source.call('transfer', 'ann', 'bob', 5) },
  });
  expect(run.deviations).toEqual([]);
  expect(run.actors).toMatchObject({ A: { status: 'rejected' }, B: { status: 'fulfilled', value: 'transferred' } });
  expect(await look()).toEqual([10, 15]);
}

async function expectKept(files: ProjectFiles, open: () => Promise<Bank>): Promise<void> {
  for (const repair of listRepairs(files, findRace(files, 'no-weak-isolation'))) {
    expect(listReports(repair.files), repair.title).toEqual([]);
    const bank = await open();
    const source = await bank.harness.load(repair.files);
    const steps = listPrintedSteps(findRace(files, 'no-weak-isolation'));
    const run = await bank.harness.runSchedule({
      steps,
      actors: { A: () => source.call('transfer', 'ann', 'bob', 0), B: () => source.call('transfer', 'ann', 'bob', 5) },
    });
    expect(run.actors, repair.title).toMatchObject({ A: { status: 'rejected' }, B: { status: 'fulfilled' } });
    expect(await bank.look(), repair.title).toEqual([5, 15]);

    const crowd = await open();
    const many = await crowd.harness.load(repair.files);
    const ends = await crowd.harness.runAtOnce(50, (index) =>
      many.call('transfer', 'ann', 'bob', index % 5 === 0 ? 1 : 0),
    );
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await crowd.look(), repair.title).toEqual([0, 20]);
  }
}

describe('BEGIN, two updates and COMMIT through a pool of pg', () => {
  const imports = `import { Pool } from 'pg';`;
  const files = {
    'src/transfer.ts': transfer(imports, 'new Pool()', (number) => `$${String(number)}`),
    'migrations/001_account.sql': schema,
  };

  engineTest('the printed schedule loses half of a transfer', async ({ postgres }) => {
    await expectLost(files, () => openPostgres(postgres));
  });

  engineTest('after each suggestion it is kept', async ({ postgres }) => {
    await expectKept(files, () => openPostgres(postgres));
  });
});

describe('BEGIN, two updates and COMMIT through a pool of mysql2', () => {
  const imports = `import { createPool } from 'mysql2/promise';`;
  const files = {
    'src/transfer.ts': transfer(imports, 'createPool({ uri: process.env.DATABASE_URL })', () => '?'),
    'migrations/001_account.sql': schema,
  };

  engineTest('the printed schedule loses half of a transfer', async ({ mariadb }) => {
    await expectLost(files, () => openMariadb(mariadb));
  });

  engineTest('after each suggestion it is kept', async ({ mariadb }) => {
    await expectKept(files, () => openMariadb(mariadb));
  });
});

engineTest('BEGIN commits the transaction that is open on the connection in MariaDB', async ({ mariadb }) => {
  const { connection } = mariadb;
  await connection.query(schema);
  await connection.query("INSERT INTO account VALUES ('ann', 10)");
  await connection.query('BEGIN');
  await connection.query('UPDATE account SET balance = 1');
  await connection.query('BEGIN');
  await connection.query('ROLLBACK');
  const [rows] = await connection.query<RowDataPacket[]>('SELECT balance FROM account');
  expect(rows).toEqual([{ balance: 1 }]);
});
