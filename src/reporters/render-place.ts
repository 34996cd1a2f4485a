import path from 'node:path';
import type { Location } from '../model/location.ts';

/** A path as a person would type it in `cwd`: relative where that is shorter to read, with forward slashes. */
export function renderPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const text = relative === '' ? '.' : relative.startsWith(`..${path.sep}..`) ? file : relative;
  return text.split(path.sep).join('/');
}

/** `src/book.ts:11`. */
export function renderPlace(location: Location, cwd: string): string {
  return `${renderPath(location.file, cwd)}:${String(location.start.line)}`;
}
