import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';

/** The ignore files that apply in a folder, each with the folder that its patterns are relative to; deepest last. */
export type IgnoreChain = readonly { readonly folder: string; readonly patterns: Ignore }[];

/**
 * The ignore files that apply in a folder before its own: those of the folders above it, up to the git root.
 *
 * @param folder absolute path
 * @returns empty outside a git repository, and for a folder that is itself ignored (somebody names it on purpose)
 */
export function readOuterIgnores(folder: string): IgnoreChain {
  const ancestors: string[] = [];
  let at = folder;
  while (!existsSync(join(at, '.git'))) {
    const above = dirname(at);
    if (above === at) return [];
    at = above;
    ancestors.unshift(at);
  }
  let chain = readPatterns(at, join(at, '.git', 'info', 'exclude'), []);
  for (const ancestor of ancestors) chain = extendIgnores(chain, ancestor);
  return isIgnored(chain, folder, true) ? [] : chain;
}

/**
 * Adds a folder's own `.gitignore`.
 *
 * @param chain what applies already
 * @param folder absolute path
 */
export function extendIgnores(chain: IgnoreChain, folder: string): IgnoreChain {
  return readPatterns(folder, join(folder, '.gitignore'), chain);
}

/**
 * Whether git ignores a path. The deepest ignore file with a matching pattern decides.
 *
 * @param chain what applies in the path's folder
 * @param path absolute path
 * @param isFolder patterns that end in `/` match folders only
 */
export function isIgnored(chain: IgnoreChain, path: string, isFolder: boolean): boolean {
  for (const { folder, patterns } of [...chain].reverse()) {
    if (!path.startsWith(`${folder}/`)) continue;
    const answer = patterns.test(path.slice(folder.length + 1) + (isFolder ? '/' : ''));
    if (answer.ignored) return true;
    if (answer.unignored) return false;
  }
  return false;
}

function readPatterns(folder: string, file: string, chain: IgnoreChain): IgnoreChain {
  try {
    return [...chain, { folder, patterns: ignore().add(readFileSync(file, 'utf8')) }];
  } catch {
    // No such file, or not readable: git ignores nothing because of it.
    return chain;
  }
}
