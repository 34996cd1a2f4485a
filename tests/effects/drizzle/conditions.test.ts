import { describe, expect, test } from 'vitest';
import { drizzleAdapter } from '../../../src/effects/libraries/drizzle.ts';
import { lowerCondition } from '../../../src/effects/libraries/drizzle/lower-condition.ts';
import { lowerExpression } from '../../../src/effects/libraries/drizzle/lower-expression.ts';
import type { Condition } from '../../../src/model/effect.ts';
import type { Value } from '../../../src/model/value.ts';
import { valueOf } from '../../support/chain-of.ts';
import { drizzleSource } from './schema-source.ts';

function conditions(source: string): readonly Condition[] {
  return lowerCondition(valueOf(`${drizzleSource()} ${source}`, { adapters: [drizzleAdapter] }).value, {
    table: 'seats',
  });
}

function expression(source: string): Value {
  return lowerExpression(valueOf(`${drizzleSource()} ${source}`).value, { table: 'seats' });
}

const input = (name: string) => ({ kind: 'input', name });
const constant = (value: unknown) => ({ kind: 'constant', value });
const current = (column: string) => ({ kind: 'current', column });

describe('operators', () => {
  test.each([
    ['eq(seats.free, n)', '=', input('n')],
    ['ne(seats.free, n)', '!=', input('n')],
    ['gt(seats.free, n)', '>', input('n')],
    ['gte(seats.free, n)', '>=', input('n')],
    ['lt(seats.free, n)', '<', input('n')],
    ['lte(seats.free, n)', '<=', input('n')],
    ['lt(n, seats.free)', '>', input('n')],
    ['inArray(seats.free, n)', 'in', input('n')],
    ['isNull(seats.free)', 'is null', constant(null)],
    ['isNotNull(seats.free)', 'is not null', constant(null)],
    ['eq(seats.free, seats.held)', '=', current('held')],
    ['sql`${seats.free} >= ${n}`', '>=', input('n')],
    ['sql`free > 0`', '>', constant(0)],
    ['sql`${seats.free} is not null`', 'is not null', constant(null)],
    ["sql`seats.free = 'x'`", '=', constant('x')],
  ])('%s', (source, operator, value) => {
    expect(conditions(source)).toEqual([{ kind: 'compare', column: 'free', operator, value }]);
  });

  test('and, or, not, between, like', () => {
    expect(conditions('and(eq(seats.id, id), undefined, gt(seats.free, 0))')).toMatchObject([
      { column: 'id' },
      { column: 'free' },
    ]);
    expect(conditions('or(eq(seats.id, id), and(eq(seats.id, b), gt(seats.free, 0)))')).toMatchObject([
      { kind: 'any', branches: [[{ column: 'id' }], [{ column: 'id' }, { column: 'free' }]] },
    ]);
    expect(conditions('not(eq(seats.id, id))')).toMatchObject([{ kind: 'not', conditions: [{ column: 'id' }] }]);
    expect(conditions('notInArray(seats.id, ids)')).toMatchObject([{ kind: 'not', conditions: [{ operator: 'in' }] }]);
    expect(conditions('between(seats.free, low, high)')).toMatchObject([
      { operator: '>=', value: input('low') },
      { operator: '<=', value: input('high') },
    ]);
    expect(conditions('ilike(seats.holder, name)')).toMatchObject([
      { operator: 'like', value: { kind: 'apply', operator: 'ilike' } },
    ]);
  });

  test('sql of several comparisons', () => {
    expect(conditions('sql`${seats.id} = ${id} and (${seats.free} > 0 or ${seats.holder} is null)`')).toMatchObject([
      { column: 'id' },
      { kind: 'any', branches: [[{ column: 'free' }], [{ column: 'holder', operator: 'is null' }]] },
    ]);
  });

  test.each([
    'eq(users.id, seats.holder)',
    'eq(users.email, email)',
    'exists(db.select().from(users))',
    'inArray(seats.holder, db.select().from(users))',
  ])('%s is a condition on other rows', (source) => {
    expect(conditions(source)).toMatchObject([{ kind: 'elsewhere' }]);
  });

  test('an imported value that was not followed is a value', () => {
    expect(conditions("import { session } from './session'; eq(seats.holder, session.user.id)")).toMatchObject([
      { kind: 'compare', column: 'holder', operator: '=' },
    ]);
  });
});

describe('what is not understood', () => {
  test('undefined selects every row', () => {
    expect(conditions('undefined')).toEqual([]);
  });

  test.each([
    'strict ? eq(seats.id, id) : undefined',
    'and(eq(seats.id, id), strict ? gt(seats.free, 0) : undefined)',
    'and(...filters)',
    'eq(sql`lower(${seats.holder})`, name)',
    'sql`${seats.free} @> ${n}`',
    'sql`${seats.id} in (select 1)`',
    'filter',
  ])('%s', (source) => {
    expect(conditions(source).at(-1)).toMatchObject({ kind: 'opaque' });
  });
});

describe('conditions that depend on a choice', () => {
  test('what both ways have in common holds', () => {
    expect(conditions('strict ? and(eq(seats.id, id), gt(seats.free, 0)) : eq(seats.id, id)')).toMatchObject([
      { kind: 'compare', column: 'id' },
      { kind: 'opaque', text: 'conditional' },
    ]);
  });

  test('a list that is spread holds, as far as it shows', () => {
    expect(conditions('and(...[eq(seats.id, id), gt(seats.free, 0)])')).toMatchObject([
      { column: 'id' },
      { column: 'free' },
    ]);
    expect(conditions('and(...(strict ? [eq(seats.id, id), gt(seats.free, 0)] : [eq(seats.id, id)]))')).toMatchObject([
      { column: 'id' },
      { kind: 'opaque' },
    ]);
  });

  test('a list made by map may be empty', () => {
    expect(conditions('and(...ids.map((one) => eq(seats.id, one)))')).toMatchObject([{ kind: 'opaque' }]);
  });

  test('an opaque condition names what it depends on, not how', () => {
    expect(conditions('sql`${seats.free} @> ${n}`')).toEqual([
      { kind: 'opaque', text: '? @> ?', values: [current('free'), input('n')] },
    ]);
  });
});

describe('expressions', () => {
  test.each([
    ['sql`${seats.free} - ${n}`', { kind: 'apply', operator: '-', operands: [current('free'), input('n')] }],
    ['sql`${seats.free} - 1`', { kind: 'apply', operator: '-', operands: [current('free'), constant(1)] }],
    ['sql`free + ${n}::int`', { kind: 'apply', operator: '+', operands: [current('free'), input('n')] }],
    ['sql`"seats"."free" * 2`', { kind: 'apply', operator: '*', operands: [current('free'), constant(2)] }],
    [
      'sql`coalesce(${seats.free}, 0) + 1`',
      {
        kind: 'apply',
        operator: '+',
        operands: [{ kind: 'apply', operator: 'coalesce', operands: [current('free'), constant(0)] }, constant(1)],
      },
    ],
    ['sql`now()`', { kind: 'apply', operator: 'now', operands: [] }],
    ['seats.free', current('free')],
    ["sql.raw('free + 1')", { kind: 'apply', operator: '+', operands: [current('free'), constant(1)] }],
    ['n', input('n')],
  ])('%s', (source, value) => {
    expect(expression(source)).toEqual(value);
  });

  test('SQL that is not understood keeps its text and what it computes with', () => {
    expect(expression('sql`case when ${seats.free} > 0 then ${n} end`')).toEqual({
      kind: 'apply',
      operator: 'sql',
      operands: [constant('case when ? > 0 then ? end'), current('free'), input('n')],
    });
  });

  test('a column of another table is not the row itself', () => {
    expect(expression('users.email')).toMatchObject({ kind: 'apply', operator: 'column' });
  });
});
