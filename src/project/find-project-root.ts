import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * The folder that holds the whole project of a file: the nearest one upward with `pnpm-workspace.yaml`, a
 * `package.json` with `workspaces`, or `.git`; failing that, the nearest one with a `package.json`; failing that, the
 * file's own folder.
 *
 * @param path a file or folder, absolute or relative to the current folder
 * @returns absolute path
 */
export function findProjectRoot(path: string): string {
  const start = isFolder(resolve(path)) ? resolve(path) : dirname(resolve(path));
  let nearestPackage: string | undefined;
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml')) || existsSync(join(folder, '.git'))) return folder;
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      if (hasWorkspaces(manifest)) return folder;
      nearestPackage ??= folder;
    }
    if (dirname(folder) === folder) return nearestPackage ?? start;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function hasWorkspaces(manifest: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
    return typeof content === 'object' && content !== null && 'workspaces' in content;
  } catch {
    return false;
  }
}
