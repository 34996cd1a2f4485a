import type { Handler } from '../project/root-candidate.ts';
import { hasOwnName } from './resolve-functions.ts';

/**
 * A function with a name keeps it, and the label is its reason; else the label is its name.
 *
 * @param label which execution: `POST /book (express)`
 * @param kind what sort of execution: `express route`
 */
export function nameHandler(node: Handler['node'], label: string, kind: string): Handler {
  return hasOwnName(node) ? { node, reason: label } : { node, name: label, reason: kind };
}
