import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findColumn, findTable, findUniqueKey } from '../../src/schema/find-table.ts';
import type { UniqueKeyMatch } from '../../src/schema/find-table.ts';
import { readProjectSchema, spellKey, spellKeys } from './read-project-schema.ts';

const head = 'datasource db {\n  provider = "postgresql"\n}\n';

const seat = `${head}model Seat {
  id Int @id @default(autoincrement())
  venueId Int @map("venue_id")
  row Int
  holder String? @unique
  email String
  code String
  @@unique([venueId, row])
  @@unique([id, email])
  @@index([code])
}
`;
const indexes =
  'create unique index live on "Seat" (code) where holder is null; create unique index low on "Seat" (lower(email)); create unique index one on "Seat" (holder, row) nulls not distinct;';

describe('findTable', () => {
  it('knows models, client properties, constants and database names', () => {
    const { facts } = readProjectSchema({
      'schema.prisma': `${head}model OrderItem {\n id Int @id\n @@map("order_items")\n}\nmodel APIKey {\n id Int @id\n}\n`,
      'migrations/1.sql': 'create table auth.sessions (id uuid primary key); create table "Audit" (id int);',
    });
    const find = (name: string): string | undefined => findTable(facts, name)?.name;
    expect(
      [
        'OrderItem',
        'orderItem',
        'order_items',
        'ORDER_ITEMS',
        'aPIKey',
        'auth.sessions',
        'sessions',
        'audit',
        'public.Audit',
      ].map(find),
    ).toEqual([
      'order_items',
      'order_items',
      'order_items',
      'order_items',
      'APIKey',
      'auth.sessions',
      'auth.sessions',
      'Audit',
      'Audit',
    ]);
    expect(find('orders')).toBeUndefined();
  });

  const twice = {
    'package.json': '{"workspaces":["*"]}',
    'shop/package.json': '{"name":"shop"}',
    'shop/schema.prisma': `${head}model User {\n id Int @id\n email String @unique\n}\n`,
    'blog/package.json': '{"name":"blog"}',
    'blog/schema.prisma': `${head}model User {\n id Int @id\n email String?\n}\n`,
  };

  it('claims only what all tables of a name have', () => {
    const { facts } = readProjectSchema(twice);
    const user = findTable(facts, 'user');
    expect(spellKeys(user!)).toEqual(['primary(id)']);
    expect(user).toMatchObject({ complete: false, columns: [{ name: 'id' }, { name: 'email', nullable: true }] });
  });

  it('prefers the table nearest to the code', () => {
    const { facts, root } = readProjectSchema(twice);
    expect(spellKeys(findTable(facts, 'user', join(root, 'shop/src/sign-up.ts'))!)).toEqual([
      'primary(id)',
      'unique(email)',
    ]);
    expect(findTable(facts, 'user', join(root, 'blog/src/sign-up.ts'))?.complete).toBe(true);
  });

  it('leaves out examples beside the real schema', () => {
    const { facts } = readProjectSchema({
      'packages/db/package.json': '{}',
      'packages/db/schema.prisma': twice['shop/schema.prisma'],
      'examples/a/package.json': '{}',
      'examples/a/schema.prisma': twice['blog/schema.prisma'],
    });
    expect(spellKeys(findTable(facts, 'User')!)).toEqual(['primary(id)', 'unique(email)']);
  });
});

describe('findUniqueKey', () => {
  function find(columns: readonly string[]): UniqueKeyMatch | undefined {
    const reading = readProjectSchema({ 'schema.prisma': seat, 'migrations/1.sql': indexes });
    return findUniqueKey(reading.table('Seat'), columns);
  }

  function spell(match: UniqueKeyMatch | undefined): string | undefined {
    return match && `${spellKey(match.key)} nullable[${match.nullable.join()}] generated[${match.generated.join()}]`;
  }

  it('finds the key whose columns are all given, by either name', () => {
    expect(spell(find(['venueId', 'row', 'code']))).toBe('unique(venue_id, row) nullable[] generated[]');
    expect(spell(find(['venue_id', 'row']))).toBe('unique(venue_id, row) nullable[] generated[]');
    expect(find(['row'])).toBeUndefined();
  });

  it('finds no key in a plain index, a partial one, or one over an expression', () => {
    expect(find(['code'])).toBeUndefined();
    expect(find(['email'])).toBeUndefined();
  });

  it('flags nullable columns, unless NULLs are equal', () => {
    expect(spell(find(['holder']))).toBe('unique(holder) nullable[holder] generated[]');
    expect(spell(find(['holder', 'row']))).toBe('unique(holder, row) nulls equal nullable[] generated[]');
  });

  it('flags a key that holds because of a generated id only', () => {
    expect(spell(find(['id', 'email']))).toBe('primary(id) nullable[] generated[id]');
  });
});

describe('findColumn', () => {
  it('knows both names, and does not mind casing', () => {
    const table = readProjectSchema({ 'schema.prisma': seat }).table('Seat');
    expect(['venueId', 'venue_id', 'VenueID', 'nope'].map((name) => findColumn(table, name)?.name)).toEqual([
      'venue_id',
      'venue_id',
      'venue_id',
      undefined,
    ]);
  });
});
