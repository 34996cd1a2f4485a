import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/model/engine.ts';
import { applySuggestion } from '../support/apply-suggestion.ts';
import { runProject } from '../support/run-project.ts';
import { checkTypes } from './support/check-types.ts';
import { readCases, replaceExpected, showRewrite } from './support/read-cases.ts';
import type { ExpectedRewrite, RewriteCase } from './support/read-cases.ts';

const folder = import.meta.dirname;
const file = 'src/case.ts';

interface Rewrite extends ExpectedRewrite {
  /** The whole file after the suggestion. */
  readonly output: string;
  /** Its name for the compiler. */
  readonly name: string;
}

const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((page) => ({ page, text: readFileSync(path.join(folder, page), 'utf8') }));

const cases = pages.flatMap(({ page, text }) =>
  readCases(text).map((one, index) => ({ page, one, id: `${page.replace('.md', '')}-${String(index)}` })),
);

function analyze(one: RewriteCase, source: string): ReturnType<typeof findFindings> {
  return findFindings(one, source);
}

function findFindings(one: RewriteCase, source: string) {
  const settings = one.engine === undefined ? {} : { engine: one.engine as EngineName };
  const { analyses } = runProject({ ...one.files, [file]: source }, settings);
  return analyses.get(file)!.findings;
}

const rewrites = new Map(
  cases.map(({ one, id }): [RewriteCase, readonly Rewrite[]] => {
    const found = analyze(one, one.source).flatMap((finding) =>
      finding.suggestions.map((suggestion, index) => {
        const output = applySuggestion(one.source, suggestion);
        return {
          rule: finding.rule,
          title: suggestion.title,
          text: showRewrite(one.source, one.before, output),
          output,
          name: `${id}-${String(finding.location.range[0])}-${String(index)}.ts`,
        };
      }),
    );
    return [one, found];
  }),
);

// UPDATE_REWRITES=1 writes what there is into the pages, for the reviewer to read
if (process.env.UPDATE_REWRITES === '1') {
  for (const { page, text } of pages) {
    const actual = new Map(
      cases.filter((other) => other.page === page).map(({ one }) => [one.title, rewrites.get(one)!]),
    );
    writeFileSync(path.join(folder, page), replaceExpected(text, actual));
  }
}

const sources = new Map<string, string>();
for (const { one, id } of cases) {
  sources.set(`${id}.ts`, one.source);
  for (const rewrite of rewrites.get(one)!) sources.set(rewrite.name, rewrite.output);
}
const errors = checkTypes(sources, readFileSync(path.join(folder, 'support/prisma-client.d.txt'), 'utf8'));

describe.each(pages.map(({ page }) => page))('%s', (page) => {
  for (const { one, id } of cases.filter((other) => other.page === page)) {
    describe(one.title, () => {
      const found = rewrites.get(one)!;

      it('is a race whose code type-checks', () => {
        expect(analyze(one, one.source).length).toBeGreaterThan(0);
        expect(errors.get(`${id}.ts`)).toBeUndefined();
      });

      it('is rewritten as written here', () => {
        expect(found.map(({ rule, title, text }) => `${rule}: ${title}\n${text}`)).toEqual(
          one.expected.map(({ rule, title, text }) => `${rule}: ${title}\n${text}`),
        );
      });

      for (const { title, rule, output, name } of found) {
        it(`type-checks after “${title}”`, () => {
          expect(errors.get(name), output).toBeUndefined();
        });

        it(`is no race any more after “${title}”`, () => {
          if (title.includes('(add ')) return;
          expect(
            findFindings(one, output)
              .filter((finding) => finding.rule === rule)
              .map(({ summary }) => summary),
          ).toEqual([]);
        });
      }
    });
  }
});
