import rule from '../../rules/no-partial-failure.ts';
import { runRuleTests } from '../support/run-rule-tests.ts';

const clients = `import { PrismaClient } from '@prisma/client';
import Stripe from 'stripe';
const prisma = new PrismaClient();
const stripe = new Stripe('key');
`;

runRuleTests('no-partial-failure', rule, {
  files: {
    'src/delete-user.ts': `${clients}export async function deleteUser(id: string) {
  await prisma.user.delete({ where: { id } });
}
`,
  },
  pairs: [
    {
      name: 'two systems, and one after the other',
      racy: `${clients}export async function close(id: string, customer: string) {
  await Promise.all([prisma.user.delete({ where: { id } }), stripe.customers.del(customer)]);
}
`,
      safe: `${clients}export async function close(id: string, customer: string) {
  await stripe.customers.del(customer);
  await prisma.user.delete({ where: { id } });
}
`,
      messageId: 'halfApplied',
      line: 6,
    },
    {
      name: 'a system behind an imported helper',
      racy: `${clients}import { deleteUser } from './delete-user';
export async function close(id: string, customer: string) {
  await Promise.all([deleteUser(id), stripe.customers.del(customer)]);
}
`,
      safe: `${clients}import { deleteUser } from './delete-user';
export async function close(id: string, customer: string) {
  await Promise.all([deleteUser(id), stripe.customers.retrieve(customer)]);
}
`,
      messageId: 'halfApplied',
      line: 7,
    },
    {
      name: 'two tables of one database, and a transaction',
      racy: `${clients}export async function remove(id: string) {
  await Promise.all([prisma.session.deleteMany({ where: { userId: id } }), prisma.user.delete({ where: { id } })]);
}
`,
      safe: `${clients}export async function remove(id: string) {
  await prisma.$transaction([prisma.session.deleteMany({ where: { userId: id } }), prisma.user.delete({ where: { id } })]);
}
`,
      messageId: 'halfApplied',
      line: 6,
    },
  ],
  silent: [
    {
      name: 'reads only',
      code: `${clients}export async function show(id: string, customer: string) {
  return Promise.all([prisma.user.findUnique({ where: { id } }), stripe.customers.retrieve(customer)]);
}
`,
    },
    {
      name: 'results of allSettled that are looked at',
      code: `${clients}export async function close(id: string, customer: string) {
  const results = await Promise.allSettled([prisma.user.delete({ where: { id } }), stripe.customers.del(customer)]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
`,
    },
    {
      name: 'deletes of keys in one cache',
      code: `import { Redis } from 'ioredis';
const redis = new Redis();
export async function forget(id: string) {
  await Promise.all([redis.del(\`user:\${id}\`), redis.del(\`session:\${id}\`)]);
}
`,
    },
  ],
});
