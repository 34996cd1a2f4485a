import type { Program } from '../model/program.ts';

/** Whether two programs do the same, so that swapping the actors changes nothing but the names. */
export function areSamePrograms(a: Program, b: Program): boolean {
  return a === b || a.operations === b.operations || JSON.stringify(a.operations) === JSON.stringify(b.operations);
}
