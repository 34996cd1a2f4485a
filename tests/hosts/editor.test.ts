import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { readRulePage } from '../../scripts/docs/read-rule-page.ts';
import { type LanguageServer, startLanguageServer } from '../support/language-server.ts';
import { dist } from '../support/run-hosts.ts';
import { withProject } from '../support/with-project.ts';

interface Diagnostic {
  readonly source: string;
  readonly code: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface CodeAction {
  readonly title: string;
  readonly kind: string;
}

const project = path.resolve(import.meta.dirname, '../..');
const server = createRequire(import.meta.url).resolve('vscode-langservers-extracted/bin/vscode-eslint-language-server');
const page = readRulePage(readFileSync(path.join(project, 'docs/rules/no-lost-update.md'), 'utf8'));
const racy = page.examples.find(({ kind }) => kind === 'incorrect')!.text;

const config = `import parser from '@typescript-eslint/parser';
import raceLint from ${JSON.stringify(pathToFileURL(path.join(dist, 'index.js')).href)};
export default [{ files: ['**/*.ts'], languageOptions: { parser } }, raceLint.configs.recommended];
`;

/** What the editor's extension would send from its own settings. */
const settings = (root: string): object => ({
  validate: 'on',
  packageManager: 'npm',
  useESLintClass: true,
  useFlatConfig: true,
  experimental: {},
  codeAction: {
    disableRuleComment: { enable: true, location: 'separateLine', commentStyle: 'line' },
    showDocumentation: { enable: true },
  },
  codeActionOnSave: { mode: 'all' },
  format: false,
  quiet: false,
  onIgnoredFiles: 'off',
  options: {},
  rulesCustomizations: [],
  run: 'onType',
  problems: { shortenToSingleLine: false },
  nodePath: null,
  workingDirectory: { mode: 'location' },
  workspaceFolder: { uri: pathToFileURL(root).href, name: 'shop' },
});

async function start(root: string): Promise<LanguageServer> {
  const client = startLanguageServer(server, root, (method, params) =>
    method === 'workspace/configuration'
      ? (params as { items: unknown[] }).items.map(() => settings(root))
      : method === 'eslint/confirmESLintExecution'
        ? 4
        : null,
  );
  const rootUri = pathToFileURL(root).href;
  await client.request('initialize', {
    processId: process.pid,
    rootUri,
    workspaceFolders: [{ uri: rootUri, name: 'shop' }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: {
        publishDiagnostics: { relatedInformation: true },
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
      },
    },
  });
  client.notify('initialized', {});
  return client;
}

it("shows a finding and its rewrites in the editor's own ESLint server", async () => {
  const files = { ...page.files, 'src/example.ts': racy, 'eslint.config.mjs': config };
  await withProject(files, async (root) => {
    symlinkSync(path.join(project, 'node_modules'), path.join(root, 'node_modules'));
    const client = await start(root);
    try {
      const uri = pathToFileURL(path.join(root, 'src/example.ts')).href;
      client.notify('textDocument/didOpen', {
        textDocument: { uri, languageId: 'typescript', version: 1, text: racy },
      });
      const { items: diagnostics } = (await client.request('textDocument/diagnostic', { textDocument: { uri } })) as {
        items: Diagnostic[];
      };
      expect(diagnostics).toMatchObject([{ source: 'eslint', code: 'race-lint/no-lost-update' }]);
      const [diagnostic] = diagnostics;
      expect(diagnostic!.message).toContain('Because');
      const actions = (await client.request('textDocument/codeAction', {
        textDocument: { uri },
        range: diagnostic!.range,
        context: { diagnostics },
      })) as CodeAction[];
      const suggestions = actions.filter(({ title }) => title.endsWith(' (race-lint/no-lost-update)'));
      expect(suggestions.length).toBeGreaterThan(0);
      expect(suggestions.every(({ kind }) => kind === 'quickfix')).toBe(true);
    } finally {
      client.stop();
    }
  });
});
