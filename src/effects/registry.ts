import type { LibraryAdapter } from './adapter.ts';
import { betterSqlite3Adapter } from './libraries/better-sqlite3.ts';
import { drizzleAdapter } from './libraries/drizzle.ts';
import { ioredisAdapter } from './libraries/ioredis.ts';
import { mysql2Adapter } from './libraries/mysql2.ts';
import { nodeRedisAdapter } from './libraries/node-redis.ts';
import { nodemailerAdapter } from './libraries/nodemailer.ts';
import { pgAdapter } from './libraries/pg.ts';
import { postgresJsAdapter } from './libraries/postgres-js.ts';
import { prismaAdapter } from './libraries/prisma.ts';
import { resendAdapter } from './libraries/resend.ts';
import { stripeAdapter } from './libraries/stripe.ts';
import { supabaseAdapter } from './libraries/supabase.ts';
import { upstashAdapter } from './libraries/upstash.ts';

/** Every client library that race-lint knows, in the order in which they are asked. */
export const adapters: readonly LibraryAdapter[] = [
  prismaAdapter,
  drizzleAdapter,
  pgAdapter,
  postgresJsAdapter,
  mysql2Adapter,
  betterSqlite3Adapter,
  supabaseAdapter,
  ioredisAdapter,
  nodeRedisAdapter,
  upstashAdapter,
  stripeAdapter,
  resendAdapter,
  nodemailerAdapter,
];

/** The adapter of that name (`Client.library`). */
export function findAdapter(name: string): LibraryAdapter | undefined {
  return adapters.find((adapter) => adapter.name === name);
}

/** The first adapter that an import of this specifier concerns. */
export function findAdapterForImport(specifier: string): LibraryAdapter | undefined {
  return adapters.find((adapter) => adapter.handlesImport(specifier));
}
