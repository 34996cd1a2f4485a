import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Writes the address of each module that the process resolves to the file in `LOADED`, a line each. */
const hooks = `import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context);
  appendFileSync(process.env.LOADED, resolved.url + '\\n');
  return resolved;
}
`;
const preload = `import { appendFileSync } from 'node:fs';
import Module, { register } from 'node:module';
register('./hooks.mjs', import.meta.url);
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (...args) {
  const file = resolveFilename.apply(this, args);
  appendFileSync(process.env.LOADED, file + '\\n');
  return file;
};
`;

/**
 * The packages that a fresh Node process loads while it runs a script, both module systems counted.
 *
 * @param args of Node: a script and its arguments, or `['-e', code]`
 * @param cwd where the process runs
 */
export function listLoadedPackages(args: readonly string[], cwd: string): Set<string> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'race-lint-loaded-'));
  try {
    const log = path.join(scratch, 'loaded.txt');
    for (const [name, text] of [
      ['hooks.mjs', hooks],
      ['preload.mjs', preload],
      ['loaded.txt', ''],
    ] as const) {
      writeFileSync(path.join(scratch, name), text);
    }
    const run = spawnSync(
      process.execPath,
      ['--import', pathToFileURL(path.join(scratch, 'preload.mjs')).href, ...args],
      { cwd, encoding: 'utf8', env: { ...process.env, LOADED: log } },
    );
    if (run.error !== undefined || run.status === null || run.status > 1) throw new Error(run.stderr);
    const packages = readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(line)?.[1]);
    return new Set(packages.filter((name) => name !== undefined));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
