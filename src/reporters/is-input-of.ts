import type { Bailout } from '../model/bailout.ts';

/** Whether a bailout says that this very file (not one that it imports) could not be read or parsed. */
export function isInputOf(path: string, bailout: Bailout): boolean {
  if (bailout.kind !== 'input') return false;
  return bailout.location === undefined ? (bailout.detail ?? path).includes(path) : bailout.location.file === path;
}
