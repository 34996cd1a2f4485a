import { describe, expect, test } from 'vitest';
import { prismaAdapter } from '../../../src/effects/libraries/prisma.ts';
import type { EngineName } from '../../../src/model/engine.ts';
import type { EffectDraft, Recognition } from '../../../src/model/recognition.ts';
import { recognizeOf } from '../../support/chain-of.ts';

const client = `
  import { Prisma, PrismaClient } from '@prisma/client';
  const prisma = new PrismaClient();
`;

function recognize(source: string, engine?: EngineName): Recognition {
  return recognizeOf(prismaAdapter, client + source, engine === undefined ? {} : { engine });
}

function draftsOf(source: string, engine?: EngineName): readonly EffectDraft[] {
  const recognition = recognize(source, engine);
  if (recognition.kind !== 'effects') throw new Error(`${recognition.kind}: ${JSON.stringify(recognition)}`);
  return recognition.effects;
}

function onlyAction(source: string, engine?: EngineName): EffectDraft['action'] {
  const drafts = draftsOf(source, engine);
  expect(drafts).toHaveLength(1);
  return (drafts[0] as EffectDraft).action;
}

const email = { kind: 'input', name: 'email' };
const table = (name: string) => ({ kind: 'table', store: 'database', name });
const constant = (value: unknown) => ({ kind: 'constant', value });
const equals = (column: string, value: unknown) => ({ kind: 'compare', column, operator: '=', value });

describe('reads', () => {
  test.each([
    ['findUnique', 'null', true],
    ['findUniqueOrThrow', 'throws', true],
    ['findFirst', 'null', true],
    ['findFirstOrThrow', 'throws', true],
  ])('%s answers one row, absent: %s', (method, absent) => {
    const recognition = recognize(`await prisma.account.${method}({ where: { email } })`);
    expect(recognition).toMatchObject({
      kind: 'effects',
      sent: 'on await',
      answer: { kind: 'row', absent },
      effects: [
        {
          label: `prisma.account.${method}`,
          answer: { kind: 'row', absent },
          action: {
            kind: 'read',
            resource: table('Account'),
            selector: { conditions: [equals('email', email)], limit: 1 },
            mode: 'plain',
          },
        },
      ],
    });
  });

  test('findMany answers rows, with its order and limit', () => {
    expect(
      onlyAction('await prisma.invoice.findMany({ where: { teamId }, orderBy: { number: "desc" }, take: 1 })'),
    ).toMatchObject({
      kind: 'read',
      resource: table('Invoice'),
      selector: { limit: 1, order: ['number desc'] },
    });
  });

  test('include, select of relations and _count name the related tables', () => {
    expect(
      onlyAction(
        'await prisma.event.findUnique({ where: { id }, include: { seats: true, venue: { include: { city: true } } } })',
      ),
    ).toMatchObject({
      joined: ['Event.seats', 'Event.venue', 'Event.venue.city'],
    });
    expect(
      onlyAction(
        'await prisma.event.findUnique({ where: { id }, select: { capacity: true, _count: { select: { seats: true } } } })',
      ),
    ).toMatchObject({
      joined: ['Event.seats'],
      columns: ['capacity'],
    });
  });

  test('of a relation of the row itself it is known which rows come', () => {
    expect(
      onlyAction(
        'await prisma.event.findUnique({ where: { id }, include: { seats: { where: { row }, take: 3 }, venue: options } })',
      ),
    ).toMatchObject({
      related: [
        {
          relation: 'seats',
          path: ['seats'],
          counts: false,
          selector: { conditions: [{ kind: 'compare', column: 'row', operator: '=' }], limit: 3 },
        },
      ],
    });
    expect(
      onlyAction(
        'await prisma.event.findUnique({ where: { id }, select: { id: true, _count: { select: { seats: true } } } })',
      ),
    ).toMatchObject({
      related: [{ relation: 'seats', path: ['_count', 'seats'], counts: true, selector: { conditions: [] } }],
    });
    expect(onlyAction('await prisma.event.findUnique({ where: { id } })')).not.toHaveProperty('related');
  });

  test('count answers a number, and one per column with select', () => {
    expect(recognize('await prisma.coupon.count({ where: { code } })')).toMatchObject({
      answer: { kind: 'count' },
      effects: [
        { action: { kind: 'read', aggregate: { kind: 'count' }, selector: { conditions: [{ column: 'code' }] } } },
      ],
    });
    expect(recognize('await prisma.coupon.count({ select: { _all: true } })')).toMatchObject({
      answer: { kind: 'object', fields: { _all: { kind: 'count' } } },
    });
  });

  test('aggregate of one maximum names its column', () => {
    expect(recognize('await prisma.invoice.aggregate({ where: { teamId }, _max: { number: true } })')).toMatchObject({
      answer: {
        kind: 'object',
        fields: { _max: { kind: 'object', fields: { number: { kind: 'scalar', absent: 'null' } } } },
      },
      effects: [{ action: { aggregate: { kind: 'max', column: 'number' } } }],
    });
  });

  test('groupBy and several aggregates are "other"', () => {
    expect(onlyAction('await prisma.invoice.groupBy({ by: ["teamId"], _sum: { total: true } })')).toMatchObject({
      aggregate: { kind: 'other' },
    });
    expect(onlyAction('await prisma.invoice.aggregate({ _max: { number: true }, _count: true })')).toMatchObject({
      aggregate: { kind: 'other' },
    });
  });
});

describe('inserts', () => {
  test('create writes its data and fails on a duplicate', () => {
    expect(onlyAction('await prisma.account.create({ data: { email, plan: "free", nickname: undefined } })')).toEqual({
      kind: 'insert',
      resource: table('Account'),
      values: [
        { column: 'email', value: email },
        { column: 'plan', value: constant('free') },
      ],
      complete: true,
      many: false,
      onConflict: { kind: 'fail' },
    });
  });

  test('a spread of something unknown makes it incomplete', () => {
    expect(onlyAction('await prisma.account.create({ data: { ...input, email } })')).toMatchObject({
      complete: false,
      values: [{ column: 'email' }],
    });
    expect(onlyAction('await prisma.account.create({ data: input })')).toMatchObject({ complete: false, values: [] });
  });

  test('createMany with skipDuplicates ignores them and answers a count', () => {
    const recognition = recognize(
      'await prisma.seat.createMany({ data: rows.map((row) => ({ number: row.number, eventId })), skipDuplicates: true })',
    );
    expect(recognition).toMatchObject({
      answer: { kind: 'object', fields: { count: { kind: 'count' } } },
      effects: [{ action: { kind: 'insert', many: true, complete: true, onConflict: { kind: 'ignore' } } }],
    });
  });

  test('createMany of one known row is one row', () => {
    expect(onlyAction('await prisma.seat.createMany({ data: [{ number }] })')).toMatchObject({
      many: false,
      values: [{ column: 'number' }],
    });
  });

  test('createMany of several known rows keeps the columns that all have', () => {
    const action = onlyAction('await prisma.seat.createMany({ data: [{ number: 1, row: "A" }, { number: 2 }] })');
    expect(action).toMatchObject({
      many: true,
      complete: false,
      values: [{ column: 'number', value: { kind: 'element' } }],
    });
  });

  test('createManyAndReturn answers rows', () => {
    expect(recognize('await prisma.seat.createManyAndReturn({ data: [{ number }] })')).toMatchObject({
      answer: { kind: 'rows' },
    });
  });
});

describe('updates and deletes', () => {
  test('update answers the row and throws without one', () => {
    expect(recognize('await prisma.seat.update({ where: { id }, data: { status: "taken" } })')).toMatchObject({
      answer: { kind: 'row', absent: 'throws' },
      effects: [
        { action: { kind: 'update', assignments: [{ column: 'status', value: constant('taken') }], complete: true } },
      ],
    });
  });

  test.each([
    ['increment', '+'],
    ['decrement', '-'],
    ['multiply', '*'],
    ['divide', '/'],
    ['push', 'push'],
  ])('%s is computed by the database', (member, operator) => {
    expect(
      onlyAction(`await prisma.product.update({ where: { id }, data: { stock: { ${member}: quantity } } })`),
    ).toMatchObject({
      assignments: [
        {
          column: 'stock',
          value: {
            kind: 'apply',
            operator,
            operands: [
              { kind: 'current', column: 'stock' },
              { kind: 'input', name: 'quantity' },
            ],
          },
        },
      ],
    });
  });

  test('set is a plain write', () => {
    expect(
      onlyAction('await prisma.product.update({ where: { id }, data: { tags: { set: ["new"] } } })'),
    ).toMatchObject({
      assignments: [{ column: 'tags', value: { kind: 'array' } }],
    });
  });

  test('a value that is only sometimes given keeps the current one otherwise', () => {
    expect(
      onlyAction('await prisma.product.update({ where: { id }, data: { name: rename ? name : undefined } })'),
    ).toMatchObject({
      assignments: [
        {
          value: {
            kind: 'choice',
            then: { kind: 'input', name: 'name' },
            otherwise: { kind: 'current', column: 'name' },
          },
        },
      ],
    });
  });

  test('a JSON object is a value, not an operator', () => {
    expect(
      onlyAction('await prisma.team.update({ where: { id }, data: { settings: { theme: "dark" } } })'),
    ).toMatchObject({
      assignments: [{ column: 'settings', value: { kind: 'object' } }],
    });
  });

  test('updateMany answers a count', () => {
    expect(
      recognize('await prisma.coupon.updateMany({ where: { code, usedAt: null }, data: { usedAt: now } })'),
    ).toMatchObject({
      answer: { kind: 'object', fields: { count: { kind: 'count' } } },
      effects: [
        {
          action: {
            kind: 'update',
            selector: { conditions: [equals('code', { kind: 'input', name: 'code' }), { operator: 'is null' }] },
          },
        },
      ],
    });
  });

  test('updateManyAndReturn answers rows', () => {
    expect(
      recognize('await prisma.coupon.updateManyAndReturn({ where: { code }, data: { used: true } })'),
    ).toMatchObject({ answer: { kind: 'rows' } });
  });

  test('updateMany without where reaches every row', () => {
    expect(onlyAction('await prisma.coupon.updateMany({ data: { used: true } })')).toMatchObject({
      selector: { conditions: [] },
    });
  });

  test('delete throws without a row, deleteMany counts', () => {
    expect(recognize('await prisma.session.delete({ where: { token } })')).toMatchObject({
      answer: { kind: 'row', absent: 'throws' },
      effects: [{ action: { kind: 'delete', selector: { conditions: [{ column: 'token' }] } } }],
    });
    expect(recognize('await prisma.session.deleteMany({ where: { userId } })')).toMatchObject({
      answer: { kind: 'object', fields: { count: { kind: 'count' } } },
    });
  });

  test('update with a guard on MySQL reads the row that it answers first', () => {
    const source = 'await prisma.seat.update({ where: { id, version }, data: { version: { increment: 1 } } })';
    expect(onlyAction(source, 'postgresql').kind).toBe('update');
    const recognition = recognize(source, 'innodb');
    expect(recognition).toMatchObject({ kind: 'effects', answers: 1 });
    expect(draftsOf(source, 'innodb').map((draft) => [draft.action.kind, draft.when])).toEqual([
      ['begin', undefined],
      ['read', undefined],
      ['update', { draft: 1, found: true }],
      ['commit', undefined],
    ]);
  });
});

describe('laziness', () => {
  test('nothing is sent before await', () => {
    expect(recognize('prisma.account.create({ data: { email } })')).toEqual({ kind: 'pending' });
  });

  test('a model or a method alone is pending', () => {
    expect(recognize('prisma.account')).toEqual({ kind: 'pending' });
    expect(recognize('prisma.account.create')).toEqual({ kind: 'pending' });
  });
});

describe('computed arguments', () => {
  test('of a read, nothing is known about the rows', () => {
    expect(onlyAction('await prisma.account.findMany(args)')).toMatchObject({
      kind: 'read',
      resource: table('Account'),
      selector: { conditions: [{ kind: 'opaque', text: 'where' }] },
    });
    expect(onlyAction('await prisma.account.findMany({ ...page, where: { email } })')).toMatchObject({
      selector: { conditions: [equals('email', email)] },
    });
    expect(onlyAction('await prisma.account.findMany()')).toMatchObject({ selector: { conditions: [] } });
  });

  test('of a write, any column may be set', () => {
    expect(onlyAction('await prisma.account.create(args)')).toMatchObject({
      kind: 'insert',
      values: [],
      complete: false,
    });
    expect(onlyAction('await prisma.account.createMany(args)')).toMatchObject({ complete: false, many: true });
    expect(onlyAction('await prisma.account.updateMany(args)')).toMatchObject({
      assignments: [],
      complete: false,
      selector: { conditions: [{ kind: 'opaque' }] },
    });
  });

  test('where of a choice keeps what both ways have in common', () => {
    expect(onlyAction('await prisma.account.findFirst({ where: strict ? { email, plan } : { email } })')).toMatchObject(
      {
        selector: {
          conditions: [
            equals('email', email),
            { kind: 'opaque', text: 'conditional', values: [{ kind: 'input', name: 'plan' }] },
          ],
        },
      },
    );
  });
});

describe('bailouts', () => {
  test.each([
    ['await prisma.account.signUp({ email })', 'unknown Prisma model method', 'account.signUp'],
    ['await prisma[model].create({ data })', 'Prisma model is computed', undefined],
    ['await prisma.account.findUnique({ where: { id } }).orders()', 'unknown Prisma member', 'findUnique.orders'],
    ['await prisma.$runCommandRaw({})', 'unknown Prisma member', '$runCommandRaw'],
    ['await prisma.signUp(email)', 'unknown Prisma member', 'signUp'],
  ])('%s', (source, reason, detail) => {
    expect(recognize(source)).toEqual({ kind: 'unsupported', reason, ...(detail === undefined ? {} : { detail }) });
  });
});
