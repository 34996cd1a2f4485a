import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProjectSchema, spellKeys } from './read-project-schema.ts';

const imports =
  "import { boolean, check, foreignKey, index, integer, jsonb, pgSchema, pgTable, pgTableCreator, primaryKey, serial, text, timestamp, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';\nimport { sql, isNull } from 'drizzle-orm';\n";

describe('Drizzle tables', () => {
  it('reads columns and keys', () => {
    const { root, table, facts, bailouts } = readProjectSchema({
      'src/schema.ts': `${imports}
export const accounts = pgTable('accounts', {
  id: uuid('id').primaryKey().defaultRandom(),
  no: serial('no'),
  email: text('email').notNull().unique(),
  phone: text().unique('accounts_phone', { nulls: 'not distinct' }),
  orgId: uuid('org_id').notNull().references(() => orgs.id, { onDelete: 'cascade' }),
  slug: text('slug').notNull(),
  data: jsonb('data').$type<{ a: string }>().default({}),
  tags: text('tags').array(),
  token: text('token').$defaultFn(() => createId()),
  short: text('short').$defaultFn(() => crypto.randomUUID().slice(0, 8)),
  count: integer().generatedAlwaysAsIdentity(),
  deletedAt: timestamp('deleted_at'),
  createdAt: timestamp('created_at').defaultNow().notNull(),
  changed: timestamp().$onUpdate(() => new Date()),
  made: timestamp().default(sql\`now()\`),
}, (table) => [
  uniqueIndex('accounts_org_slug').on(table.orgId, table.slug.asc()),
  uniqueIndex('accounts_lower').on(sql\`lower(\${table.email})\`),
  uniqueIndex('accounts_live').on(table.slug).where(sql\`\${table.deletedAt} is null\`),
  uniqueIndex('accounts_open').on(table.orgId).where(isNull(table.deletedAt)),
  unique('accounts_pair').on(table.slug, table.phone).nullsNotDistinct(),
  index('unique_email').on(table.email),
  foreignKey({ columns: [table.slug], foreignColumns: [orgs.slug] }),
  check('slug_set', sql\`\${table.slug} <> ''\`),
]);
const orgs = pgTable('orgs', { id: uuid('id').primaryKey(), slug: text('slug') });
`,
    });
    expect(bailouts).toEqual([]);
    expect(facts.engine).toBe('postgresql');
    const accounts = table('accounts');
    expect(accounts).toMatchObject({ aliases: ['accounts'], engine: 'postgresql', complete: true });
    expect(spellKeys(accounts)).toEqual([
      'primary(id)',
      'unique(email)',
      'unique(phone) nulls equal',
      'unique(org_id, slug)',
      'unique(email) over lower(email)',
      'unique(slug) where deleted_at is null',
      'unique(org_id) where isNull(table.deletedAt)',
      'unique(slug, phone) nulls equal',
    ]);
    expect(accounts.keys[3]).toMatchObject({
      name: 'accounts_org_slug',
      provenance: {
        source: 'drizzle',
        location: { file: join(root, 'src/schema.ts'), start: { line: 21, column: 2 } },
      },
    });
    expect(accounts.columns).toEqual([
      { name: 'id', nullable: false, generated: 'random' },
      { name: 'no', nullable: false, generated: 'sequence' },
      { name: 'email', nullable: false },
      { name: 'phone', nullable: true },
      { name: 'org_id', alias: 'orgId', nullable: false },
      { name: 'slug', nullable: false },
      { name: 'data', nullable: true, isJson: true },
      { name: 'tags', nullable: true, isList: true },
      { name: 'token', nullable: true, generated: 'random' },
      { name: 'short', nullable: true, generated: 'random' },
      { name: 'count', nullable: false, generated: 'sequence' },
      { name: 'deleted_at', alias: 'deletedAt', nullable: true },
      { name: 'created_at', alias: 'createdAt', nullable: false, generated: 'time' },
      { name: 'changed', nullable: true, generated: 'time' },
      { name: 'made', nullable: true, generated: 'time' },
    ]);
    expect(accounts.foreignKeys).toMatchObject([
      { columns: ['org_id'], references: 'orgs' },
      { columns: ['slug'], references: 'orgs' },
    ]);
    expect(accounts.checks).toEqual(["slug <> ''"]);
  });

  it('reads the older forms: an object of indexes, primaryKey with columns as arguments, columns as a function', () => {
    const { table } = readProjectSchema({
      'src/schema.ts': `${imports}
export const members = pgTable('members', (t) => ({ orgId: t.uuid('org_id').notNull(), userId: t.uuid('user_id'), role: t.text() }),
  (t) => ({ pk: primaryKey(t.orgId, t.userId), role: unique().on(t.orgId, t.role) }));
export const seats = pgTable('seats', { row: integer(), number: integer() }, ({ row, number }) => { return [primaryKey({ name: 'seat', columns: [row, number] })]; });
`,
    });
    expect(spellKeys(table('members'))).toEqual(['primary(org_id, user_id)', 'unique(org_id, role)']);
    expect(table('members').columns.map(({ nullable }) => nullable)).toEqual([false, false, true]);
    expect(spellKeys(table('seats'))).toEqual(['primary(row, number)']);
    expect(table('seats').keys[0]?.name).toBe('seat');
  });

  it('reads MySQL and SQLite, namespaces, creators, schemas and row level security', () => {
    const { facts, bailouts } = readProjectSchema({
      'a/package.json': '{"name":"a","dependencies":{"drizzle-orm":"1"}}',
      'a/schema.ts':
        "import * as my from 'drizzle-orm/mysql-core';\nexport const t = my.mysqlTable('t', { id: my.int().autoincrement().primaryKey() });\n",
      'b/package.json': '{"name":"b"}',
      'b/schema.ts':
        "import { sqliteTable as table, integer } from 'drizzle-orm/sqlite-core';\nexport const notes = table('notes', { id: integer('id').primaryKey() });\n",
      'c/package.json': '{"name":"c"}',
      'c/create.ts':
        "import { pgTableCreator } from 'drizzle-orm/pg-core';\nexport const createTable = pgTableCreator((name) => `shop_${name}`);\n",
      'c/schema.ts': `import { createTable } from './create';\n${imports}
export const orders = createTable('order', { id: serial().primaryKey() });
const auth = pgSchema('auth');
export const users = auth.table('users', { id: uuid().primaryKey() });
export const secrets = pgTable('secrets', { id: uuid().primaryKey() }).enableRLS();
export const odd = pgTableCreator((n) => n.toUpperCase())('odd', {});
`,
    });
    expect(bailouts).toEqual([]);
    expect(facts.engine).toBeUndefined();
    expect(facts.tables.map(({ name, aliases, engine }) => [name, aliases[0], engine])).toEqual([
      ['t', 't', 'innodb'],
      ['notes', 'notes', 'sqlite'],
      ['shop_order', 'orders', 'postgresql'],
      ['auth.users', 'users', 'postgresql'],
      ['secrets', 'secrets', 'postgresql'],
    ]);
    expect(facts.tables[0]?.columns).toEqual([{ name: 'id', nullable: false, generated: 'sequence' }]);
    expect(facts.tables[1]?.columns).toEqual([{ name: 'id', nullable: false, generated: 'sequence' }]);
  });

  it('follows spreads and shared columns through imports and functions', () => {
    const { table, bailouts } = readProjectSchema({
      'src/columns.ts': `${imports}
export const timestamps = { createdAt: timestamp('created_at').notNull().defaultNow() } as const;
export const id = () => uuid('id').primaryKey().defaultRandom();
export const ownColumns = () => ({ code: text('code').notNull().unique() });
`,
      'src/index.ts': "export * from './columns';\n",
      'src/schema.ts': `import { id, ownColumns, timestamps as stamps } from './index';\n${imports}
const slug = text('slug').unique();
export const coupons = pgTable('coupons', { id: id().notNull(), ...stamps, ...ownColumns(), slug });
`,
    });
    expect(bailouts).toEqual([]);
    expect(spellKeys(table('coupons'))).toEqual(['primary(id)', 'unique(code)', 'unique(slug)']);
    expect(table('coupons').columns.map(({ name }) => name)).toEqual(['id', 'created_at', 'code', 'slug']);
    expect(table('coupons').complete).toBe(true);
  });

  it('knows less where something can’t be followed, and says so', () => {
    const { table, bailouts } = readProjectSchema({
      'src/schema.ts': `${imports}
import { base } from '@acme/columns';
export const a = pgTable('a', { ...base, code: text().unique() });
export const b = pgTable('b', { code: text() }, (t) => makeIndexes(t));
export const c = pgTable('c', { code: text() }, (t) => [...common(t), unique().on(t.code)]);
export const d = pgTable('d', { code: flag ? text() : text().unique() });
`,
    });
    expect(['a', 'b', 'c', 'd'].map((name) => [spellKeys(table(name)).join(), table(name).complete])).toEqual([
      ['unique(code)', false],
      ['', false],
      ['unique(code)', false],
      ['', false],
    ]);
    expect(bailouts.map(({ detail }) => detail)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes by where a function comes from, not by its name', () => {
    const { facts } = readProjectSchema({
      'src/schema.ts':
        "import { pgTable } from './own';\nimport type { PgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', {});\n",
      'src/own.ts': 'export const pgTable = (name: string, columns: object) => columns;\n',
    });
    expect(facts.tables).toEqual([]);
  });

  it('reports a schema file that does not parse', () => {
    const { bailouts } = readProjectSchema({ 'src/schema.ts': `${imports}export const a = pgTable('a', {` });
    expect(bailouts).toMatchObject([{ kind: 'input', reason: 'syntax error' }]);
  });
});
