import { describe, expect, test } from 'vitest';
import { drizzleAdapter } from '../../../src/effects/libraries/drizzle.ts';
import type { EffectAction } from '../../../src/model/effect.ts';
import type { Recognition } from '../../../src/model/recognition.ts';
import { recognizeOf } from '../../support/chain-of.ts';
import { drizzleSource } from './schema-source.ts';

function recognize(call: string, source = drizzleSource()): Recognition {
  return recognizeOf(drizzleAdapter, `${source} ${call}`);
}

function actionOf(call: string, source?: string): EffectAction {
  const recognition = recognize(`await ${call}`, source);
  if (recognition.kind !== 'effects' || recognition.effects[0] === undefined)
    throw new Error(JSON.stringify(recognition));
  return recognition.effects[0].action;
}

const input = (name: string) => ({ kind: 'input', name });
const constant = (value: unknown) => ({ kind: 'constant', value });
const current = (column: string) => ({ kind: 'current', column });

describe('insert', () => {
  test('writes its values and fails on a duplicate', () => {
    expect(actionOf('db.insert(users).values({ email, teamId: undefined, joinedAt: sql`now()` })')).toEqual({
      kind: 'insert',
      resource: { kind: 'table', store: 'database', name: 'users' },
      values: [
        { column: 'email', value: input('email') },
        { column: 'joinedAt', value: { kind: 'apply', operator: 'now', operands: [] } },
      ],
      complete: true,
      many: false,
      onConflict: { kind: 'fail' },
    });
  });

  test.each([
    ['[{ email }]', false, true],
    ['[{ email: a }, { email: b }]', true, true],
    ['rows.map((row) => ({ email: row.email }))', true, true],
    ['rows', true, false],
    ['{ ...input, email }', false, false],
  ])('values(%s): many %s, complete %s', (values, many, complete) => {
    expect(actionOf(`db.insert(users).values(${values})`)).toMatchObject({ many, complete });
  });

  test.each([
    ['onConflictDoNothing()', { kind: 'ignore' }],
    ['onConflictDoNothing({ target: users.email })', { kind: 'ignore', target: ['email'] }],
    ['onConflictDoNothing({ target: [users.email, users.teamId] })', { kind: 'ignore', target: ['email', 'teamId'] }],
    [
      'onConflictDoUpdate({ target: users.email, set: { teamId } })',
      { kind: 'update', target: ['email'], assignments: [{ column: 'teamId', value: input('teamId') }] },
    ],
    [
      'onConflictDoUpdate({ target: users.email, set: { email: sql`excluded.email` } })',
      { kind: 'update', target: ['email'], assignments: [{ column: 'email', value: input('email') }] },
    ],
    [
      'onConflictDoUpdate({ target: users.email, set: { visits: sql`${users.visits} + 1` } })',
      {
        kind: 'update',
        target: ['email'],
        assignments: [
          { column: 'visits', value: { kind: 'apply', operator: '+', operands: [current('visits'), constant(1)] } },
        ],
      },
    ],
  ])('%s', (link, onConflict) => {
    expect(actionOf(`db.insert(users).values({ email }).${link}`)).toMatchObject({ onConflict });
  });

  test('setWhere keeps the row where it does not hold', () => {
    expect(
      actionOf(
        'db.insert(users).values({ email }).onConflictDoUpdate({ target: users.email, set: { teamId }, setWhere: isNull(users.teamId) })',
      ),
    ).toMatchObject({
      onConflict: { assignments: [{ value: { kind: 'choice', then: input('teamId'), otherwise: current('teamId') } }] },
    });
  });

  test('MySQL: ignore and onDuplicateKeyUpdate concern any key', () => {
    const source = drizzleSource('mysql2', 'mysql');
    expect(actionOf('db.insert(users).ignore().values({ email })', source)).toMatchObject({
      onConflict: { kind: 'ignore' },
    });
    const upsert = actionOf(
      'db.insert(users).values({ email, visits: 1 }).onDuplicateKeyUpdate({ set: { visits: sql`values(visits)` } })',
      source,
    );
    expect(upsert).toMatchObject({
      onConflict: { kind: 'update', assignments: [{ column: 'visits', value: constant(1) }] },
    });
    expect(upsert).not.toHaveProperty('onConflict.target');
  });
});

describe('update and delete', () => {
  test('arithmetic in the statement is of the current row', () => {
    expect(
      actionOf(
        'db.update(seats).set({ free: sql`${seats.free} - ${quantity}` }).where(and(eq(seats.id, id), gte(seats.free, quantity)))',
      ),
    ).toEqual({
      kind: 'update',
      resource: { kind: 'table', store: 'database', name: 'seats' },
      selector: {
        conditions: [
          { kind: 'compare', column: 'id', operator: '=', value: input('id') },
          { kind: 'compare', column: 'free', operator: '>=', value: input('quantity') },
        ],
      },
      assignments: [
        { column: 'free', value: { kind: 'apply', operator: '-', operands: [current('free'), input('quantity')] } },
      ],
      complete: true,
    });
  });

  test('undefined leaves a column out, a choice keeps it', () => {
    expect(actionOf('db.update(seats).set({ holder: undefined, free: reset ? 0 : undefined })')).toMatchObject({
      selector: { conditions: [] },
      assignments: [{ column: 'free', value: { kind: 'choice', then: constant(0), otherwise: current('free') } }],
    });
  });

  test('set of something unknown may set any column', () => {
    expect(actionOf('db.update(seats).set(changes).where(eq(seats.id, id))')).toMatchObject({
      assignments: [],
      complete: false,
    });
  });

  test('delete without where reaches every row', () => {
    expect(actionOf('db.delete(seats)')).toMatchObject({ kind: 'delete', selector: { conditions: [] } });
  });

  test('update … from another table', () => {
    expect(actionOf('db.update(seats).set({ holder }).from(users).where(eq(seats.holder, users.id))')).toMatchObject({
      selector: { conditions: [{ kind: 'elsewhere' }, { kind: 'elsewhere', text: 'from' }] },
    });
  });
});

describe('answers', () => {
  const update = 'db.update(seats).set({ holder }).where(eq(seats.id, id))';
  const count = { kind: 'count' };

  test.each([
    ['node-postgres', 'pg', { kind: 'object', fields: { rowCount: count } }],
    ['postgres-js', 'pg', { kind: 'rows' }],
    ['pglite', 'pg', { kind: 'object', fields: { affectedRows: count } }],
    ['mysql2', 'mysql', { kind: 'tuple', items: [{ kind: 'object', fields: { affectedRows: count } }] }],
    ['planetscale-serverless', 'mysql', { kind: 'object', fields: { rowsAffected: count } }],
    ['libsql', 'sqlite', { kind: 'object', fields: { rowsAffected: count } }],
    ['d1', 'sqlite', { kind: 'object', fields: { meta: { kind: 'object', fields: { changes: count } } } }],
  ] as const)('%s', (driver, dialect, answer) => {
    expect(recognize(`await ${update}`, drizzleSource(driver, dialect))).toMatchObject({ sent: 'on await', answer });
  });

  test('returning answers rows, and may call columns differently', () => {
    expect(recognize(`await ${update}.returning()`)).toMatchObject({ answer: { kind: 'rows' } });
    expect(recognize(`await ${update}.returning({ left: seats.free })`)).toMatchObject({
      answer: { kind: 'rows', renamed: { left: 'free' } },
    });
  });

  test('$returningId answers rows', () => {
    expect(
      recognize('await db.insert(users).values({ email }).$returningId()', drizzleSource('mysql2', 'mysql')),
    ).toMatchObject({ answer: { kind: 'rows' } });
  });

  test('better-sqlite3 sends at the terminal call', () => {
    const source = drizzleSource('better-sqlite3', 'sqlite');
    expect(recognize(`${update}.run()`, source)).toMatchObject({
      kind: 'effects',
      sent: 'on call',
      answer: { kind: 'object', fields: { changes: count } },
    });
    expect(recognize(`${update}.returning().get()`, source)).toMatchObject({
      sent: 'on call',
      answer: { kind: 'row', absent: 'undefined' },
    });
    expect(recognize('db.select().from(seats).all()', source)).toMatchObject({
      sent: 'on call',
      answer: { kind: 'rows' },
    });
    expect(recognize('db.select().from(seats).get()', source)).toMatchObject({
      sent: 'on call',
      answer: { kind: 'row', absent: 'undefined' },
      effects: [{ action: { selector: { limit: 1 } } }],
    });
    expect(recognize(update, source)).toEqual({ kind: 'pending' });
  });
});

describe('bailouts', () => {
  test.each([
    ['await db.update(table).set({ free })', 'Drizzle table does not resolve', 'update'],
    ['await db.insert(users).select(query)', 'INSERT … SELECT of a builder is not modelled', 'users'],
    ['await db.delete(seats).using(users)', 'unknown Drizzle member', 'delete.using'],
    [
      "const gone = db.$with('gone').as(db.delete(seats).returning()); await db.with(gone).select().from(gone)",
      'a named query that writes is not modelled',
      'with',
    ],
  ])('%s', (call, reason, detail) => {
    expect(recognize(call)).toEqual({ kind: 'unsupported', reason, detail });
  });

  test('a builder without values or set has sent nothing', () => {
    expect(recognize('db.insert(users)')).toEqual({ kind: 'pending' });
    expect(recognize('db.update(users)')).toEqual({ kind: 'pending' });
  });
});
