import path from 'node:path';

const folders =
  /(^|\/)(scripts?|seeds?|seeders?|(?:[a-z]+[-_]?)?[mM]igrations?|__tests__|__mocks__|tests?|e2e|cypress|playwright|fixtures|examples?|stories)(\/|$)/;
const names =
  /(^|\/)(seed[^/]*|migrate[^/]*|migrations?|backfill[^/]*)\.[cm]?[jt]sx?$|\.(test|spec|stories|e2e|seed|bench|config)\.[cm]?[jt]sx?$/;

/**
 * Do a file's functions run one at a time (scripts, seeds, migrations, tests), so that none of them races with itself?
 * Judged by the conventions of folder and file names below the project's root.
 */
export function isSingleRunFile(root: string, file: string): boolean {
  const relative = path.relative(root, file).split(path.sep).join('/');
  return folders.test(path.posix.dirname(relative)) || names.test(relative);
}
