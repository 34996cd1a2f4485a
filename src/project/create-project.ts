import { resolve } from 'node:path';
import type { Bailout } from '../model/bailout.ts';
import { ModuleResolver } from './module-resolver.ts';
import { hashText, parseSource } from './parse-source.ts';
import type { Project, SourceFile } from './project.ts';
import { weighSource } from './project.ts';
import { readStamp, readText } from './read-text.ts';
import type { FileStamp } from './read-text.ts';
import { SourceCache } from './source-cache.ts';
import type { CachedSource } from './source-cache.ts';

export interface ProjectOptions {
  /** The project's root, absolute or relative to the current folder. */
  readonly root: string;
  /** Where texts come from instead of the disk (tests, generated code); throws for a file that is not there. */
  readonly readText?: (path: string) => string;
  /** Total length of the texts whose syntax trees are kept, in UTF-16 units; 4 million by default (some 110 MB). */
  readonly cacheSize?: number;
  /** The largest file that is parsed, in bytes; 2 MB by default. */
  readonly fileSizeLimit?: number;
  /**
   * For how long a file counts as unchanged without a look at the disk, in milliseconds; 1000 by default. `Infinity`
   * suits a single run.
   */
  readonly trustFor?: number;
}

/** A project whose files can change while it is open. */
export interface OpenProject extends Project {
  /** The current text of a file, not parsed: cheap enough to look for a word in every file. */
  readonly readText: (path: string) => string | Bailout;
  /** Is there a tree of this very text? */
  readonly holdsTree: (path: string, text: string) => boolean;
  /** Lets a tree go that was set, unless its text is not what is on disk. Returns whether it is gone. */
  readonly dropSource: (file: SourceFile) => boolean;
  /**
   * Makes every file be compared with the disk (modification time and size) when it is next asked for, however short
   * ago that was, and lets new files and changed configuration be found. For an editor server, before each lint.
   */
  readonly refresh: () => void;
}

// Measured: a syntax tree takes about 28 bytes a character of its text.
const defaultCacheSize = 4_000_000;
const defaultFileSizeLimit = 2 * 1024 * 1024;
const defaultTrustFor = 1000;
// Resolutions cost more than a look at one file; a new file or configuration is seen after at most this long.
const resolutionLifetime = 2000;

/**
 * Opens a project. Nothing is read before it is asked for.
 *
 * @param options its root, and limits
 */
export function createProject(options: ProjectOptions): OpenProject {
  const root = resolve(options.root);
  const limit = options.fileSizeLimit ?? defaultFileSizeLimit;
  const trustFor = options.trustFor ?? defaultTrustFor;
  const cache = new SourceCache(options.cacheSize ?? defaultCacheSize);
  const resolver = new ModuleResolver(root);
  let generation = 0;
  let resolutionsSince = Date.now();

  function loadText(path: string): string | Bailout {
    if (options.readText === undefined) return readText(path, limit);
    try {
      return options.readText(path);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { kind: 'input', reason: 'file could not be read', detail: message };
    }
  }

  function loadStamp(path: string): FileStamp | undefined {
    return options.readText === undefined ? readStamp(path) : undefined;
  }

  function isFresh(entry: CachedSource): boolean {
    const now = Date.now();
    if (entry.checkedGeneration === generation && now - entry.checkedAt <= trustFor) return true;
    const stamp = loadStamp(entry.path);
    // With texts from elsewhere there are no stamps: an explicit refresh reads them again.
    const same =
      options.readText === undefined
        ? stamp?.mtimeMs === entry.stamp?.mtimeMs && stamp?.size === entry.stamp?.size
        : entry.checkedGeneration === generation;
    if (same) {
      entry.checkedGeneration = generation;
      entry.checkedAt = now;
    }
    return same;
  }

  function remember(
    path: string,
    result: SourceFile | Bailout,
    text: string,
    version: string,
    stamp?: FileStamp,
  ): void {
    const checked = { checkedGeneration: generation, checkedAt: Date.now() };
    cache.set({
      path,
      result,
      version,
      length: 'program' in result ? weighSource(result) : text.length,
      stamp,
      ...checked,
    });
  }

  function readSource(path: string): SourceFile | Bailout {
    const entry = cache.find(path);
    if (entry !== undefined && isFresh(entry)) return entry.result;
    // The stamp is older than the text, never newer: a write between the two is seen next time.
    const stamp = loadStamp(path);
    const text = loadText(path);
    if (typeof text !== 'string') {
      cache.delete(path);
      return text;
    }
    const version = hashText(text);
    const result = entry?.version === version ? entry.result : parseSource(path, text, version);
    remember(path, result, text, version, stamp);
    return result;
  }

  return {
    root,
    readSource,
    setSource: (file) => {
      remember(file.path, file, file.text, file.version, loadStamp(file.path));
    },
    resolve: (fromFile, specifier) => resolver.resolve(fromFile, specifier),
    readText: (path) => {
      const entry = cache.find(path);
      return entry !== undefined && 'text' in entry.result && isFresh(entry) ? entry.result.text : loadText(path);
    },
    holdsTree: (path, text) => {
      const entry = cache.find(path);
      return entry !== undefined && 'text' in entry.result && entry.result.text === text;
    },
    dropSource: (file) => {
      if (loadText(file.path) !== file.text) return false;
      cache.delete(file.path);
      return true;
    },
    refresh: () => {
      generation += 1;
      if (Date.now() - resolutionsSince < resolutionLifetime) return;
      resolver.clear();
      resolutionsSince = Date.now();
    },
  };
}
