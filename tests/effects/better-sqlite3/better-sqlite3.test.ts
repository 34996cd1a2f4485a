import { describe, expect, test } from 'vitest';
import { betterSqlite3Adapter } from '../../../src/effects/libraries/better-sqlite3.ts';
import { recognizeOf, valueOf } from '../../support/chain-of.ts';

const setUp = "import Database from 'better-sqlite3'; const db = new Database('shop.db'); ";
const recognize = (source: string) => recognizeOf(betterSqlite3Adapter, setUp + source);
const input = (name: string) => ({ kind: 'input', name });

test.each([
  "import Database from 'better-sqlite3'; new Database('shop.db')",
  "import Database from 'better-sqlite3'; Database('shop.db')",
  "import { DatabaseSync } from 'node:sqlite'; new DatabaseSync('shop.db')",
  "import type Database from 'better-sqlite3'; declare const db: Database.Database; db",
  "import type { DatabaseSync } from 'node:sqlite'; declare const db: DatabaseSync; db",
])('%s is a synchronous client', (source) => {
  expect(valueOf(source, { adapters: [betterSqlite3Adapter] }).value).toMatchObject({
    root: { client: { library: 'better-sqlite3', engine: 'sqlite', synchronous: true } },
    steps: [],
  });
});

describe('statements', () => {
  test.each([
    ["db.prepare('SELECT * FROM users WHERE email = ?').get(email)", { kind: 'row', absent: 'undefined' }],
    ["db.prepare('SELECT * FROM users WHERE email = ?').all(email)", { kind: 'rows' }],
    ["db.prepare('SELECT * FROM users WHERE email = ?').iterate(email)", { kind: 'rows' }],
    [
      "db.prepare('SELECT name FROM users WHERE email = ?').pluck().get(email)",
      { kind: 'scalar', absent: 'undefined' },
    ],
    [
      "db.prepare('SELECT name FROM users WHERE email = ?').pluck(false).get(email)",
      { kind: 'row', absent: 'undefined' },
    ],
    ["db.prepare('SELECT name FROM users WHERE email = ?').raw().all(email)", { kind: 'none' }],
    ["db.prepare('SELECT * FROM users WHERE email = ?').bind(email).get()", { kind: 'row', absent: 'undefined' }],
    ["db.prepare('SELECT * FROM users WHERE email = @email').get({ email })", { kind: 'row', absent: 'undefined' }],
    ["db.prepare('SELECT * FROM users WHERE email = ?').get([email])", { kind: 'row', absent: 'undefined' }],
  ])('%s', (source, answer) => {
    expect(recognize(source)).toMatchObject({
      kind: 'effects',
      sent: 'on call',
      answer,
      effects: [{ action: { kind: 'read', selector: { conditions: [{ column: 'email', value: input('email') }] } } }],
    });
  });

  test('run answers changes', () => {
    expect(recognize("db.prepare('UPDATE seats SET free = free - 1 WHERE id = ? AND free > 0').run(id)")).toMatchObject(
      {
        answer: { kind: 'object', fields: { changes: { kind: 'count' } } },
        effects: [
          { action: { kind: 'update', selector: { conditions: [{ value: input('id') }, { column: 'free' }] } } },
        ],
      },
    );
  });

  test('a statement kept in a constant has done nothing yet', () => {
    expect(recognize("db.prepare('DELETE FROM users')")).toEqual({ kind: 'pending' });
    expect(recognize("const find = db.prepare('SELECT * FROM users WHERE id = ?'); find.get(id)")).toMatchObject({
      effects: [{ action: { kind: 'read' } }],
    });
  });

  test('parameters after a spread have no known place', () => {
    expect(recognize("db.prepare('SELECT * FROM users WHERE a = ? AND b = ?').get(...params)")).toMatchObject({
      effects: [
        { action: { selector: { conditions: [{ value: { kind: 'unknown' } }, { value: { kind: 'unknown' } }] } } },
      ],
    });
  });

  test('exec runs several statements', () => {
    expect(recognize("db.exec('BEGIN IMMEDIATE')")).toMatchObject({
      effects: [{ action: { kind: 'begin', isolation: 'immediate' } }],
      answer: { kind: 'none' },
    });
    expect(recognize("db.exec('DELETE FROM carts; DELETE FROM orders')")).toMatchObject({
      effects: [{ action: { kind: 'delete' } }, { action: { kind: 'delete' } }],
    });
    expect(recognize("db.exec('CREATE TABLE users (id INTEGER PRIMARY KEY)')")).toEqual({ kind: 'nothing' });
  });

  test('computed text and unknown members', () => {
    expect(recognize('db.prepare(text).get(id)')).toMatchObject({
      kind: 'unsupported',
      reason: 'SQL text is computed',
    });
    expect(recognize("db.prepare('SELECT 1').columns()")).toMatchObject({ kind: 'unsupported', detail: 'columns' });
    expect(recognize("db.pragma('journal_mode = WAL')")).toEqual({ kind: 'nothing' });
  });
});

describe('transactions', () => {
  test('transaction makes a function', () => {
    expect(recognize('db.transaction((id) => {})')).toEqual({ kind: 'pending' });
  });

  test.each([
    ['book(id, seat)', 'deferred'],
    ['book.deferred(id, seat)', 'deferred'],
    ['book.immediate(id, seat)', 'immediate'],
    ['book.exclusive(id, seat)', 'immediate'],
  ])('%s runs it with the caller’s arguments', (call, isolation) => {
    expect(recognize(`const book = db.transaction((id, seat) => {}); ${call}`)).toMatchObject({
      kind: 'transaction',
      isolation,
      callback: { kind: 'function' },
      args: [input('id'), input('seat')],
      handle: { connection: 'single connection' },
    });
  });
});
