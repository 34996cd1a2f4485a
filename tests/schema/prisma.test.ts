import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProjectSchema, spellKeys } from './read-project-schema.ts';

const datasource = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n';

describe('Prisma schemas', () => {
  it('gives keys with the names of the database and of the client', () => {
    const { table, facts, bailouts } = readProjectSchema({
      'prisma/schema.prisma': `${datasource}
/// A person's account.
model Account {
  id        Int      @id @default(autoincrement())
  email     String   @unique @db.VarChar(255) // unique, too
  orgId     String   @map("org_id")
  slug      String
  phone     String?  @unique(map: "accounts_phone")
  settings  Json     @default("{}")
  tags      String[]
  role      Role     @default(MEMBER)
  createdAt DateTime @default(now()) @map("created_at")
  updatedAt DateTime @updatedAt
  token     String   @default(dbgenerated("gen_random_uuid()"))
  key       String   @default(cuid())
  org       Org      @relation(fields: [orgId], references: [id], onDelete: Cascade)
  posts     Post[]

  @@unique([orgId, slug(sort: Desc)], map: "accounts_org_slug")
  @@unique(fields: [orgId, email], name: "member")
  @@index([slug])
  @@map("accounts")
}
model Org {
  id       String @id @default(uuid())
  accounts Account[]
}
model Post {
  authorId Int
  day      DateTime
  author   Account @relation(fields: [authorId], references: [id])
  @@id([authorId, day])
}
enum Role {
  MEMBER
  ADMIN @map("admin")
}
`,
    });
    expect(bailouts).toEqual([]);
    expect(facts.engine).toBe('postgresql');
    const accounts = table('accounts');
    expect(accounts).toMatchObject({
      aliases: ['Account', 'Org.accounts', 'Post.author'],
      engine: 'postgresql',
      complete: true,
    });
    expect(spellKeys(accounts)).toEqual([
      'primary(id)',
      'unique(email)',
      'unique(phone)',
      'unique(org_id, slug)',
      'unique(org_id, email)',
    ]);
    expect(accounts.keys.map(({ name }) => name)).toEqual(['id', 'email', 'phone', 'orgId_slug', 'member']);
    expect(accounts.columns).toEqual([
      { name: 'id', nullable: false, generated: 'sequence' },
      { name: 'email', nullable: false },
      { name: 'org_id', alias: 'orgId', nullable: false },
      { name: 'slug', nullable: false },
      { name: 'phone', nullable: true },
      { name: 'settings', nullable: false, isJson: true },
      { name: 'tags', nullable: false, isList: true },
      { name: 'role', nullable: false },
      { name: 'created_at', alias: 'createdAt', nullable: false, generated: 'time' },
      { name: 'updatedAt', nullable: false, generated: 'time' },
      { name: 'token', nullable: false, generated: 'random' },
      { name: 'key', nullable: false, generated: 'random' },
    ]);
    expect(accounts.foreignKeys).toMatchObject([{ columns: ['org_id'], references: 'Org' }]);
    expect(table('Post').foreignKeys).toMatchObject([{ columns: ['authorId'], references: 'accounts' }]);
    expect(spellKeys(table('Post'))).toEqual(['primary(authorId, day)']);
  });

  it('says where each key is written', () => {
    const { root, table } = readProjectSchema({
      'prisma/schema.prisma': `${datasource}model Seat {\n  id String @id\n  row Int\n  number Int\n  @@unique([row, number])\n}\n`,
    });
    const [, key] = table('Seat').keys;
    expect(key?.provenance).toMatchObject({
      source: 'prisma',
      location: { file: join(root, 'prisma/schema.prisma'), start: { line: 9, column: 2 }, end: { line: 9 } },
    });
  });

  it('reads a schema that is a folder of files', () => {
    const { table, facts, files } = readProjectSchema({
      'package.json': '{}',
      'prisma/schema/main.prisma': datasource.replace('postgresql', 'mysql'),
      'prisma/schema/seat.prisma':
        'model Seat {\n id Int @id\n venueId Int\n venue Venue @relation(fields: [venueId], references: [id])\n}\n',
      'prisma/schema/venues/venue.prisma': 'model Venue {\n id Int @id\n seats Seat[]\n}\n',
    });
    expect(facts.engine).toBe('innodb');
    expect(table('Seat')).toMatchObject({
      engine: 'innodb',
      foreignKeys: [{ columns: ['venueId'], references: 'Venue' }],
    });
    expect(table('Seat').columns.map(({ name }) => name)).toEqual(['id', 'venueId']);
    expect(files.map((file) => file.split('/').at(-1))).toEqual(['main.prisma', 'seat.prisma', 'venue.prisma']);
  });

  it('keeps what parses of a broken schema, and names the line', () => {
    const { table, facts, bailouts } = readProjectSchema({
      'schema.prisma': `${datasource}model Coupon {\n  code String @id\n  ends DateTime @@ nonsense here\n  shop String @unique\n}\nmodel Shop {\n  id Int @id\n}\nmodel Cut {\n  id Int @id\n`,
    });
    expect(bailouts).toMatchObject([
      { kind: 'input', reason: 'Prisma schema does not parse', location: { start: { line: 7 } } },
      { kind: 'input', detail: 'a block is not closed', location: { start: { line: 13 } } },
    ]);
    expect(spellKeys(table('Coupon'))).toEqual(['primary(code)', 'unique(shop)']);
    expect(table('Coupon').complete).toBe(false);
    expect(table('Shop').complete).toBe(true);
    expect(facts.tables).toHaveLength(2);
  });

  it('tells tables of another database schema apart', () => {
    const { facts } = readProjectSchema({
      'schema.prisma': `${datasource}model User {\n id Int @id\n @@map("users")\n @@schema("auth")\n}\nmodel Profile {\n id Int @id\n @@schema("public")\n}\n`,
    });
    expect(facts.tables.map(({ name }) => name)).toEqual(['auth.users', 'Profile']);
  });

  it('does not know the semantics of MongoDB', () => {
    const { facts } = readProjectSchema({
      'schema.prisma': `${datasource.replace('postgresql', 'mongodb')}model A {\n id String @id @default(auto()) @map("_id") @db.ObjectId\n}\n`,
    });
    expect(facts.engine).toBeUndefined();
    expect(facts.tables[0]?.engine).toBeUndefined();
  });

  it('ignores copies that a generator made', () => {
    const { facts } = readProjectSchema({
      'src/generated/prisma/schema.prisma': `${datasource}model A {\n id Int @id\n}\n`,
    });
    expect(facts.tables).toEqual([]);
  });
});
