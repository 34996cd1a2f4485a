import { readFileSync, statSync } from 'node:fs';
import type { Bailout } from '../model/bailout.ts';

/** What tells one state of a file on disk from the next, without reading it. */
export interface FileStamp {
  readonly mtimeMs: number;
  readonly size: number;
}

/**
 * The state of a file on disk.
 *
 * @param path absolute path
 * @returns its stamp, or undefined where there is no readable file
 */
export function readStamp(path: string): FileStamp | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true ? { mtimeMs: stats.mtimeMs, size: stats.size } : undefined;
  } catch {
    // Permission denied, a loop of links: readText gives the reason when somebody wants the text.
    return undefined;
  }
}

/**
 * Reads a text file.
 *
 * @param path absolute path
 * @param limit the largest size, in bytes, that is read
 * @returns the text without byte order mark (ESLint's parsers don't count it either), or the reason why there is none
 */
export function readText(path: string, limit: number): string | Bailout {
  let bytes: Buffer;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { kind: 'input', reason: 'not a file', detail: path };
    if (stats.size > limit) {
      return { kind: 'input', reason: 'file is too large', detail: `${path}: ${stats.size} bytes, limit ${limit}` };
    }
    bytes = readFileSync(path);
  } catch (error) {
    return { kind: 'input', reason: 'file could not be read', detail: describeError(error, path) };
  }
  if (bytes.includes(0)) return { kind: 'input', reason: 'file is binary', detail: path };
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function describeError(error: unknown, path: string): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes(path) ? message : `${path}: ${message}`;
}
