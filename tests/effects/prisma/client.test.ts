import { describe, expect, test } from 'vitest';
import { prismaAdapter } from '../../../src/effects/libraries/prisma.ts';
import type { Client } from '../../../src/model/client.ts';
import type { Recognition } from '../../../src/model/recognition.ts';
import { chainOf, recognizeOf } from '../../support/chain-of.ts';

function clientOf(source: string): Client | undefined {
  const { root, steps } = chainOf(source, { adapters: [prismaAdapter] });
  return root.kind === 'client' && steps.length === 0 ? root.client : undefined;
}

function recognize(call: string): Recognition {
  return recognizeOf(
    prismaAdapter,
    `import { Prisma, PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); ${call}`,
  );
}

describe('what is a client', () => {
  test.each([
    "import { PrismaClient } from '@prisma/client'; new PrismaClient()",
    "import { PrismaClient } from '@prisma/client/edge'; new PrismaClient({ log: [] })",
    "import { PrismaClient } from '../generated/prisma/client'; new PrismaClient({ adapter })",
    "import * as client from '@prisma/client'; new client.PrismaClient()",
    "import client from '@prisma/client'; const { PrismaClient } = client; new PrismaClient()",
    "import { PrismaClient } from '@prisma/client'; new PrismaClient().$extends(withAccelerate())",
    "import type { PrismaClient } from '@prisma/client'; declare const db: PrismaClient; db",
    "import type { Prisma } from '@prisma/client'; declare const db: Prisma.DefaultPrismaClient; db",
  ])('%s', (source) => {
    expect(clientOf(source)).toEqual({ library: 'prisma', role: 'root', connection: 'pool' });
  });

  test('a transaction handed in by its type is not the pool', () => {
    expect(
      clientOf("import type { Prisma } from '@prisma/client'; declare const tx: Prisma.TransactionClient; tx"),
    ).toEqual({
      library: 'prisma',
      role: 'transaction',
      connection: 'transaction',
    });
  });

  test.each([
    ['@prisma/adapter-pg', 'PrismaPg', 'postgresql'],
    ['@prisma/adapter-neon', 'PrismaNeon', 'postgresql'],
    ['@prisma/adapter-mariadb', 'PrismaMariaDb', 'innodb'],
    ['@prisma/adapter-better-sqlite3', 'PrismaBetterSqlite3', 'sqlite'],
    ['@prisma/adapter-d1', 'PrismaD1', 'sqlite'],
  ])('%s tells the engine', (specifier, name, engine) => {
    const source = `
      import { PrismaClient } from '@prisma/client';
      import { ${name} } from '${specifier}';
      const adapter = new ${name}({ url });
      new PrismaClient({ adapter })
    `;
    expect(clientOf(source)).toMatchObject({ engine });
  });

  test.each([
    "import { Prisma } from '@prisma/client'; Prisma.sql",
    "import { PrismaPg } from '@prisma/adapter-pg'; new PrismaPg({})",
    "import { PrismaClient } from '@prisma/client'; PrismaClient",
  ])('not %s', (source) => {
    expect(clientOf(source)).toBeUndefined();
  });

  test.each([
    ['@prisma/client', true],
    ['@prisma/extension-accelerate', true],
    ['.prisma/client', true],
    ['../generated/client', true],
    ['./generated', true],
    ['@acme/prisma', true],
    ['drizzle-orm', false],
    ['./regenerated-report', false],
  ])('import of %s concerns it: %s', (specifier, concerns) => {
    expect(prismaAdapter.handlesImport(specifier)).toBe(concerns);
  });

  test('an extended client remembers which components it has', () => {
    const client = clientOf(
      "import { PrismaClient } from '@prisma/client'; new PrismaClient().$extends({ query: { user: { create } } })",
    );
    expect(client).toMatchObject({ library: 'prisma', detail: { extended: { kind: 'constant', value: 'query' } } });
  });
});

describe('transactions', () => {
  test('the callback gets a handle on a connection of its own', () => {
    expect(recognize('await prisma.$transaction(async (tx) => {})')).toMatchObject({
      kind: 'transaction',
      callback: { kind: 'function' },
      handle: { library: 'prisma', role: 'transaction', connection: 'tx1' },
      handleAt: 0,
    });
  });

  test.each([
    ['Prisma.TransactionIsolationLevel.ReadUncommitted', 'read committed'],
    ['Prisma.TransactionIsolationLevel.ReadCommitted', 'read committed'],
    ['Prisma.TransactionIsolationLevel.RepeatableRead', 'repeatable read'],
    ['Prisma.TransactionIsolationLevel.Serializable', 'serializable'],
    ["'Serializable'", 'serializable'],
  ])('isolation level %s', (level, isolation) => {
    expect(recognize(`await prisma.$transaction(async (tx) => {}, { isolationLevel: ${level} })`)).toMatchObject({
      isolation,
    });
  });

  test('without a level none is claimed', () => {
    expect(recognize('await prisma.$transaction(async (tx) => {}, { timeout: 10 })')).not.toHaveProperty('isolation');
  });

  test('the array form is a batch', () => {
    expect(
      recognize(
        'await prisma.$transaction([prisma.seat.delete({ where: { id } }), prisma.event.delete({ where: { id } })], { isolationLevel: "Serializable" })',
      ),
    ).toMatchObject({
      kind: 'batch',
      isolation: 'serializable',
      items: [{ kind: 'chain' }, { kind: 'chain' }],
    });
  });

  test('a nested transaction goes on in the same one', () => {
    const source = `
      import type { Prisma } from '@prisma/client';
      declare const tx: Prisma.TransactionClient;
      await tx.$transaction(async (inner) => {})
    `;
    expect(recognizeOf(prismaAdapter, source)).toMatchObject({ handle: { connection: 'transaction' } });
  });

  test.each([
    ['await prisma.$transaction(work)', 'transaction argument is computed'],
    ['await prisma.$transaction(async (tx) => {}, { isolationLevel: level })', 'isolation level is computed'],
  ])('%s', (call, reason) => {
    expect(recognize(call)).toMatchObject({ kind: 'unsupported', reason });
  });
});

test.each(['$connect()', '$disconnect()', "$on('query', log)", '$use(middleware)'])(
  '%s does nothing that matters',
  (call) => {
    expect(recognize(`await prisma.${call}`)).toEqual({ kind: 'nothing' });
  },
);
