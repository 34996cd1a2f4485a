import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../src/project/find-project-root.ts';
import { writeProject } from './write-project.ts';

describe('findProjectRoot', () => {
  it.each([
    ['a git repository', { '.git/HEAD': '' }],
    ['a worktree, where .git is a file', { '.git': 'gitdir: elsewhere' }],
    ['an npm workspace', { 'package.json': '{"workspaces":["apps/*"]}' }],
    ['a pnpm workspace', { 'pnpm-workspace.yaml': 'packages: []' }],
  ])('is %s, above the package itself', (_, files) => {
    const root = writeProject({ ...files, 'apps/api/package.json': '{}', 'apps/api/src/a.ts': '' });
    expect(findProjectRoot(join(root, 'apps/api/src/a.ts'))).toBe(root);
    expect(findProjectRoot(join(root, 'apps/api'))).toBe(root);
  });

  it('is the nearest package where nothing holds the whole', () => {
    const root = writeProject({ 'package.json': '{}', 'api/package.json': '{ broken', 'api/src/a.ts': '' });
    expect(findProjectRoot(join(root, 'api/src/a.ts'))).toBe(join(root, 'api'));
  });

  it('is the file’s own folder where there is no package either', () => {
    const root = writeProject({ 'loose/a.ts': '' });
    expect(findProjectRoot(join(root, 'loose/a.ts'))).toBe(join(root, 'loose'));
  });
});
