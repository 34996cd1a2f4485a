import { describe, expect, it } from 'vitest';
import { readProjectSchema, spellKeys } from './read-project-schema.ts';

const prisma = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n  email String @unique\n  handle String\n}\n`;
const created =
  'CREATE TABLE "User" ("id" INTEGER NOT NULL, "email" TEXT NOT NULL, "handle" TEXT NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));\nCREATE UNIQUE INDEX "User_email_key" ON "User"("email");\n';

describe('a declaration and its migrations', () => {
  it('are one table: keys of either count', () => {
    const { table, facts } = readProjectSchema({
      'prisma/schema.prisma': prisma,
      'prisma/migrations/1_init/migration.sql': created,
      'prisma/migrations/2_live/migration.sql': 'CREATE UNIQUE INDEX "live" ON "User"("handle") WHERE "email" <> \'\';',
    });
    expect(facts.tables).toHaveLength(1);
    expect(spellKeys(table('User'))).toEqual(['primary(id)', 'unique(email)', `unique(handle) where "email" <> ''`]);
    expect(table('User')).toMatchObject({ aliases: ['User'], complete: true });
    expect(table('User').keys.map(({ provenance }) => provenance.source)).toEqual(['prisma', 'prisma', 'sql']);
  });

  it('does not count a declared key that migrations dropped', () => {
    const { table } = readProjectSchema({
      'prisma/schema.prisma': prisma,
      'prisma/migrations/1_init/migration.sql': created,
      'prisma/migrations/2_drop/migration.sql': 'DROP INDEX "User_email_key";',
    });
    expect(spellKeys(table('User'))).toEqual(['primary(id)']);
  });

  it('counts a key that was dropped and came back under another name', () => {
    const { table } = readProjectSchema({
      'prisma/schema.prisma': prisma,
      'prisma/migrations/1_init/migration.sql': created,
      'prisma/migrations/2_swap/migration.sql':
        'DROP INDEX "User_email_key"; ALTER TABLE "User" ADD CONSTRAINT "email_once" UNIQUE ("email");',
    });
    expect(spellKeys(table('User'))).toEqual(['primary(id)', 'unique(email)']);
  });

  it('learns the casing of Drizzle’s columns from migrations', () => {
    const { table } = readProjectSchema({
      'drizzle/0000_a.sql':
        'CREATE TABLE "seats" ("id" serial PRIMARY KEY, "venue_id" integer, "row_no" integer);\nCREATE UNIQUE INDEX s ON seats (venue_id, row_no);',
      'src/schema.ts':
        "import { integer, pgTable, serial, uniqueIndex } from 'drizzle-orm/pg-core';\nexport const seats = pgTable('seats', { id: serial().primaryKey(), venueId: integer(), rowNo: integer() }, (t) => [uniqueIndex('s').on(t.venueId, t.rowNo)]);\n",
    });
    expect(spellKeys(table('seats'))).toEqual(['primary(id)', 'unique(venue_id, row_no)']);
    expect(table('seats').columns.map(({ name, alias }) => [name, alias])).toEqual([
      ['id', undefined],
      ['venue_id', 'venueId'],
      ['row_no', 'rowNo'],
    ]);
  });

  it('takes nothing from a declaration when migrations begin in the middle', () => {
    const { table } = readProjectSchema({
      'prisma/schema.prisma': prisma,
      'prisma/migrations/7_more/migration.sql': 'ALTER TABLE "User" ADD COLUMN "age" INTEGER;',
    });
    expect(table('User').complete).toBe(true);
  });

  it('joins migrations of another package when they are evidently the same database', () => {
    const drizzle =
      "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const coupons = pgTable('coupons', { code: text('code'), shop: text('shop') });\n";
    const files = {
      '.git/HEAD': '',
      'packages/db/package.json': '{"name":"db","dependencies":{"drizzle-orm":"1"}}',
      'packages/db/src/schema.ts': drizzle,
      'apps/api/package.json': '{"name":"api"}',
    };
    const same = readProjectSchema({
      ...files,
      'apps/api/drizzle/0_a.sql':
        'create table coupons (code text, shop text); create unique index x on coupons (code) where shop is null;',
    });
    expect(spellKeys(same.table('coupons'))).toEqual(['unique(code) where shop is null']);
    const other = readProjectSchema({
      ...files,
      'apps/api/drizzle/0_a.sql': 'create table coupons (id serial, owner int, weight int unique);',
    });
    expect(other.facts.tables).toHaveLength(2);
  });
});

describe('readSchema', () => {
  it('keeps the schemas of two packages apart', () => {
    const { facts } = readProjectSchema({
      'package.json': '{"workspaces":["*"]}',
      'shop/package.json': '{"name":"shop"}',
      'shop/prisma/schema.prisma': prisma,
      'blog/package.json': '{"name":"blog"}',
      'blog/prisma/schema.prisma': prisma.replace('@unique', ''),
    });
    expect(facts.tables.map((table) => spellKeys(table))).toEqual([['primary(id)'], ['primary(id)', 'unique(email)']]);
  });

  it('reads only what is named, if something is', () => {
    const files = { 'prisma/schema.prisma': prisma, 'db/schema.sql': 'create table other (id int primary key);' };
    expect(readProjectSchema(files, ['db']).facts.tables.map(({ name }) => name)).toEqual(['other']);
    expect(readProjectSchema(files, ['prisma/schema.prisma']).facts.tables.map(({ name }) => name)).toEqual(['User']);
    expect(readProjectSchema(files, ['absent.prisma']).bailouts).toMatchObject([
      { kind: 'input', reason: 'no such file or folder' },
    ]);
  });

  it('leaves out what git ignores', () => {
    const { facts } = readProjectSchema({ '.git/HEAD': '', '.gitignore': 'old/', 'old/schema.prisma': prisma });
    expect(facts.tables).toEqual([]);
  });

  it('gives a digest that follows the facts, not the folder', () => {
    const digest = (files: Readonly<Record<string, string>>): string => readProjectSchema(files).facts.digest;
    expect(digest({ 'schema.prisma': prisma })).toBe(digest({ 'schema.prisma': prisma, 'a.ts': '' }));
    expect(digest({ 'schema.prisma': prisma })).not.toBe(digest({ 'schema.prisma': prisma.replace('@unique', '') }));
  });

  it('is empty without a schema', () => {
    const { facts, bailouts, files } = readProjectSchema({ 'a.ts': 'export {};' });
    expect(facts).toMatchObject({ tables: [] });
    expect(facts).not.toHaveProperty('engine');
    expect([bailouts, files]).toEqual([[], []]);
  });
});
