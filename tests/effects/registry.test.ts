import { expect, test } from 'vitest';
import { adapters, findAdapter, findAdapterForImport } from '../../src/effects/registry.ts';

test('names are unique, so that a client finds its adapter again', () => {
  const names = adapters.map((adapter) => adapter.name);
  expect(new Set(names).size).toBe(names.length);
  for (const adapter of adapters) expect(findAdapter(adapter.name)).toBe(adapter);
  expect(findAdapter('unheard-of')).toBeUndefined();
});

test.each([
  ['@prisma/client', 'prisma'],
  ['../generated/prisma/client', 'prisma'],
  ['drizzle-orm/node-postgres', 'drizzle'],
  ['pg', 'pg'],
  ['postgres', 'postgres-js'],
  ['mysql2/promise', 'mysql2'],
  ['better-sqlite3', 'better-sqlite3'],
  ['ioredis', 'ioredis'],
  ['stripe', 'stripe'],
])('an import of %s is for %s', (specifier, name) => {
  expect(findAdapterForImport(specifier)?.name).toBe(name);
});

test('an import that concerns no library finds none', () => {
  expect(findAdapterForImport('./accounts.ts')).toBeUndefined();
});
