import type { ConstantValue, Value } from '../model/value.ts';

/**
 * The value under a name in an object argument.
 *
 * @param value an argument; anything but an object has no entries
 * @returns undefined also where the entry is there and is the constant `undefined`
 */
export function findEntry(value: Value | undefined, name: string): Value | undefined {
  if (value?.kind !== 'object') return undefined;
  const found = value.entries.findLast((entry) => entry.name === name)?.value;
  return found === undefined || isUndefined(found) ? undefined : found;
}

/**
 * As `findEntry`, but an entry that may hide in a spread is unknown instead of absent.
 */
export function findPossibleEntry(value: Value | undefined, name: string): Value | undefined {
  const found = findEntry(value, name);
  if (found !== undefined || value === undefined || isUndefined(value)) return found;
  if (value.kind === 'object' && (value.complete || value.entries.some((entry) => entry.name === name)))
    return undefined;
  return { kind: 'unknown', reason: `${name} does not show` };
}

/** The literal under a name in an object argument, undefined where it is computed or absent. */
export function findConstantEntry(value: Value | undefined, name: string): ConstantValue['value'] {
  const found = findEntry(value, name);
  return found?.kind === 'constant' ? found.value : undefined;
}

/** Is it the constant `undefined`, which the ORMs treat as "not given"? */
export function isUndefined(value: Value): boolean {
  return value.kind === 'constant' && value.value === undefined;
}

/** Is one of the ways through a choice `undefined`, so that the entry is only sometimes given? */
export function mayBeUndefined(value: Value): boolean {
  return (
    isUndefined(value) || (value.kind === 'choice' && (mayBeUndefined(value.then) || mayBeUndefined(value.otherwise)))
  );
}

/** The names in an object argument whose values are not the constant `undefined`. */
export function listEntryNames(value: Value | undefined): readonly string[] {
  if (value?.kind !== 'object') return [];
  return value.entries.filter((entry) => !isUndefined(entry.value)).map((entry) => entry.name);
}
