import eslintPlugin from 'eslint-plugin-eslint-plugin';
import type { Rule } from 'eslint';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { layers } from './scripts/lint/layers.ts';

/** Syntax that the project does without, each with what to write instead. */
const notHere = [
  { selector: 'TSEnumDeclaration', message: 'Write a union of literals.' },
  { selector: 'TSModuleDeclaration[id.type="Identifier"]', message: 'A file is the namespace.' },
  { selector: 'TSParameterProperty', message: 'Declare the field, and assign it in the constructor.' },
  { selector: 'ExportAllDeclaration', message: 'Import from the file that defines it: no barrels.' },
];

export default defineConfig(
  { ignores: ['dist', 'coverage', 'tests/**/fixtures'] },
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  {
    plugins: { local: { rules: { layers: layers as unknown as Rule.RuleModule } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'local/layers': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...notHere],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['describe', 'it', 'test'] }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/array-type': ['error', { default: 'array' }],
    },
  },
  { files: ['src/**', 'rules/**', 'scripts/**'], rules: { 'max-lines': ['error', { max: 400 }] } },
  {
    files: ['rules/**'],
    extends: [eslintPlugin.configs.recommended],
    // The glue reports, and attaches the suggestions: the check looks for them in the rule's own file.
    rules: { 'eslint-plugin/require-meta-has-suggestions': 'off' },
  },
  { files: ['tests/**', 'scripts/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['scripts/bench/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
