import { builtinModules } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ResolverFactory } from 'oxc-resolver';
import { findPackageFile, findTarget, listImportTargets } from './find-package-file.ts';
import { matchPattern } from './match-pattern.ts';
import type { Resolution } from './project.ts';
import { isRecord, readJsonc } from './read-jsonc.ts';
import { isFile, readTsconfig } from './read-tsconfig.ts';
import type { TsconfigPaths } from './read-tsconfig.ts';
import { readWorkspaces } from './read-workspaces.ts';
import type { WorkspacePackage } from './read-workspaces.ts';

type Manifest = Readonly<Record<string, unknown>>;

const packageName = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*/u;

/**
 * Finds out where imports lead, from the files of the project alone: dependencies need not be installed, and
 * packages of the workspace need not be built. Remembers what it found until `clear`.
 */
export class ModuleResolver {
  readonly #root: string;
  readonly #files = new ResolverFactory({
    extensions: ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.json'],
    extensionAlias: {
      '.js': ['.ts', '.tsx', '.js', '.jsx', '.d.ts'],
      '.jsx': ['.tsx', '.jsx'],
      '.mjs': ['.mts', '.mjs'],
      '.cjs': ['.cts', '.cjs'],
    },
    mainFields: ['source', 'module', 'main'],
    modules: [],
    symlinks: false,
  });
  readonly #resolutions = new Map<string, Map<string, Resolution>>();
  readonly #configs = new Map<string, TsconfigPaths | undefined>();
  readonly #workspaces = new Map<string, ReadonlyMap<string, WorkspacePackage> | undefined>();
  readonly #manifests = new Map<string, Manifest | undefined>();

  /** @param root absolute path of the project's root: nothing above it is asked for configuration */
  constructor(root: string) {
    this.#root = root;
  }

  /** @see Project.resolve */
  resolve(fromFile: string, specifier: string): Resolution {
    const folder = dirname(fromFile);
    let known = this.#resolutions.get(folder);
    if (known === undefined) {
      known = new Map();
      this.#resolutions.set(folder, known);
    }
    let resolution = known.get(specifier);
    if (resolution === undefined) {
      resolution = this.#resolve(folder, specifier);
      known.set(specifier, resolution);
    }
    return resolution;
  }

  /** Forgets everything, so that new files and changed configuration are seen. */
  clear(): void {
    this.#files.clearCache();
    this.#resolutions.clear();
    this.#configs.clear();
    this.#workspaces.clear();
    this.#manifests.clear();
  }

  #resolve(folder: string, specifier: string): Resolution {
    if (/^\.{1,2}(?:\/|$)/u.test(specifier) || isAbsolute(specifier)) {
      return describeFile(this.#findFile(resolve(folder, specifier)), specifier);
    }
    if (isBuiltin(specifier)) return { kind: 'package', specifier };
    const mapped = this.#findMapped(folder, specifier);
    if (mapped.file !== undefined) return describeFile(mapped.file, specifier);
    if (specifier.startsWith('#')) return this.#resolveInternal(folder, specifier);
    const name = packageName.exec(specifier)?.[0];
    if (name !== undefined) {
      const found = this.#findWorkspacePackage(folder, name);
      if (found !== undefined) {
        const subpath = `.${specifier.slice(name.length)}`;
        const file = findPackageFile(found, subpath, (path) => this.#findFile(path));
        return file === undefined ? { kind: 'unresolved', specifier } : { kind: 'file', path: file };
      }
    }
    // `@/lib/db` is no package name, and an alias that matched meant a file of the project that is not there.
    return name === undefined || mapped.matched ? { kind: 'unresolved', specifier } : { kind: 'package', specifier };
  }

  #findFile(path: string): string | undefined {
    return this.#files.sync(dirname(path), path).path?.replace(/\?.*$/u, '');
  }

  #findMapped(folder: string, specifier: string): { readonly matched: boolean; readonly file?: string } {
    const config = this.#findConfig(folder);
    if (config === undefined) return { matched: false };
    const configs = [config];
    for (const reference of config.references) {
      const referenced = this.#readConfig(reference);
      if (referenced !== undefined) configs.push(referenced);
    }
    let matched = false;
    for (const { mappings, baseUrl } of configs) {
      const match = matchPattern(mappings, specifier);
      for (const path of match?.paths ?? []) {
        const file = this.#findFile(path) ?? this.#findBuilt(path);
        if (file !== undefined) return { matched: true, file };
      }
      matched ||= match !== undefined && match.pattern !== '*';
      const file = baseUrl === undefined ? undefined : this.#findFile(join(baseUrl, specifier));
      if (file !== undefined) return { matched: true, file };
    }
    return { matched };
  }

  /** A path mapping to something built (`packages/db/dist/index.js`) means its source. */
  #findBuilt(path: string): string | undefined {
    const folder = this.#findManifestFolder(dirname(path));
    if (folder === undefined || !path.startsWith(`${folder}/`)) return undefined;
    return findTarget(folder, path.slice(folder.length + 1), (target) => this.#findFile(target));
  }

  #resolveInternal(folder: string, specifier: string): Resolution {
    const owner = this.#findManifestFolder(folder);
    const manifest = owner === undefined ? undefined : this.#readManifest(owner);
    if (owner !== undefined && manifest !== undefined) {
      for (const target of listImportTargets(manifest, specifier)) {
        if (!target.startsWith('.')) return this.resolve(join(owner, 'package.json'), target);
        const file = findTarget(owner, target, (path) => this.#findFile(path));
        if (file !== undefined) return describeFile(file, specifier);
      }
    }
    return { kind: 'unresolved', specifier };
  }

  #findWorkspacePackage(folder: string, name: string): WorkspacePackage | undefined {
    for (const ancestor of this.#listAncestors(folder)) {
      if (!this.#workspaces.has(ancestor)) {
        const isRoot = this.#readManifest(ancestor) !== undefined || isFile(join(ancestor, 'pnpm-workspace.yaml'));
        this.#workspaces.set(ancestor, isRoot ? readWorkspaces(ancestor) : undefined);
      }
      const found = this.#workspaces.get(ancestor)?.get(name);
      if (found !== undefined) return found;
      // A package may import itself by its own name.
      const manifest = this.#readManifest(ancestor);
      if (manifest?.['name'] === name) return { name, folder: ancestor, manifest };
    }
    return undefined;
  }

  #findManifestFolder(folder: string): string | undefined {
    return this.#listAncestors(folder).find((ancestor) => this.#readManifest(ancestor) !== undefined);
  }

  #readManifest(folder: string): Manifest | undefined {
    if (!this.#manifests.has(folder)) {
      const content = readJsonc(join(folder, 'package.json'));
      this.#manifests.set(folder, isRecord(content) ? content : undefined);
    }
    return this.#manifests.get(folder);
  }

  /**
   * The tsconfig (or jsconfig) that applies in a folder: the nearest one that can be read. One that can't, or whose
   * `extends` is missing while it has no paths itself, leaves the word to the next one up.
   */
  #findConfig(folder: string): TsconfigPaths | undefined {
    let fallback: TsconfigPaths | undefined;
    for (const ancestor of this.#listAncestors(folder)) {
      for (const name of ['tsconfig.json', 'jsconfig.json']) {
        const config = this.#readConfig(join(ancestor, name));
        if (config === undefined) continue;
        const says = config.mappings.length > 0 || config.baseUrl !== undefined || config.references.length > 0;
        if (says || !config.broken) return config;
        fallback ??= config;
      }
    }
    return fallback;
  }

  #readConfig(file: string): TsconfigPaths | undefined {
    if (!this.#configs.has(file)) {
      const config = isFile(file)
        ? readTsconfig(file, (from, specifier) => this.#findConfigPackage(from, specifier))
        : undefined;
      this.#configs.set(file, config);
    }
    return this.#configs.get(file);
  }

  /** The file that `"extends": "@acme/tsconfig/base.json"` means: in the workspace, or installed. */
  #findConfigPackage(fromFolder: string, specifier: string): string | undefined {
    const name = packageName.exec(specifier)?.[0];
    if (name === undefined) return undefined;
    const folders = this.#listAncestors(fromFolder).map((ancestor) => join(ancestor, 'node_modules', name));
    const inWorkspace = this.#findWorkspacePackage(fromFolder, name);
    if (inWorkspace !== undefined) folders.unshift(inWorkspace.folder);
    const rest = specifier.slice(name.length + 1);
    const candidates = rest === '' ? ['tsconfig.json'] : [rest, `${rest}.json`, `${rest}/tsconfig.json`];
    return folders.flatMap((folder) => candidates.map((path) => join(folder, path))).find(isFile);
  }

  /** A folder and those above it, up to the project's root. */
  #listAncestors(folder: string): readonly string[] {
    const ancestors = [folder];
    for (let at = folder; at !== this.#root && dirname(at) !== at;) {
      at = dirname(at);
      ancestors.push(at);
    }
    return ancestors;
  }
}

function describeFile(path: string | undefined, specifier: string): Resolution {
  if (path === undefined) return { kind: 'unresolved', specifier };
  return path.includes('/node_modules/') ? { kind: 'package', specifier } : { kind: 'file', path };
}

function isBuiltin(specifier: string): boolean {
  // `node:fs`, `bun:sqlite`, `cloudflare:workers`, `https://…`, `virtual:…`
  return /^[a-z][a-z+.-]*:/u.test(specifier) || builtinModules.includes(specifier);
}
