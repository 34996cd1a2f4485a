import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import { expect, it } from 'vitest';
import { audit } from '../../src/cli/audit.ts';
import { renderReport } from '../../src/reporters/render-report.ts';
import { withProject } from '../support/with-project.ts';

const files = {
  'package.json': '{ "dependencies": { "drizzle-orm": "^0.45.0" } }',
  'db/schema.ts': `import { pgTable, text, uuid } from 'drizzle-orm/pg-core';

export const guests = pgTable('guests', {
  id: uuid('id').primaryKey().defaultRandom(),
  event: uuid('event').notNull(),
  email: text('email').notNull(),
});
`,
  'src/invite.ts': `import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { guests } from '../db/schema';
const db = drizzle(process.env.DATABASE_URL!);
export async function invite(event: string, email: string) {
  const [guest] = await db.select().from(guests).where(and(eq(guests.event, event), eq(guests.email, email)));
  if (guest) return;
  await db.insert(guests).values({ event, email });
}
export async function inviteAgain(event: string, email: string) {
  const [guest] = await db.select().from(guests).where(and(eq(guests.event, event), eq(guests.email, email)));
  if (guest) throw new Error('invited already');
  await db.insert(guests).values({ event, email });
}
`,
};

/** The lines of the report that are about the schema's edits. */
async function reportEdits(width: number, colors = pc.createColors(false)): Promise<string> {
  return withProject(files, async (root) => {
    const result = await audit({ cwd: root });
    const lines = renderReport(result, { colors, width, cwd: root }, (file) => readFileSync(file, 'utf8')).split('\n');
    const shown: string[] = [];
    let isInside = false;
    for (const line of lines) {
      isInside = line.includes('Schema ') || (isInside && (line === '' || line.startsWith(' '.repeat(11))));
      if (isInside) shown.push(line);
    }
    return `\n${shown.join('\n')}\n`;
  });
}

it('shows the definition, what to do first, and the diff once', async () => {
  expect(await reportEdits(100)).toMatchInlineSnapshot(`
    "
      Schema   db/schema.ts:3 Add a unique key on guests(event, email) (remove rows that share it first,
               then generate the migration)
               @@ -1,3 +1,3 @@
               -import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
               +import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';

                export const guests = pgTable('guests', {
               @@ -5,4 +5,4 @@
                  event: uuid('event').notNull(),
                  email: text('email').notNull(),
               -});
               +}, (t) => [unique().on(t.event, t.email)]);

      Schema   db/schema.ts:3 Add a unique key on guests(event, email) (remove rows that share it first,
               then generate the migration)
    "
  `);
});

it('keeps within a narrow terminal', async () => {
  const shown = await reportEdits(60);
  expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(shown).toMatchInlineSnapshot(`
    "
      Schema   db/schema.ts:3 Add a unique key on guests(event,
               email) (remove rows that share it first, then
               generate the migration)
               @@ -1,3 +1,3 @@
               -import { pgTable, text, uuid } from 'drizzle-orm
                   /pg-core';
               +import { pgTable, text, unique, uuid } from 'dri
                   zzle-orm/pg-core';

                export const guests = pgTable('guests', {
               @@ -5,4 +5,4 @@
                  event: uuid('event').notNull(),
                  email: text('email').notNull(),
               -});
               +}, (t) => [unique().on(t.event, t.email)]);

      Schema   db/schema.ts:3 Add a unique key on guests(event,
               email) (remove rows that share it first, then
               generate the migration)
    "
  `);
});

it('paints what goes and what comes', async () => {
  const shown = await reportEdits(100, pc.createColors(true));
  expect(shown).toContain("\u001b[31m-import { pgTable, text, uuid } from 'drizzle-orm/pg-core';\u001b[39m");
  expect(shown).toContain("\u001b[32m+import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';\u001b[39m");
});
