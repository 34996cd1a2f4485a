import { betterSqlite3Edits } from './better-sqlite3.ts';
import { drizzleEdits } from './drizzle.ts';
import type { LibraryEdits } from './library-edits.ts';
import { ioredisEdits } from './ioredis.ts';
import { mysql2Edits } from './mysql2.ts';
import { nodeRedisEdits } from './node-redis.ts';
import { pgEdits } from './pg.ts';
import { postgresJsEdits } from './postgres-js.ts';
import { prismaEdits } from './prisma.ts';
import { supabaseEdits } from './supabase.ts';
import { upstashEdits } from './upstash.ts';

const all: readonly LibraryEdits[] = [
  prismaEdits,
  drizzleEdits,
  pgEdits,
  postgresJsEdits,
  mysql2Edits,
  betterSqlite3Edits,
  supabaseEdits,
  ioredisEdits,
  nodeRedisEdits,
  upstashEdits,
];

/** How a library writes atomic forms; undefined for those that have none yet. */
export function findLibraryEdits(library: string): LibraryEdits | undefined {
  return all.find(({ name }) => name === library);
}
