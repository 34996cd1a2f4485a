import rule from '../../rules/no-lost-update.ts';
import { runRuleTests } from '../support/run-rule-tests.ts';

const schema = `
datasource db {
  provider = "postgresql"
}

model Account {
  id      String @id
  balance Int
  version Int
}

model Ticket {
  id     String @id
  status String
}
`;

const prisma = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
`;

runRuleTests('no-lost-update', rule, {
  files: { 'schema.prisma': schema },
  pairs: [
    {
      name: 'a deposit that is computed in the application',
      racy: `${prisma}export async function deposit(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  await prisma.account.update({ where: { id }, data: { balance: account.balance + amount } });
}
`,
      safe: `${prisma}export async function deposit(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  await prisma.account.update({ where: { id }, data: { balance: { increment: amount } } });
  return account.id;
}
`,
      messageId: 'lostUpdate',
      line: 5,
    },
    {
      name: 'a ticket that two agents claim',
      racy: `${prisma}export async function claim(id: string) {
  const ticket = await prisma.ticket.findUniqueOrThrow({ where: { id } });
  if (ticket.status !== 'open') return false;
  await prisma.ticket.update({ where: { id }, data: { status: 'claimed' } });
  return true;
}
`,
      safe: `${prisma}export async function claim(id: string) {
  const ticket = await prisma.ticket.findUniqueOrThrow({ where: { id } });
  if (ticket.status !== 'open') return false;
  const { count } = await prisma.ticket.updateMany({ where: { id, status: 'open' }, data: { status: 'claimed' } });
  return count === 1;
}
`,
      messageId: 'doubleClaim',
      line: 6,
    },
    {
      name: 'SQL text, and a row lock as its repair',
      racy: `import { Pool } from 'pg';
const pool = new Pool();
export async function withdraw(id: string, amount: number) {
  const { rows } = await pool.query('SELECT balance FROM account WHERE id = $1', [id]);
  if (rows[0].balance < amount) throw new Error('not enough');
  await pool.query('UPDATE account SET balance = $2 WHERE id = $1', [id, rows[0].balance - amount]);
}
`,
      safe: `import { Pool } from 'pg';
const pool = new Pool();
export async function withdraw(id: string, amount: number) {
  const { rowCount } = await pool.query(
    'UPDATE account SET balance = balance - $2 WHERE id = $1 AND balance >= $2', [id, amount]);
  if (rowCount === 0) throw new Error('not enough');
}
`,
      messageId: 'lostUpdate',
      line: 6,
    },
    {
      name: 'a version that is compared, and the count of rows that nobody looked at',
      racy: `${prisma}export async function setBalance(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  await prisma.account.updateMany({
    where: { id },
    data: { balance: account.balance + amount, version: account.version + 1 },
  });
}
`,
      safe: `${prisma}export async function setBalance(id: string, amount: number) {
  const account = await prisma.account.findUniqueOrThrow({ where: { id } });
  const { count } = await prisma.account.updateMany({
    where: { id, version: account.version },
    data: { balance: account.balance + amount, version: account.version + 1 },
  });
  if (count === 0) throw new Error('changed meanwhile');
}
`,
      messageId: 'lostUpdate',
      line: 5,
    },
  ],
  silent: [
    {
      name: 'a form that is saved as a whole',
      code: `${prisma}export async function save(id: string, balance: number) {
  const account = await prisma.account.findUnique({ where: { id } });
  if (!account) throw new Error('no such account');
  await prisma.account.update({ where: { id }, data: { balance } });
}
`,
    },
    {
      name: 'a synchronous client has no window',
      code: `import Database from 'better-sqlite3';
const db = new Database('shop.sqlite');
export function deposit(id: string, amount: number) {
  const account = db.prepare('SELECT balance FROM account WHERE id = ?').get(id);
  db.prepare('UPDATE account SET balance = ? WHERE id = ?').run(account.balance + amount, id);
}
`,
    },
    {
      name: 'an object of somebody else with the same method names',
      code: `import { prisma } from './not-a-database';
export async function deposit(id: string, amount: number) {
  const account = await prisma.account.findUnique({ where: { id } });
  await prisma.account.update({ where: { id }, data: { balance: account.balance + amount } });
}
`,
    },
  ],
});
