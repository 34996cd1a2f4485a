// node run-eslint.js FILE-LIST [with-rules]: lints the listed files, parser only or with the preset `recommended`.
import { readFileSync } from 'node:fs';
import parser from '@typescript-eslint/parser';
import { ESLint } from 'eslint';

const [list, mode] = process.argv.slice(2);
const { root, files } = JSON.parse(readFileSync(list, 'utf8'));
const config = [{ files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'], languageOptions: { parser } }];
if (mode === 'with-rules') {
  const { default: plugin } = await import('race-lint');
  config.push(plugin.configs.recommended);
}
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: config,
  globInputPaths: false,
  allowInlineConfig: false,
});
const results = await eslint.lintFiles(files);
const ours = results.flatMap((result) => result.messages).filter(({ ruleId }) => ruleId?.startsWith('race-lint/'));
process.stdout.write(JSON.stringify({ files: results.length, findings: ours.length }));
