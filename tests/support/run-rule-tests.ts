import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import parser from '@typescript-eslint/parser';
import type { InvalidTestCase, SuggestionOutput, ValidTestCase } from '@typescript-eslint/rule-tester';
import { Linter } from 'eslint';
import { afterAll, describe, expect, it } from 'vitest';
import type { RuleModule } from '../../src/eslint/create-rule.ts';
import type { MessageId, RuleOptions } from '../../src/eslint/host.ts';
import type { AnomalyId } from '../../src/model/anomaly-id.ts';
import type { RuleName } from '../../src/model/finding.ts';
import { RuleTester } from './rule-tester.ts';

/** Racy code, and the same code one edit away from it that is safe. */
export interface RulePair {
  readonly name: string;
  readonly racy: string;
  readonly safe: string;
  readonly messageId: AnomalyId;
  /** Where the act stands in `racy`, 1-based. */
  readonly line: number;
  readonly options?: RuleOptions;
}

export interface RuleTests {
  /** Further files of the project: the schema, helpers. */
  readonly files?: Readonly<Record<string, string>>;
  readonly pairs: readonly RulePair[];
  /** Look-alikes that have no racy twin here. */
  readonly silent?: readonly { readonly name: string; readonly code: string; readonly options?: RuleOptions }[];
}

type Options = [RuleOptions];

/**
 * Runs a rule in typescript-eslint's tester, on a project on disk. What its suggestions make of the racy code is a
 * snapshot: `npx vitest run tests/rules -u` renews it, and its diff is read in review.
 */
export function runRuleTests(name: RuleName, rule: RuleModule, tests: RuleTests): void {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'race-lint-rule-')));
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });
  for (const [file, text] of Object.entries({ 'package.json': '{ "workspaces": [] }', ...tests.files })) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const filename = path.join(root, 'src/example.ts');
  const createCase = (title: string, code: string, options: RuleOptions | undefined): ValidTestCase<Options> => ({
    name: title,
    code,
    filename,
    ...(options ? { options: [options] } : {}),
  });
  const rewrites = tests.pairs.map((pair) => previewSuggestions(name, rule, pair, filename));
  const invalid = tests.pairs.map((pair, index): InvalidTestCase<MessageId, Options> => {
    const suggestions = rewrites[index];
    return {
      ...createCase(pair.name, pair.racy, pair.options),
      output: null,
      errors: [{ messageId: pair.messageId, line: pair.line, ...(suggestions?.length ? { suggestions } : {}) }],
    };
  });
  new RuleTester().run<MessageId, Options>(name, rule, {
    assertionOptions: { requireData: 'suggestion' },
    valid: [
      ...tests.pairs.map((pair) => createCase(`${pair.name}: repaired`, pair.safe, pair.options)),
      ...(tests.silent ?? []).map((look) => createCase(look.name, look.code, look.options)),
    ],
    invalid,
  });
  describe(`rewrites of ${name}`, () => {
    it.each(tests.pairs.map((pair, index) => [pair.name, rewrites[index]] as const))('%s', (_, suggestions) => {
      expect(suggestions?.map(({ data, output }) => `${String(data?.['title'])}\n\n${output}`)).toMatchSnapshot();
    });
  });
}

/** What the suggestions of a racy example are, for the tester to compare: found by ESLint's linter alone. */
function previewSuggestions(
  name: string,
  rule: RuleModule,
  pair: RulePair,
  filename: string,
): SuggestionOutput<MessageId>[] {
  const config: Linter.Config = {
    files: ['**'],
    plugins: { 'race-lint': { rules: { [name]: rule } } },
    languageOptions: { parser },
    rules: { [`race-lint/${name}`]: pair.options ? ['error', pair.options] : 'error' },
  };
  const messages = new Linter({ cwd: path.parse(filename).root }).verify(pair.racy, [config], { filename });
  return (messages[0]?.suggestions ?? []).map(({ desc, fix }) => ({
    messageId: 'rewrite',
    data: { title: desc },
    output: pair.racy.slice(0, fix.range[0]) + fix.text + pair.racy.slice(fix.range[1]),
  }));
}
