import type { Analyzer, TextProject } from './analyzer.ts';
import { findImportHandlers } from './analyzer.ts';
import { listCarriedNames } from './list-carried-names.ts';
import { resolveModule } from './resolve-module.ts';
import { listConstructions } from './list-constructions.ts';

/** Specifiers of imports, re-exports, dynamic imports and requires; also matches some in comments, which costs only time. */
const specifierPattern = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** Imports and re-exports that are gone when the code runs. */
const typeImportPattern =
  /\b(?:import|export)\s+type\s+(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?|[\w$]+)\s*\bfrom\s*(['"])[^'"\n]+\1/g;

const notCode = /\.(?:json|css|scss|sass|less|svg|png|jpe?g|gif|webp|md|mdx|txt|html|wasm|node)$/;

/**
 * Can code of a file get at a client of a known library by what it imports, directly or through other files of the
 * project? Judged from the text, so that a file without any effect need not be parsed.
 *
 * Misses: clients that come in as untyped arguments; callers look at their arguments for that.
 *
 * @param path absolute path
 * @param text the file's text, where it may differ from the one on disk
 */
export function mayReachClient(analyzer: Analyzer, path: string, text?: string): boolean {
  const known = analyzer.reach.get(path);
  if (known !== undefined) return known;
  const carried = listCarriedNames(analyzer);
  const read = (file: string): ReturnType<TextProject['readText']> =>
    file === path && text !== undefined ? text : analyzer.project.readText(file);
  return search(analyzer, path, analyzer.reach, (file) => {
    const found = read(file);
    // code that names what the project puts on a framework's objects gets at it without an import
    if (typeof found !== 'string') return [];
    return carried?.test(found) === true || isInjected(analyzer, file, found) ? 'client' : readSpecifiers(found);
  });
}

/** The same of what a file itself makes, and not what it may be given: imports of types alone don't count. */
export function mayMakeClient(analyzer: Analyzer, path: string): boolean {
  if (analyzer.reach.get(path) === false) return false;
  const known = analyzer.makes.get(path);
  if (known !== undefined) return known;
  return search(analyzer, path, analyzer.makes, (file) => {
    const text = analyzer.project.readText(file);
    return readSpecifiers(typeof text === 'string' ? text.replaceAll(typeImportPattern, '') : text);
  });
}

function search(
  analyzer: Analyzer,
  path: string,
  answers: Map<string, boolean>,
  read: (file: string) => readonly string[] | 'client',
): boolean {
  const visited = new Set([path]);
  const waiting = [path];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const specifiers = read(file);
    for (const specifier of specifiers === 'client' ? [''] : specifiers) {
      const target = specifiers === 'client' ? specifiers : findTarget(analyzer, file, specifier);
      if (target === 'client' || (target !== undefined && answers.get(target) === true)) {
        answers.set(path, true);
        // whatever imports this file reaches the client too, so the file itself is remembered as well
        if (target === 'client') answers.set(file, true);
        return true;
      }
      if (target === undefined || visited.has(target) || answers.get(target) === false) continue;
      visited.add(target);
      waiting.push(target);
    }
  }
  for (const file of visited) answers.set(file, false);
  return false;
}

/** Classes of plain JavaScript, with a constructor that takes something. */
const injectedClass = /\bclass\s+(\w+)[^{]*\{[^}]*?\bconstructor\s*\(\s*[\w{]/gu;

/**
 * May a class of a file be given a client by those who make objects of it? In TypeScript its type says so, and that is
 * imported.
 */
function isInjected(analyzer: Analyzer, file: string, text: string): boolean {
  if (!/\.[cm]?jsx?$/.test(file) || !text.includes('constructor')) return false;
  return Array.from(text.matchAll(injectedClass)).some(([, name]) => {
    analyzer.constructions ??= listConstructions(analyzer.project);
    return analyzer.constructions.get(name ?? '')?.some((maker) => maker !== file) === true;
  });
}

function readSpecifiers(text: ReturnType<TextProject['readText']>): readonly string[] {
  if (typeof text !== 'string') return [];
  return [...new Set(Array.from(text.matchAll(specifierPattern), (match) => match[2] ?? ''))];
}

/** A file of the project, or the fact that this is a library whose calls have effects. */
function findTarget(analyzer: Analyzer, file: string, specifier: string): string | undefined {
  if (notCode.test(specifier)) return undefined;
  if (!specifier.startsWith('.') && findImportHandlers(analyzer, specifier).length > 0) return 'client';
  const resolution = resolveModule(analyzer, file, specifier);
  if (resolution.kind === 'file') return resolution.path;
  return findImportHandlers(analyzer, resolution.specifier).length > 0 ? 'client' : undefined;
}
