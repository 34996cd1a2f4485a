import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/** A module compiled from source text. */
export interface LoadedSource {
  /** Exports of the entry, by name. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** An exported function; fails when it is not there. */
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Removes the folder. */
  readonly remove: () => Promise<void>;
}

/** Where the compiled modules find what their packages stand for; a well-known symbol since they share no import. */
const registry = Symbol.for('race-lint.tests.packages');

type Packages = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Compiles TypeScript sources to ES modules in a temporary folder and imports the first. Types are not checked.
 *
 * @param files texts by relative path, `sign-up.ts`; they may import each other
 * @param packages what an import of a package gives, by package name, then by export; there are no other packages
 */
export async function loadSource(files: Readonly<Record<string, string>>, packages: Packages): Promise<LoadedSource> {
  const folder = await mkdtemp(join(tmpdir(), 'race-lint-source-'));
  const [entry] = Object.keys(files);
  if (entry === undefined) throw new Error('no source');
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await Promise.all(Object.entries(files).map(([path, text]) => writeBoth(folder, path, text)));
  await Promise.all(
    Object.entries(packages).map(([name, exports]) => writePackage(folder, name, Object.keys(exports))),
  );
  const known = (((globalThis as Record<symbol, unknown>)[registry] as Map<string, Packages> | undefined) ??= new Map<
    string,
    Packages
  >());
  known.set(folder, packages);
  const exports = (await import(/* @vite-ignore */ pathToFileURL(join(folder, toJavaScript(entry))).href)) as Record<
    string,
    unknown
  >;
  return {
    exports,
    call: async (name, ...args) => {
      const exported = exports[name];
      if (typeof exported !== 'function') throw new Error(`${entry} exports no function ${name}`);
      return (exported as (...args: readonly unknown[]) => unknown)(...args);
    },
    remove: async () => {
      known.delete(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toJavaScript(path: string): string {
  return path.replace(/\.tsx?$/, '.js');
}

function compile(path: string, text: string): string {
  const { outputText } = ts.transpileModule(text, {
    fileName: path,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, inlineSourceMap: true },
  });
  // Node needs the file's own extension: `./db` and `./db.ts` are `./db.js`.
  return outputText.replace(
    /(from\s+|import\s*\(?\s*)(['"])(\.{1,2}\/[^'"]+)\2/g,
    (_all, head: string, quote: string, specifier: string) => {
      const bare = specifier.replace(/\.(?:ts|js|mjs)$/, '');
      return `${head}${quote}${bare}.js${quote}`;
    },
  );
}

/** The source lies beside, for the lines of stack traces. */
async function writeBoth(folder: string, path: string, text: string): Promise<void> {
  await writeModule(join(folder, path), text);
  await writeModule(join(folder, toJavaScript(path)), compile(path, text));
}

async function writeModule(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** A package whose exports are handed over in memory. */
async function writePackage(folder: string, name: string, exports: readonly string[]): Promise<void> {
  const at = `globalThis[Symbol.for('race-lint.tests.packages')].get(${JSON.stringify(folder)})[${JSON.stringify(name)}]`;
  const named = exports
    .filter((each) => each !== 'default' && /^[A-Za-z_$][\w$]*$/.test(each))
    .map((each) => `export const ${each} = given[${JSON.stringify(each)}];`);
  const text = [`const given = ${at};`, ...named, 'export default given.default ?? given;', ''].join('\n');
  const parts = name.split('/');
  const root = parts.slice(0, name.startsWith('@') ? 2 : 1);
  // `mysql2/promise` is a part of the package `mysql2`.
  const manifest = { name: root.join('/'), type: 'module', exports: { '.': './index.js', './*': './*/index.js' } };
  await writeModule(join(folder, 'node_modules', ...parts, 'index.js'), text);
  await writeModule(join(folder, 'node_modules', ...root, 'package.json'), JSON.stringify(manifest));
}
