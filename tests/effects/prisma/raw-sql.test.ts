import { expect, test } from 'vitest';
import { prismaAdapter } from '../../../src/effects/libraries/prisma.ts';
import type { EngineName } from '../../../src/model/engine.ts';
import { recognizeOf } from '../../support/chain-of.ts';

function recognize(call: string, engine: EngineName = 'postgresql') {
  return recognizeOf(
    prismaAdapter,
    `import { Prisma, PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); await ${call}`,
    { engine },
  );
}

const id = { kind: 'input', name: 'id' };

test('a tagged query answers rows and keeps its parameters', () => {
  expect(recognize('prisma.$queryRaw`SELECT balance FROM "Account" WHERE id = ${id} FOR UPDATE`')).toMatchObject({
    kind: 'effects',
    sent: 'on await',
    answer: { kind: 'rows' },
    effects: [
      {
        action: {
          kind: 'read',
          resource: { kind: 'table', store: 'database', name: 'Account' },
          mode: 'update',
          selector: { conditions: [{ kind: 'compare', column: 'id', operator: '=', value: id }] },
        },
      },
    ],
  });
});

test('a tagged statement answers a count', () => {
  expect(recognize('prisma.$executeRaw`UPDATE seats SET free = free - ${quantity} WHERE id = ${id}`')).toMatchObject({
    answer: { kind: 'count' },
    effects: [
      {
        action: {
          kind: 'update',
          assignments: [
            {
              column: 'free',
              value: { operator: '-', operands: [{ kind: 'current', column: 'free' }, { name: 'quantity' }] },
            },
          ],
        },
      },
    ],
  });
});

test('placeholders follow the engine', () => {
  expect(recognize('prisma.$executeRaw`DELETE FROM seats WHERE id = ${id}`', 'innodb')).toMatchObject({
    effects: [{ action: { kind: 'delete', selector: { conditions: [{ column: 'id', value: id }] } } }],
  });
});

test('Prisma.sql, raw, empty and join are spliced in', () => {
  const call =
    "prisma.$queryRaw(Prisma.sql`SELECT * FROM ${Prisma.raw('seats')} WHERE id IN (${Prisma.join([a, b])}) ${Prisma.empty} AND ${Prisma.sql`held_by = ${id}`}`)";
  expect(recognize(call)).toMatchObject({
    effects: [
      {
        action: {
          kind: 'read',
          resource: { name: 'seats' },
          selector: {
            conditions: [
              { column: 'id', operator: 'in' },
              { column: 'held_by', value: id },
            ],
          },
        },
      },
    ],
  });
});

test('the unsafe forms take text and positional values', () => {
  expect(recognize("prisma.$executeRawUnsafe('DELETE FROM seats WHERE id = $1', id)")).toMatchObject({
    answer: { kind: 'count' },
    effects: [{ action: { kind: 'delete', selector: { conditions: [{ column: 'id', value: id }] } } }],
  });
});

test('an advisory lock is a lock', () => {
  expect(recognize('prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${id}))`')).toMatchObject({
    effects: [{ action: { kind: 'lock', scope: 'transaction' } }],
  });
});

test.each([
  'prisma.$queryRawUnsafe(text)',
  'prisma.$queryRaw(query)',
  'prisma.$queryRaw`SELECT * FROM ${Prisma.raw(table)}`',
])('%s is computed', (call) => {
  expect(recognize(call)).toMatchObject({ kind: 'unsupported', reason: 'SQL text is computed' });
});
