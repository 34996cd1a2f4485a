import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRulePage } from '../../scripts/docs/read-rule-page.ts';
import { ruleNames } from '../../src/model/finding.ts';
import { eslintVersions, listRulePages, runAudit, runEslint, runOxlint } from '../support/run-hosts.ts';
import { withProject } from '../support/with-project.ts';

// A lint host and the command see one project: a page's schema, each of its examples in a file of its own.
describe.each(listRulePages().map((page) => [path.basename(page, '.md'), page] as const))('%s', (name, page) => {
  const { files, examples } = readRulePage(readFileSync(page, 'utf8'));
  const sources = Object.fromEntries(examples.map(({ text }, index) => [`src/example-${String(index + 1)}.ts`, text]));

  it('has the same findings in every host', async () => {
    await withProject(
      { ...files, ...sources, 'package.json': '{ "type": "module", "workspaces": [] }' },
      async (root) => {
        const expected = runAudit(root);
        expect(expected.map(({ rule }) => rule)).toContain(`race-lint/${name}`);
        expect(runOxlint(root, ruleNames), 'oxlint').toEqual(expected);
        for (const version of Object.keys(eslintVersions) as (keyof typeof eslintVersions)[]) {
          expect(await runEslint(version, root), `ESLint ${version}`).toEqual(expected);
        }
      },
    );
  });
});
