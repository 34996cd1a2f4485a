import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isRecord, readJsonc } from './read-jsonc.ts';

/** One entry of `compilerOptions.paths`. */
export interface PathMapping {
  /** `@/*`, `~lib`. */
  readonly pattern: string;
  /** Absolute paths, with the pattern's `*` where it has one. */
  readonly targets: readonly string[];
}

/** What a tsconfig says about module names, with everything that it extends. */
export interface TsconfigPaths {
  /** Absolute path. */
  readonly file: string;
  readonly mappings: readonly PathMapping[];
  /** Absolute path of `baseUrl`, where set. */
  readonly baseUrl?: string;
  /** True when it, or something that it extends, could not be read. */
  readonly broken: boolean;
  /** Absolute paths of the projects that it references. */
  readonly references: readonly string[];
}

/** Finds the file that a package name in `extends` means, or undefined where the package is not there. */
export type FindPackageFile = (fromFolder: string, specifier: string) => string | undefined;

/**
 * Reads what one tsconfig says about module names. A missing or unreadable `extends` (typical: a shared
 * configuration whose package is not installed) costs only what it would have said itself.
 *
 * @param file absolute path of a `tsconfig.json`
 * @param findPackageFile looks up package names in `extends`
 * @returns undefined when the file itself can't be read
 */
export function readTsconfig(file: string, findPackageFile: FindPackageFile): TsconfigPaths | undefined {
  return readChain(file, findPackageFile, dirname(file), []);
}

function readChain(
  file: string,
  findPackageFile: FindPackageFile,
  configFolder: string,
  seen: readonly string[],
): TsconfigPaths | undefined {
  const content = readJsonc(file);
  if (!isRecord(content) || seen.includes(file)) return undefined;
  const folder = dirname(file);
  let mappings: readonly PathMapping[] = [];
  let baseUrl: string | undefined;
  let broken = false;
  const parents = Array.isArray(content['extends']) ? content['extends'] : [content['extends']];
  for (const parent of parents) {
    if (typeof parent !== 'string') continue;
    const parentFile = findExtended(folder, parent, findPackageFile);
    const inherited =
      parentFile === undefined ? undefined : readChain(parentFile, findPackageFile, configFolder, [...seen, file]);
    if (inherited === undefined) {
      broken = true;
      continue;
    }
    broken ||= inherited.broken;
    if (inherited.mappings.length > 0) mappings = inherited.mappings;
    baseUrl = inherited.baseUrl ?? baseUrl;
  }
  const options = isRecord(content['compilerOptions']) ? content['compilerOptions'] : {};
  const expand = (path: string): string => path.replaceAll('${configDir}', configFolder);
  if (typeof options['baseUrl'] === 'string') baseUrl = resolve(folder, expand(options['baseUrl']));
  if (isRecord(options['paths'])) {
    // Targets are relative to baseUrl, inherited or not; without one, to the file that they are written in.
    const from = baseUrl ?? folder;
    mappings = Object.entries(options['paths']).map(([pattern, targets]) => ({
      pattern,
      targets: (Array.isArray(targets) ? targets : [])
        .filter((target) => typeof target === 'string')
        .map((target) => resolve(from, expand(target))),
    }));
  }
  const references = (Array.isArray(content['references']) ? content['references'] : [])
    .map((reference: unknown) => (isRecord(reference) ? reference['path'] : undefined))
    .filter((path) => typeof path === 'string')
    .map((path) => findReferenced(resolve(folder, path)));
  return { file, mappings, ...(baseUrl !== undefined && { baseUrl }), broken, references };
}

function findExtended(folder: string, specifier: string, findPackageFile: FindPackageFile): string | undefined {
  if (!specifier.startsWith('.') && !isAbsolute(specifier)) return findPackageFile(folder, specifier);
  const path = resolve(folder, specifier);
  return [path, `${path}.json`, join(path, 'tsconfig.json')].find(isFile);
}

function findReferenced(path: string): string {
  return isFile(path) ? path : join(path, 'tsconfig.json');
}

/** True when there is a file (not a folder) at this absolute path. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}
