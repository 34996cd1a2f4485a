import { describe, expect, test } from 'vitest';
import { drizzleAdapter } from '../../../src/effects/libraries/drizzle.ts';
import type { Client } from '../../../src/model/client.ts';
import type { Recognition } from '../../../src/model/recognition.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';
import { drizzleSource } from './schema-source.ts';

function clientOf(source: string): Client | undefined {
  const { root, steps } = chainOf(source, { adapters: [drizzleAdapter] });
  return root.kind === 'client' && steps.length === 0 ? root.client : undefined;
}

function recognize(call: string, source = drizzleSource()): Recognition {
  return recognizeOf(drizzleAdapter, `${source} ${call}`);
}

describe('what is a client', () => {
  test.each([
    ['node-postgres', 'postgresql'],
    ['postgres-js', 'postgresql'],
    ['neon-http', 'postgresql'],
    ['neon-serverless', 'postgresql'],
    ['vercel-postgres', 'postgresql'],
    ['pglite', 'postgresql'],
    ['aws-data-api/pg', 'postgresql'],
    ['bun-sql', 'postgresql'],
    ['mysql2', 'innodb'],
    ['planetscale-serverless', 'innodb'],
    ['tidb-serverless', 'innodb'],
    ['libsql', 'sqlite'],
    ['libsql/web', 'sqlite'],
    ['d1', 'sqlite'],
  ])('drizzle of %s is %s', (driver, engine) => {
    const client = clientOf(`import { drizzle } from 'drizzle-orm/${driver}'; drizzle(connection, { schema })`);
    expect(client).toMatchObject({ library: 'drizzle', role: 'root', connection: 'pool', engine });
    expect(client).not.toHaveProperty('synchronous');
  });

  test.each(['better-sqlite3', 'bun-sqlite'])('%s is synchronous', (driver) => {
    expect(clientOf(`import { drizzle } from 'drizzle-orm/${driver}'; drizzle(file)`)).toMatchObject({
      engine: 'sqlite',
      synchronous: true,
    });
  });

  test.each([
    ['node-postgres', 'NodePgDatabase', 'root', 'postgresql'],
    ['postgres-js', 'PostgresJsDatabase', 'root', 'postgresql'],
    ['pg-core', 'PgDatabase', 'root', 'postgresql'],
    ['pg-core', 'PgTransaction', 'transaction', 'postgresql'],
    ['mysql2', 'MySql2Database', 'root', 'innodb'],
    ['libsql', 'LibSQLDatabase', 'root', 'sqlite'],
  ])('%s %s', (driver, name, role, engine) => {
    const source = `import type { ${name} } from 'drizzle-orm/${driver}'; declare const db: ${name}<typeof schema>; db`;
    expect(clientOf(source)).toMatchObject({ role, engine, connection: role === 'root' ? 'pool' : 'transaction' });
  });

  test("BaseSQLiteDatabase<'sync'> is synchronous", () => {
    expect(
      clientOf(
        "import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'; declare const db: BaseSQLiteDatabase<'sync', void>; db",
      ),
    ).toMatchObject({ synchronous: true });
  });

  test('withReplicas is the primary', () => {
    const source = `${drizzleSource('postgres-js')} import { withReplicas } from 'drizzle-orm/pg-core'; const all = withReplicas(db, [replica]);`;
    expect(clientOf(`${source} all`)).toMatchObject({ detail: { driver: { value: 'postgres-js' } } });
    expect(recognize('await all.$primary.select().from(seats)', source)).toMatchObject({
      effects: [{ action: { kind: 'read' } }],
    });
  });

  test.each([
    "import { pgTable } from 'drizzle-orm/pg-core'; pgTable('seats', {})",
    "import { eq } from 'drizzle-orm'; eq(a, b)",
  ])('not %s', (source) => {
    expect(clientOf(source)).toBeUndefined();
  });

  test.each([
    ['drizzle-orm', true],
    ['drizzle-orm/pg-core', true],
    ['drizzle-zod', false],
    ['./drizzle', false],
  ])('import of %s: %s', (specifier, concerns) => {
    expect(drizzleAdapter.handlesImport(specifier)).toBe(concerns);
  });
});

describe('transactions', () => {
  test('the callback gets a handle on a connection of its own', () => {
    const recognition = recognize('await db.transaction(async (tx) => {})');
    expect(recognition).toMatchObject({
      kind: 'transaction',
      handle: { role: 'transaction', connection: 'tx1', engine: 'postgresql' },
      handleAt: 0,
    });
    expect(recognition).not.toHaveProperty('isolation');
  });

  test.each([
    ["isolationLevel: 'read committed'", 'read committed'],
    ["isolationLevel: 'repeatable read'", 'repeatable read'],
    ["isolationLevel: 'serializable'", 'serializable'],
    ["behavior: 'immediate'", 'immediate'],
    ["behavior: 'exclusive'", 'immediate'],
    ["behavior: 'deferred'", 'deferred'],
  ])('%s', (config, isolation) => {
    expect(recognize(`await db.transaction(async (tx) => {}, { ${config} })`)).toMatchObject({ isolation });
  });

  test('nested it goes on in the same one', () => {
    const source =
      "import type { PgTransaction } from 'drizzle-orm/pg-core'; declare const tx: PgTransaction<A, B, C>;";
    expect(recognize('await tx.transaction(async (inner) => {})', source)).toMatchObject({
      handle: { connection: 'transaction' },
    });
  });

  test('batch is a list of queries', () => {
    expect(
      recognize('await db.batch([db.delete(seats), db.delete(users)])', drizzleSource('d1', 'sqlite')),
    ).toMatchObject({ kind: 'batch', items: [{ kind: 'chain' }, { kind: 'chain' }] });
  });

  test.each([
    ['await db.transaction(work)', 'transaction argument is computed'],
    ['await db.transaction(async (tx) => {}, { isolationLevel: level })', 'isolation level is computed'],
    ['await db.batch(queries)', 'transaction argument is computed'],
    [
      "import type { PgTransaction } from 'drizzle-orm/pg-core'; declare const tx: PgTransaction<A, B, C>; tx.rollback()",
      'unknown Drizzle member',
    ],
  ])('%s', (call, reason) => {
    expect(recognize(call)).toMatchObject({ kind: 'unsupported', reason });
  });
});

describe('SQL text', () => {
  test('tables, columns and values of a template', () => {
    expect(
      recognize('await db.execute(sql`SELECT free FROM ${seats} WHERE ${seats.id} = ${id} FOR UPDATE`)'),
    ).toMatchObject({
      answer: { kind: 'object', fields: { rows: { kind: 'rows' } } },
      effects: [
        {
          action: {
            kind: 'read',
            mode: 'update',
            resource: { name: 'seats' },
            selector: { conditions: [{ column: 'id', value: { kind: 'input', name: 'id' } }] },
          },
        },
      ],
    });
  });

  test.each([
    ['mysql2', 'mysql', { kind: 'tuple', items: [{ kind: 'object', fields: { affectedRows: { kind: 'count' } } }] }],
    ['postgres-js', 'pg', { kind: 'rows' }],
  ] as const)('a write through %s', (driver, dialect, answer) => {
    expect(
      recognize(
        'await db.execute(sql`UPDATE seats SET holder = ${holder} WHERE id = ${id}`)',
        drizzleSource(driver, dialect),
      ),
    ).toMatchObject({
      answer,
      effects: [{ action: { kind: 'update', selector: { conditions: [{ column: 'id', value: { name: 'id' } }] } } }],
    });
  });

  test('SQLite has run, all and get, sent at once by a synchronous driver', () => {
    const source = drizzleSource('better-sqlite3', 'sqlite');
    expect(recognize('db.run(sql`DELETE FROM seats WHERE id = ${id}`)', source)).toMatchObject({
      sent: 'on call',
      answer: { kind: 'object', fields: { changes: { kind: 'count' } } },
    });
    expect(recognize('db.get(sql`SELECT * FROM seats WHERE id = ${id}`)', source)).toMatchObject({
      answer: { kind: 'row', absent: 'undefined' },
    });
  });

  test('raw text, identifiers and joined lists are spliced in', () => {
    expect(
      recognize(
        "await db.execute(sql`DELETE FROM ${sql.identifier('seats')} WHERE id IN (${sql.join([sql`${a}`, sql`${b}`], sql`, `)}) ${sql.raw('AND free = 0')}`)",
      ),
    ).toMatchObject({
      effects: [
        {
          action: { kind: 'delete', selector: { conditions: [{ column: 'id', operator: 'in' }, { column: 'free' }] } },
        },
      ],
    });
  });

  test.each([
    'await db.execute(query)',
    'await db.execute(sql`SELECT * FROM ${sql.raw(name)}`)',
    'await db.execute(sql`DELETE FROM seats WHERE ${eq(seats.id, id)}`)',
  ])('%s is computed', (call) => {
    expect(recognize(call)).toMatchObject({ kind: 'unsupported', reason: 'SQL text is computed' });
  });
});
