import { describe, expect, test } from 'vitest';
import { prismaAdapter } from '../../../src/effects/libraries/prisma.ts';
import type { EngineName } from '../../../src/model/engine.ts';
import type { EffectDraft } from '../../../src/model/recognition.ts';
import { recognizeOf } from '../../support/chain-of.ts';

function draftsOf(call: string, engine?: EngineName): readonly EffectDraft[] {
  const source = `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); await ${call}`;
  const recognition = recognizeOf(prismaAdapter, source, engine === undefined ? {} : { engine });
  if (recognition.kind !== 'effects') throw new Error(JSON.stringify(recognition));
  return recognition.effects;
}

/** Kind, table and condition of each draft. */
function outline(call: string, engine?: EngineName): readonly string[] {
  return draftsOf(call, engine).map(({ action, when }) => {
    const name = action.resource.kind === 'table' ? ` ${action.resource.name}` : '';
    return `${action.kind}${name}${when ? ` if ${when.draft} ${when.found ? 'found' : 'absent'}` : ''}`;
  });
}

describe('upsert', () => {
  const native = 'prisma.account.upsert({ where: { email }, create: { email, plan }, update: { plan } })';

  test('is one statement when the key of where is what create writes', () => {
    const drafts = draftsOf(native, 'postgresql');
    expect(drafts).toMatchObject([
      {
        answer: { kind: 'row', absent: 'never' },
        action: {
          kind: 'insert',
          values: [{ column: 'email' }, { column: 'plan' }],
          onConflict: { kind: 'update', target: ['email'], assignments: [{ column: 'plan' }] },
        },
      },
    ]);
  });

  test('a composite key is its columns, also as conflict target', () => {
    expect(
      draftsOf(
        'prisma.page.upsert({ where: { orgId_slug: { orgId, slug } }, create: { orgId, slug, title }, update: { title } })',
      ),
    ).toMatchObject([{ action: { onConflict: { target: ['orgId', 'slug'] } } }]);
  });

  test('adds on the server where update increments', () => {
    expect(
      draftsOf('prisma.usage.upsert({ where: { day }, create: { day, hits: 1 }, update: { hits: { increment: 1 } } })'),
    ).toMatchObject([
      {
        action: {
          onConflict: {
            assignments: [{ column: 'hits', value: { operator: '+', operands: [{ kind: 'current' }, { value: 1 }] } }],
          },
        },
      },
    ]);
  });

  const readsFirst = ['begin', 'read Account', 'insert Account if 1 absent', 'update Account if 1 found', 'commit'];

  test.each([
    ['MySQL has no such statement', native, 'innodb'],
    [
      'the key is not in create',
      'prisma.account.upsert({ where: { id }, create: { email }, update: { email } })',
      'postgresql',
    ],
    [
      'the filter differs from create',
      'prisma.account.upsert({ where: { email, version: 1 }, create: { email, version: 0 }, update: { plan } })',
      'sqlite',
    ],
    [
      'relations come along',
      'prisma.account.upsert({ where: { email }, create: { email }, update: { plan }, include: { team: true } })',
      'postgresql',
    ],
  ] as const)('reads first: %s', (_, call, engine) => {
    expect(outline(call, engine)).toEqual(readsFirst);
  });

  test.each(['{}', '{ plan: undefined }'])('reads first and updates nothing with update: %s', (update) => {
    expect(
      outline(`prisma.account.upsert({ where: { email }, create: { email }, update: ${update} })`, 'postgresql'),
    ).toEqual(['begin', 'read Account', 'insert Account if 1 absent', 'commit']);
  });

  test('a value that can not be compared is taken for equal', () => {
    expect(
      outline('prisma.account.upsert({ where: { email }, create: { ...input }, update: { plan } })', 'postgresql'),
    ).toEqual(['insert Account']);
    expect(
      outline('prisma.account.upsert({ where: { email }, create: { email: input.email }, update: { plan } })'),
    ).toEqual(['insert Account']);
  });

  test('inside a transaction it begins none of its own', () => {
    const source = `
      import type { Prisma } from '@prisma/client';
      declare const tx: Prisma.TransactionClient;
      await tx.account.upsert({ where: { email }, create: { email }, update: {} })
    `;
    const recognition = recognizeOf(prismaAdapter, source);
    expect(recognition).toMatchObject({
      kind: 'effects',
      answers: 0,
      effects: [{ action: { kind: 'read' } }, { action: { kind: 'insert' }, when: { draft: 0, found: false } }],
    });
  });
});

describe('nested writes', () => {
  test('create inserts related rows in the same transaction', () => {
    const drafts = draftsOf(
      'prisma.order.create({ data: { number, lines: { create: [{ sku: "A" }, { sku: "B" }] } } })',
    );
    expect(drafts.map((draft) => draft.action.kind)).toEqual(['begin', 'insert', 'insert', 'insert', 'commit']);
    expect(drafts[2]).toMatchObject({
      action: { resource: { name: 'Order.lines' }, values: [{ column: 'sku' }] },
      client: { role: 'transaction', connection: 'tx1' },
    });
  });

  test.each([
    ['createMany: { data: rows, skipDuplicates: true }', ['insert Order.lines']],
    ['connectOrCreate: { where: { sku }, create: { sku } }', ['read Order.lines', 'insert Order.lines if 2 absent']],
    [
      'upsert: { where: { sku }, create: { sku }, update: { count } }',
      ['read Order.lines', 'insert Order.lines if 2 absent', 'update Order.lines if 2 found'],
    ],
    ['update: { where: { sku }, data: { count } }', ['update Order.lines']],
    ['update: { count }', ['update Order.lines']],
    ['updateMany: { where: {}, data: { count } }', ['update Order.lines']],
    ['delete: { sku }', ['delete Order.lines']],
    ['delete: true', ['delete Order.lines']],
    ['deleteMany: {}', ['delete Order.lines']],
    ['connect: [{ id: a }, { id: b }]', ['update Order.lines', 'update Order.lines']],
    ['set: [{ id: a }]', ['update Order.lines']],
    ['create: { sku, options: { create: { name } } }', ['insert Order.lines', 'insert Order.lines.options']],
  ])('%s', (operation, related) => {
    expect(outline(`prisma.order.update({ where: { id }, data: { paid: true, lines: { ${operation} } } })`)).toEqual([
      'begin',
      'update Order',
      ...related,
      'commit',
    ]);
  });

  test('a call that writes only related rows reads its own', () => {
    expect(outline('prisma.order.update({ where: { id }, data: { lines: { create: { sku } } } })')).toEqual([
      'begin',
      'read Order',
      'insert Order.lines',
      'commit',
    ]);
  });

  test('two connectOrCreate each depend on their own read', () => {
    expect(
      outline(
        'prisma.post.create({ data: { title, tags: { connectOrCreate: [{ where: { name: a }, create: { name: a } }, { where: { name: b }, create: { name: b } }] } } })',
      ),
    ).toEqual([
      'begin',
      'insert Post',
      'read Post.tags',
      'insert Post.tags if 2 absent',
      'read Post.tags',
      'insert Post.tags if 4 absent',
      'commit',
    ]);
  });

  test('connect of one row shows as its key, and leaves the insert incomplete', () => {
    const [, insert] = draftsOf('prisma.post.create({ data: { title, author: { connect: { id: authorId } } } })');
    expect(insert).toMatchObject({
      action: {
        kind: 'insert',
        complete: false,
        values: [{ column: 'title' }, { column: 'author.id', value: { kind: 'input', name: 'authorId' } }],
      },
    });
  });

  test('set of scalars is no relation', () => {
    expect(outline('prisma.post.update({ where: { id }, data: { labels: { set: ["new"] } } })')).toEqual([
      'update Post',
    ]);
  });
});
