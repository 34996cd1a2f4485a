import type { PathMapping } from './read-tsconfig.ts';

/**
 * The entry of `compilerOptions.paths` that applies to a specifier: an exact one, else the one with the longest text
 * before its `*` (TypeScript's rule).
 *
 * @param mappings the entries
 * @param specifier as written in the import
 * @returns the pattern and its targets for this specifier, or undefined when none matches
 */
export function matchPattern(
  mappings: readonly PathMapping[],
  specifier: string,
): { readonly pattern: string; readonly paths: readonly string[] } | undefined {
  let best: { readonly mapping: PathMapping; readonly prefix: string; readonly rest: string } | undefined;
  for (const mapping of mappings) {
    const star = mapping.pattern.indexOf('*');
    if (star < 0) {
      if (mapping.pattern === specifier) return { pattern: mapping.pattern, paths: mapping.targets };
      continue;
    }
    const prefix = mapping.pattern.slice(0, star);
    const suffix = mapping.pattern.slice(star + 1);
    if (specifier.length < prefix.length + suffix.length) continue;
    if (!specifier.startsWith(prefix) || !specifier.endsWith(suffix)) continue;
    if (best !== undefined && best.prefix.length >= prefix.length) continue;
    best = { mapping, prefix, rest: specifier.slice(prefix.length, specifier.length - suffix.length) };
  }
  if (best === undefined) return undefined;
  const { mapping, rest } = best;
  return { pattern: mapping.pattern, paths: mapping.targets.map((target) => target.replace('*', () => rest)) };
}
