import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { parse as parseYaml } from 'yaml';
import { isRecord, readJsonc } from './read-jsonc.ts';

/** A package of the project itself. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Its package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/**
 * The packages of one workspace: those that `workspaces` of its package.json (npm, yarn, bun) or pnpm-workspace.yaml
 * names, and the root package itself. Nothing needs to be installed.
 *
 * @param folder absolute path of the workspace's root
 * @returns packages by name; undefined when the folder is no workspace root
 */
export function readWorkspaces(folder: string): ReadonlyMap<string, WorkspacePackage> | undefined {
  const manifest = readJsonc(join(folder, 'package.json'));
  const patterns = [...readPnpmPatterns(folder), ...findManifestPatterns(manifest)];
  if (patterns.length === 0) return undefined;
  const included = patterns.filter((pattern) => !pattern.startsWith('!'));
  const excluded = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const toManifest = (pattern: string): string => `${pattern.replace(/^\.\//u, '').replace(/\/+$/u, '')}/package.json`;
  const files = globSync(included.map(toManifest), {
    cwd: folder,
    absolute: true,
    ignore: ['**/node_modules/**', ...excluded.map(toManifest)],
  });
  const packages = new Map<string, WorkspacePackage>();
  for (const file of [join(folder, 'package.json'), ...files.sort()]) {
    const content = readJsonc(file);
    if (!isRecord(content) || typeof content['name'] !== 'string' || packages.has(content['name'])) continue;
    packages.set(content['name'], { name: content['name'], folder: dirname(file), manifest: content });
  }
  return packages;
}

function findManifestPatterns(manifest: unknown): readonly string[] {
  if (!isRecord(manifest)) return [];
  const workspaces = manifest['workspaces'];
  const list = isRecord(workspaces) ? workspaces['packages'] : workspaces;
  return Array.isArray(list) ? list.filter((pattern) => typeof pattern === 'string') : [];
}

function readPnpmPatterns(folder: string): readonly string[] {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(join(folder, 'pnpm-workspace.yaml'), 'utf8'));
  } catch {
    // Absent, or broken: then pnpm itself finds no packages either.
    return [];
  }
  const packages = isRecord(content) ? content['packages'] : undefined;
  return Array.isArray(packages) ? packages.filter((pattern) => typeof pattern === 'string') : [];
}
