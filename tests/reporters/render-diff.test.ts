import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderDiff } from '../../src/reporters/render-diff.ts';
import { applySuggestion } from '../support/apply-suggestion.ts';

const text = ['import a;', '', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', ''].join('\n');
const insert = (before: string, added: string) => {
  const at = text.indexOf(before);
  return { range: [at, at] as const, text: added };
};

it('shows changed lines with two lines around', () => {
  expect(renderDiff(text, [insert('\nfour', ' and a half')])).toEqual([
    '@@ -3,5 +3,5 @@',
    ' one',
    ' two',
    '-three',
    '+three and a half',
    ' four',
    ' five',
  ]);
});

it('shows an added line without touching its neighbours', () => {
  expect(renderDiff(text, [insert('\nfour', '\nthree and a half')])).toEqual([
    '@@ -4,4 +4,5 @@',
    ' two',
    ' three',
    '+three and a half',
    ' four',
    ' five',
  ]);
});

it('keeps distant changes apart, and counts on after the first', () => {
  expect(renderDiff(text, [insert('\n\none', '\nimport b;'), insert('\nseven', '!')])).toEqual([
    '@@ -1,3 +1,4 @@',
    ' import a;',
    '+import b;',
    ' ',
    ' one',
    '@@ -6,5 +7,5 @@',
    ' four',
    ' five',
    '-six',
    '+six!',
    ' seven',
    ' ',
  ]);
});

it('is what git applies', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'race-lint-diff-'));
  const file = path.join(folder, 'a.txt');
  const line = fc.constantFrom('a', 'b', '', '  c', 'd,');
  try {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 3, maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('x', '\ny', ', z', '\n', '\n  w\n')), {
          minLength: 1,
          maxLength: 3,
        }),
        (lines, additions) => {
          const before = `${lines.join('\n')}\n`;
          // what follows the last line break is no line for git
          const edits = [...new Map(additions.map(([at, added]) => [at % (before.length - 1), added]))].map(
            ([at, added]) => ({ range: [at, at] as const, text: added }),
          );
          const diff = renderDiff(before.slice(0, -1), edits);
          writeFileSync(file, before);
          const patch = `--- a/a.txt\n+++ b/a.txt\n${diff.join('\n')}\n`;
          execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: patch, stdio: 'pipe' });
          expect(readFileSync(file, 'utf8')).toBe(applySuggestion(before, { title: '', edits }));
        },
      ),
      { numRuns: 50 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
