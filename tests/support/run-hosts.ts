import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import parser from '@typescript-eslint/parser';
import { ESLint as ESLint10 } from 'eslint';
import { ESLint as ESLint9 } from 'eslint9';

/** A message as every host tells it. */
export interface HostMessage {
  readonly file: string;
  readonly rule: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type AnyESLint = new (options: object) => {
  lintFiles(
    patterns: string[],
  ): Promise<
    { filePath: string; messages: { ruleId: string | null; line: number; column: number; message: string }[] }[]
  >;
};

const require = createRequire(import.meta.url);
const { FlatESLint: ESLint8 } = require('eslint8/use-at-your-own-risk') as { FlatESLint: AnyESLint };

export const dist = path.resolve(import.meta.dirname, '../../dist');

/** ESLint by major version; 8 with flat configuration. */
export const eslintVersions = {
  '8.57': ESLint8,
  '9': ESLint9 as unknown as AnyESLint,
  '10': ESLint10 as unknown as AnyESLint,
} as const;

/** Lints a folder with the compiled plugin's preset `all` in one version of ESLint. */
export async function runEslint(version: keyof typeof eslintVersions, root: string): Promise<HostMessage[]> {
  const { default: plugin } = (await import(pathToFileURL(path.join(dist, 'index.js')).href)) as {
    default: { configs: { all: object } };
  };
  const config = [{ files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs.all];
  const eslint = new eslintVersions[version]({ cwd: root, overrideConfigFile: true, overrideConfig: config });
  const results = await eslint.lintFiles(['**/*.ts']);
  return sort(
    results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, column, message }) => ({
        file: path.relative(root, filePath),
        rule: String(ruleId),
        line,
        column,
        message,
      })),
    ),
  );
}

/** Lints a folder with the compiled plugin in oxlint. */
export function runOxlint(root: string, rules: readonly string[]): HostMessage[] {
  const config = path.join(root, '.oxlintrc.json');
  const levels = rules.map((rule) => [`race-lint/${rule}`, ['error', { confidence: 'possible' }]]);
  const content = {
    plugins: [],
    categories: { correctness: 'off' },
    jsPlugins: [path.join(dist, 'index.js')],
    rules: Object.fromEntries(levels) as object,
  };
  writeFileSync(config, JSON.stringify(content));
  const oxlint = path.join(path.dirname(require.resolve('oxlint/package.json')), 'bin/oxlint');
  const run = spawnSync(process.execPath, [oxlint, '-c', config, '--format', 'json', '.'], {
    cwd: root,
    encoding: 'utf8',
  });
  interface Diagnostic {
    readonly message: string;
    readonly code: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number; readonly column: number } }[];
  }
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: Diagnostic[] };
  return sort(
    diagnostics.map(({ message, code, filename, labels }) => ({
      file: filename,
      rule: code.replace(/^(.*)\((.*)\)$/, '$1/$2'),
      line: labels[0]!.span.line,
      column: labels[0]!.span.column,
      message,
    })),
  );
}

/** Runs the compiled command. */
export function runCli(
  cwd: string,
  args: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(dist, 'cli.js'), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** Audits a folder with the compiled command, and tells its JSON. */
export function runAudit(root: string): HostMessage[] {
  const results = JSON.parse(runCli(root, ['--format', 'json', '--preset', 'all']).stdout) as {
    filePath: string;
    messages: { ruleId: string; line: number; column: number; message: string }[];
  }[];
  return sort(
    results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, column, message }) => ({
        file: path.relative(root, filePath),
        rule: ruleId,
        line,
        column,
        message,
      })),
    ),
  );
}

/** The pages of rules, by name. */
export function listRulePages(): string[] {
  const folder = path.resolve(import.meta.dirname, '../../docs/rules');
  return readdirSync(folder).map((name) => path.join(folder, name));
}

function sort(messages: HostMessage[]): HostMessage[] {
  const key = (message: HostMessage): string =>
    `${message.file} ${String(message.line).padStart(6)} ${String(message.column).padStart(4)} ${message.rule}`;
  return messages.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
