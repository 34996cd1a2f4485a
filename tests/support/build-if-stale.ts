import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const sources = ['src', 'rules', 'package.json', 'tsdown.config.ts'];
const outputs = ['dist/index.js', 'dist/index.d.ts', 'dist/api.js', 'dist/api.d.ts', 'dist/cli.js'];

/** Set-up of the tests that use the compiled package: compiles it unless it is newer than every source. */
export default function buildIfStale(): void {
  if (outputs.every((file) => existsSync(file))) {
    const oldest = Math.min(...outputs.map((file) => statSync(file).mtimeMs));
    if (Math.max(...sources.map(findNewest)) < oldest) return;
  }
  execFileSync(process.execPath, ['node_modules/tsdown/dist/run.mjs', '--logLevel', 'warn'], { stdio: 'inherit' });
}

function findNewest(entry: string): number {
  const stats = statSync(entry);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(entry).map((name) => findNewest(path.join(entry, name))));
}
