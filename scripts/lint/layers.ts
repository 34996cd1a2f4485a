import path from 'node:path';
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';

/** One folder (or file) of the project, and what it may import besides itself and packages. */
interface Layer {
  readonly folder: string;
  readonly imports: readonly string[];
  /** Packages that it may import; absent: any. */
  readonly packages?: readonly string[];
}

/**
 * The import table of the design. The first entry whose folder holds a file counts, so narrower ones stand first.
 * Folders that are not here (tests, scripts, configuration) may import what they like.
 */
export const table: readonly Layer[] = [
  { folder: 'src/model', imports: [], packages: [] },
  { folder: 'src/project', imports: ['src/model'] },
  { folder: 'src/effects', imports: ['src/model', 'src/project'] },
  { folder: 'src/schema', imports: ['src/model', 'src/project'] },
  { folder: 'src/roots', imports: ['src/model', 'src/project'] },
  { folder: 'src/flow', imports: ['src/model', 'src/project', 'src/effects'] },
  { folder: 'src/schedules', imports: ['src/model'], packages: [] },
  { folder: 'src/findings', imports: ['src/model', 'src/schema', 'src/roots', 'src/flow', 'src/schedules'] },
  {
    folder: 'src/session.ts',
    imports: ['src/model', 'src/project', 'src/effects', 'src/schema', 'src/roots', 'src/flow', 'src/findings'],
  },
  { folder: 'src/version.ts', imports: [], packages: ['node:module'] },
  {
    folder: 'src/eslint',
    imports: ['src/model', 'src/session.ts', 'src/findings/render-message.ts', 'src/version.ts'],
    packages: ['node:crypto', 'node:fs', 'node:path', '@typescript-eslint/utils/eslint-utils'],
  },
  { folder: 'rules', imports: ['src/model', 'src/eslint'], packages: [] },
  { folder: 'src/plugin.ts', imports: ['src/model', 'src/eslint', 'src/version.ts', 'rules'], packages: [] },
  {
    folder: 'src/reporters',
    imports: ['src/model', 'src/findings/render-message.ts', 'src/schedules/render-timeline.ts'],
  },
  // the only place that may edit other people's files with a compiler; loaded when there is such an edit
  { folder: 'src/cli/schema-edits', imports: ['src/model'], packages: ['node:fs', 'node:path', 'ts-morph'] },
  {
    folder: 'src/cli',
    imports: ['src/model', 'src/session.ts', 'src/project', 'src/reporters', 'src/version.ts'],
  },
  { folder: 'src/api.ts', imports: ['src/model', 'src/cli', 'src/reporters', 'src/eslint'], packages: [] },
];

/**
 * Engine code that reads other people's projects must not run a compiler over them: it costs more than the lint. And
 * typescript-eslint's utilities load ESLint, which is not there in oxlint. A layer whose packages name one may import it.
 */
const heavyPackages: readonly string[] = [
  'typescript',
  'ts-morph',
  '@typescript-eslint/typescript-estree',
  '@typescript-eslint/utils',
];

const isWithin = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);

/** Reports imports that the design's table does not allow. */
export const layers: TSESLint.RuleModule<'layer' | 'package' | 'heavy'> = {
  meta: {
    type: 'problem',
    docs: { description: 'Enforce which folder may import which' },
    schema: [],
    defaultOptions: [],
    messages: {
      layer: '{{folder}} may not import {{target}}. It may import: {{allowed}}.',
      package: '{{folder}} may not import the package {{target}}.',
      heavy: 'The engine never imports {{target}}.',
    },
  },
  defaultOptions: [],
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const layer = table.find((entry) => isWithin(file, entry.folder));
    if (layer === undefined) return {};

    function check(source: TSESTree.Node | null | undefined, isTypeOnly: boolean): void {
      if (source?.type !== 'Literal' || typeof source.value !== 'string' || layer === undefined) return;
      const specifier = source.value;
      const data = { folder: layer.folder, allowed: layer.imports.join(', ') || 'nothing' };
      if (!specifier.startsWith('.')) {
        if (isTypeOnly) return;
        if (layer.packages?.includes(specifier) === true) return;
        if (heavyPackages.some((name) => isWithin(specifier, name))) {
          context.report({ node: source, messageId: 'heavy', data: { target: specifier } });
        } else if (layer.packages !== undefined) {
          context.report({ node: source, messageId: 'package', data: { ...data, target: specifier } });
        }
        return;
      }
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
      if (isWithin(target, layer.folder) || layer.imports.some((allowed) => isWithin(target, allowed))) return;
      context.report({ node: source, messageId: 'layer', data: { ...data, target } });
    }

    return {
      ImportDeclaration: (node) => {
        check(node.source, node.importKind === 'type');
      },
      ExportNamedDeclaration: (node) => {
        check(node.source, node.exportKind === 'type');
      },
      ExportAllDeclaration: (node) => {
        check(node.source, node.exportKind === 'type');
      },
      ImportExpression: (node) => {
        check(node.source, false);
      },
    };
  },
};
