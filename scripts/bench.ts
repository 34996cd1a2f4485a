/**
 * Measures race-lint on any folder, relative to ESLint with the TypeScript parser and no rules.
 *
 *   npm run bench -- DIR [--rounds 3]
 *
 * Each round runs all three, one after the other, so that a busy machine slows them alike; the table shows medians of
 * the rounds' ratios. CPU is user and system time of the whole process, memory its peak resident size. All runs look at
 * the same files: those that an audit of the folder takes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { walkFiles } from '../src/project/walk-files.ts';
import { renderRatios, type Usage } from './bench/render-ratios.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const [folder] = positionals;
const rounds = Number(values.rounds);
if (folder === undefined || positionals.length > 1 || !(rounds >= 1)) {
  console.error('usage: npm run bench -- DIR [--rounds 3]');
  process.exit(2);
}

const project = path.resolve(import.meta.dirname, '..');
const root = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
const { files } = walkFiles([root], { cwd: root, ignore: [], all: false });
if (files.length === 0) {
  console.error(`There are no JavaScript or TypeScript files in ${root}.`);
  process.exit(2);
}

const scratch = mkdtempSync(path.join(os.tmpdir(), 'race-lint-bench-'));
const list = path.join(scratch, 'files.json');
const usageFile = path.join(scratch, 'usage.json');
writeFileSync(list, JSON.stringify({ root, files }));

const eslintRunner = path.join(project, 'scripts/bench/run-eslint.js');
const commands = {
  'ESLint, parser only': [eslintRunner, list],
  'ESLint with race-lint recommended': [eslintRunner, list, 'with-rules'],
  'race-lint (the command)': [path.join(project, 'dist/cli.js'), root, '--format', 'json'],
} satisfies Record<string, string[]>;

function measure(args: readonly string[]): Usage {
  const preload = path.join(project, 'scripts/bench/report-usage.js');
  const run = spawnSync(process.execPath, ['--import', preload, ...args], {
    cwd: project,
    env: { ...process.env, RACE_LINT_USAGE_FILE: usageFile },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  if (run.status !== 0 && run.status !== 1) throw new Error(`${args.join(' ')} failed:\n${run.stderr}`);
  return JSON.parse(readFileSync(usageFile, 'utf8')) as Usage;
}

try {
  execFileSync(process.execPath, ['node_modules/tsdown/dist/run.mjs', '--logLevel', 'warn'], { cwd: project });
  console.log(`${String(files.length)} files in ${root}, ${String(rounds)} rounds, Node ${process.versions.node}\n`);
  const measured: Record<string, Usage>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const entries = Object.entries(commands).map(([name, args]) => [name, measure(args)] as const);
    measured.push(Object.fromEntries(entries));
    console.error(`round ${String(round)} of ${String(rounds)} done`);
  }
  console.log(renderRatios(measured, Object.keys(commands)[0]!));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
