import type { KeyFacts } from '../model/schema-facts.ts';

/** What a key rests on that does not hold for all rows, or compares something else than the plain columns. */
export function describePartialKey(key: KeyFacts): string {
  if (key.where !== undefined)
    return `the row meets the condition of the unique index on ${key.columns.join(', ')}: ${key.where}`;
  return `the unique index over ${key.expression ?? key.columns.join(', ')} sees both rows as equal`;
}
