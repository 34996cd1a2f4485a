import { describe, expect } from 'vitest';
import type { PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import { createHarness } from './support/harness.ts';
import { listEnds, nameRejection } from './support/list-ends.ts';

const schema = `CREATE TABLE account (
  id bigserial PRIMARY KEY,
  branch text NOT NULL,
  number integer NOT NULL,
  owner text NOT NULL
);
`;

const addKey = 'CREATE UNIQUE INDEX account_branch_number_key ON account (branch, number);\n';

const inJavaScript = `import { Pool } from 'pg';

const pool = new Pool();

export async function openAccount(branch: string, owner: string): Promise<number> {
  const { rows } = await pool.query<{ last: number | null }>('SELECT max(number) AS last FROM account WHERE branch = $1', [branch]);
  const number = (rows[0]?.last ?? 0) + 1;
  await pool.query('INSERT INTO account (branch, number, owner) VALUES ($1, $2, $3)', [branch, number, owner]);
  return number;
}
`;

const inSql = `import { Pool } from 'pg';

const pool = new Pool();

export async function openAccount(branch: string, owner: string): Promise<number> {
  const result = await pool.query('SELECT COALESCE(MAX(number), 0) + 1 AS next FROM account WHERE branch = $1', [branch]);
  const next: number = result.rows[0].next;
  await pool.query('INSERT INTO account (branch, number, owner) VALUES ($1, $2, $3)', [branch, next, owner]);
  return next;
}
`;

const byOrder = `import { Pool } from 'pg';

const pool = new Pool();

export async function openAccount(branch: string, owner: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const last = await client.query('SELECT number FROM account WHERE branch = $1 ORDER BY number DESC LIMIT 1', [branch]);
    const number = last.rows.length > 0 ? last.rows[0].number + 1 : 1;
    await client.query('INSERT INTO account (branch, number, owner) VALUES ($1, $2, $3)', [branch, number, owner]);
    await client.query('COMMIT');
    return number;
  } finally {
    client.release();
  }
}
`;

async function open(files: ProjectFiles, postgres: PostgresDatabase) {
  await postgres.pool.query('DROP TABLE IF EXISTS account');
  for (const [name, text] of Object.entries(files)) if (name.endsWith('.sql')) await postgres.pool.query(text);
  await postgres.pool.query(
    "INSERT INTO account (branch, number, owner) VALUES ('north', 7, 'Zoe'), ('south', 99, 'Yan')",
  );
  const harness = createHarness({ postgres });
  const source = await harness.load(files);
  const actors = {
    A: () => source.call('openAccount', 'north', 'Ann'),
    B: () => source.call('openAccount', 'north', 'Bob'),
  };
  const look = async (): Promise<readonly number[]> => {
    const { rows } = await postgres.pool.query<{ number: number }>(
      "SELECT number FROM account WHERE branch = 'north' ORDER BY number",
    );
    return rows.map(({ number }) => number);
  };
  return { harness, actors, look };
}

describe.each([
  { name: 'max + 1', source: inJavaScript, rule: 'no-check-then-insert' },
  { name: 'max + 1 in the statement', source: inSql, rule: 'no-check-then-insert' },
  { name: 'the last one + 1, in a transaction', source: byOrder, rule: 'no-weak-isolation' },
] as const)('an account number that is $name', ({ source, rule }) => {
  const files: ProjectFiles = { 'src/open-account.ts': source, 'migrations/001_account.sql': schema };

  engineTest('is given twice by the printed schedule', async ({ postgres }) => {
    const finding = findRace(files, rule);
    expect(finding).toMatchObject({ anomaly: 'duplicate number', confidence: 'proven', suggestions: [] });
    expect(finding.because).toMatch(/The repair is in the schema: .+\.$/);
    const { harness, actors, look } = await open(files, postgres);
    const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors });
    expect(run.deviations).toEqual([]);
    expect(run.actors).toEqual({ A: { status: 'fulfilled', value: 8 }, B: { status: 'fulfilled', value: 8 } });
    expect(await look()).toEqual([7, 8, 8]);
  });

  engineTest(
    'is given once where a unique key stands, and the other request fails as printed',
    async ({ postgres }) => {
      const withKey = { ...files, 'migrations/002_unique_number.sql': addKey };
      const finding = findRace(withKey, 'require-conflict-handling');
      const { harness, actors, look } = await open(withKey, postgres);
      const run = await harness.runSchedule({ steps: listPrintedSteps(finding), actors });
      expect(run.deviations).toEqual([]);
      const ends = listEnds(run).map((end) => (end.status === 'fulfilled' ? end.value : nameRejection(end.reason)));
      expect(ends).toEqual(finding.witness.errors.some(({ actor }) => actor === 'A') ? ['23505', 8] : [8, '23505']);
      expect(await look()).toEqual([7, 8]);
    },
  );
});
