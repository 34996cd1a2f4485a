import type { EffectId } from './effect.ts';
import type { Location } from './location.ts';

/**
 * Why something was not understood. A bailout is counted and shown, it never hides another one and never becomes a
 * guess.
 *
 * - `unsupported`: known code that race-lint does not model yet (`prisma.$extends` with a query component).
 * - `unknown`: code whose meaning can't be seen (a callee that does not resolve, SQL text built at run time).
 * - `budget`: a limit was reached (paths, inlining depth, schedules, file size).
 * - `invariant`: a defect of race-lint itself; the rest of the run goes on.
 * - `input`: a file that could not be read or parsed.
 */
export interface Bailout {
  readonly kind: 'unsupported' | 'unknown' | 'budget' | 'invariant' | 'input';
  /** Short and stable, so that equal ones can be counted together: "SQL text is computed". */
  readonly reason: string;
  /** What exactly: the member's name, the parser's message. */
  readonly detail?: string;
  readonly location?: Location;
  /** For a statement of an open transaction: which one, and how many steps of the trace come before it. */
  readonly within?: { readonly transaction: EffectId; readonly after: number };
}
