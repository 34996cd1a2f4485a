import type { Bailout } from '../model/bailout.ts';
import type { SourceFile } from './project.ts';
import type { FileStamp } from './read-text.ts';

/** One remembered file. */
export interface CachedSource {
  readonly path: string;
  /** The file, or why it can't be parsed: a broken file is not parsed again for each of its importers. */
  readonly result: SourceFile | Bailout;
  /** Hash of the text. */
  readonly version: string;
  /** Length of the text. */
  readonly length: number;
  /** The state on disk when the file was read or set; absent when it is not on disk. */
  stamp: FileStamp | undefined;
  /** When `stamp` was last compared with the disk: a generation, and a time in milliseconds. */
  checkedGeneration: number;
  checkedAt: number;
}

/** Parsed files, the least recently used dropped first when their texts exceed a total size. */
export class SourceCache {
  readonly #limit: number;
  readonly #entries = new Map<string, CachedSource>();
  #size = 0;

  /** @param limit total length of the texts kept, in UTF-16 units */
  constructor(limit: number) {
    this.#limit = limit;
  }

  find(path: string): CachedSource | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    // A Map iterates in order of insertion: putting the entry back makes it the most recent.
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    return entry;
  }

  set(entry: CachedSource): void {
    this.delete(entry.path);
    this.#entries.set(entry.path, entry);
    this.#size += entry.length;
    for (const path of this.#entries.keys()) {
      if (this.#size <= this.#limit || path === entry.path) break;
      this.delete(path);
    }
  }

  delete(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.delete(path);
    this.#size -= entry.length;
  }
}
