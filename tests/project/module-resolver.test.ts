import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject } from '../../src/project/create-project.ts';
import { writeProject } from './write-project.ts';

/** Resolves specifiers from one file and gives paths relative to the root, or `kind specifier`. */
function resolveAll(root: string, from: string, ...specifiers: string[]): string[] {
  const project = createProject({ root });
  return specifiers.map((specifier) => {
    const resolution = project.resolve(join(root, from), specifier);
    return resolution.kind === 'file'
      ? resolution.path.slice(root.length + 1)
      : `${resolution.kind} ${resolution.specifier}`;
  });
}

describe('relative imports', () => {
  it('finds files by extension, by the extension that they are compiled to, and by folder', () => {
    const root = writeProject({
      'src/order.ts': '',
      'src/page.tsx': '',
      'src/pay.mts': '',
      'src/old.cjs': '',
      'src/db/index.ts': '',
      'src/rates.json': '{}',
    });
    expect(
      resolveAll(
        root,
        'src/app.ts',
        './order',
        './order.js',
        './order.ts',
        './page',
        './page.js',
        './page.jsx',
        './pay.mjs',
        './old.cjs',
        './db',
        '.',
        './rates.json',
      ),
    ).toEqual([
      'src/order.ts',
      'src/order.ts',
      'src/order.ts',
      'src/page.tsx',
      'src/page.tsx',
      'src/page.tsx',
      'src/pay.mts',
      'src/old.cjs',
      'src/db/index.ts',
      'unresolved .',
      'src/rates.json',
    ]);
  });

  it('tells generated code that is not checked in', () => {
    const root = writeProject({ 'src/db.ts': '' });
    expect(resolveAll(root, 'src/db.ts', '../generated/prisma/client')).toEqual([
      'unresolved ../generated/prisma/client',
    ]);
  });

  it('takes builtins, URLs and dependencies for packages, installed or not', () => {
    const root = writeProject({
      'a.ts': '',
      'node_modules/pg/index.js': '',
      'node_modules/pg/package.json': '{"name":"pg"}',
    });
    expect(
      resolveAll(
        root,
        'a.ts',
        'node:fs',
        'fs/promises',
        'bun:sqlite',
        'pg',
        'drizzle-orm/pg-core',
        '@prisma/client',
        './node_modules/pg/index.js',
      ),
    ).toEqual([
      'package node:fs',
      'package fs/promises',
      'package bun:sqlite',
      'package pg',
      'package drizzle-orm/pg-core',
      'package @prisma/client',
      'package ./node_modules/pg/index.js',
    ]);
  });
});

describe('tsconfig paths', () => {
  it('maps patterns, the longest prefix first, with comments and trailing commas in the file', () => {
    const root = writeProject({
      'tsconfig.json': `{
        // where things are
        "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], "@/db/*": ["./database/*",], "~env": ["./env.ts"], "x/*.query": ["./q/*.ts"] } },
      }`,
      'src/order.ts': '',
      'database/client.ts': '',
      'env.ts': '',
      'lib/mail.ts': '',
      'q/find.ts': '',
    });
    expect(
      resolveAll(root, 'src/a.ts', '@/order', '@/db/client', '~env', 'lib/mail', '@/absent', 'x/find.query', 'zod'),
    ).toEqual([
      'src/order.ts',
      'database/client.ts',
      'env.ts',
      'lib/mail.ts',
      'unresolved @/absent',
      'q/find.ts',
      'package zod',
    ]);
  });

  it('uses the nearest configuration, with what it extends', () => {
    const root = writeProject({
      '.git/HEAD': '',
      'tsconfig.base.json': '{"compilerOptions":{"paths":{"#/*":["./shared/*"]}}}',
      'apps/api/tsconfig.json': '{"extends":"../../tsconfig.base"}',
      'apps/web/tsconfig.json':
        '{"extends":["../../tsconfig.base.json"],"compilerOptions":{"paths":{"@/*":["${configDir}/src/*"]}}}',
      'shared/log.ts': '',
      'apps/web/src/page.ts': '',
    });
    expect(resolveAll(root, 'apps/api/src/a.ts', '#/log')).toEqual(['shared/log.ts']);
    expect(resolveAll(root, 'apps/web/src/a.ts', '@/page', '#/log')).toEqual([
      'apps/web/src/page.ts',
      'unresolved #/log',
    ]);
  });

  it('still applies the paths of a file whose `extends` is not installed', () => {
    const root = writeProject({
      'tsconfig.json': '{"extends":"@acme/tsconfig/next.json","compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
      'src/order.ts': '',
    });
    expect(resolveAll(root, 'src/a.ts', '@/order', './order')).toEqual(['src/order.ts', 'src/order.ts']);
  });

  it('leaves the word to the next one up when a configuration is broken', () => {
    const root = writeProject({
      'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
      'src/tsconfig.json': '{"compilerOptions": {',
      'src/web/tsconfig.json': '{"extends":"@tsconfig/absent"}',
      'src/order.ts': '',
    });
    expect(resolveAll(root, 'src/a.ts', '@/order')).toEqual(['src/order.ts']);
    expect(resolveAll(root, 'src/web/a.ts', '@/order')).toEqual(['src/order.ts']);
  });

  it('survives configurations that extend each other', () => {
    const root = writeProject({
      'tsconfig.json': '{"extends":"./other.json","compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
      'other.json': '{"extends":"./tsconfig.json"}',
      'src/order.ts': '',
    });
    expect(resolveAll(root, 'a.ts', '@/order')).toEqual(['src/order.ts']);
  });

  it('finds `extends` in a package of the workspace', () => {
    const root = writeProject({
      'package.json': '{"workspaces":["packages/*"]}',
      'packages/tsconfig/package.json': '{"name":"@acme/tsconfig"}',
      'packages/tsconfig/base.json': '{"compilerOptions":{"paths":{"@/*":["${configDir}/src/*"]}}}',
      'packages/api/package.json': '{"name":"@acme/api"}',
      'packages/api/tsconfig.json': '{"extends":"@acme/tsconfig/base.json"}',
      'packages/api/src/order.ts': '',
    });
    expect(resolveAll(root, 'packages/api/src/a.ts', '@/order')).toEqual(['packages/api/src/order.ts']);
  });

  it('looks into the referenced projects of a solution', () => {
    const root = writeProject({
      'tsconfig.json': '{"files":[],"references":[{"path":"./tsconfig.app.json"}]}',
      'tsconfig.app.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
      'src/order.ts': '',
    });
    expect(resolveAll(root, 'src/a.ts', '@/order')).toEqual(['src/order.ts']);
  });

  it('takes a catch-all pattern for no promise', () => {
    const root = writeProject({
      'tsconfig.json': '{"compilerOptions":{"paths":{"*":["./types/*"]}}}',
      'types/own.ts': '',
    });
    expect(resolveAll(root, 'a.ts', 'own', 'pg')).toEqual(['types/own.ts', 'package pg']);
  });

  it('reads nothing above the project’s root', () => {
    const root = writeProject({
      'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./outer/*"]}}}',
      'outer/a.ts': '',
      'inner/b.ts': '',
    });
    const project = createProject({ root: join(root, 'inner') });
    expect(project.resolve(join(root, 'inner/b.ts'), '@/a').kind).toBe('unresolved');
  });
});

describe('workspace packages', () => {
  const workspace = {
    'package.json': '{"name":"acme","workspaces":["packages/*","!packages/old"]}',
    'apps/api/src/a.ts': '',
  };

  it('finds the source of what `exports` says is built', () => {
    const root = writeProject({
      ...workspace,
      'packages/db/package.json': JSON.stringify({
        name: '@acme/db',
        exports: {
          '.': { types: './dist/index.d.ts', import: './dist/index.mjs', require: './dist/index.cjs' },
          './client': { types: './dist/client.d.ts', default: './dist/client.js' },
          './queries/*': './src/queries/*.ts',
          './deep': './dist/esm/deep.js',
        },
      }),
      'packages/db/src/index.ts': '',
      'packages/db/src/client.ts': '',
      'packages/db/src/queries/users.ts': '',
      'packages/db/src/deep/index.ts': '',
      'packages/old/package.json': '{"name":"@acme/old"}',
      'packages/old/index.ts': '',
    });
    expect(
      resolveAll(
        root,
        'apps/api/src/a.ts',
        '@acme/db',
        '@acme/db/client',
        '@acme/db/queries/users',
        '@acme/db/deep',
        '@acme/old',
        '@acme/db/absent',
      ),
    ).toEqual([
      'packages/db/src/index.ts',
      'packages/db/src/client.ts',
      'packages/db/src/queries/users.ts',
      'packages/db/src/deep/index.ts',
      'package @acme/old',
      'unresolved @acme/db/absent',
    ]);
  });

  it('prefers the source to a build that is there', () => {
    const root = writeProject({
      ...workspace,
      'packages/db/package.json': '{"name":"db","main":"./dist/index.js","types":"./dist/index.d.ts"}',
      'packages/db/dist/index.js': '',
      'packages/db/dist/index.d.ts': '',
      'packages/db/src/index.ts': '',
    });
    expect(resolveAll(root, 'apps/api/src/a.ts', 'db')).toEqual(['packages/db/src/index.ts']);
  });

  it('falls back to src/ and to the package’s folder', () => {
    const root = writeProject({
      ...workspace,
      'packages/mail/package.json': '{"name":"mail","main":"index"}',
      'packages/mail/index.ts': '',
      'packages/mail/src/send.ts': '',
      'packages/mail/templates/welcome.tsx': '',
    });
    expect(resolveAll(root, 'apps/api/src/a.ts', 'mail', 'mail/send', 'mail/templates/welcome')).toEqual([
      'packages/mail/index.ts',
      'packages/mail/src/send.ts',
      'packages/mail/templates/welcome.tsx',
    ]);
  });

  it('reads pnpm-workspace.yaml, below the git root too', () => {
    const root = writeProject({
      '.git/HEAD': '',
      'web/pnpm-workspace.yaml': "packages:\n  - 'libs/**'\n",
      'web/package.json': '{"name":"web"}',
      'web/libs/core/auth/package.json': '{"name":"@web/auth"}',
      'web/libs/core/auth/src/index.ts': '',
      'web/src/a.ts': '',
    });
    expect(resolveAll(root, 'web/src/a.ts', '@web/auth')).toEqual(['web/libs/core/auth/src/index.ts']);
  });

  it('resolves a package’s own name and its internal names', () => {
    const root = writeProject({
      ...workspace,
      'packages/db/package.json':
        '{"name":"db","imports":{"#env":"./dist/env.js","#pg":"pg","#absent":"./dist/absent.js"},"exports":{"./x":"./src/x.ts"}}',
      'packages/db/src/x.ts': '',
      'packages/db/src/env.ts': '',
    });
    expect(resolveAll(root, 'packages/db/src/a.ts', 'db/x', '#env', '#pg', '#absent')).toEqual([
      'packages/db/src/x.ts',
      'packages/db/src/env.ts',
      'package pg',
      'unresolved #absent',
    ]);
  });

  it('reads the source even where the package manager linked the package', () => {
    const root = writeProject({
      ...workspace,
      'packages/db/package.json': '{"name":"db"}',
      'packages/db/src/index.ts': '',
      'node_modules/.keep': '',
    });
    mkdirSync(join(root, 'apps/api/node_modules'), { recursive: true });
    symlinkSync(join(root, 'packages/db'), join(root, 'apps/api/node_modules/db'));
    expect(resolveAll(root, 'apps/api/src/a.ts', 'db')).toEqual(['packages/db/src/index.ts']);
  });
});
