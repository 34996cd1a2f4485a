import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isGeneratedText } from '../../src/project/find-skip-reason.ts';
import { walkFiles } from '../../src/project/walk-files.ts';
import type { WalkOptions } from '../../src/project/walk-files.ts';
import { writeProject } from './write-project.ts';

function walk(root: string, paths: string[], options: Partial<WalkOptions> = {}) {
  const result = walkFiles(paths, { cwd: root, ignore: [], all: false, ...options });
  return { ...result, files: result.files.map((file) => file.slice(root.length + 1)) };
}

const project = {
  'src/order.ts': '',
  'src/page.tsx': '',
  'src/readme.md': '',
  'src/order.test.ts': '',
  'src/order.spec.js': '',
  'src/page.stories.tsx': '',
  'src/__tests__/a.ts': '',
  'test/b.ts': '',
  'e2e/deep/c.ts': '',
  'scripts/fix.ts': '',
  'prisma/seed.ts': '',
  'prisma/seeds/users.ts': '',
  'src/seedlings.ts': '',
  'db/migrations/1.ts': '',
  'db/code-migrations/2.ts': '',
  'tools/migrate/backfill.ts': '',
  'src/migrate/plan.ts': '',
  'src/routes.gen.ts': '',
  'generated/client.ts': '',
  'vendor/lib.js': '',
  'third_party/x.js': '',
  'types/env.d.ts': '',
  'node_modules/pg/index.js': '',
  'dist/index.js': '',
  '.next/server.js': '',
  'coverage/x.js': '',
};

describe('walkFiles', () => {
  it('takes the application’s code, and says what it left out', () => {
    const { files, skipped, bailouts } = walk(writeProject(project), ['.']);
    expect(files).toEqual(['src/migrate/plan.ts', 'src/order.ts', 'src/page.tsx', 'src/seedlings.ts']);
    expect(skipped).toEqual({
      test: 6,
      script: 1,
      seed: 2,
      migration: 3,
      generated: 2,
      vendored: 2,
      declaration: 1,
      dependency: 1,
      'build output': 2,
      hidden: 1,
    });
    expect(bailouts).toEqual([]);
  });

  it('takes everything but dependencies when asked', () => {
    const { files, skipped } = walk(writeProject(project), ['.'], { all: true });
    expect(files).toContain('src/order.test.ts');
    expect(files).toContain('dist/index.js');
    expect(files).toHaveLength(Object.keys(project).length - 2);
    expect(skipped).toEqual({ dependency: 1 });
  });

  it('always takes a file that is named, once', () => {
    const { files } = walk(writeProject(project), [
      'scripts/fix.ts',
      'src',
      'src/order.ts',
      'node_modules/pg/index.js',
    ]);
    expect(files).toEqual([
      'node_modules/pg/index.js',
      'scripts/fix.ts',
      'src/order.ts',
      'src/page.tsx',
      'src/seedlings.ts',
    ]);
  });

  it('judges names below the named folder only', () => {
    const root = writeProject({ 'tests/scripts/shop/src/order.ts': '' });
    expect(walk(root, ['tests/scripts/shop']).files).toEqual(['tests/scripts/shop/src/order.ts']);
    expect(walk(root, ['.']).files).toEqual([]);
  });

  it('does not take business words for build output or vendored code', () => {
    const root = writeProject({
      'src/coverage/policy.ts': '',
      'src/build/index.ts': '',
      'app/vendor/route.ts': '',
      'packages/a/dist/x.js': '',
    });
    expect(walk(root, ['.']).files).toEqual(['app/vendor/route.ts', 'src/build/index.ts', 'src/coverage/policy.ts']);
  });

  it('honours .gitignore files, nested ones and exceptions too', () => {
    const root = writeProject({
      '.git/info/exclude': 'local.ts\n',
      '.gitignore': '# comment\n/api/out.ts\n*.tmp.ts\nprivate/\n',
      'api/.gitignore': '!keep.tmp.ts\nown.ts\n',
      'api/out.ts': '',
      'out.ts': '',
      'a.tmp.ts': '',
      'api/keep.tmp.ts': '',
      'api/own.ts': '',
      'own.ts': '',
      'local.ts': '',
      'private/p.ts': '',
      'api/private/q.ts': '',
    });
    const all = walk(root, ['.']);
    expect(all.files).toEqual(['api/keep.tmp.ts', 'out.ts', 'own.ts']);
    expect(all.skipped).toEqual({ 'ignored by git': 6 });
    expect(walk(root, ['api']).files).toEqual(['api/keep.tmp.ts']);
    expect(walk(root, ['private']).files).toEqual(['private/p.ts']);
  });

  it('honours patterns of the command line', () => {
    const root = writeProject({ 'src/a.ts': '', 'src/legacy/b.ts': '', 'src/c.js': '' });
    expect(walk(root, ['src'], { ignore: ['src/legacy', '*.js'] })).toMatchObject({
      files: ['src/a.ts'],
      skipped: { 'ignored by option': 2 },
    });
  });

  it('follows no links, so that a loop does no harm', () => {
    const root = writeProject({ 'src/a.ts': '' });
    symlinkSync('..', join(root, 'src/up.ts'));
    symlinkSync('a.ts', join(root, 'src/b.ts'));
    expect(walk(root, ['.'])).toMatchObject({ files: ['src/a.ts'], skipped: { link: 2 } });
  });

  it('reports what is not there or no source, and goes on', () => {
    const root = writeProject({ 'src/a.ts': '', 'README.md': '' });
    const { files, bailouts } = walk(root, ['absent', 'README.md', 'src']);
    expect(files).toEqual(['src/a.ts']);
    expect(bailouts.map(({ kind, reason, detail }) => [kind, reason, detail])).toEqual([
      ['input', 'no such file or folder', 'absent'],
      ['input', 'not a JavaScript or TypeScript file', 'README.md'],
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('reports a folder without permission, and goes on', () => {
    const root = writeProject({ 'locked/a.ts': '', 'src/a.ts': '' });
    chmodSync(join(root, 'locked'), 0);
    const { files, bailouts } = walk(root, ['.']);
    chmodSync(join(root, 'locked'), 0o755);
    expect(files).toEqual(['src/a.ts']);
    expect(bailouts).toMatchObject([{ kind: 'input', reason: 'folder could not be read' }]);
  });
});

describe('isGeneratedText', () => {
  it.each([
    ['// @generated by protobuf-ts 2.9', true],
    ['/* eslint-disable */\n/* This file was automatically generated by TanStack Router. */', true],
    ['// Code generated by sqlc. DO NOT EDIT.', true],
    ['// ids are generated by the database\nexport const id = 1;', false],
    [`${'x'.repeat(300)} @generated`, false],
  ])('%j: %s', (text, expected) => {
    expect(isGeneratedText(text)).toBe(expected);
  });
});
