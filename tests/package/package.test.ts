import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ESLint, Linter } from 'eslint';
import ts from 'typescript';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { Plugin } from '../../src/plugin.ts';
import { listLoadedPackages } from '../support/list-loaded-packages.ts';
import { dist, runCli } from '../support/run-hosts.ts';
import { withProject } from '../support/with-project.ts';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>;

it('is imported by its name: plugin, programming interface, package.json', async () => {
  // The names are computed so that this does not depend on what was compiled when the types were checked.
  const load = (name: string): Promise<Record<string, unknown>> => import(name) as Promise<Record<string, unknown>>;
  const { default: plugin } = (await load('race-lint')) as { default: Plugin };
  expect(plugin.meta).toMatchObject({ name: 'race-lint', version: manifest['version'] });
  expect(Object.keys(plugin.configs)).toEqual(['recommended', 'strict', 'all']);
  expect(Object.keys(await load('race-lint/api')).sort()).toEqual([
    'AuditError',
    'audit',
    'toLintResults',
    'withSchemaDigest',
  ]);
});

it("fits ESLint's own types", () => {
  expectTypeOf<Plugin['configs']['recommended']>().toExtend<Linter.Config>();
  expectTypeOf<Plugin>().toExtend<ESLint.Plugin>();
});

const heavy = [/sqlparser/, /prisma-ast/, /^ts-morph$/, /^@ts-morph/, /^typescript$/, /typescript-estree/, /^eslint$/];

it('loads no compiler, no SQL parser and no ESLint before there is something to lint', () => {
  const loaded = [...listLoadedPackages(['-e', `import(${JSON.stringify(path.join(dist, 'index.js'))})`], root)];
  expect(loaded).toContain('@typescript-eslint/utils');
  expect(loaded.filter((name) => heavy.some((pattern) => pattern.test(name)))).toEqual([]);
});

it('runs the command without the linter: neither ESLint nor its utilities', () => {
  const loaded = [...listLoadedPackages([path.join(dist, 'cli.js'), 'tests/support'], root)];
  expect(loaded).toContain('commander');
  expect(loaded.filter((name) => [...heavy, /^@typescript-eslint[/]utils$/].some((one) => one.test(name)))).toEqual([]);
});

describe('ts-morph, and the compiler that it brings', () => {
  const schema = `import { pgTable, text } from 'drizzle-orm/pg-core';
export const guests = pgTable('guests', { email: text('email').notNull() });
`;
  const racy = `import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { guests } from './schema';
const db = drizzle(process.env.DATABASE_URL!);
export async function invite(email: string) {
  const [guest] = await db.select().from(guests).where(eq(guests.email, email));
  if (guest) return;
  await db.insert(guests).values({ email });
}
`;
  const project = { 'package.json': '{ "dependencies": { "drizzle-orm": "^0.45.0" } }', 'invite.ts': racy };

  it.each([
    ['are loaded for a missing key of a Drizzle table', { ...project, 'schema.ts': schema }, [], true],
    ['are not for JSON', { ...project, 'schema.ts': schema }, ['--format', 'json'], false],
    ['are not for a race in a table that nothing defines', project, [], false],
    [
      'are not without such a race',
      { ...project, 'schema.ts': schema, 'invite.ts': racy.replace('if (guest) return;', '') },
      [],
      false,
    ],
  ] as const)('%s', (_, files, args, isLoaded) => {
    withProject(files, (folder) => {
      const loaded = listLoadedPackages([path.join(dist, 'cli.js'), ...args], folder);
      expect(loaded.has('oxc-parser')).toBe(true);
      expect(loaded.has('ts-morph')).toBe(isLoaded);
    });
  });
});

it('has presets made of every rule', async () => {
  const { default: plugin } = (await import(path.join(dist, 'index.js'))) as { default: Plugin };
  const names = Object.keys(plugin.rules).map((name) => `race-lint/${name}`);
  expect(Object.keys(plugin.configs.all.rules)).toEqual(names);
  expect(Object.keys(plugin.configs.strict.rules)).toEqual(names);
  for (const rule of Object.keys(plugin.configs.recommended.rules)) expect(names).toContain(rule);
});

describe('what is published', () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'race-lint-pack-'));
  const [pack] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], {
      cwd: root,
      encoding: 'utf8',
    }),
  ) as [{ files: { path: string }[] }];
  rmSync(scratch, { recursive: true, force: true });
  const files = pack.files.map((file) => file.path);

  it('is compiled files, the pages and the usual texts only', () => {
    const others = files.filter((file) => !/^(?:dist\/|docs\/rules\/[\w-]+\.md$)/.test(file));
    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  it('has the page that each rule leads to', async () => {
    const { default: plugin } = (await import(path.join(dist, 'index.js'))) as { default: Plugin };
    for (const { meta } of Object.values(plugin.rules)) {
      const page = /^https:\/\/unpkg\.com\/race-lint@[^/]+\/(.*)$/.exec(meta.docs.url ?? '')?.[1];
      expect(files).toContain(page);
    }
  });

  it('needs nothing at run time that is not a dependency', () => {
    const needed = new Set<string>();
    for (const file of files.filter((name) => /\.(?:js|d\.ts)$/.test(name))) {
      const source = ts.preProcessFile(readFileSync(path.join(root, file), 'utf8'), true, true);
      for (const { fileName } of source.importedFiles) {
        if (!/^(?:[./]|node:)/.test(fileName))
          needed.add(
            fileName
              .split('/')
              .slice(0, fileName.startsWith('@') ? 2 : 1)
              .join('/'),
          );
      }
    }
    const declared = Object.keys(manifest['dependencies']!);
    expect([...needed].filter((name) => !declared.includes(name))).toEqual([]);
  });
});

it('runs as a program', () => {
  expect(readFileSync(path.join(dist, 'cli.js'), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect(runCli(root, ['--version'])).toEqual({ status: 0, stdout: `${String(manifest['version'])}\n`, stderr: '' });
});

it('names no host in the lock file', () => {
  expect(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).not.toMatch(
    /"resolved"|https?:\/\/(?!.*(?:opencollective|github\.com|feross\.org|tidelift|paypal))[^"]*registry/,
  );
});
