import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** One file to make from a template. */
export interface Scaffold {
  /** Name of a file in scripts/templates. */
  readonly template: string;
  /** Where it goes, relative to the project's root. */
  readonly target: string;
}

/**
 * Makes files from templates; none is written when one of them is there already.
 *
 * @param words what stands in the templates, and what to put there
 * @returns the files made, relative to the root
 */
export function scaffold(root: string, files: readonly Scaffold[], words: Readonly<Record<string, string>>): string[] {
  const present = files.find(({ target }) => existsSync(path.join(root, target)));
  if (present !== undefined) throw new Error(`${present.target} is there already.`);
  for (const { template, target } of files) {
    const source = readFileSync(path.join(import.meta.dirname, 'templates', template), 'utf8');
    const text = Object.entries(words).reduce((result, [word, value]) => result.replaceAll(word, value), source);
    mkdirSync(path.dirname(path.join(root, target)), { recursive: true });
    writeFileSync(path.join(root, target), text);
  }
  return files.map(({ target }) => target);
}

/** `no-lost-update` → `noLostUpdate`. */
export function toCamelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Puts text behind the end of what a pattern finds in a file.
 *
 * @throws when the pattern finds nothing
 */
export function insertAfter(root: string, file: string, after: RegExp, text: string): void {
  const source = readFileSync(path.join(root, file), 'utf8');
  const match = after.exec(source);
  if (match === null) throw new Error(`${file} has changed its form: do by hand what this does (${String(after)}).`);
  const end = match.index + match[0].length;
  writeFileSync(path.join(root, file), source.slice(0, end) + text + source.slice(end));
}
