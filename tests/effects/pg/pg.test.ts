import { describe, expect, test } from 'vitest';
import { pgAdapter } from '../../../src/effects/libraries/pg.ts';
import { recognizeOf, valueOf } from '../../support/chain-of.ts';

const pool = "import { Pool } from 'pg'; const pool = new Pool(); ";
const recognize = (source: string) => recognizeOf(pgAdapter, source);
const clientOf = (source: string) => {
  const { value } = valueOf(source, { adapters: [pgAdapter] });
  return value.kind === 'chain' && value.root.kind === 'client' && value.steps.length === 0
    ? value.root.client
    : undefined;
};

describe('clients', () => {
  test.each([
    ["import { Pool } from 'pg'; new Pool({ max: 5 })", 'pool', 'pool'],
    ["import pg from 'pg'; new pg.Pool()", 'pool', 'pool'],
    ["import pg from 'pg'; const { Pool } = pg; new Pool()", 'pool', 'pool'],
    ["import * as pg from 'pg'; new pg.Pool()", 'pool', 'pool'],
    ["import pg from 'pg'; new pg.native.Pool()", 'pool', 'pool'],
    ["import Pool from 'pg-pool'; new Pool()", 'pool', 'pool'],
    ["import { Client } from 'pg'; new Client()", 'connection', 'single connection'],
    ["import { Pool } from '@neondatabase/serverless'; new Pool()", 'pool', 'pool'],
    ["import * as vercel from '@vercel/postgres'; vercel.sql", 'pool', 'pool'],
    ["import * as vercel from '@vercel/postgres'; vercel.db", 'pool', 'pool'],
    [
      "import type { PoolClient } from 'pg'; declare const client: PoolClient; client",
      'connection',
      'declared connection',
    ],
    ["import type { Pool } from 'pg'; declare const pool: Pool; pool", 'pool', 'pool'],
    ["import type pg from 'pg'; declare const client: pg.ClientBase; client", 'connection', 'declared connection'],
  ])('%s', (source, role, connection) => {
    expect(clientOf(source)).toMatchObject({ library: 'pg', engine: 'postgresql', role, connection });
  });

  test('a connected client has a connection of its own', () => {
    const first = clientOf(`${pool} pool.connect()`);
    expect(first).toMatchObject({ role: 'connection' });
    expect(first?.connection).not.toBe('pool');
  });

  test.each([
    "import { types } from 'pg'; types",
    "import { Pool } from 'generic-pool'; new Pool()",
    "import { sql } from 'pg'; sql",
  ])('%s is no client', (source) => {
    expect(clientOf(source)).toBeUndefined();
  });
});

describe('query', () => {
  test('text and values, sent at the call, with rows and rowCount', () => {
    expect(recognize(`${pool} pool.query('SELECT id FROM users WHERE email = $1', [email])`)).toMatchObject({
      kind: 'effects',
      sent: 'on call',
      answers: 0,
      answer: { kind: 'object', fields: { rows: { kind: 'rows' }, rowCount: { kind: 'count' } } },
      effects: [
        {
          action: {
            kind: 'read',
            selector: { conditions: [{ column: 'email', value: { kind: 'input', name: 'email' } }] },
          },
          label: 'SELECT users',
        },
      ],
    });
  });

  test('a query object', () => {
    expect(
      recognize(`${pool} pool.query({ text: 'DELETE FROM coupons WHERE code = $1', values: [code] })`),
    ).toMatchObject({
      effects: [{ action: { kind: 'delete', selector: { conditions: [{ value: { name: 'code' } }] } } }],
      answer: { fields: { rows: { kind: 'none' }, rowCount: { kind: 'count' } } },
    });
  });

  test('RETURNING gives rows', () => {
    expect(
      recognize(`${pool} pool.query('INSERT INTO users (email) VALUES ($1) RETURNING id', [email])`),
    ).toMatchObject({ answer: { fields: { rows: { kind: 'rows' } } } });
  });

  test('an array of parameters that does not show keeps the identity of its members', () => {
    expect(recognize(`${pool} pool.query('SELECT * FROM users WHERE email = $1', params)`)).toMatchObject({
      effects: [
        {
          action: {
            selector: {
              conditions: [
                { value: { kind: 'apply', operator: 'member:0', operands: [{ kind: 'input', name: 'params' }] } },
              ],
            },
          },
        },
      ],
    });
  });

  test('interpolated values are values, also inside quotes', () => {
    expect(
      recognize(
        `${pool} pool.query(\`SELECT * FROM users WHERE id = \${id} AND name = '\${name}' AND tag LIKE '%\${tag}%'\`)`,
      ),
    ).toMatchObject({
      effects: [
        {
          action: {
            selector: {
              conditions: [
                { column: 'id', value: { kind: 'input', name: 'id' } },
                { column: 'name', value: { kind: 'input', name: 'name' } },
                { column: 'tag', value: { kind: 'template', quasis: ['%', '%'] } },
              ],
            },
          },
        },
      ],
    });
  });

  test('a constant table name is text', () => {
    expect(
      recognize(`${pool} const users = 'app_users'; pool.query(\`SELECT * FROM \${users} WHERE id = $1\`, [id])`),
    ).toMatchObject({ effects: [{ action: { resource: { name: 'app_users' } } }] });
  });

  test('concatenated text', () => {
    expect(recognize(`${pool} pool.query('UPDATE users SET n = n + 1 ' + 'WHERE id = $1', [id])`)).toMatchObject({
      effects: [{ action: { kind: 'update', selector: { conditions: [{ value: { name: 'id' } }] } } }],
    });
  });

  test.each([
    `pool.query(\`SELECT * FROM \${table}\`)`,
    `pool.query(\`SELECT * FROM "\${table}"\`)`,
    `pool.query(\`SELECT * FROM users \${where}\`)`,
    `pool.query(\`UPDATE users SET \${sets} WHERE id = $1\`, [id])`,
    `pool.query(text, [id])`,
    `pool.query(admin ? 'DELETE FROM a' : 'DELETE FROM b')`,
    `pool.query()`,
  ])('%s is computed', (source) => {
    expect(recognize(pool + source)).toMatchObject({ kind: 'unsupported', reason: 'SQL text is computed' });
  });

  test('a callback is not modelled', () => {
    expect(recognize(`${pool} pool.query('SELECT 1 FROM users', [], (error, result) => {})`)).toMatchObject({
      kind: 'unsupported',
      reason: 'query with a callback instead of a promise',
    });
  });

  test('text that the parser refuses', () => {
    expect(recognize(`${pool} pool.query('SELEC * FROM users')`)).toMatchObject({
      kind: 'unsupported',
      reason: 'SQL text does not parse',
    });
  });

  test.each(['release()', 'end()', "on('error', (error) => {})", "query('SELECT 1')", "query('SAVEPOINT a')"])(
    '%s does nothing',
    (call) => {
      expect(recognize(`${pool} pool.${call}`)).toEqual({ kind: 'nothing' });
    },
  );

  test('an unknown member is a bailout', () => {
    expect(recognize(`${pool} pool.copyFrom(stream)`)).toMatchObject({ kind: 'unsupported', detail: 'copyFrom' });
  });
});

describe('transactions', () => {
  test('BEGIN through a pool stays on the pool: no connection is pinned', () => {
    expect(recognize(`${pool} pool.query('BEGIN')`)).toMatchObject({
      effects: [{ action: { kind: 'begin' } }],
      answer: { kind: 'none' },
    });
  });

  test('one statement with several writes is a transaction of its own', () => {
    const recognition = recognize(
      `${pool} pool.query('WITH gone AS (DELETE FROM carts WHERE id = $1 RETURNING id) INSERT INTO orders (cart) SELECT id FROM gone', [id])`,
    );
    if (recognition.kind !== 'effects') throw new Error(recognition.kind);
    expect(recognition.effects.map(({ action }) => action.kind)).toEqual(['begin', 'delete', 'insert', 'commit']);
    expect(recognition.answers).toBe(2);
    const connections = new Set(recognition.effects.map(({ client }) => client?.connection));
    expect(connections.size).toBe(1);
    expect(connections).not.toContain('pool');
  });

  test('on a connection it runs in whatever transaction is open there', () => {
    const recognition = recognize(
      `import { Client } from 'pg'; const client = new Client(); client.query('DELETE FROM carts; DELETE FROM orders')`,
    );
    expect(recognition).toMatchObject({ effects: [{ action: { kind: 'delete' } }, { action: { kind: 'delete' } }] });
  });
});

test('@vercel/postgres: interpolations are parameters', () => {
  expect(
    recognize(
      "import * as vercel from '@vercel/postgres'; const sql = vercel.sql; sql`UPDATE seats SET free = free - ${n} WHERE id = ${id}`",
    ),
  ).toMatchObject({
    effects: [
      {
        action: {
          kind: 'update',
          assignments: [{ value: { operator: '-', operands: [{ kind: 'current' }, { name: 'n' }] } }],
          selector: { conditions: [{ value: { name: 'id' } }] },
        },
      },
    ],
  });
});
