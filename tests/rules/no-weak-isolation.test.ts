import rule from '../../rules/no-weak-isolation.ts';
import { runRuleTests } from '../support/run-rule-tests.ts';

const schema = `
datasource db {
  provider = "postgresql"
}

model Wallet {
  id    String @id
  coins Int
}

model Guest {
  id    String @id @default(cuid())
  email String
}
`;

const prisma = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
`;

const spend = (options: string): string => `${prisma}export async function spend(id: string, coins: number) {
  await prisma.$transaction(async (tx) => {
    const wallet = await tx.wallet.findUniqueOrThrow({ where: { id } });
    if (wallet.coins < coins) throw new Error('not enough');
    await tx.wallet.update({ where: { id }, data: { coins: wallet.coins - coins } });
  }${options});
}
`;

const invite = (options: string): string => `${prisma}export async function invite(email: string) {
  await prisma.$transaction(async (tx) => {
    const guest = await tx.guest.findFirst({ where: { email } });
    if (!guest) await tx.guest.create({ data: { email } });
  }${options});
}
`;

const lockingRead = (suffix: string): string => `import { Pool } from 'pg';
const pool = new Pool();
export async function spend(id: string, coins: number) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT coins FROM "Wallet" WHERE id = $1${suffix}', [id]);
    if (rows[0].coins < coins) throw new Error('not enough');
    await client.query('UPDATE "Wallet" SET coins = $2 WHERE id = $1', [id, rows[0].coins - coins]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
`;

runRuleTests('no-weak-isolation', rule, {
  files: { 'schema.prisma': schema },
  pairs: [
    {
      name: 'read and write back at the default level',
      racy: spend(''),
      safe: spend(", { isolationLevel: 'RepeatableRead' }"),
      messageId: 'lostUpdate',
      line: 7,
    },
    {
      name: 'look-up and insert at a level that does not help them',
      racy: invite(", { isolationLevel: 'RepeatableRead' }"),
      safe: invite(", { isolationLevel: 'Serializable' }"),
      messageId: 'duplicateRow',
      line: 6,
    },
    {
      name: 'BEGIN and COMMIT as text, and a locking read',
      racy: lockingRead(''),
      safe: lockingRead(' FOR UPDATE'),
      messageId: 'lostUpdate',
      line: 9,
    },
  ],
  silent: [
    {
      name: 'without a transaction other rules look',
      code: `${prisma}export async function spend(id: string, coins: number) {
  const wallet = await prisma.wallet.findUniqueOrThrow({ where: { id } });
  await prisma.wallet.update({ where: { id }, data: { coins: wallet.coins - coins } });
}
`,
    },
  ],
});
