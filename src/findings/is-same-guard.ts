import { isSameValue } from '../model/is-same-value.ts';
import type { Guard } from '../model/trace.ts';

/** Do two steps stand under the same condition, on the same side of it? */
export function isSameGuard(a: Guard, b: Guard): boolean {
  return a.holds === b.holds && isSameValue(a.condition, b.condition);
}
