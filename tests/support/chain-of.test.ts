import { expect, test } from 'vitest';
import { chainOf, valueOf } from './chain-of.ts';

test('a column of a followed table constant is the table chain plus a member', () => {
  const column = chainOf(`
    import { integer, pgTable } from 'drizzle-orm/pg-core';
    const seats = pgTable('seats', { free: integer() });
    seats.free
  `);
  expect(column.root).toEqual({ kind: 'export', package: 'drizzle-orm/pg-core', name: 'pgTable' });
  expect(column.steps.map((step) => step.name)).toEqual(['()', 'free']);
  expect(column.steps[0]?.args?.[0]).toEqual({ kind: 'constant', value: 'seats' });
});

test('a tagged template keeps its text and its values', () => {
  const fragment = chainOf("import { sql } from 'drizzle-orm'; sql`stock - ${input.quantity}`");
  expect(fragment.steps[0]?.template).toEqual({
    kind: 'template',
    quasis: ['stock - ', ''],
    values: [{ kind: 'input', name: 'input.quantity' }],
  });
});

test('a declared type is a typed root, with the namespace in its name', () => {
  const handle = chainOf(`
    import type { Prisma } from '@prisma/client';
    declare const tx: Prisma.TransactionClient;
    tx.seat
  `);
  expect(handle.root).toEqual({
    kind: 'typed',
    package: '@prisma/client',
    name: 'Prisma.TransactionClient',
    typeArguments: [],
  });
});

test('rows made by map are an array of unknown length with one element', () => {
  const { value } = valueOf('lines.map((line) => ({ sku: line.sku }))');
  expect(value).toMatchObject({
    kind: 'array',
    complete: false,
    elements: [{ kind: 'object', entries: [{ name: 'sku', value: { kind: 'apply', operator: 'member:sku' } }] }],
  });
});

test('await before the last expression is told apart from the expression', () => {
  expect(valueOf('await email')).toEqual({ value: { kind: 'input', name: 'email' }, awaited: true });
  expect(valueOf('email').awaited).toBe(false);
});
