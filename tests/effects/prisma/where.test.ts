import { describe, expect, test } from 'vitest';
import { lowerWhere } from '../../../src/effects/libraries/prisma/lower-where.ts';
import type { Condition } from '../../../src/model/effect.ts';
import { valueOf } from '../../support/chain-of.ts';

function where(source: string, unique = false): readonly Condition[] {
  return lowerWhere(valueOf(`(${source})`).value, 'Order', unique);
}

const input = (name: string) => ({ kind: 'input', name });
const constant = (value: unknown) => ({ kind: 'constant', value });

describe('columns', () => {
  test.each([
    ['{ id }', '=', input('id')],
    ['{ id: { equals: id } }', '=', input('id')],
    ['{ id: { not: id } }', '!=', input('id')],
    ['{ id: { in: ids } }', 'in', input('ids')],
    ['{ id: { lt: 3 } }', '<', constant(3)],
    ['{ id: { lte: 3 } }', '<=', constant(3)],
    ['{ id: { gt: 3 } }', '>', constant(3)],
    ['{ id: { gte: 3 } }', '>=', constant(3)],
    ['{ id: null }', 'is null', constant(null)],
    ['{ id: { equals: null } }', 'is null', constant(null)],
    ['{ id: { not: null } }', 'is not null', constant(null)],
  ])('%s', (source, operator, value) => {
    expect(where(source)).toEqual([{ kind: 'compare', column: 'id', operator, value }]);
  });

  test('several operators on one column all hold', () => {
    expect(where('{ total: { gte: low, lt: high } }')).toMatchObject([{ operator: '>=' }, { operator: '<' }]);
  });

  test.each(['contains', 'startsWith', 'endsWith'])('%s is a pattern', (operator) => {
    expect(where(`{ sku: { ${operator}: text } }`)).toEqual([
      {
        kind: 'compare',
        column: 'sku',
        operator: 'like',
        value: { kind: 'apply', operator, operands: [input('text')] },
      },
    ]);
  });

  test('equality that ignores case is no equality', () => {
    expect(where("{ email: { equals: email, mode: 'insensitive' } }")).toMatchObject([{ operator: 'like' }]);
  });

  test('notIn and nested not are negations', () => {
    expect(where('{ status: { notIn: closed } }')).toMatchObject([{ kind: 'not', conditions: [{ operator: 'in' }] }]);
    expect(where('{ total: { not: { gt: 5 } } }')).toMatchObject([{ kind: 'not', conditions: [{ operator: '>' }] }]);
  });

  test.each(['{ tags: { has: tag } }', '{ meta: { path: ["a"], equals: 1 } }', '{ status: { ...filter } }'])(
    '%s is not understood',
    (source) => {
      expect(where(source)).toMatchObject([{ kind: 'opaque' }]);
    },
  );
});

describe('combinations', () => {
  test('AND takes an object or a list', () => {
    expect(where('{ AND: { id, sku } }')).toMatchObject([{ column: 'id' }, { column: 'sku' }]);
    expect(where('{ AND: [{ id }, { sku }] }')).toMatchObject([{ column: 'id' }, { column: 'sku' }]);
  });

  test('OR keeps its branches', () => {
    expect(where('{ OR: [{ id, sku }, { sku }] }')).toMatchObject([
      { kind: 'any', branches: [[{ column: 'id' }, { column: 'sku' }], [{ column: 'sku' }]] },
    ]);
  });

  test('a list of unknown length is not understood', () => {
    expect(where('{ OR: ids.map((id) => ({ id })) }')).toMatchObject([{ kind: 'opaque', text: 'OR' }]);
    expect(where('{ NOT: filters }')).toMatchObject([{ kind: 'opaque', text: 'NOT' }]);
  });

  test('NOT negates each of its items', () => {
    expect(where('{ NOT: [{ id }, { sku }] }')).toMatchObject([
      { kind: 'not', conditions: [{ column: 'id' }] },
      { kind: 'not', conditions: [{ column: 'sku' }] },
    ]);
  });
});

describe('nested objects', () => {
  test('a composite key is its columns', () => {
    expect(where('{ orgId_slug: { orgId, slug } }', true)).toEqual([
      { kind: 'compare', column: 'orgId', operator: '=', value: input('orgId') },
      { kind: 'compare', column: 'slug', operator: '=', value: input('slug') },
    ]);
  });

  test('so is a composite key with a name of its own, where a unique key is demanded', () => {
    expect(where('{ slot: { room, hour } }', true)).toMatchObject([{ column: 'room' }, { column: 'hour' }]);
    expect(where('{ slot: { room, hour } }', false)).toMatchObject([{ kind: 'elsewhere' }]);
  });

  test.each([
    '{ customer: { email } }',
    '{ customer: { is: { email } } }',
    '{ lines: { some: { sku } } }',
    '{ lines: { none: {} } }',
  ])('%s is a condition on other rows', (source) => {
    expect(where(source)).toMatchObject([{ kind: 'elsewhere' }]);
  });

  test('a relation beside the key is a condition on other rows', () => {
    expect(where('{ id, customer: { email } }', true)).toMatchObject([
      { column: 'id' },
      { kind: 'elsewhere', text: 'Order.customer { email }' },
    ]);
  });
});

describe('what is left out', () => {
  test('undefined selects every row, as in Prisma', () => {
    expect(where('{ id: undefined }')).toEqual([]);
    expect(where('undefined')).toEqual([]);
  });

  test('a condition that is only sometimes there is not understood', () => {
    expect(where('{ id: strict ? id : undefined }')).toMatchObject([{ kind: 'opaque', text: 'id' }]);
  });

  test('a spread of something unknown adds a condition that is not understood', () => {
    expect(where('{ ...filter, id }')).toMatchObject([{ column: 'id' }, { kind: 'opaque', text: '...' }]);
    expect(where('filter')).toMatchObject([{ kind: 'opaque', text: 'where' }]);
  });
});
