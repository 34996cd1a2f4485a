import { describe, expect, test } from 'vitest';
import { drizzleAdapter } from '../../../src/effects/libraries/drizzle.ts';
import type { ReadAction } from '../../../src/model/effect.ts';
import type { Recognition } from '../../../src/model/recognition.ts';
import { recognizeOf } from '../../support/chain-of.ts';
import { drizzleSource } from './schema-source.ts';

function recognize(call: string, source = drizzleSource()): Recognition {
  return recognizeOf(drizzleAdapter, `${source} ${call}`);
}

function actionOf(call: string): ReadAction {
  const recognition = recognize(`await ${call}`);
  if (recognition.kind !== 'effects') throw new Error(JSON.stringify(recognition));
  const action = recognition.effects[0]?.action;
  if (recognition.effects.length !== 1 || action?.kind !== 'read') throw new Error('not one read');
  return action;
}

const input = (name: string) => ({ kind: 'input', name });

describe('select', () => {
  test('answers rows of its table', () => {
    expect(recognize('await db.select().from(seats).where(eq(seats.id, id)).limit(1)')).toEqual({
      kind: 'effects',
      sent: 'on await',
      answer: { kind: 'rows' },
      effects: [
        {
          label: 'db.select seats',
          answer: { kind: 'rows' },
          action: {
            kind: 'read',
            resource: { kind: 'table', store: 'database', name: 'seats' },
            selector: { conditions: [{ kind: 'compare', column: 'id', operator: '=', value: input('id') }], limit: 1 },
            mode: 'plain',
          },
        },
      ],
    });
  });

  test('fields name the columns, and those that the answer calls differently', () => {
    expect(recognize('await db.select({ id: seats.id, left: seats.free }).from(seats)')).toMatchObject({
      answer: { kind: 'rows', renamed: { left: 'free' } },
      effects: [{ action: { columns: ['id', 'free'] } }],
    });
  });

  test.each([
    ["for('update')", 'update'],
    ["for('no key update')", 'update'],
    ["for('share')", 'share'],
    ["for('key share')", 'plain'],
    ["for('update', { noWait: true })", 'nowait'],
    ["for('update', { skipLocked: true })", 'skip locked'],
  ])('%s', (link, mode) => {
    expect(actionOf(`db.select().from(seats).where(eq(seats.id, id)).${link}`).mode).toBe(mode);
  });

  test('order names column and direction', () => {
    expect(actionOf('db.select().from(seats).orderBy(desc(seats.free), seats.id)').selector.order).toEqual([
      'free desc',
      'id asc',
    ]);
  });

  test('a left join brings rows along, an inner join also filters', () => {
    expect(actionOf('db.select().from(seats).leftJoin(users, eq(users.id, seats.holder))')).toMatchObject({
      joined: ['users'],
      selector: { conditions: [] },
    });
    expect(
      actionOf('db.select().from(seats).innerJoin(users, eq(users.id, seats.holder)).where(eq(users.email, email))'),
    ).toMatchObject({
      joined: ['users'],
      selector: {
        conditions: [
          { kind: 'elsewhere', text: expect.stringContaining('users.email') },
          { kind: 'elsewhere', text: 'innerJoin users' },
        ],
      },
    });
  });

  test('an alias of the table is another occurrence of it', () => {
    const source = `${drizzleSource()} const other = alias(seats, 'other');`;
    const recognition = recognize(
      'await db.select().from(seats).innerJoin(other, eq(seats.eventId, other.eventId)).where(eq(other.id, id))',
      source,
    );
    expect(recognition).toMatchObject({
      effects: [
        { action: { joined: ['seats'], selector: { conditions: [{ kind: 'elsewhere' }, { kind: 'elsewhere' }] } } },
      ],
    });
  });

  test.each([
    ['count()', { kind: 'count' }, { kind: 'count' }],
    ['count(seats.id)', { kind: 'count', column: 'id' }, { kind: 'count' }],
    ['max(seats.free)', { kind: 'max', column: 'free' }, { kind: 'scalar', absent: 'null' }],
    ['sql`count(*)`', { kind: 'count' }, { kind: 'count' }],
    ['sql`count(*)::int`.mapWith(Number)', { kind: 'count' }, { kind: 'count' }],
    ['sql`max(${seats.free})`', { kind: 'max', column: 'free' }, { kind: 'scalar', absent: 'null' }],
    ['sql`coalesce(max(${seats.free}), 0) + 1`', { kind: 'max', column: 'free' }, { kind: 'scalar', absent: 'never' }],
    ['sql`max(free)`', { kind: 'max', column: 'free' }, { kind: 'scalar', absent: 'null' }],
  ])('%s is an aggregate, and the answer is one row', (field, aggregate, shape) => {
    expect(recognize(`await db.select({ value: ${field} }).from(seats)`)).toMatchObject({
      answer: { kind: 'tuple', items: [{ kind: 'object', fields: { value: shape } }] },
      effects: [{ action: { aggregate } }],
    });
  });

  test('grouped aggregates are rows', () => {
    expect(
      recognize('await db.select({ event: seats.eventId, total: count() }).from(seats).groupBy(seats.eventId)'),
    ).toMatchObject({
      answer: { kind: 'rows' },
      effects: [{ action: { aggregate: { kind: 'other' } } }],
    });
  });

  test('a window function is no aggregate of the whole', () => {
    expect(actionOf('db.select({ total: sql`count(*) over ()` }).from(seats)')).not.toHaveProperty('aggregate');
  });

  test('a subquery reads its table under a condition that is not understood', () => {
    expect(
      actionOf("db.select().from(db.select().from(seats).where(gt(seats.free, 0)).as('open')).where(eq(open.id, id))"),
    ).toMatchObject({
      resource: { name: 'seats' },
      selector: { conditions: [{ column: 'free' }, { kind: 'opaque' }] },
    });
  });

  test('a named query is followed', () => {
    const source = `${drizzleSource()} const open = db.$with('open').as(db.select().from(seats).where(gt(seats.free, 0)));`;
    expect(recognize('await db.with(open).select().from(open)', source)).toMatchObject({
      effects: [{ action: { resource: { name: 'seats' } } }],
    });
  });

  test('a prepared statement takes its placeholders from execute', () => {
    expect(
      recognize(
        "await db.select().from(seats).where(eq(seats.id, sql.placeholder('seat'))).prepare('one').execute({ seat: id })",
      ),
    ).toMatchObject({
      sent: 'on call',
      effects: [{ action: { selector: { conditions: [{ column: 'id', value: input('id') }] } } }],
    });
  });

  test('$count answers a number', () => {
    expect(recognize('await db.$count(seats, eq(seats.eventId, eventId))')).toMatchObject({
      answer: { kind: 'count' },
      effects: [{ action: { aggregate: { kind: 'count' }, selector: { conditions: [{ column: 'eventId' }] } } }],
    });
  });
});

describe('relational queries', () => {
  test('findFirst answers a row or undefined', () => {
    expect(
      recognize('await db.query.users.findFirst({ where: and(eq(users.email, email), isNull(users.teamId)) })'),
    ).toMatchObject({
      answer: { kind: 'row', absent: 'undefined' },
      effects: [
        {
          label: 'db.query users',
          action: {
            resource: { name: 'users' },
            selector: {
              conditions: [
                { column: 'email', operator: '=' },
                { column: 'teamId', operator: 'is null' },
              ],
              limit: 1,
            },
          },
        },
      ],
    });
  });

  test('findMany answers rows, `with` names the relations', () => {
    expect(
      recognize(
        'await db.query.users.findMany({ with: { team: { with: { seats: true } } }, columns: { id: true }, limit: 5 })',
      ),
    ).toMatchObject({
      answer: { kind: 'rows' },
      effects: [{ action: { joined: ['users.team', 'users.team.seats'], columns: ['id'], selector: { limit: 5 } } }],
    });
  });

  test('of a relation of the row itself it is known which rows come', () => {
    expect(
      actionOf(
        'db.query.users.findFirst({ where: eq(users.id, id), with: { seats: { where: eq(seats.row, row) }, team: config } })',
      ),
    ).toMatchObject({
      related: [
        {
          relation: 'seats',
          path: ['seats'],
          counts: false,
          selector: { conditions: [{ kind: 'compare', column: 'row', operator: '=' }] },
        },
      ],
    });
  });

  test('the schema key may differ from the table name', () => {
    expect(actionOf('db.query.chairs.findFirst({ where: eq(seats.id, id) })')).toMatchObject({
      resource: { name: 'chairs' },
      selector: { conditions: [{ kind: 'compare', column: 'id' }] },
    });
  });

  test('a callback is not understood', () => {
    expect(
      actionOf('db.query.users.findFirst({ where: (t, { eq }) => eq(t.email, email) })').selector.conditions,
    ).toEqual([{ kind: 'opaque', text: 'callback', values: [] }]);
  });

  test('the object form of 1.x', () => {
    expect(
      actionOf(
        'db.query.users.findFirst({ where: { email, id: { ne: id }, OR: [{ teamId }, { teamId: { isNull: true } }] } })',
      ).selector.conditions,
    ).toMatchObject([
      { column: 'email', operator: '=' },
      { column: 'id', operator: '!=' },
      { kind: 'any', branches: [[{ column: 'teamId', operator: '=' }], [{ column: 'teamId', operator: 'is null' }]] },
    ]);
  });
});

describe('tables', () => {
  test.each([
    ["import { users } from './schema'", 'users'],
    ["import * as schema from './schema'; const { users } = schema", 'users'],
    ["import { pgTableCreator } from 'drizzle-orm/pg-core'; const users = pgTableCreator(prefix)('user', {})", 'user'],
    ["import { pgSchema } from 'drizzle-orm/pg-core'; const users = pgSchema('auth').table('user', {})", 'user'],
    ["import { pgTable } from 'drizzle-orm/pg-core'; const users = pgTable('user', {}).enableRLS()", 'user'],
    ["import { pgView } from 'drizzle-orm/pg-core'; const users = pgView('active').as(query)", 'active'],
  ])('%s', (definition, name) => {
    const source = `import { eq } from 'drizzle-orm'; import { drizzle } from 'drizzle-orm/node-postgres'; ${definition}; const db = drizzle(url);`;
    expect(recognize('await db.select().from(users).where(eq(users.email, email))', source)).toMatchObject({
      effects: [{ action: { resource: { name }, selector: { conditions: [{ kind: 'compare', column: 'email' }] } } }],
    });
  });
});

describe('bailouts', () => {
  test.each([
    ['await db.select().from(table)', 'Drizzle table does not resolve'],
    ['await db.select().from(seats).union(other)', 'unknown Drizzle member'],
    ['await db.query[name].findFirst()', 'Drizzle table is computed'],
    ['await db.query.seats.findSome()', 'unknown Drizzle member'],
    ['await db.refreshMaterializedView(view)', 'unknown Drizzle member'],
  ])('%s', (call, reason) => {
    expect(recognize(call)).toMatchObject({ kind: 'unsupported', reason });
  });

  test('nothing is sent before await', () => {
    expect(recognize('db.select().from(seats)')).toEqual({ kind: 'pending' });
    expect(recognize('db.select()')).toEqual({ kind: 'pending' });
    expect(recognize('db.query.seats.findFirst()')).toEqual({ kind: 'pending' });
  });
});
