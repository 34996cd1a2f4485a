import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/cli/audit.ts';
import { proposeSchemaEdit } from '../../src/cli/schema-edits/propose-schema-edit.ts';
import type { Finding } from '../../src/model/finding.ts';
import { applySuggestion } from '../support/apply-suggestion.ts';
import { withProject } from '../support/with-project.ts';

const drizzleSchema = `import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

export const members = pgTable('members', {
  id: uuid('id').primaryKey().defaultRandom(),
  teamId: uuid('team_id').notNull(),
  email: text('email').notNull(),
  role: text('role'),
  tags: jsonb('tags'),
  deletedAt: timestamp('deleted_at'),
});

export const slots = pgTable(
  'slots',
  { id: uuid('id').primaryKey().defaultRandom(), day: integer('day').notNull(), guest: text('guest').notNull() },
  (t) => [uniqueIndex('one_guest').on(t.day, t.guest).where(sql\`guest <> ''\`)],
);
`;

const drizzle = `import { and, count, eq, isNull, like, or } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { members, slots } from '../db/schema';
const db = drizzle(process.env.DATABASE_URL!);
`;
const look = 'db.select().from(members).where(and(eq(members.teamId, teamId), eq(members.email, email)))';

const manifest = '{ "type": "module", "dependencies": { "drizzle-orm": "^0.45.0" } }';
const shop = { 'package.json': manifest, 'db/schema.ts': drizzleSchema };

/** The findings after some files were written. */
async function auditFiles(files: Readonly<Record<string, string>>, cwd: string): Promise<readonly Finding[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
  return (await audit({ cwd, preset: 'strict' })).files.flatMap(({ findings }) => findings);
}

/** The one finding of a project. */
async function findOne(files: Readonly<Record<string, string>>): Promise<Finding> {
  const findings = await withProject({ 'package.json': manifest, ...files }, (root) => auditFiles({}, root));
  expect(findings).toMatchObject([{ rule: 'no-check-then-insert' }]);
  return findings[0]!;
}

describe('a race that rests on a missing key, and the same code when the table has it', () => {
  it.each([
    [
      'two columns, an early return',
      `export async function join(teamId: string, email: string) {
  const [existing] = await ${look};
  if (existing) return;
  await db.insert(members).values({ teamId, email });
}
`,
      'teamId, email',
    ],
    [
      'one column, the number of rows',
      `export async function join(teamId: string, email: string) {
  const found = await db.select().from(members).where(eq(members.email, email));
  if (found.length > 0) throw new Error('a member already');
  await db.insert(members).values({ teamId, email });
}
`,
      'email',
    ],
    [
      'a count',
      `export async function join(teamId: string, email: string) {
  const [{ n }] = await db.select({ n: count() }).from(members).where(eq(members.email, email));
  if (n > 0) return;
  await db.insert(members).values({ teamId, email });
}
`,
      'email',
    ],
    [
      'inside a transaction',
      `export async function join(teamId: string, email: string) {
  await db.transaction(async (tx) => {
    const existing = await tx.query.members.findFirst({ where: eq(members.email, email) });
    if (!existing) await tx.insert(members).values({ teamId, email });
  });
}
`,
      'email',
    ],
    [
      'a further condition on the insert alone',
      `export async function join(teamId: string, email: string, isOpen: boolean) {
  const [existing] = await ${look};
  if (!existing && isOpen) {
    await db.insert(members).values({ teamId, email });
  }
}
`,
      'teamId, email',
    ],
    [
      'behind a further condition that both share',
      `export async function join(teamId: string, email: string, isOpen: boolean) {
  if (!isOpen) return;
  const [existing] = await ${look};
  if (existing) return;
  await db.insert(members).values({ teamId, email });
}
`,
      'teamId, email',
    ],
  ])('%s', async (_, source, columns) => {
    await withProject({ ...shop, 'src/join.ts': drizzle + source }, async (root) => {
      const [finding, ...more] = await auditFiles({}, root);
      expect(more).toEqual([]);
      const { schemaEdit } = finding!;
      expect(schemaEdit).toMatchObject({ file: path.join(root, 'db/schema.ts'), line: 4 });
      expect(schemaEdit!.title).toBe(
        `Add a unique key on members(${columns}) (remove rows that share it first, then generate the migration)`,
      );
      const schema = applySuggestion(readFileSync(schemaEdit!.file, 'utf8'), schemaEdit!);
      const after = await auditFiles({ 'db/schema.ts': schema }, root);
      expect(after.map(({ rule }) => rule)).toEqual(['require-conflict-handling']);
      expect(after[0]!.schemaEdit).toBeUndefined();
    });
  });

  it('a Prisma model', async () => {
    const schema = `datasource db {
  provider = "postgresql"
}

model Guest {
  id    String @id @default(cuid())
  email String @map("mail")
}
`;
    const source = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export async function invite(email: string) {
  if (await prisma.guest.findFirst({ where: { email } })) return;
  await prisma.guest.create({ data: { email } });
}
`;
    await withProject({ 'schema.prisma': schema, 'src/invite.ts': source }, async (root) => {
      const [finding] = await auditFiles({}, root);
      const edited = applySuggestion(schema, finding!.schemaEdit!);
      expect(edited).toBe(schema.replace('@map("mail")', '@map("mail") @unique'));
      const after = await auditFiles({ 'schema.prisma': edited }, root);
      expect(after.map(({ rule }) => rule)).toEqual(['require-conflict-handling']);
    });
  });
});

describe('a key that could refuse rows that the code means to have: no edit', () => {
  /** The table is known, and the finding says that it has no key; still none is proposed. */
  async function expectNoKey(source: string): Promise<void> {
    const finding = await findOne({ ...shop, 'src/join.ts': source });
    expect(finding.because).toMatch(/has no unique key on .* \(db\/schema\.ts/);
    expect(finding).not.toHaveProperty('missingKey');
  }

  it.each([
    ['deleted rows are left out', 'eq(members.email, email), isNull(members.deletedAt)', ''],
    ['only one state counts', "eq(members.email, email), eq(members.role, 'guest')", ", role: 'guest'"],
    ['two columns, one of them in part', "eq(members.email, email), like(members.role, 'guest%')", ', role'],
    ['either of two columns', 'or(eq(members.email, email), eq(members.role, role))', ', role'],
  ])('the check: %s', async (_, conditions, more) => {
    await expectNoKey(`${drizzle}export async function join(teamId: string, email: string, role: string) {
  const [existing] = await db.select().from(members).where(and(eq(members.teamId, teamId), ${conditions}));
  if (existing) return;
  await db.insert(members).values({ teamId, email${more} });
}
`);
  });

  it.each([
    ['some of the rows that are found are forgiven', "if (existing && existing.role !== 'left') return;"],
    ['the caller may insist', 'if (existing && !force) return;'],
  ])('the guard: %s', async (_, guard) => {
    await expectNoKey(`${drizzle}export async function join(teamId: string, email: string, force: boolean) {
  const [existing] = await ${look};
  ${guard}
  await db.insert(members).values({ teamId, email });
}
`);
  });

  it('the check is not always made', async () => {
    await expectNoKey(`${drizzle}export async function join(teamId: string, email: string, once: boolean) {
  if (once) {
    const [existing] = await ${look};
    if (existing) return;
  }
  await db.insert(members).values({ teamId, email });
}
`);
  });

  it('a spread may change what is inserted', async () => {
    await expectNoKey(`${drizzle}export async function join(teamId: string, email: string, more: object) {
  const [existing] = await ${look};
  if (existing) return;
  await db.insert(members).values({ teamId, email, ...more });
}
`);
  });

  it('a key for some of the rows is there', async () => {
    await expectNoKey(`${drizzle}export async function book(day: number, guest: string) {
  const [slot] = await db.select().from(slots).where(eq(slots.guest, guest));
  if (slot) return;
  await db.insert(slots).values({ day, guest });
}
`);
  });
});

describe('a definition that is not known: no edit', () => {
  const source = `${drizzle}export async function join(teamId: string, email: string) {
  const [existing] = await ${look};
  if (existing) return;
  await db.insert(members).values({ teamId, email });
}
`;

  it.each([
    ['none', {}],
    ['one that is not understood in every part', { 'db/schema.ts': drizzleSchema.replace('role:', '...more, role:') }],
    [
      'two in packages equally near',
      {
        'a/package.json': manifest,
        'b/package.json': manifest,
        'a/schema.ts': drizzleSchema,
        'b/schema.ts': drizzleSchema,
      },
    ],
  ])('%s', async (_, files) => {
    expect(await findOne({ ...files, 'src/join.ts': source })).not.toHaveProperty('missingKey');
  });

  it('one in JavaScript', async () => {
    const finding = await findOne({ 'db/schema.js': drizzleSchema, 'src/join.ts': source });
    expect(finding).toHaveProperty('missingKey');
    expect(finding).not.toHaveProperty('schemaEdit');
  });

  it('one that changed after it was read', async () => {
    await withProject({ ...shop, 'src/join.ts': source }, async (root) => {
      const [key] = (await auditFiles({}, root)).map((finding) => finding.missingKey!);
      for (const text of ['// gone', '}{', drizzleSchema.slice(60)]) {
        writeFileSync(path.join(root, 'db/schema.ts'), text);
        expect(await proposeSchemaEdit(key!), text).toBeUndefined();
      }
      rmSync(path.join(root, 'db/schema.ts'));
      expect(await proposeSchemaEdit(key!)).toBeUndefined();
    });
  });

  it('and none when no edits are wanted', async () => {
    await withProject({ ...shop, 'src/join.ts': source }, async (root) => {
      const [finding] = (await audit({ cwd: root, schemaEdits: false })).files.flatMap((file) => file.findings);
      expect(finding).toHaveProperty('missingKey');
      expect(finding).not.toHaveProperty('schemaEdit');
    });
  });
});
