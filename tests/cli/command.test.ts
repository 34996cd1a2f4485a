import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dist, runCli } from '../support/run-hosts.ts';
import { withProject } from '../support/with-project.ts';

const racy = `import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
export async function reserve(sku: string, quantity: number) {
  const product = await prisma.product.findUniqueOrThrow({ where: { sku } });
  if (product.stock < quantity) throw new Error('out of stock');
  await prisma.product.update({ where: { sku }, data: { stock: product.stock - quantity } });
}
`;
const safe = racy.replace('product.stock - quantity', '{ decrement: quantity }').replace(/^.*throw.*\n/m, '');
const schema = `datasource db {
  provider = "postgresql"
}

model Product {
  sku   String @id
  stock Int
}
`;
const shop = { 'package.json': '{ "workspaces": [] }', 'schema.prisma': schema };

interface Result {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly fatal?: true; readonly message: string }[];
  readonly suppressedMessages: readonly unknown[];
  readonly errorCount: number;
}

/** The JSON on standard output, which must be nothing but that. */
function readResults(stdout: string): Result[] {
  expect(stdout.startsWith('[')).toBe(true);
  return JSON.parse(stdout) as Result[];
}

describe('exit codes', () => {
  it.each([
    ['1 for races', { ...shop, 'src/stock.ts': racy }, [], 1],
    ['0 for none', { ...shop, 'src/stock.ts': safe }, [], 0],
    ['0 for an empty folder', {}, [], 0],
    ['0 for races of another rule', { ...shop, 'src/stock.ts': racy }, ['--rule', 'no-partial-failure'], 0],
    [
      '1 for one of several rules',
      { ...shop, 'src/stock.ts': racy },
      ['--rule', 'no-partial-failure', '--rule', 'race-lint/no-lost-update'],
      1,
    ],
    ['0 for a file left out', { ...shop, 'src/stock.ts': racy }, ['--ignore', 'src/st*.ts'], 0],
    ['0 for a test', { ...shop, 'src/stock.test.ts': racy }, [], 0],
    ['1 for a test with --all', { ...shop, 'src/stock.test.ts': racy }, ['--all'], 1],
    [
      '0 for a test that is named: its functions run one at a time',
      { ...shop, 'src/stock.test.ts': racy },
      ['src/stock.test.ts'],
      0,
    ],
    [
      '1 for a test that is named with --all',
      { ...shop, 'src/stock.test.ts': racy },
      ['src/stock.test.ts', '--all'],
      1,
    ],
    ['2 for an unknown option', {}, ['--since', 'main'], 2],
    ['2 for an unknown rule', {}, ['--rule', 'no-race'], 2],
    ['2 for an unknown preset', {}, ['--preset', 'pedantic'], 2],
    ['2 for an unknown format', {}, ['--format', 'sarif'], 2],
    ['2 for a path that is not there', {}, ['src/nowhere'], 2],
    ['0 for help', {}, ['--help'], 0],
    ['0 for the version', {}, ['--version'], 0],
  ] as const)('%s', (_, files, args, code) => {
    withProject(files, (root) => {
      const { status, stderr } = runCli(root, args);
      expect(status, stderr).toBe(code);
    });
  });

  it('says on standard error why it could not run, and nothing on standard output', () => {
    withProject({}, (root) => {
      expect(runCli(root, ['nowhere'])).toEqual({
        status: 2,
        stdout: '',
        stderr: 'race-lint: There is no file or folder "nowhere".\n',
      });
      expect(runCli(root, ['--preset', 'pedantic']).stderr).toContain('recommended, strict, all');
      expect(runCli(root, ['--format', 'json', '--sinc']).stdout).toBe('');
    });
  });
});

describe('the text report', () => {
  it('begins with what was understood, shows the finding, and ends with the sum', () => {
    withProject({ ...shop, 'src/stock.ts': racy }, (root) => {
      const { stdout, stderr } = runCli(root, []);
      expect(stderr).toBe('');
      const lines = stdout.trimEnd().split('\n');
      expect(lines[0]).toBe('Understood');
      expect(stdout).toContain('PostgreSQL');
      expect(stdout).toContain('1 table, 1 unique key from schema.prisma');
      expect(stdout).toContain('src/stock.ts:6:9  no-lost-update  proven, in reserve');
      expect(stdout).toContain('› 6 │');
      expect(stdout).toContain('Because');
      expect(lines.at(-1)).toBe('1 race in 1 file: 1 no-lost-update.');
    });
  });

  it('ends with what was not understood, counted by reason', () => {
    const opaque = `import { Pool } from 'pg';
const pool = new Pool();
export const run = async (text: string) => void (await pool.query(text));
export const runAgain = async (text: string) => void (await pool.query(text));
`;
    withProject({ ...shop, 'src/sql.ts': opaque }, (root) => {
      const { stdout, status } = runCli(root, []);
      expect(stdout).toMatch(/Not understood.*\n +2 × .*src\/sql\.ts:3/);
      expect(stdout).toContain('No races found in 1 file.');
      expect(status).toBe(0);
    });
  });

  it('says which comments switched something off', () => {
    const off = racy.replace(
      '  await prisma.product.update',
      '  // eslint-disable-next-line race-lint/no-lost-update -- one worker\n$&',
    );
    withProject({ ...shop, 'src/stock.ts': off }, (root) => {
      const { stdout, status } = runCli(root, []);
      expect(stdout).toContain('No races found in 1 file, 1 finding switched off by comments.');
      expect(status).toBe(0);
      expect(readResults(runCli(root, ['--format', 'json']).stdout)[0]).toMatchObject({
        messages: [],
        suppressedMessages: [{ suppressions: [{ kind: 'directive', justification: 'one worker' }] }],
      });
    });
  });

  it('is the same whatever folder it is asked from', () => {
    withProject({ ...shop, 'src/stock.ts': racy }, (root) => {
      const { stdout } = runCli(path.join(root, 'src'), ['stock.ts']);
      expect(stdout).toContain('stock.ts:6:9  no-lost-update');
      expect(stdout).toContain('1 table, 1 unique key');
    });
  });
});

describe('bad input goes into the report, and the run goes on', () => {
  it.each([
    ['a syntax error', 'export function (', /syntax error/],
    ['NUL bytes', 'export const a = 1;\0\0', /binary/],
    ['a huge file', `// ${'x'.repeat(6_000_000)}\n`, /too large/],
  ])('%s', (_, text, message) => {
    withProject({ ...shop, 'src/bad.ts': text, 'src/stock.ts': racy }, (root) => {
      const json = runCli(root, ['--format', 'json']);
      expect(json.status).toBe(1);
      expect(json.stderr).toBe('');
      const [bad, stock] = readResults(json.stdout);
      expect(bad).toMatchObject({ filePath: path.join(root, 'src/bad.ts'), errorCount: 1 });
      expect(bad!.messages).toMatchObject([
        { ruleId: null, fatal: true, message: expect.stringMatching(message) as string },
      ]);
      expect(stock!.messages).toMatchObject([{ ruleId: 'race-lint/no-lost-update' }]);
      expect(runCli(root, []).stdout).toMatch(/Problems\n {2}not read {2}src\/bad\.ts/);
      expect(runCli(root, ['src/bad.ts']).status).toBe(0);
    });
  });

  // Root may read everything.
  it.skipIf(process.getuid?.() === 0)('a file without permission', () => {
    withProject({ ...shop, 'src/bad.ts': safe, 'src/stock.ts': racy }, (root) => {
      chmodSync(path.join(root, 'src/bad.ts'), 0);
      const [bad, stock] = readResults(runCli(root, ['--format', 'json']).stdout);
      expect(bad!.messages).toMatchObject([{ fatal: true }]);
      expect(stock!.messages).toHaveLength(1);
    });
  });

  it('a broken schema', () => {
    withProject({ ...shop, 'schema.prisma': 'model Product {{{\n', 'src/stock.ts': racy }, (root) => {
      const { status, stdout } = runCli(root, []);
      expect(stdout).toContain('schema.prisma');
      expect(stdout).toMatch(/Problems|Not understood/);
      expect(status).not.toBe(2);
      expect(readResults(runCli(root, ['--format', 'json']).stdout)).toHaveLength(1);
    });
  });

  it('an empty file, a file without effects, a byte order mark, Windows line ends', () => {
    const files = {
      'src/a.ts': '',
      'src/b.ts': 'export const one = 1;\n',
      'src/c.ts': `\uFEFF${racy.replaceAll('\n', '\r\n')}`,
    };
    withProject({ ...shop, ...files }, (root) => {
      const results = readResults(runCli(root, ['--format', 'json']).stdout);
      expect(results.map(({ errorCount }) => errorCount)).toEqual([0, 0, 1]);
    });
  });

  it('a folder that is called like a file, and a link that leads nowhere', () => {
    withProject({ ...shop, 'src/stock.ts': racy }, (root) => {
      mkdirSync(path.join(root, 'src/odd.ts'));
      writeFileSync(path.join(root, 'src/odd.ts/inner.ts'), racy);
      expect(readResults(runCli(root, ['--format', 'json']).stdout)).toHaveLength(2);
    });
  });
});

describe('--trace', () => {
  it('prints what a function does', () => {
    withProject({ ...shop, 'src/stock.ts': racy }, (root) => {
      const { stdout, status } = runCli(root, ['--trace', 'src/stock.ts:reserve']);
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /^reserve .*root: .*\n {2}1 {2}read .*src\/stock\.ts:4\n {2}2 {2}update .*src\/stock\.ts:6/,
      );
      expect(runCli(root, ['--trace', 'src/stock.ts']).stdout).toBe(stdout);
    });
  });

  it('finds a function that a framework names by its own name', () => {
    const router = `import { initTRPC } from '@trpc/server';
import { PrismaClient } from '@prisma/client';
const prisma = new PrismaClient();
const t = initTRPC.create();
export const stock = t.router({
  reserve: t.procedure.mutation(async () => prisma.product.updateMany({ data: { stock: 0 } })),
});
`;
    withProject({ ...shop, 'src/stock.ts': router }, (root) => {
      const { stdout } = runCli(root, ['--trace', 'src/stock.ts:reserve']);
      expect(stdout).toMatch(/^stock\.reserve \(tRPC mutation\) {2}root: tRPC mutation, unbounded\n/);
    });
  });

  it.each([
    ['src/nowhere.ts', 'There is no file'],
    ['src/stock.ts:nothing', 'There are: reserve'],
    ['src/bad.ts', 'syntax error'],
    ['src/empty.ts', 'No function of src/empty.ts has effects'],
  ])('%s cannot be traced', (target, message) => {
    withProject({ ...shop, 'src/stock.ts': racy, 'src/bad.ts': 'export {', 'src/empty.ts': '' }, (root) => {
      expect(runCli(root, ['--trace', target])).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining(message) as string,
      });
    });
  });
});

it('does not mind a reader that closes the pipe', async () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`src/stock-${String(index)}.ts`, racy]));
  await withProject({ ...shop, ...many }, async (root) => {
    const child = spawn(process.execPath, [path.join(dist, 'cli.js')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    await new Promise((resolve) => child.once('close', resolve));
    expect(errors).toBe('');
  });
});

it('gives the same output for the same input', () => {
  withProject({ ...shop, 'src/a.ts': racy, 'src/b.ts': racy }, (root) => {
    expect(runCli(root, []).stdout).toBe(runCli(root, []).stdout);
  });
});
