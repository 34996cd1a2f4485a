import { describe, expect } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles, Repair } from './support/find-race.ts';
import type { ScheduleRun } from './support/gate.ts';
import { createHarness } from './support/harness.ts';
import type { Harness } from './support/harness.ts';
import { listEnds, nameRejection } from './support/list-ends.ts';

const signUp = `import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import { Resend } from 'resend';

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const resend = new Resend(process.env.RESEND_API_KEY);

export async function signUp(email: string, password: string): Promise<{ status: number; body: unknown }> {
  const existing = await pool.query('SELECT id FROM account WHERE email = $1', [email]);
  if (existing.rows.length > 0) {
    return { status: 409, body: { code: 'EMAIL_ALREADY_EXISTS' } };
  }
  const passwordHash = createHash('sha256').update(password).digest('hex');
  const created = await pool.query<{ id: string }>(
    'INSERT INTO account (email, password_hash) VALUES ($1, $2) RETURNING id',
    [email, passwordHash],
  );
  await resend.emails.send({ from: 'hello@example.com', to: email, subject: 'Welcome', text: 'Good to see you.' });
  return { status: 201, body: { id: created.rows[0]?.id } };
}
`;

const signUpOrThrow = `import { Pool } from 'pg';

const pool = new Pool();

export class EmailTaken extends Error {}

export async function signUp(email: string, passwordHash: string): Promise<{ status: number }> {
  const { rowCount } = await pool.query('SELECT 1 FROM account WHERE email = $1', [email]);
  if (rowCount) throw new EmailTaken('EMAIL_ALREADY_EXISTS');
  await pool.query('INSERT INTO account (email, password_hash) VALUES ($1, $2)', [email, passwordHash]);
  return { status: 201 };
}
`;

const signUpInTransaction = `import { Pool } from 'pg';

const pool = new Pool();

export async function signUp(email: string, passwordHash: string): Promise<{ status: number }> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const existing = await client.query('SELECT id FROM account WHERE email = $1', [email]);
    if (existing.rows.length > 0) {
      throw new Error('EMAIL_ALREADY_EXISTS');
    }
    await client.query('INSERT INTO account (email, password_hash) VALUES ($1, $2)', [email, passwordHash]);
    await client.query('COMMIT');
    return { status: 201 };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`;

/** The guard ends the transaction itself. */
const signUpAfterRollback = `import { Pool } from 'pg';

const pool = new Pool();

export async function signUp(email: string, passwordHash: string): Promise<{ status: number; body?: unknown }> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const existing = await client.query('SELECT id FROM account WHERE email = $1', [email]);
    if (existing.rows.length > 0) {
      await client.query('ROLLBACK');
      return { status: 409, body: { code: 'EMAIL_ALREADY_EXISTS' } };
    }
    await client.query('INSERT INTO account (email, password_hash) VALUES ($1, $2)', [email, passwordHash]);
    await client.query('COMMIT');
    return { status: 201 };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`;

const noKey = `CREATE TABLE account (
  id bigserial PRIMARY KEY,
  email text NOT NULL,
  password_hash text NOT NULL
);
`;

const addKey = 'ALTER TABLE account ADD CONSTRAINT account_email_key UNIQUE (email);\n';

const email = 'ann@example.com';

/** What both requests were told and what is in the database. */
interface Outcome {
  readonly answers: readonly string[];
  readonly accounts: number;
  readonly mails: number;
}

/** A sign-up service over a database with this project's migrations. */
async function open(files: ProjectFiles, postgres: PostgresDatabase) {
  await postgres.pool.query('DROP TABLE IF EXISTS account');
  for (const [name, text] of Object.entries(files)) if (name.endsWith('.sql')) await postgres.pool.query(text);
  const mails: unknown[] = [];
  class Resend {
    readonly emails = {
      send: (mail: unknown): Promise<unknown> => {
        mails.push(mail);
        return Promise.resolve({ data: { id: String(mails.length) }, error: null });
      },
    };
  }
  const harness = createHarness({ postgres, packages: { resend: { Resend } } });
  const source = await harness.load(files);
  const call = (): Promise<unknown> => source.call('signUp', email, 'correct horse');
  const look = async (ends: readonly PromiseSettledResult<unknown>[]): Promise<Outcome> => {
    const { rows } = await postgres.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM account WHERE email = $1',
      [email],
    );
    return { answers: ends.map(nameAnswer).sort(), accounts: rows[0]?.n ?? 0, mails: mails.length };
  };
  return { harness, call, look };
}

/** `201`, `409 EMAIL_ALREADY_EXISTS`, the text of a refusal, or the database's own code. */
function nameAnswer(end: PromiseSettledResult<unknown>): string {
  if (end.status === 'fulfilled') {
    const { status, body } = end.value as { status: number; body?: { code?: string } };
    return [status, body?.code].filter((part) => part !== undefined).join(' ');
  }
  return nameRejection(end.reason);
}

async function runPrinted(harness: Harness, finding: Finding, call: () => Promise<unknown>): Promise<ScheduleRun> {
  return harness.runSchedule({ steps: listPrintedSteps(finding), actors: { A: call, B: call } });
}

/** No report is left; the loser gets the guard's answer, in the printed order of actors and in a crowd. */
async function expectOneAccount(
  repair: Repair,
  finding: Finding,
  { refusal, sends }: { readonly refusal: string; readonly sends: number },
  postgres: PostgresDatabase,
): Promise<void> {
  expect(listReports(repair.files), repair.title).toEqual([]);
  const { harness, call, look } = await open(repair.files, postgres);
  const run = await runPrinted(harness, finding, call);
  const answers = ['201', refusal].sort();
  expect(await look(listEnds(run)), repair.title).toEqual({ answers, accounts: 1, mails: sends });

  const crowd = await open(repair.files, postgres);
  const ends = await crowd.harness.runAtOnce(50, crowd.call);
  const crowdAnswers = ['201', ...Array.from({ length: 49 }, () => refusal)].sort();
  expect(await crowd.look(ends), repair.title).toEqual({ answers: crowdAnswers, accounts: 1, mails: sends });
}

const variants = [
  { name: 'answers 409', source: signUp, rule: 'no-check-then-insert', refusal: '409 EMAIL_ALREADY_EXISTS', sends: 1 },
  { name: 'throws', source: signUpOrThrow, rule: 'no-check-then-insert', refusal: 'EMAIL_ALREADY_EXISTS', sends: 0 },
  {
    name: 'throws inside of a transaction',
    source: signUpInTransaction,
    rule: 'no-weak-isolation',
    refusal: 'EMAIL_ALREADY_EXISTS',
    sends: 0,
  },
  {
    name: 'rolls back and answers 409',
    source: signUpAfterRollback,
    rule: 'no-weak-isolation',
    refusal: '409 EMAIL_ALREADY_EXISTS',
    sends: 0,
  },
] as const;

describe.each(variants)('sign-up without a unique key, where the guard $name', ({ source, rule, refusal, sends }) => {
  const files: ProjectFiles = { 'src/sign-up.ts': source, 'migrations/001_account.sql': noKey };

  engineTest('the printed schedule makes two accounts for one e-mail', async ({ postgres }) => {
    const finding = findRace(files, rule);
    expect(finding).toMatchObject({
      anomaly: 'duplicate row',
      confidence: 'proven',
      invariant: 'one account per email',
    });
    const { harness, call, look } = await open(files, postgres);
    const run = await runPrinted(harness, finding, call);
    expect(run.deviations).toEqual([]);
    expect(await look(listEnds(run))).toEqual({ answers: ['201', '201'], accounts: 2, mails: 2 * sends });
  });

  engineTest('after each suggestion, and with the key that it asks for, there is one', async ({ postgres }) => {
    const finding = findRace(files, rule);
    for (const repair of listRepairs(files, finding)) {
      expect(repair.title).toContain('unique key on account.email');
      const withKey = { ...repair.files, 'migrations/002_unique_email.sql': addKey };
      await expectOneAccount({ title: repair.title, files: withKey }, finding, { refusal, sends }, postgres);
    }
  });

  engineTest('one request after the other, the guard refuses the second', async ({ postgres }) => {
    const { harness, call, look } = await open(files, postgres);
    const run = await harness.runSchedule({
      steps: Array.from({ length: 9 }, () => 'A'),
      actors: { A: call, B: call },
    });
    expect(await look(listEnds(run))).toEqual({ answers: ['201', refusal].sort(), accounts: 1, mails: sends });
  });
});

describe.each([
  { name: 'answers 409', source: signUp, refusal: '409 EMAIL_ALREADY_EXISTS', sends: 1 },
  { name: 'throws', source: signUpOrThrow, refusal: 'EMAIL_ALREADY_EXISTS', sends: 0 },
  { name: 'throws inside of a transaction', source: signUpInTransaction, refusal: 'EMAIL_ALREADY_EXISTS', sends: 0 },
  { name: 'rolls back and answers 409', source: signUpAfterRollback, refusal: '409 EMAIL_ALREADY_EXISTS', sends: 0 },
])('sign-up with a unique key, where the guard $name', ({ source, refusal, sends }) => {
  const files: ProjectFiles = {
    'src/sign-up.ts': source,
    'migrations/001_account.sql': noKey,
    'migrations/002_unique_email.sql': addKey,
  };

  engineTest(
    'the printed schedule leaves one account, and the loser with an unexplained 23505',
    async ({ postgres }) => {
      const finding = findRace(files, 'require-conflict-handling');
      expect(finding).toMatchObject({ anomaly: 'unhandled conflict', confidence: 'proven' });
      expect(finding.witness.errors.map(({ code }) => code)).toEqual(['23505']);
      const { harness, call, look } = await open(files, postgres);
      const run = await runPrinted(harness, finding, call);
      expect(run.deviations).toEqual([]);
      const [error] = finding.witness.errors;
      expect(run.actors[error!.actor]).toMatchObject({ status: 'rejected', reason: { code: '23505' } });
      expect(await look(listEnds(run))).toEqual({ answers: ['201', '23505'], accounts: 1, mails: sends });
    },
  );

  engineTest('after each suggestion the loser gets the answer of the guard', async ({ postgres }) => {
    const finding = findRace(files, 'require-conflict-handling');
    for (const repair of listRepairs(files, finding)) {
      expect(repair.title).toContain('unique key on account.email');
      await expectOneAccount(repair, finding, { refusal, sends }, postgres);
    }
  });
});
