import { exports as findExports, imports as findImports } from 'resolve.exports';
import type { WorkspacePackage } from './read-workspaces.ts';

/** Finds the file that a path without or with extension means, or undefined. Input and output are absolute. */
export type FindFile = (path: string) => string | undefined;

// In this order: the source itself, then what runs, then what only describes it.
const conditionSets: readonly (readonly string[])[] = [
  ['source', 'development', 'import', 'node', 'bun', 'module'],
  ['require', 'node'],
  ['types', 'import'],
];

const buildFolder = /^(?:\.\/)?(?:dist|build|lib|out|esm|cjs|es)(?=\/)/u;

/**
 * The source file that a subpath of a package of this project means. Packages point at what they will have been
 * built to; race-lint reads the source, so a target in a build folder is looked for beside it.
 *
 * @param found the package
 * @param subpath `.` or `./sub/path`
 * @param findFile looks one path up
 * @returns absolute path, or undefined
 */
export function findPackageFile(found: WorkspacePackage, subpath: string, findFile: FindFile): string | undefined {
  for (const target of listTargets(found.manifest, subpath)) {
    const file = findTarget(found.folder, target, findFile);
    if (file !== undefined) return file;
  }
  const rest = subpath === '.' ? 'index' : subpath.slice('./'.length);
  return findFile(`${found.folder}/src/${stripExtension(rest)}`) ?? findFile(`${found.folder}/${rest}`);
}

/**
 * What an internal name (`#db/client`) means in a package.
 *
 * @param manifest the package.json
 * @param specifier begins with `#`
 * @returns paths relative to the package, or names of other packages, the best first
 */
export function listImportTargets(manifest: Readonly<Record<string, unknown>>, specifier: string): readonly string[] {
  return listByConditions((conditions) => findImports(manifest, specifier, { unsafe: true, conditions }));
}

/**
 * Finds what one target of a package.json means, preferring source to what is built from it.
 *
 * @param folder absolute path of the package
 * @param target relative to it: `./dist/index.js`
 * @param findFile looks one path up
 */
export function findTarget(folder: string, target: string, findFile: FindFile): string | undefined {
  const relative = target.replace(/^\.\//u, '');
  const built = buildFolder.test(relative);
  if (built || /\.d\.[cm]?ts$/u.test(relative)) {
    let rest = stripExtension(relative);
    while (buildFolder.test(rest)) {
      rest = rest.replace(buildFolder, '').slice(1);
      const source = findFile(`${folder}/src/${rest}`) ?? findFile(`${folder}/${rest}`);
      if (source !== undefined) return source;
    }
    const beside = findFile(`${folder}/${stripExtension(relative)}`);
    if (beside !== undefined) return beside;
  }
  return findFile(`${folder}/${relative}`);
}

function listTargets(manifest: Readonly<Record<string, unknown>>, subpath: string): readonly string[] {
  const targets = [...listByConditions((conditions) => findExports(manifest, subpath, { unsafe: true, conditions }))];
  if (subpath === '.') {
    for (const field of ['source', 'module', 'main', 'types']) {
      const value = manifest[field];
      if (typeof value === 'string') targets.push(value);
    }
  }
  return targets;
}

function listByConditions(find: (conditions: readonly string[]) => unknown): readonly string[] {
  const targets = new Set<string>();
  for (const conditions of conditionSets) {
    try {
      const found = find(conditions);
      for (const target of Array.isArray(found) ? (found as readonly string[]) : []) targets.add(target);
    } catch {
      // resolve.exports throws where no entry or no condition matches: nothing to add.
    }
  }
  return [...targets];
}

function stripExtension(path: string): string {
  return path.replace(/(?:\.d)?\.(?:[cm]?[jt]s|[jt]sx)$/u, '');
}
