import { describe, expect, it } from 'vitest';
import { readProjectSchema, spellKeys } from './read-project-schema.ts';

function readPostgres(...migrations: string[]) {
  return readProjectSchema(
    Object.fromEntries(
      migrations.map((text, index) => [`supabase/migrations/2024010${String(index + 1)}_step.sql`, text]),
    ),
  );
}

function readMysql(text: string) {
  return readProjectSchema({
    'migrations/1.sql': `-- Create Table\nCREATE TABLE \`mark\` (\`id\` int) ENGINE=InnoDB;\n${text}`,
  });
}

describe('CREATE TABLE', () => {
  it('reads keys beside columns and of the table', () => {
    const { table, facts, bailouts } = readPostgres(`
      create type mood as enum ('sad', 'happy; or not');
      CREATE TABLE IF NOT EXISTS public.seats (
        id bigint generated always as identity primary key,
        code text not null default gen_random_uuid()::text constraint seats_code unique,
        "holderId" uuid references auth.users (id) on delete set null,
        venue integer NOT NULL,
        "row" int CHECK ("row" > 0),
        price numeric(10, 2) default 0 not null,
        meta jsonb NOT NULL DEFAULT '{"a": [1, 2]}'::jsonb,
        tags text[] default null,
        at timestamptz default timezone('utc'::text, now()) not null,
        serial_no serial,
        state public.mood default 'sad'::mood unique nulls not distinct,
        unique ("row", venue),
        constraint seats_fk foreign key (venue) references venues,
        check (price >= 0)
      );`);
    expect(bailouts).toEqual([]);
    expect(facts.engine).toBe('postgresql');
    const seats = table('seats');
    expect(spellKeys(seats)).toEqual([
      'primary(id)',
      'unique(code)',
      'unique(state) nulls equal',
      'unique(row, venue)',
    ]);
    expect(seats.keys.map(({ name }) => name)).toEqual([
      'seats_pkey',
      'seats_code',
      'seats_state_key',
      'seats_row_venue_key',
    ]);
    expect(seats.columns).toEqual([
      { name: 'id', nullable: false, generated: 'sequence' },
      { name: 'code', nullable: false, generated: 'random' },
      { name: 'holderId', nullable: true },
      { name: 'venue', nullable: false },
      { name: 'row', nullable: true },
      { name: 'price', nullable: false },
      { name: 'meta', nullable: false, isJson: true },
      { name: 'tags', nullable: true, isList: true },
      { name: 'at', nullable: false, generated: 'time' },
      { name: 'serial_no', nullable: false, generated: 'sequence' },
      { name: 'state', nullable: true },
    ]);
    expect(seats.foreignKeys).toMatchObject([
      { columns: ['holderId'], references: 'auth.users' },
      { columns: ['venue'], references: 'venues' },
    ]);
    expect(seats.checks).toEqual(['"row" > 0', 'price >= 0']);
    expect(seats).toMatchObject({ engine: 'postgresql', complete: true, aliases: [] });
  });

  it('reads MySQL: keys, plain indexes, prefixes, engines', () => {
    const { table, bailouts } = readMysql(`
      CREATE TABLE \`coupons\` (
        \`id\` INT UNSIGNED NOT NULL AUTO_INCREMENT COMMENT 'it''s; the \\'id\\'',
        \`code\` varchar(64) COLLATE utf8mb4_bin NOT NULL,
        \`shop\` int NOT NULL, # the shop; not the owner
        \`key\` varchar(10) DEFAULT NULL,
        PRIMARY KEY (\`id\`) USING BTREE,
        UNIQUE KEY \`uq_code\` (\`shop\`, \`code\`(20)),
        UNIQUE (\`key\`),
        KEY \`unique_looking\` (\`code\`),
        FULLTEXT KEY \`ft\` (\`code\`),
        CONSTRAINT \`fk\` FOREIGN KEY (\`shop\`) REFERENCES \`db\`.\`shops\` (\`id\`)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
      CREATE TABLE logs (id int primary key) ENGINE = MyISAM;`);
    expect(bailouts).toEqual([]);
    expect(spellKeys(table('coupons'))).toEqual(['primary(id)', 'unique(shop, code)', 'unique(key)']);
    expect(table('coupons')).toMatchObject({
      engine: 'innodb',
      foreignKeys: [{ columns: ['shop'], references: 'shops' }],
    });
    expect(table('coupons').columns[0]).toEqual({ name: 'id', nullable: false, generated: 'sequence' });
    expect(table('logs').engine).toBeUndefined();
  });

  it('reads SQLite, where a primary key may be NULL unless it is the row id', () => {
    const { table, facts } = readProjectSchema({
      'migrations/1.sql': `PRAGMA foreign_keys=OFF;
        CREATE TABLE Notes (id INTEGER PRIMARY KEY AUTOINCREMENT, "title" TEXT UNIQUE, body) STRICT;
        CREATE TABLE tags (name TEXT PRIMARY KEY) WITHOUT ROWID;`,
    });
    expect(facts.engine).toBe('sqlite');
    expect(table('Notes').columns[0]).toEqual({ name: 'id', nullable: false, generated: 'sequence' });
    expect(spellKeys(table('Notes'))).toEqual(['primary(id)', 'unique(title)']);
    expect(table('tags').columns[0]).toEqual({ name: 'name', nullable: true });
  });

  it('knows less after what it does not understand', () => {
    const { table, bailouts } = readPostgres(`
      create table bookings (room int, during tsrange, exclude using gist (room with =, during with &&));
      create table copies as select * from bookings;
      create table child (extra int) inherits (bookings);`);
    for (const name of ['bookings', 'copies', 'child']) expect(table(name).complete).toBe(false);
    expect(bailouts.map(({ detail }) => detail)).toEqual([
      'exclusion constraint of bookings',
      'columns of CREATE TABLE … AS of copies',
      'INHERITS of child',
    ]);
  });

  it('copies keys with LIKE only when told to', () => {
    const { table } = readPostgres(`
      create table a (id int primary key, code text unique);
      create table b (like a including all, extra int);
      create table c (like a);
      create temporary table d (id int primary key);
      create table a_2024 partition of a for values from (1) to (2);`);
    expect(spellKeys(table('b'))).toEqual(['primary(id)', 'unique(code)']);
    expect(spellKeys(table('c'))).toEqual([]);
    expect(table('c').columns.map(({ name }) => name)).toEqual(['id', 'code']);
    expect(() => table('d')).toThrow();
    expect(() => table('a_2024')).toThrow();
  });
});

describe('replay', () => {
  it('applies ALTER TABLE and DROP in order', () => {
    const { table, bailouts } = readPostgres(
      'create table users (id int primary key, email text unique, name text, org int not null, old text unique);',
      `alter table users add column slug text not null, add constraint users_org_slug unique (org, slug), drop column old;
       alter table only public.users alter column email set not null, alter name set default 'x', alter org drop not null;
       ALTER TABLE users RENAME COLUMN slug TO handle;
       alter table users enable row level security;`,
      'alter table users drop constraint if exists users_email_key; create unique index concurrently if not exists users_email on users using btree (email desc);',
      'alter table users rename to accounts; alter table accounts rename constraint users_org_slug to accounts_handle;',
    );
    expect(bailouts).toEqual([]);
    expect(() => table('users')).toThrow();
    const accounts = table('accounts');
    expect(spellKeys(accounts)).toEqual(['primary(id)', 'unique(org, handle)', 'unique(email)']);
    expect(accounts.keys.map(({ name }) => name)).toEqual(['users_pkey', 'accounts_handle', 'users_email']);
    expect(accounts.columns).toMatchObject([
      { name: 'id' },
      { name: 'email', nullable: false },
      { name: 'name' },
      { name: 'org', nullable: true },
      { name: 'handle', nullable: false },
    ]);
  });

  it('forgets a dropped index, constraint, primary key, column and table', () => {
    const { facts } = readPostgres(
      `create table a (id int, x int, y int, z int, constraint a_pk primary key (id), unique (x, y));
       create unique index a_z on a (z); create table b (id int primary key);`,
      'drop index if exists public.a_z; alter table a drop constraint a_pk; alter table a drop column y; drop table if exists b, c cascade;',
    );
    expect(facts.tables.map(({ name }) => name)).toEqual(['a']);
    expect(facts.tables[0]?.keys).toEqual([]);
  });

  it('takes a column out of a MySQL key, where PostgreSQL drops the key', () => {
    const { table } = readMysql(`
      CREATE TABLE t (a int, b int, c int, UNIQUE KEY ab (a, b), UNIQUE KEY uc (c));
      ALTER TABLE t DROP COLUMN b, DROP INDEX uc, ADD UNIQUE KEY \`new_c\` (c);
      ALTER TABLE t CHANGE COLUMN c d varchar(10) NOT NULL, MODIFY a bigint NOT NULL;
      DROP INDEX new_c ON t; RENAME TABLE t TO u;`);
    expect(spellKeys(table('u'))).toEqual(['unique(a)']);
    expect(table('u').columns).toMatchObject([
      { name: 'a', nullable: false },
      { name: 'd', nullable: false },
    ]);
  });

  it('follows SQLite’s way to change a table: a new one takes the old one’s name', () => {
    const { table } = readProjectSchema({
      'prisma/migrations/migration_lock.toml': 'provider = "sqlite"',
      'prisma/migrations/1_init/migration.sql':
        'CREATE TABLE "Seat" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "code" TEXT NOT NULL);\nCREATE UNIQUE INDEX "Seat_code_key" ON "Seat"("code");',
      'prisma/migrations/2_more/migration.sql': `PRAGMA foreign_keys=OFF;
        CREATE TABLE "new_Seat" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "code" TEXT);
        INSERT INTO "new_Seat" ("id", "code") SELECT "id", "code" FROM "Seat";
        DROP TABLE "Seat"; ALTER TABLE "new_Seat" RENAME TO "Seat";
        CREATE UNIQUE INDEX "Seat_code_key" ON "Seat"("code");`,
    });
    expect(spellKeys(table('Seat'))).toEqual(['primary(id)', 'unique(code)']);
    expect(table('Seat').columns[1]).toEqual({ name: 'code', nullable: true });
  });

  it('lets a unique index become a constraint', () => {
    const { table } = readPostgres(
      'create table t (id int not null, code text); create unique index t_code on t (code); create unique index t_id on t (id);',
      'alter table only t add constraint t_code_key unique using index t_code, add constraint t_pk primary key using index t_id;',
    );
    expect(table('t').keys.map(({ kind, name }) => `${kind} ${String(name)}`)).toEqual([
      'unique t_code_key',
      'primary t_pk',
    ]);
  });

  it('knows a table whose creation it has not seen only in part', () => {
    const { table } = readPostgres('create unique index orders_display on orders (display_id);');
    expect(table('orders')).toMatchObject({ complete: false, columns: [] });
    expect(spellKeys(table('orders'))).toEqual(['unique(display_id)']);
  });

  it('reads partial keys and keys over expressions as what they are', () => {
    const { table } =
      readPostgres(`create table users (id int primary key, email text not null, org int, deleted_at timestamptz);
      create unique index a on users (lower(email));
      create unique index b on users (org, email) include (id) where deleted_at is null;
      create unique index c on users (org) nulls not distinct;
      create unique index on users (coalesce(org, 0), (email::citext));
      create index unique_email on users (email);
      create index d on users (id);`);
    expect(spellKeys(table('users'))).toEqual([
      'primary(id)',
      'unique(email) over lower(email)',
      'unique(org, email) where deleted_at is null',
      'unique(org) nulls equal',
      'unique(org, email) over coalesce(org, 0), (email::citext)',
    ]);
  });
});

describe('scripts', () => {
  it('steps over functions, triggers, policies and data', () => {
    const { facts, bailouts } = readPostgres(`
      /* create table commented (id int); */
      create table t (id int primary key, note text default 'it''s; create table no (x int)');
      create or replace function f() returns trigger language plpgsql as $fn$
      begin create table inside (id int); alter table t drop constraint t_pkey; return new; end; $fn$;
      create function g(a int) returns int language sql begin atomic; select 1; select case when a > 0 then 1 else 2 end; end;
      create trigger tr before insert on t for each row execute function f();
      create policy "own; rows" on t for all using (auth.uid() = id) with check (true);
      insert into t (note) values ('alter table t add unique (note);'), (E'it\\'s; drop table t');
      grant all on table t to authenticated; comment on table t is 'create unique index x on t (note)';`);
    expect(bailouts).toEqual([]);
    expect(facts.tables.map(({ name }) => name)).toEqual(['t']);
    expect(spellKeys(facts.tables[0]!)).toEqual(['primary(id)']);
  });

  it('obeys DELIMITER and bodies in MySQL and SQLite', () => {
    const { table } = readMysql(`
      DELIMITER $$
      CREATE PROCEDURE p() BEGIN DROP TABLE mark; IF 1 THEN DROP TABLE mark; END IF; END$$
      DELIMITER ;
      CREATE TRIGGER tr AFTER INSERT ON mark FOR EACH ROW BEGIN DELETE FROM x; DROP TABLE mark; END;
      ALTER TABLE mark ADD UNIQUE INDEX by_id (id);`);
    expect(spellKeys(table('mark'))).toEqual(['unique(id)']);
  });

  it('reads DO blocks whose outcome is certain', () => {
    const { table, bailouts } = readPostgres(
      'create table t (id int, code text, org int);',
      `DO $$ BEGIN ALTER TABLE "t" ADD CONSTRAINT "t_code" UNIQUE("code"); EXCEPTION WHEN duplicate_object THEN null; END $$;
       do $x$ declare n int := 1; begin create unique index t_id on t (id); end $x$;
       do $$ begin if not exists (select 1 from pg_constraint where conname = 't_org') then alter table t add constraint t_org unique (org); end if; end $$;`,
    );
    expect(bailouts).toEqual([]);
    expect(spellKeys(table('t'))).toEqual(['unique(code)', 'unique(id)', 'unique(org)']);
    expect(table('t').complete).toBe(true);
  });

  it('claims nothing about keys that depend on data', () => {
    const { table, bailouts } = readPostgres(
      'create table t (id int primary key, code text unique, note text); create table u (id int);',
      `do $$ begin if exists (select 1 from t) then alter table t drop constraint t_code_key; end if; end $$;
       do $$ begin if exists (select 1 from t) then alter table t drop column note; alter table t drop constraint t_fk; end if; end $$;
       do $$ begin if random() > 0.5 then execute 'create unique index u_id on u (id)'; end if; end $$;
       do $$ begin for r in select 1 loop execute format('alter table %I drop constraint x', r); end loop; end $$;`,
    );
    expect(spellKeys(table('t'))).toEqual(['primary(id)']);
    expect(table('t').complete).toBe(false);
    expect(table('u')).toMatchObject({ keys: [], complete: false });
    expect(bailouts.map(({ detail }) => detail)).toEqual([
      'keys changed in a DO block of t',
      'keys changed in a DO block of u',
      'EXECUTE of computed SQL',
    ]);
  });

  it('ignores the way back', () => {
    const { table } = readProjectSchema({
      'db/migrations/20240101_a.sql':
        '-- migrate:up\ncreate table t (id serial primary key, code text unique);\n-- migrate:down\ndrop table t;',
      'db/migrations/20240102_b.up.sql': 'alter table t add column x int unique;',
      'db/migrations/20240102_b.down.sql': 'alter table t drop column x;',
      'db/migrations/20240103_c.sql':
        '-- +goose Up\nalter table t add y int unique;\n-- +goose Down\nalter table t drop y;',
    });
    expect(spellKeys(table('t'))).toEqual(['primary(id)', 'unique(code)', 'unique(x)', 'unique(y)']);
  });

  it.each([
    [
      'Flyway',
      {
        'sql/V10__c.sql': 'drop index t_b;',
        'sql/V2__b.sql': 'create unique index t_b on t (b);',
        'sql/V1__a.sql': 'create table t (a int unique, b int);',
        'sql/U10__c.sql': 'drop table t;',
      },
    ],
    [
      'numbers',
      {
        'db/10_c.sql': 'drop index t_b;',
        'db/9_b.sql': 'create unique index t_b on t (b);',
        'db/001_a.sql': 'create table t (a int unique, b int);',
      },
    ],
    [
      'Diesel',
      {
        'migrations/2_b/up.sql': 'create unique index t_b on t (b); drop index t_b;',
        'migrations/2_b/down.sql': 'drop table t;',
        'migrations/1_a/up.sql': 'create table t (a int unique, b int);',
      },
    ],
    [
      'Drizzle’s journal',
      {
        'drizzle/meta/_journal.json': '{"dialect":"postgresql","entries":[{"tag":"0001_z"},{"tag":"0002_a"}]}',
        'drizzle/0002_a.sql': 'CREATE UNIQUE INDEX "t_b" ON "t" ("b");--> statement-breakpoint\nDROP INDEX "t_b"',
        'drizzle/0001_z.sql': 'CREATE TABLE "t" ("a" int UNIQUE, "b" int)--> statement-breakpoint\nSELECT 1;',
      },
    ],
  ])('runs the migrations of %s in their order', (_, files) => {
    expect(spellKeys(readProjectSchema(files).table('t'))).toEqual(['unique(a)']);
  });

  it('reads neither queries, nor seeds, nor another kind of database', () => {
    const { facts } = readProjectSchema({
      'db/queries/create.sql': 'create table q (id int);',
      'queries/x.sql': 'create table r (id int);',
      'db/seed.sql': 'create table s (id int);',
      'clickhouse/migrations/1.sql': 'create table events (id UInt32) engine = MergeTree order by id;',
      'clickhouse/migrations/2.sql': 'alter table events add column x String;',
    });
    expect(facts.tables).toEqual([]);
  });

  it('goes on after a statement that makes no sense', () => {
    const { table, bailouts } = readPostgres(
      "create table ; alter table t; create unique index on; create table t (id int primary key); select 'never closed",
    );
    expect(spellKeys(table('t'))).toEqual(['primary(id)']);
    expect(bailouts.map(({ detail, location }) => `${String(detail)} ${String(location?.start.line)}`)).toEqual([
      'CREATE TABLE 1',
      'CREATE UNIQUE INDEX 1',
    ]);
  });

  it('keeps tables of other database schemas apart', () => {
    const { facts } = readPostgres(
      'create table auth.users (id int primary key); create table users (id int, email text unique);',
    );
    expect(facts.tables.map((table) => [table.name, ...spellKeys(table)])).toEqual([
      ['auth.users', 'primary(id)'],
      ['users', 'unique(email)'],
    ]);
  });
});
