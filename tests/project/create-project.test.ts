import { chmodSync, mkdirSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProject } from '../../src/project/create-project.ts';
import { parseSource } from '../../src/project/parse-source.ts';
import type { SourceFile } from '../../src/project/project.ts';
import { writeFiles, writeProject } from './write-project.ts';

function expectFile(result: ReturnType<ReturnType<typeof createProject>['readSource']>): SourceFile {
  if ('kind' in result) throw new Error(`${result.reason} ${String(result.detail)}`);
  return result;
}

describe('createProject: sources', () => {
  it('parses a version once', () => {
    const root = writeProject({ 'seats.ts': 'export const seats = 10;' });
    const project = createProject({ root });
    const first = project.readSource(join(root, 'seats.ts'));
    expect(project.readSource(join(root, 'seats.ts'))).toBe(first);
    project.refresh();
    expect(project.readSource(join(root, 'seats.ts'))).toBe(first);
  });

  it('sees a saved edit after a refresh, within the time for which it trusts files', () => {
    const root = writeProject({ 'seats.ts': 'export const seats = 10;' });
    const project = createProject({ root, trustFor: Infinity });
    const path = join(root, 'seats.ts');
    const before = expectFile(project.readSource(path));
    writeFileSync(path, 'export const seats = 11; // one more');
    expect(project.readSource(path)).toBe(before);
    project.refresh();
    expect(expectFile(project.readSource(path)).text).toContain('one more');
  });

  it('sees an edit of equal size by its modification time', () => {
    const root = writeProject({ 'seats.ts': 'export const seats = 10;' });
    const path = join(root, 'seats.ts');
    utimesSync(path, 1_000, 1_000);
    const project = createProject({ root });
    project.readSource(path);
    writeFileSync(path, 'export const seats = 99;');
    project.refresh();
    expect(expectFile(project.readSource(path)).text).toContain('99');
  });

  it('keeps the tree when a file was only touched', () => {
    const root = writeProject({ 'seats.ts': 'export const seats = 10;' });
    const path = join(root, 'seats.ts');
    const project = createProject({ root });
    const before = project.readSource(path);
    utimesSync(path, 1_000, 1_000);
    project.refresh();
    expect(project.readSource(path)).toBe(before);
  });

  it('prefers a version set by the editor until the file on disk changes', () => {
    const root = writeProject({ 'seats.ts': 'export const seats = 10;' });
    const path = join(root, 'seats.ts');
    const project = createProject({ root });
    const unsaved = expectFile(parseSource(path, 'export const seats = 12;'));
    project.setSource(unsaved);
    project.refresh();
    expect(project.readSource(path)).toBe(unsaved);
    writeFileSync(path, 'export const seats = 13; // saved');
    project.refresh();
    expect(expectFile(project.readSource(path)).text).toContain('13');
  });

  it('notices a broken file that was repaired, and a file that was removed', () => {
    const root = writeProject({ 'seats.ts': 'export const = ;' });
    const path = join(root, 'seats.ts');
    const project = createProject({ root });
    expect(project.readSource(path)).toMatchObject({ kind: 'input', reason: 'syntax error' });
    writeFileSync(path, 'export const seats = 10;');
    project.refresh();
    expectFile(project.readSource(path));
    unlinkSync(path);
    project.refresh();
    expect(project.readSource(path)).toMatchObject({ kind: 'input', reason: 'file could not be read' });
  });

  it('drops the least recently used trees beyond its size', () => {
    const root = writeProject({ 'a.ts': 'const a = 1;', 'b.ts': 'const b = 1;', 'c.ts': 'const c = 1;' });
    const project = createProject({ root, cacheSize: 30 });
    const [a, b, c] = ['a.ts', 'b.ts', 'c.ts'].map((name) => join(root, name)) as [string, string, string];
    const firstA = project.readSource(a);
    const firstB = project.readSource(b);
    project.readSource(a);
    project.readSource(c);
    expect(project.readSource(a)).toBe(firstA);
    expect(project.readSource(b)).not.toBe(firstB);
  });

  it('gives reasons for what it can’t read', () => {
    const root = writeProject({
      'image.ts': 'GIF89a\0\0',
      'huge.ts': `/* ${'x'.repeat(200)} */`,
      'bom.ts': '\uFEFFconst seat = 1;',
    });
    mkdirSync(join(root, 'folder.ts'));
    const project = createProject({ root, fileSizeLimit: 100 });
    expect(project.readSource(join(root, 'image.ts'))).toMatchObject({ kind: 'input', reason: 'file is binary' });
    expect(project.readSource(join(root, 'huge.ts'))).toMatchObject({ kind: 'input', reason: 'file is too large' });
    expect(project.readSource(join(root, 'folder.ts'))).toMatchObject({ kind: 'input', reason: 'not a file' });
    expect(project.readSource(join(root, 'absent.ts'))).toMatchObject({
      kind: 'input',
      reason: 'file could not be read',
    });
    const marked = expectFile(project.readSource(join(root, 'bom.ts')));
    expect(marked.program.body[0]?.range[0]).toBe(0);
  });

  it.skipIf(process.getuid?.() === 0)('gives the reason for a file without permission', () => {
    const root = writeProject({ 'secret.ts': 'const x = 1;' });
    chmodSync(join(root, 'secret.ts'), 0);
    const project = createProject({ root });
    expect(project.readSource(join(root, 'secret.ts'))).toMatchObject({
      kind: 'input',
      reason: 'file could not be read',
    });
  });

  it('does not hang on a link that leads to itself', () => {
    const root = writeProject({});
    symlinkSync('loop.ts', join(root, 'loop.ts'));
    const project = createProject({ root });
    expect(project.readSource(join(root, 'loop.ts'))).toMatchObject({ kind: 'input' });
    expect(project.resolve(join(root, 'a.ts'), './loop')).toEqual({ kind: 'unresolved', specifier: './loop' });
  });

  it('reads texts from elsewhere when told so', () => {
    const texts = new Map([['/mem/a.ts', 'export const a = 1;']]);
    const project = createProject({
      root: '/mem',
      readText: (path) => {
        const text = texts.get(path);
        if (text === undefined) throw new Error(`no ${path}`);
        return text;
      },
    });
    expect(expectFile(project.readSource('/mem/a.ts')).text).toContain('a = 1');
    expect(project.readText('/mem/a.ts')).toContain('a = 1');
    expect(project.readSource('/mem/b.ts')).toMatchObject({ kind: 'input', detail: 'no /mem/b.ts' });
    texts.set('/mem/a.ts', 'export const a = 2;');
    project.refresh();
    expect(expectFile(project.readSource('/mem/a.ts')).text).toContain('a = 2');
  });

  it('finds a new file once resolutions have aged', async () => {
    const root = writeProject({ 'a.ts': "import './b';" });
    const project = createProject({ root });
    expect(project.resolve(join(root, 'a.ts'), './b').kind).toBe('unresolved');
    writeFiles(root, { 'b.ts': 'export {};' });
    await new Promise((done) => setTimeout(done, 2050));
    project.refresh();
    expect(project.resolve(join(root, 'a.ts'), './b')).toEqual({ kind: 'file', path: join(root, 'b.ts') });
  });
});
