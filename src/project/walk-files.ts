import { readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import ignore from 'ignore';
import type { Bailout } from '../model/bailout.ts';
import { findFileSkipReason, findFolderSkipReason } from './find-skip-reason.ts';
import type { SkipReason } from './find-skip-reason.ts';
import { extendIgnores, isIgnored, readOuterIgnores } from './git-ignore.ts';
import type { IgnoreChain } from './git-ignore.ts';
import { findLanguage } from './parse-source.ts';

export interface WalkOptions {
  /** Absolute path that `paths` and `ignore` are relative to. */
  readonly cwd: string;
  /** Patterns as in a `.gitignore`. */
  readonly ignore: readonly string[];
  /** Take tests, scripts, seeds, migrations, generated and vendored code and build output too. */
  readonly all: boolean;
  /** Reasons that don't count this time. */
  readonly takes?: readonly SkipReason[];
  /** Takes a file by its name; by default JavaScript and TypeScript of every kind. */
  readonly accepts?: (name: string) => boolean;
}

export interface WalkedFiles {
  /** Absolute paths, each once, sorted. */
  readonly files: readonly string[];
  /**
   * How many were left out, by reason. Files, but for reasons that end the walk at a folder (dependencies, ignored,
   * hidden, build output, links): there each folder counts as one.
   */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Paths that are not there, folders that can't be read, named files that are no source. */
  readonly bailouts: readonly Bailout[];
}

// Reasons below which nothing is walked.
const closed: ReadonlySet<SkipReason> = new Set(['dependency', 'build output', 'hidden']);

/**
 * Lists the source files below some folders. A file that is named itself is always taken; folders are walked without
 * following links, and what is left out is judged by the path below the named folder, so that a project may live in a
 * folder called `tests`.
 *
 * @param paths files and folders, absolute or relative to `cwd`
 * @param options what to leave out
 */
export function walkFiles(paths: readonly string[], options: WalkOptions): WalkedFiles {
  const files = new Set<string>();
  const skipped: Partial<Record<SkipReason, number>> = {};
  const bailouts: Bailout[] = [];
  const ignoredByOption = ignore().add([...options.ignore]);
  const accepts = options.accepts ?? ((name) => findLanguage(name) !== undefined);
  const leavesOut = (reason: SkipReason | undefined): reason is SkipReason =>
    reason !== undefined && options.takes?.includes(reason) !== true;
  const count = (reason: SkipReason): void => {
    skipped[reason] = (skipped[reason] ?? 0) + 1;
  };

  function walkFolder(folder: string, names: readonly string[], outer: IgnoreChain, inherited?: SkipReason): void {
    const entries = readFolder(folder, bailouts);
    const chain = extendIgnores(outer, folder);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (!isFolder && !accepts(entry.name)) continue;
      const reason = findOuterReason(path, entry, chain);
      if (reason !== undefined) {
        count(reason);
      } else if (isFolder) {
        const own = findFolderSkipReason(entry.name, names);
        const skips = leavesOut(own) && (!options.all || own === 'dependency' || entry.name === '.git');
        if (skips && closed.has(own)) {
          if (entry.name !== '.git') count(own);
        } else {
          walkFolder(path, [...names, entry.name], chain, inherited ?? (skips ? own : undefined));
        }
      } else {
        const own = inherited ?? (options.all ? undefined : findFileSkipReason(entry.name));
        if (leavesOut(own)) count(own);
        else files.add(path);
      }
    }
  }

  function findOuterReason(path: string, entry: Dirent, chain: IgnoreChain): SkipReason | undefined {
    if (entry.isSymbolicLink()) return 'link';
    if (isIgnored(chain, path, entry.isDirectory())) {
      return entry.name === 'node_modules' ? 'dependency' : 'ignored by git';
    }
    const below = relative(options.cwd, path);
    if (below === '' || below.startsWith('..')) return undefined;
    return ignoredByOption.ignores(entry.isDirectory() ? `${below}/` : below) ? 'ignored by option' : undefined;
  }

  for (const given of paths) {
    const path = resolve(options.cwd, given);
    const kind = findKind(path);
    if (kind === 'folder') walkFolder(path, [], readOuterIgnores(path));
    else if (kind === undefined) bailouts.push({ kind: 'input', reason: 'no such file or folder', detail: given });
    else if (accepts(basename(path))) files.add(path);
    else bailouts.push({ kind: 'input', reason: 'not a JavaScript or TypeScript file', detail: given });
  }
  return { files: [...files].sort(), skipped, bailouts };
}

function findKind(path: string): 'file' | 'folder' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

function readFolder(folder: string, bailouts: Bailout[]): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    bailouts.push({ kind: 'input', reason: 'folder could not be read', detail: message });
    return [];
  }
}
