import { describe, expect } from 'vitest';
import type { PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import { createHarness } from './support/harness.ts';
import { listEnds, nameRejection } from './support/list-ends.ts';

const subscribe = `import { Pool } from 'pg';

const pool = new Pool();

export async function subscribe(email: string): Promise<string> {
  const { rows } = await pool.query('SELECT id FROM subscriber WHERE email = $1 AND cancelled_at IS NULL', [email]);
  if (rows.length > 0) throw new Error('ALREADY_SUBSCRIBED');
  await pool.query('INSERT INTO subscriber (email) VALUES ($1)', [email]);
  return 'subscribed';
}
`;

const claimHandle = `import { Pool } from 'pg';

const pool = new Pool();

export async function claimHandle(name: string): Promise<string> {
  const { rows } = await pool.query('SELECT id FROM handle WHERE lower(name) = lower($1)', [name]);
  if (rows.length > 0) throw new Error('TAKEN');
  await pool.query('INSERT INTO handle (name) VALUES ($1)', [name]);
  return 'claimed';
}
`;

const invite = `import { Pool } from 'pg';

const pool = new Pool();

export async function invite(team: string, email: string): Promise<string> {
  const { rows } = await pool.query('SELECT count(*)::int AS used FROM seat WHERE team = $1', [team]);
  if (rows[0].used >= 3) throw new Error('NO_SEAT_LEFT');
  await pool.query('INSERT INTO seat (team, email) VALUES ($1, $2)', [team, email]);
  return 'invited';
}
`;

const partialKey = `CREATE TABLE subscriber (id bigserial PRIMARY KEY, email text NOT NULL, cancelled_at timestamptz);
CREATE UNIQUE INDEX subscriber_email_key ON subscriber (email) WHERE cancelled_at IS NULL;
`;

const expressionKey = `CREATE TABLE handle (id bigserial PRIMARY KEY, name text NOT NULL);
CREATE UNIQUE INDEX handle_name_key ON handle (lower(name));
`;

const seats = `CREATE TABLE seat (id bigserial PRIMARY KEY, team text NOT NULL, email text NOT NULL);
`;

const seatKey = 'ALTER TABLE seat ADD CONSTRAINT seat_team_email_key UNIQUE (team, email);\n';

async function open(files: ProjectFiles, postgres: PostgresDatabase) {
  for (const [name, text] of Object.entries(files)) if (name.endsWith('.sql')) await postgres.pool.query(text);
  const harness = createHarness({ postgres });
  const source = await harness.load(files);
  const run = async (steps: readonly string[], a: () => Promise<unknown>, b: () => Promise<unknown>) => {
    const result = await harness.runSchedule({ steps, actors: { A: a, B: b } });
    expect(result.deviations).toEqual([]);
    const ends = listEnds(result).map((end) =>
      end.status === 'fulfilled' ? String(end.value) : nameRejection(end.reason),
    );
    return ends.sort();
  };
  return { source, run };
}

describe.each([
  {
    name: 'partial key',
    call: ['subscribe', 'ann@example.com'],
    done: 'subscribed',
    source: subscribe,
    schema: partialKey,
  },
  {
    name: 'key over lower()',
    call: ['claimHandle', 'ann'],
    done: 'claimed',
    source: claimHandle,
    schema: expressionKey,
  },
] as const)('a $name', ({ call: [name, ...args], done, source, schema }) => {
  engineTest(
    'makes the second request fail, as printed; that the row falls under the key is assumed',
    async ({ postgres }) => {
      const files: ProjectFiles = { 'src/source.ts': source, 'migrations/001.sql': schema };
      const finding = findRace(files, 'require-conflict-handling');
      expect(finding).toMatchObject({ anomaly: 'unhandled conflict', confidence: 'possible' });
      const opened = await open(files, postgres);
      const call = (): Promise<unknown> => opened.source.call(name, ...args);
      expect(await opened.run(listPrintedSteps(finding), call, call)).toEqual(['23505', done]);
    },
  );
});

describe('a limit of three seats', () => {
  const files: ProjectFiles = { 'src/invite.ts': invite, 'migrations/001_seat.sql': seats };

  /** Two are taken, and two more are invited at the same time. */
  const inviteTwo = async (project: ProjectFiles, steps: readonly string[], postgres: PostgresDatabase) => {
    const { source, run } = await open(project, postgres);
    await postgres.pool.query(
      "INSERT INTO seat (team, email) VALUES ('red', 'yan@example.com'), ('red', 'zoe@example.com')",
    );
    const answers = await run(
      steps,
      () => source.call('invite', 'red', 'ann@example.com'),
      () => source.call('invite', 'red', 'bob@example.com'),
    );
    const { rowCount } = await postgres.pool.query("SELECT 1 FROM seat WHERE team = 'red'");
    return { answers, taken: rowCount };
  };

  engineTest('is exceeded by the printed schedule', async ({ postgres }) => {
    const finding = findRace(files, 'no-check-then-insert');
    expect(finding).toMatchObject({ anomaly: 'limit exceeded', confidence: 'proven' });
    const outcome = await inviteTwo(files, listPrintedSteps(finding), postgres);
    expect(outcome).toEqual({ answers: ['invited', 'invited'], taken: 4 });
  });

  engineTest(
    'is exceeded by two different guests, too, where a key on team and e-mail stands',
    async ({ postgres }) => {
      const withKey = { ...files, 'migrations/002_key.sql': seatKey };
      const steps = listPrintedSteps(findRace(withKey, 'no-check-then-insert'));
      expect(await inviteTwo(withKey, steps, postgres)).toEqual({ answers: ['invited', 'invited'], taken: 4 });
    },
  );
});
