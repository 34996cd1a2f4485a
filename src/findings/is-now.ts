import type { Value } from '../model/value.ts';

/** `new Date()`, `Date.now()`: two runs at the same time mean the same by it. */
export function isNow(value: Value): boolean {
  return value.kind === 'fresh' && /^(new Date\(\)|Date\.now)/.test(value.source);
}
