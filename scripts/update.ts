/**
 * Regenerates every generated part of the documentation.
 *
 *   npm run update               writes
 *   npm run update -- --check    writes nothing; exit code 1 where something would change
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ruleNames } from '../src/model/finding.ts';
import plugin from '../src/plugin.ts';
import { renderExampleReport } from './docs/analyze-example.ts';
import { readRulePage } from './docs/read-rule-page.ts';
import { renderRulesTable } from './docs/render-rules-table.ts';
import { replaceBlock } from './docs/replace-block.ts';
import { updateRulePage } from './docs/update-rule-page.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const stale: string[] = [];

async function update(file: string, renew: (text: string) => string): Promise<void> {
  const before = readFileSync(file, 'utf8');
  const after = await format(renew(before), { ...(await resolveConfig(file)), filepath: file });
  if (after === before) return;
  stale.push(file);
  if (!values.check) writeFileSync(file, after);
}

await update('README.md', (text) => {
  const page = readRulePage(readFileSync('docs/rules/no-lost-update.md', 'utf8'));
  const report = renderExampleReport(page, page.examples[0]!);
  return replaceBlock(
    replaceBlock(text, 'rules', renderRulesTable(plugin.rules, 'docs/rules')),
    'example',
    `\`\`\`text\n${report}\n\`\`\``,
  );
});
for (const name of ruleNames) {
  await update(`docs/rules/${name}.md`, (text) => updateRulePage(text, name, plugin.rules[name]));
}

for (const file of stale) console.log(`${values.check ? 'out of date' : 'updated'}: ${file}`);
if (values.check && stale.length > 0) {
  console.error('Run: npm run update');
  process.exitCode = 1;
}
