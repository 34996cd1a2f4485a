import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import parser from '@typescript-eslint/parser';
import { Linter, type Rule, RuleTester } from 'eslint';
import { afterAll } from 'vitest';
import type { RuleModule, RuleOptions } from '../../src/eslint/create-rule.ts';
import type { AnomalyId } from '../../src/model/anomaly-id.ts';
import type { RuleName } from '../../src/model/finding.ts';

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

/** Runs a rule in ESLint's own tester, on a project on disk. */
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
  const eslintRule = rule as unknown as Rule.RuleModule;
  const withOptions = (options: RuleOptions | undefined): { options?: [RuleOptions] } =>
    options ? { options: [options] } : {};
  new RuleTester({ languageOptions: { parser } }).run(name, eslintRule, {
    valid: [
      ...tests.pairs.map((pair) => ({
        name: `${pair.name}: repaired`,
        code: pair.safe,
        filename,
        ...withOptions(pair.options),
      })),
      ...(tests.silent ?? []).map(({ name: title, code, options }) => ({
        name: title,
        code,
        filename,
        ...withOptions(options),
      })),
    ],
    invalid: tests.pairs.map((pair) => ({
      name: pair.name,
      code: pair.racy,
      filename,
      ...withOptions(pair.options),
      errors: [
        {
          messageId: pair.messageId,
          line: pair.line,
          // What the rewrites are is tested with them; the tester checks here that each one parses.
          suggestions: previewSuggestions(name, eslintRule, pair, filename),
        },
      ],
    })),
  });
}

function previewSuggestions(
  name: string,
  rule: Rule.RuleModule,
  pair: RulePair,
  filename: string,
): RuleTester.SuggestionOutput[] {
  const config: Linter.Config = {
    files: ['**'],
    plugins: { 'race-lint': { rules: { [name]: rule } } },
    languageOptions: { parser },
    rules: { [`race-lint/${name}`]: pair.options ? ['error', pair.options] : 'error' },
  };
  const messages = new Linter({ cwd: path.parse(filename).root }).verify(pair.racy, [config], { filename });
  return (messages[0]?.suggestions ?? []).map(({ desc, fix }) => ({
    desc,
    output: pair.racy.slice(0, fix.range[0]) + fix.text + pair.racy.slice(fix.range[1]),
  }));
}
