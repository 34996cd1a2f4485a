import rule from '../../rules/require-conflict-handling.ts';
import { runRuleTests } from '../support/run-rule-tests.ts';

const schema = `
datasource db {
  provider = "postgresql"
}

model Coupon {
  id   String @id @default(cuid())
  code String @unique
}
`;

const prisma = `import { Prisma, PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
`;

runRuleTests('require-conflict-handling', rule, {
  files: { 'schema.prisma': schema },
  pairs: [
    {
      name: 'a violation that nobody turns into an answer',
      racy: `${prisma}export async function publish(code: string) {
  if (await prisma.coupon.findUnique({ where: { code } })) return 'taken';
  await prisma.coupon.create({ data: { code } });
  return 'published';
}
`,
      safe: `${prisma}export async function publish(code: string) {
  if (await prisma.coupon.findUnique({ where: { code } })) return 'taken';
  try {
    await prisma.coupon.create({ data: { code } });
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return 'taken';
    throw error;
  }
  return 'published';
}
`,
      messageId: 'unhandledConflict',
      line: 5,
    },
    {
      name: 'SQL text, and ON CONFLICT whose count is looked at',
      racy: `import { Pool } from 'pg';
const pool = new Pool();
export async function publish(code: string) {
  const { rows } = await pool.query('SELECT id FROM "Coupon" WHERE code = $1', [code]);
  if (rows.length > 0) return 'taken';
  await pool.query('INSERT INTO "Coupon" (code) VALUES ($1)', [code]);
  return 'published';
}
`,
      safe: `import { Pool } from 'pg';
const pool = new Pool();
export async function publish(code: string) {
  const { rows } = await pool.query('SELECT id FROM "Coupon" WHERE code = $1', [code]);
  if (rows.length > 0) return 'taken';
  const { rowCount } = await pool.query('INSERT INTO "Coupon" (code) VALUES ($1) ON CONFLICT (code) DO NOTHING', [code]);
  return rowCount === 0 ? 'taken' : 'published';
}
`,
      messageId: 'unhandledConflict',
      line: 6,
    },
    {
      // Measured: with an empty update Prisma sends a SELECT and then an INSERT.
      name: 'a Prisma upsert of two statements, and one of one',
      racy: `${prisma}export async function publish(code: string) {
  const coupon = await prisma.coupon.findUnique({ where: { code } });
  if (coupon) return coupon;
  return prisma.coupon.upsert({ where: { code }, create: { code }, update: {} });
}
`,
      safe: `${prisma}export async function publish(code: string) {
  const coupon = await prisma.coupon.findUnique({ where: { code } });
  if (coupon) return coupon;
  return prisma.coupon.upsert({ where: { code }, create: { code }, update: { code } });
}
`,
      messageId: 'unhandledConflict',
      line: 6,
    },
  ],
  silent: [
    {
      name: 'an insert without a look-up',
      code: `${prisma}export async function publish(code: string) {
  await prisma.coupon.create({ data: { code } });
}
`,
    },
  ],
});
