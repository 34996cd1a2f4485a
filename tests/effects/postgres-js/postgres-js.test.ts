import { describe, expect, test } from 'vitest';
import { postgresJsAdapter } from '../../../src/effects/libraries/postgres-js.ts';
import { recognizeOf, valueOf } from '../../support/chain-of.ts';

const setUp = "import postgres from 'postgres'; const sql = postgres(url); ";
const recognize = (source: string) => recognizeOf(postgresJsAdapter, setUp + source);
const actionOf = (source: string) => {
  const recognition = recognize(source);
  if (recognition.kind !== 'effects') throw new Error(JSON.stringify(recognition));
  return recognition.effects[0]?.action;
};
const input = (name: string) => ({ kind: 'input', name });

describe('clients', () => {
  test.each([
    ["import postgres from 'postgres'; postgres()", 'pool', 'pool'],
    ["import type { Sql } from 'postgres'; declare const sql: Sql; sql", 'pool', 'pool'],
    [
      "import type postgres from 'postgres'; declare const tx: postgres.TransactionSql; tx",
      'transaction',
      'declared transaction',
    ],
  ])('%s', (source, role, connection) => {
    const { value } = valueOf(source, { adapters: [postgresJsAdapter] });
    expect(value).toMatchObject({
      root: { kind: 'client', client: { library: 'postgres-js', role, connection } },
      steps: [],
    });
  });

  test('reserve gives one connection', () => {
    const { value } = valueOf(`${setUp} sql.reserve()`, { adapters: [postgresJsAdapter] });
    expect(value).toMatchObject({ root: { client: { role: 'connection' } }, steps: [] });
    expect(value).not.toMatchObject({ root: { client: { connection: 'pool' } } });
  });
});

describe('queries', () => {
  test('are sent when awaited', () => {
    expect(recognize('sql`SELECT * FROM users WHERE id = ${id}`')).toEqual({ kind: 'pending' });
    expect(recognize('await sql`SELECT * FROM users WHERE id = ${id}`')).toMatchObject({
      kind: 'effects',
      sent: 'on await',
      answer: { kind: 'rows' },
      effects: [{ action: { kind: 'read', selector: { conditions: [{ column: 'id', value: input('id') }] } } }],
    });
  });

  test('execute() sends at once', () => {
    expect(recognize('sql`DELETE FROM carts WHERE id = ${id}`.execute()')).toMatchObject({
      kind: 'effects',
      sent: 'on call',
    });
  });

  test('a write without RETURNING answers a count', () => {
    expect(recognize('await sql`UPDATE seats SET free = free - ${n} WHERE id = ${id} AND free >= ${n}`')).toMatchObject(
      { answer: { kind: 'object', fields: { count: { kind: 'count' } } } },
    );
    expect(recognize('await sql`UPDATE seats SET free = 0 RETURNING id`')).toMatchObject({ answer: { kind: 'rows' } });
  });

  test('a nested template is text with parameters of its own', () => {
    expect(
      actionOf(
        'const live = sql`AND deleted_at IS NULL AND org = ${org}`; await sql`SELECT * FROM users WHERE id = ${id} ${live}`',
      ),
    ).toMatchObject({
      selector: {
        conditions: [
          { column: 'id', value: input('id') },
          { column: 'deleted_at' },
          { column: 'org', value: input('org') },
        ],
      },
    });
  });

  test('sql(object) after INSERT and SET', () => {
    expect(actionOf('await sql`INSERT INTO users ${sql({ email, role: "member" })}`')).toMatchObject({
      kind: 'insert',
      complete: true,
      many: false,
      values: [
        { column: 'email', value: input('email') },
        { column: 'role', value: { kind: 'constant', value: 'member' } },
      ],
    });
    expect(actionOf("await sql`UPDATE users SET ${sql(user, 'name')} WHERE id = ${user.id}`")).toMatchObject({
      kind: 'update',
      complete: true,
      assignments: [{ column: 'name', value: { kind: 'apply', operator: 'member:name', operands: [input('user')] } }],
      selector: { conditions: [{ value: input('user.id') }] },
    });
  });

  test('an object that does not show leaves the columns unknown', () => {
    expect(actionOf('await sql`UPDATE users SET ${sql(changes)} WHERE id = ${id}`')).toMatchObject({
      kind: 'update',
      assignments: [],
      complete: false,
    });
    expect(actionOf('await sql`INSERT INTO users ${sql(user)}`')).toMatchObject({
      kind: 'insert',
      values: [],
      complete: false,
    });
  });

  test('sql(rows) inserts many', () => {
    expect(
      actionOf('await sql`INSERT INTO seats ${sql(rows.map((row) => ({ event, number: row.number })))}`'),
    ).toMatchObject({
      kind: 'insert',
      many: true,
      values: [{ column: 'event' }, { column: 'number' }],
    });
  });

  test('sql(list) after IN, sql(name) as a name, sql(columns)', () => {
    expect(
      actionOf("await sql`SELECT ${sql(['id', 'name'])} FROM ${sql('app.users')} WHERE id IN ${sql(ids)}`"),
    ).toMatchObject({
      resource: { name: 'users' },
      columns: ['id', 'name'],
      selector: { conditions: [{ operator: 'in', value: input('ids') }] },
    });
  });

  test('sql.json and sql.array are their arguments', () => {
    expect(recognize('sql.json(settings)')).toEqual({ kind: 'value', value: input('settings') });
  });

  test('unsafe takes text and parameters', () => {
    expect(actionOf("await sql.unsafe('SELECT * FROM users WHERE id = $1', [id])")).toMatchObject({
      selector: { conditions: [{ value: input('id') }] },
    });
    expect(recognize('await sql.unsafe(text)')).toMatchObject({ kind: 'unsupported', reason: 'SQL text is computed' });
  });

  test.each([
    'await sql`SELECT * FROM users ${admin ? sql`` : sql`WHERE live`}`',
    'await sql`SELECT * FROM ${table}`',
    'await sql`SELECT * FROM ${sql(table)}`',
  ])('%s is computed', (source) => {
    expect(recognize(source)).toMatchObject({ kind: 'unsupported', reason: 'SQL text is computed' });
  });

  test('members that are not modelled', () => {
    expect(recognize('sql`SELECT * FROM users`.cursor(10)')).toMatchObject({ kind: 'unsupported', detail: 'cursor' });
    expect(recognize("sql.file('query.sql')")).toMatchObject({ kind: 'unsupported', detail: 'file' });
    expect(recognize("sql.notify('jobs', id)")).toEqual({ kind: 'nothing' });
  });
});

describe('transactions', () => {
  test.each([
    ['sql.begin(async (tx) => {})', undefined],
    ["sql.begin('isolation level serializable', async (tx) => {})", 'serializable'],
    ["sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {})", 'repeatable read'],
    ["sql.begin('read write', async (tx) => {})", undefined],
  ])('%s', (source, isolation) => {
    const recognition = recognize(source);
    expect(recognition).toMatchObject({
      kind: 'transaction',
      handleAt: 0,
      handle: { role: 'transaction' },
      callback: { kind: 'function' },
    });
    if (recognition.kind !== 'transaction') return;
    expect(recognition.isolation).toBe(isolation);
    expect(recognition.handle.connection).not.toBe('pool');
  });

  test('a savepoint stays on its transaction’s connection', () => {
    const source =
      "import type { TransactionSql } from 'postgres'; declare const tx: TransactionSql; tx.savepoint(async (tx) => {})";
    expect(recognizeOf(postgresJsAdapter, source)).toMatchObject({
      kind: 'transaction',
      handle: { connection: 'declared transaction' },
    });
  });

  test('computed options are not guessed', () => {
    expect(recognize('sql.begin(options, async (tx) => {})')).toMatchObject({
      kind: 'unsupported',
      reason: 'transaction options are computed',
    });
  });
});
