import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';
import { expect, it } from 'vitest';
import type { withSchemaDigest as WithSchemaDigest } from '../../src/api.ts';
import type { Plugin } from '../../src/plugin.ts';
import { dist, runAudit, runEslint, runOxlint } from '../support/run-hosts.ts';
import { withProject } from '../support/with-project.ts';

const client = "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n";
const stock = `import { prisma } from './client';
export async function findStock(sku: string) {
  return prisma.product.findUniqueOrThrow({ where: { sku } });
}
`;
const order = `import { prisma } from './client';
import { findStock } from './stock';
export async function order(sku: string) {
  const product = await findStock(sku);
  await prisma.product.update({ where: { sku }, data: { stock: product.stock - 1 } });
}
export async function orderTwo(sku: string) {
  const product = await findStock(sku);
  await prisma.product.update({ where: { sku }, data: { stock: product.stock - 2 } });
}
`;
const schema = (unique: string): string => `datasource db {
  provider = "postgresql"
}

model Product {
  sku   String @id
  stock Int
}

model Guest {
  id    String @id
  email String ${unique}
}
`;
const invite = `import { prisma } from './client';
export async function invite(email: string) {
  if (await prisma.guest.findFirst({ where: { email } })) return;
  await prisma.guest.create({ data: { email } });
}
`;
const files = {
  'package.json': '{ "type": "module", "workspaces": [] }',
  'schema.prisma': schema(''),
  'src/client.ts': client,
  'src/stock.ts': stock,
  'src/order.ts': order,
  'src/invite.ts': invite,
};

it('follows helpers in other linted files, in every host alike', async () => {
  await withProject(files, async (root) => {
    const expected = runAudit(root);
    expect(expected.map(({ file, line, rule }) => `${file}:${String(line)} ${rule}`)).toEqual([
      'src/invite.ts:4 race-lint/no-check-then-insert',
      'src/order.ts:5 race-lint/no-lost-update',
      'src/order.ts:9 race-lint/no-lost-update',
    ]);
    expect(runOxlint(root, ['no-lost-update', 'no-check-then-insert'])).toEqual(expected);
    expect(await runEslint('10', root)).toEqual(expected);
  });
});

it('sees a saved edit elsewhere at the next lint', async () => {
  await withProject(files, async (root) => {
    const { default: plugin } = (await import(path.join(dist, 'index.js'))) as { default: Plugin };
    const eslint = new ESLint({
      cwd: root,
      overrideConfigFile: true,
      overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs.recommended],
    });
    const lint = async (name: string): Promise<(string | null)[]> => {
      const filePath = path.join(root, name);
      const [result] = await eslint.lintText(readFileSync(filePath, 'utf8'), { filePath });
      return result!.messages.map(({ ruleId }) => ruleId);
    };
    expect(await lint('src/order.ts')).toEqual(['race-lint/no-lost-update', 'race-lint/no-lost-update']);
    expect(await lint('src/invite.ts')).toEqual(['race-lint/no-check-then-insert']);

    writeFileSync(
      path.join(root, 'src/stock.ts'),
      stock.replace('prisma.product.findUniqueOrThrow({ where: { sku } })', '{ sku, stock: 7 }'),
    );
    expect(await lint('src/order.ts')).toEqual([]);

    writeFileSync(path.join(root, 'schema.prisma'), schema('@unique'));
    expect(await lint('src/invite.ts')).toEqual(['race-lint/require-conflict-handling']);
  });
});

it('gives a configuration that changes with the schema, for the cache', async () => {
  await withProject(files, async (root) => {
    const { withSchemaDigest } = (await import(path.join(dist, 'api.js'))) as {
      withSchemaDigest: typeof WithSchemaDigest;
    };
    const digest = (): unknown => withSchemaDigest({ settings: { other: 1, 'race-lint': { engine: 'innodb' } } }, root);
    const before = digest();
    expect(before).toMatchObject({
      settings: { other: 1, 'race-lint': { engine: 'innodb', schemaDigest: expect.any(String) as string } },
    });
    expect(digest()).toEqual(before);
    writeFileSync(path.join(root, 'schema.prisma'), schema('@unique'));
    expect(digest()).not.toEqual(before);
  });
});
