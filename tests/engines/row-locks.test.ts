import type { RowDataPacket } from 'mysql2/promise';
import { describe, expect } from 'vitest';
import type { RuleName } from '../../src/model/finding.ts';
import type { MariadbDatabase, PostgresDatabase } from './support/engine-test.ts';
import { engineTest } from './support/engine-test.ts';
import { findRace, listPrintedSteps, listRepairs, listReports } from './support/find-race.ts';
import type { ProjectFiles } from './support/find-race.ts';
import type { Harness } from './support/harness.ts';
import { createHarness } from './support/harness.ts';

/** A list that is read, grows in code and is written back as a whole. */
const withPg = `import { Pool } from 'pg';

const pool = new Pool();

export async function addTag(id: string, tag: string): Promise<void> {
  const { rows } = await pool.query<{ tags: string[] }>('SELECT tags FROM post WHERE id = $1', [id]);
  const post = rows[0];
  if (!post) throw new Error('no such post');
  await pool.query('UPDATE post SET tags = $2 WHERE id = $1', [id, JSON.stringify([...post.tags, tag])]);
}
`;

const inPgTransaction = `import { Pool } from 'pg';

const pool = new Pool();

export async function addTag(id: string, tag: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ tags: string[] }>('SELECT tags FROM post WHERE id = $1', [id]);
    const post = rows[0];
    if (!post) throw new Error('no such post');
    await client.query('UPDATE post SET tags = $2 WHERE id = $1', [id, JSON.stringify([...post.tags, tag])]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`;

const withDrizzle = `import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';

const db = drizzle(new Pool());
const post = pgTable('post', { id: text('id').primaryKey(), tags: jsonb('tags').$type<string[]>().notNull() });

export async function addTag(id: string, tag: string): Promise<boolean> {
  const [row] = await db.select().from(post).where(eq(post.id, id));
  if (!row) return false;
  await db
    .update(post)
    .set({ tags: [...row.tags, tag] })
    .where(eq(post.id, id));
  return true;
}
`;

const withMysql2 = `import { createPool } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';

const pool = createPool({ uri: process.env.DATABASE_URL });

export async function addTag(id: string, tag: string): Promise<void> {
  const [rows] = await pool.query<RowDataPacket[]>('SELECT tags FROM post WHERE id = ?', [id]);
  const post = rows[0];
  if (!post) throw new Error('no such post');
  const tags = [...JSON.parse(post.tags), tag];
  await pool.execute('UPDATE post SET tags = ? WHERE id = ?', [JSON.stringify(tags), id]);
}
`;

interface Blog {
  readonly harness: Harness;
  readonly look: () => Promise<readonly string[]>;
}

async function openPostgres(postgres: PostgresDatabase): Promise<Blog> {
  await postgres.pool.query('DROP TABLE IF EXISTS post; CREATE TABLE post (id text PRIMARY KEY, tags jsonb NOT NULL)');
  await postgres.pool.query("INSERT INTO post VALUES ('p', '[]')");
  return {
    harness: createHarness({ postgres }),
    look: async () => {
      const { rows } = await postgres.pool.query<{ tags: string[] }>('SELECT tags FROM post');
      return rows[0]?.tags ?? [];
    },
  };
}

async function openMariadb(mariadb: MariadbDatabase): Promise<Blog> {
  const { connection } = mariadb;
  await connection.query('DROP TABLE IF EXISTS post');
  await connection.query('CREATE TABLE post (id varchar(40) PRIMARY KEY, tags text NOT NULL) ENGINE=InnoDB');
  await connection.query("INSERT INTO post VALUES ('p', '[]')");
  return {
    harness: createHarness({ mariadb }),
    look: async () => {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT tags FROM post');
      return JSON.parse(String(rows[0]?.['tags'])) as string[];
    },
  };
}

/** The printed schedule loses a tag; after each suggestion it keeps both, and a crowd's fifty. */
async function expectRepaired(source: string, rule: RuleName, open: () => Promise<Blog>): Promise<void> {
  const files: ProjectFiles = { 'src/post.ts': source };
  const finding = findRace(files, rule);
  const add = async (blog: Blog, project: ProjectFiles): Promise<(tag: string) => () => Promise<unknown>> => {
    const loaded = await blog.harness.load(project);
    return (tag) => () => loaded.call('addTag', 'p', tag);
  };
  const steps = listPrintedSteps(finding);

  const before = await open();
  const racy = await add(before, files);
  const run = await before.harness.runSchedule({ steps, actors: { A: racy('a'), B: racy('b') } });
  expect(run.deviations).toEqual([]);
  expect(await before.look()).toHaveLength(1);

  for (const repair of listRepairs(files, finding)) {
    expect(listReports(repair.files), repair.title).toEqual([]);
    const blog = await open();
    const repaired = await add(blog, repair.files);
    const again = await blog.harness.runSchedule({ steps, actors: { A: repaired('a'), B: repaired('b') } });
    expect(Object.values(again.actors).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await blog.look(), repair.title).toHaveLength(2);

    const crowd = await open();
    const many = await add(crowd, repair.files);
    const ends = await crowd.harness.runAtOnce(50, (index) => many(String(index))());
    expect(ends.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(new Set(await crowd.look()).size, repair.title).toBe(50);
  }
}

describe('a list that is written back as a whole', () => {
  engineTest.for([
    { name: 'pg', source: withPg, rule: 'no-lost-update' },
    { name: 'pg in a transaction', source: inPgTransaction, rule: 'no-weak-isolation' },
    { name: 'Drizzle on pg', source: withDrizzle, rule: 'no-lost-update' },
  ] as const)('$name: loses a tag, and none after each suggestion', async ({ source, rule }, { postgres }) => {
    await expectRepaired(source, rule, () => openPostgres(postgres));
  });

  engineTest('mysql2: loses a tag, and none after each suggestion', async ({ mariadb }) => {
    await expectRepaired(withMysql2, 'no-lost-update', () => openMariadb(mariadb));
  });
});
