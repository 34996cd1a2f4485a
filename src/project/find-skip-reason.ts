/** Why a source file is left out of an audit. */
export type SkipReason =
  | 'ignored by git'
  | 'ignored by option'
  | 'dependency'
  | 'build output'
  | 'hidden'
  | 'link'
  | 'test'
  | 'script'
  | 'seed'
  | 'migration'
  | 'generated'
  | 'vendored'
  | 'declaration';

// Folder names that are also words of somebody's business: insurance has coverage, a shop has vendors. They are left
// out only outside the folders in which an application's own code lives.
const sourceFolder = /^(?:src|app|server|api|routes|router|pages|modules|features|services|domain|controllers)$/u;
const buildFolder = /^(?:dist|build|out|output|coverage)$/u;
const vendorFolder = /^(?:vendor|vendors|third[-_]party)$/u;

/**
 * Why a folder's files are left out.
 *
 * @param name the folder's name
 * @param ancestors names of the folders that lead to it, from the one where the walk began
 * @returns undefined when they are not
 */
export function findFolderSkipReason(name: string, ancestors: readonly string[]): SkipReason | undefined {
  if (name === 'node_modules') return 'dependency';
  if (name.startsWith('.')) return 'hidden';
  if (/^(?:__tests?__|__mocks__|__fixtures__|tests?|e2e)$/u.test(name)) return 'test';
  if (/^scripts?$/u.test(name)) return 'script';
  if (/^seed(?:s|ers?|ing)?$/u.test(name)) return 'seed';
  if (/^(?:[\w-]+-)?migrations?$/u.test(name)) return 'migration';
  // `tools/migrate` holds files that are run once; `src/migrate` may as well be a feature
  if (!ancestors.some((ancestor) => sourceFolder.test(ancestor)) && /^migrate$/u.test(name)) return 'migration';
  if (/^(?:generated|__generated__)$/u.test(name)) return 'generated';
  const inSource = ancestors.some((ancestor) => sourceFolder.test(ancestor));
  if (!inSource && buildFolder.test(name)) return 'build output';
  if (!inSource && vendorFolder.test(name)) return 'vendored';
  return undefined;
}

/**
 * Why a file is left out by its name.
 *
 * @param name the file's name
 * @returns undefined when it is not
 */
export function findFileSkipReason(name: string): SkipReason | undefined {
  if (/\.d\.[cm]?ts$/u.test(name)) return 'declaration';
  if (/[.-](?:test|spec|e2e|e2e-spec|stories)\.[cm]?[jt]sx?$/u.test(name)) return 'test';
  if (/^seed(?:s|er|ing)?(?:[-_.][^/]*)?\.[cm]?[jt]sx?$/u.test(name)) return 'seed';
  if (/\.(?:gen|generated)\.[cm]?[jt]sx?$/u.test(name)) return 'generated';
  return undefined;
}

/**
 * Whether a text says of itself that a program wrote it.
 *
 * @param text the file's text; only its beginning is looked at
 */
export function isGeneratedText(text: string): boolean {
  return /@generated\b|\bauto-?generated\b|\bautomatically generated\b|\bDO NOT EDIT\b/iu.test(text.slice(0, 300));
}
