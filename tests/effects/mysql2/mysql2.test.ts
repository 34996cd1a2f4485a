import { describe, expect, test } from 'vitest';
import { mysql2Adapter } from '../../../src/effects/libraries/mysql2.ts';
import { recognizeOf, valueOf } from '../../support/chain-of.ts';

const setUp = "import mysql from 'mysql2/promise'; const pool = mysql.createPool(url); ";
const recognize = (source: string) => recognizeOf(mysql2Adapter, setUp + source);
const input = (name: string) => ({ kind: 'input', name });
const header = {
  kind: 'object',
  fields: {
    affectedRows: { kind: 'count' },
    changedRows: { kind: 'count' },
    insertId: { kind: 'scalar', absent: 'never' },
  },
};

describe('clients', () => {
  test.each([
    ["import mysql from 'mysql2/promise'; mysql.createPool({})", 'pool', 'pool'],
    ["import { createPool } from 'mysql2/promise'; createPool({})", 'pool', 'pool'],
    ["import * as mysql from 'mysql2/promise'; mysql.createConnection(url)", 'connection', 'single connection'],
    ["import mysql from 'mysql2'; mysql.createPool({})", 'pool with callbacks', 'pool'],
    ["import mysql from 'mysql2'; mysql.createPool({}).promise()", 'pool', 'pool'],
    [
      "import type { PoolConnection } from 'mysql2/promise'; declare const connection: PoolConnection; connection",
      'connection',
      'declared connection',
    ],
  ])('%s', (source, role, connection) => {
    expect(valueOf(source, { adapters: [mysql2Adapter] }).value).toMatchObject({
      root: { client: { library: 'mysql2', engine: 'innodb', role, connection } },
      steps: [],
    });
  });

  test('getConnection gives a connection of its own', () => {
    const { value } = valueOf(`${setUp} pool.getConnection()`, { adapters: [mysql2Adapter] });
    expect(value).toMatchObject({ root: { client: { role: 'connection' } } });
    expect(value).not.toMatchObject({ root: { client: { connection: 'pool' } } });
  });
});

describe('query and execute', () => {
  test.each(['query', 'execute'])('%s answers rows first', (member) => {
    expect(recognize(`pool.${member}('SELECT * FROM users WHERE email = ?', [email])`)).toMatchObject({
      kind: 'effects',
      sent: 'on call',
      answer: { kind: 'tuple', items: [{ kind: 'rows' }, { kind: 'none' }] },
      effects: [{ action: { kind: 'read', selector: { conditions: [{ column: 'email', value: input('email') }] } } }],
    });
  });

  test('a write answers a header', () => {
    expect(
      recognize(`pool.execute('UPDATE seats SET free = free - ? WHERE id = ? AND free >= ?', [n, id, n])`),
    ).toMatchObject({
      answer: { kind: 'tuple', items: [header, { kind: 'none' }] },
      effects: [
        { action: { selector: { conditions: [{ value: input('id') }, { column: 'free', value: input('n') }] } } },
      ],
    });
  });

  test('SET ? writes an object out', () => {
    expect(recognize("pool.query('INSERT INTO users SET ?', { email, role: 'member' })")).toMatchObject({
      effects: [
        {
          action: {
            kind: 'insert',
            complete: true,
            values: [{ column: 'email', value: input('email') }, { column: 'role' }],
          },
        },
      ],
    });
    expect(recognize("pool.query('UPDATE users SET ? WHERE id = ?', [{ ...changes, name }, id])")).toMatchObject({
      effects: [
        {
          action: {
            kind: 'update',
            complete: false,
            assignments: [{ column: 'name' }],
            selector: { conditions: [{ column: 'id', value: input('id') }] },
          },
        },
      ],
    });
    expect(recognize("pool.query('UPDATE users SET ? WHERE id = ?', [changes, id])")).toMatchObject({
      effects: [
        {
          action: {
            kind: 'update',
            complete: false,
            assignments: [],
            selector: { conditions: [{ column: 'id', value: input('id') }] },
          },
        },
      ],
    });
  });

  test('VALUES ? inserts many', () => {
    expect(
      recognize("pool.query('INSERT INTO seats (event, number) VALUES ?', [rows.map((row) => [event, row.number])])"),
    ).toMatchObject({
      effects: [
        {
          action: {
            kind: 'insert',
            many: true,
            values: [{ column: 'event', value: input('event') }, { column: 'number' }],
          },
        },
      ],
    });
  });

  test('?? is a name', () => {
    expect(recognize("pool.query('SELECT * FROM ?? WHERE id = ?', ['users', id])")).toMatchObject({
      effects: [{ action: { resource: { name: 'users' }, selector: { conditions: [{ value: input('id') }] } } }],
    });
    expect(recognize("pool.query('SELECT * FROM ?? WHERE id = ?', [table, id])")).toMatchObject({
      kind: 'unsupported',
      reason: 'SQL text is computed',
    });
  });

  test('named placeholders and an options object', () => {
    expect(
      recognize(
        "pool.execute({ sql: 'SELECT * FROM users WHERE email = :email', namedPlaceholders: true }, { email })",
      ),
    ).toMatchObject({
      effects: [{ action: { selector: { conditions: [{ value: input('email') }] } } }],
    });
    expect(recognize("pool.query({ sql: 'SELECT * FROM users WHERE id = ?', values: [id] })")).toMatchObject({
      effects: [{ action: { selector: { conditions: [{ value: input('id') }] } } }],
    });
  });

  test('callbacks are not modelled', () => {
    expect(recognize("pool.query('SELECT * FROM users', (error, rows) => {})")).toMatchObject({
      kind: 'unsupported',
      reason: 'callbacks instead of promises',
    });
    expect(
      recognizeOf(
        mysql2Adapter,
        "import mysql from 'mysql2'; const pool = mysql.createPool({}); pool.query('SELECT * FROM users')",
      ),
    ).toMatchObject({ kind: 'unsupported', reason: 'callbacks instead of promises' });
  });
});

describe('transactions', () => {
  test.each([
    ['beginTransaction', 'begin'],
    ['commit', 'commit'],
    ['rollback', 'rollback'],
  ])('%s', (member, kind) => {
    expect(
      recognizeOf(
        mysql2Adapter,
        `import mysql from 'mysql2/promise'; const connection = mysql.createConnection(url); connection.${member}()`,
      ),
    ).toMatchObject({ kind: 'effects', sent: 'on call', effects: [{ action: { kind } }] });
  });

  test.each(['release()', 'end()', "on('error', (error) => {})", 'escape(name)'])('%s does nothing', (call) => {
    expect(recognize(`pool.${call}`)).toEqual({ kind: 'nothing' });
  });

  test('a prepared statement is not modelled', () => {
    expect(recognize("pool.prepare('SELECT 1')")).toMatchObject({ kind: 'unsupported', detail: 'prepare' });
  });
});
