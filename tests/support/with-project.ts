import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Makes a project on disk that lives as long as `use` runs.
 *
 * @param files texts by path, relative to the project's root
 * @param use gets the root, an absolute path
 */
export function withProject<Result>(files: Readonly<Record<string, string>>, use: (root: string) => Result): Result {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'race-lint-project-')));
  const remove = (): void => {
    rmSync(root, { recursive: true, force: true });
  };
  try {
    for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    const result = use(root);
    if (result instanceof Promise) return result.finally(remove) as Result;
    remove();
    return result;
  } catch (error) {
    remove();
    throw error;
  }
}
