/** Imports, tables and a client that the Drizzle tests begin with. */
export function drizzleSource(driver = 'node-postgres', dialect: 'pg' | 'mysql' | 'sqlite' = 'pg'): string {
  return `
    import { and, between, count, desc, eq, exists, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, ne, not, notInArray, or, sql } from 'drizzle-orm';
    import { alias, ${dialect}Table } from 'drizzle-orm/${dialect}-core';
    import { drizzle } from 'drizzle-orm/${driver}';
    const users = ${dialect}Table('users', { id: text(), email: text(), teamId: text() });
    const seats = ${dialect}Table('seats', { id: text(), free: integer(), eventId: text(), holder: text() });
    const db = drizzle(url);
  `;
}
