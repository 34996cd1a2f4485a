import { insertAfter, scaffold, toCamelCase } from './scaffold.ts';

/**
 * Makes a rule's file, page and test, and enters the rule in the list of names and in the plugin.
 *
 * @param root the project
 * @param name kebab-case, beginning with `no-` or `require-`
 * @returns the files made or changed
 */
export function scaffoldRule(root: string, name: string): string[] {
  if (!/^(?:no|require)(?:-[a-z]+)+$/.test(name)) {
    throw new Error(`"${name}" is no name for a rule: write no-… or require-…, in kebab-case.`);
  }
  const files = [
    { template: 'rule.ts.txt', target: `rules/${name}.ts` },
    { template: 'rule.md.txt', target: `docs/rules/${name}.md` },
    { template: 'rule.test.ts.txt', target: `tests/rules/${name}.test.ts` },
  ];
  const made = scaffold(root, files, { 'RULE-NAME': name });
  const variable = toCamelCase(name);
  insertAfter(root, 'src/model/finding.ts', /export type RuleName =(?:\n {2}\| '[\w-]+')+/, `\n  | '${name}'`);
  insertAfter(
    root,
    'src/model/finding.ts',
    /export const ruleNames[^[]*\[\] = \[(?:\n {2}'[\w-]+',)+/,
    `\n  '${name}',`,
  );
  insertAfter(
    root,
    'src/plugin.ts',
    /(?:import \w+ from '\.\.\/rules\/[\w-]+\.ts';\n)+/,
    `import ${variable} from '../rules/${name}.ts';\n`,
  );
  insertAfter(root, 'src/plugin.ts', /const rules[^{]*\{(?:\n {2}'[\w-]+': \w+,)+/, `\n  '${name}': ${variable},`);
  return [...made, 'src/model/finding.ts', 'src/plugin.ts'];
}
