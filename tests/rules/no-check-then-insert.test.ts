import rule from '../../rules/no-check-then-insert.ts';
import { runRuleTests } from '../support/run-rule-tests.ts';

const schema = `
datasource db {
  provider = "postgresql"
}

model Guest {
  id    String @id @default(cuid())
  email String
}

model Seat {
  id     String @id @default(cuid())
  number Int
  guest  String

  @@unique([number])
}
`;

const prisma = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
`;

runRuleTests('no-check-then-insert', rule, {
  files: { 'schema.prisma': schema },
  pairs: [
    {
      name: 'an early return, and a look-up that decides nothing',
      racy: `${prisma}export async function invite(email: string) {
  const guest = await prisma.guest.findFirst({ where: { email } });
  if (guest) return guest;
  return prisma.guest.create({ data: { email } });
}
`,
      safe: `${prisma}export async function invite(email: string) {
  const guest = await prisma.guest.findFirst({ where: { email } });
  await prisma.guest.create({ data: { email } });
  return guest;
}
`,
      messageId: 'duplicateRow',
      line: 6,
    },
    {
      name: 'look-up by ??',
      racy: `${prisma}export async function invite(email: string) {
  return (await prisma.guest.findFirst({ where: { email } })) ?? (await prisma.guest.create({ data: { email } }));
}
`,
      safe: `${prisma}export async function invite(email: string) {
  return (await prisma.guest.findFirst({ where: { email } })) ?? null;
}
`,
      messageId: 'duplicateRow',
      line: 4,
    },
    {
      name: 'a count as the look-up',
      racy: `${prisma}export async function invite(email: string) {
  const known = await prisma.guest.count({ where: { email } });
  if (known > 0) throw new Error('invited already');
  await prisma.guest.create({ data: { email } });
}
`,
      safe: `${prisma}export async function invite(email: string) {
  const known = await prisma.guest.count({ where: { email } });
  if (known > 0) throw new Error('invited already');
}
`,
      messageId: 'duplicateRow',
      line: 6,
    },
    {
      name: 'SQL text, and ON CONFLICT as its repair',
      racy: `import { Pool } from 'pg';
const pool = new Pool();
export async function invite(email: string) {
  const { rows } = await pool.query('SELECT id FROM "Guest" WHERE email = $1', [email]);
  if (rows.length > 0) return;
  await pool.query('INSERT INTO "Guest" (email) VALUES ($1)', [email]);
}
`,
      safe: `import { Pool } from 'pg';
const pool = new Pool();
export async function seat(number: number) {
  const { rows } = await pool.query('SELECT id FROM "Seat" WHERE number = $1', [number]);
  if (rows.length > 0) return;
  await pool.query('INSERT INTO "Seat" (number) VALUES ($1) ON CONFLICT (number) DO NOTHING', [number]);
}
`,
      messageId: 'duplicateRow',
      line: 6,
    },
  ],
  silent: [
    {
      name: 'a unique key stands behind the look-up',
      code: `${prisma}export async function take(number: number, guest: string) {
  const seat = await prisma.seat.findUnique({ where: { number } });
  if (seat) throw new Error('taken');
  await prisma.seat.create({ data: { number, guest } });
}
`,
    },
    {
      name: 'inside a transaction another rule looks',
      code: `${prisma}export async function invite(email: string) {
  await prisma.$transaction(async (tx) => {
    const guest = await tx.guest.findFirst({ where: { email } });
    if (!guest) await tx.guest.create({ data: { email } });
  });
}
`,
    },
  ],
});
