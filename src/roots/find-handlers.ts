import path from 'node:path';
import { visitorKeys } from '@typescript-eslint/visitor-keys';
import type { TSESTree } from '@typescript-eslint/utils';
import type { Bailout } from '../model/bailout.ts';
import type { Project, SourceFile } from '../project/project.ts';
import type { CandidateNode, Handler, Handlers } from '../project/root-candidate.ts';
import { findOrigin } from './find-origin.ts';
import { isPartOf } from './is-part-of.ts';
import type { Framework, FrameworkFile } from './framework.ts';

/** A project whose texts can be read without parsing. */
export type HandlerProject = Project & { readonly readText: (path: string) => string | Bailout };

const none: Handlers = new Map();

/**
 * The functions of a file that frameworks call. A file that none of them concerns costs a look at its imports and its text.
 *
 * @param frameworks asked in this order; the first that knows a function names it
 */
export function findHandlers(project: HandlerProject, file: SourceFile, frameworks: readonly Framework[]): Handlers {
  const specifiers = listSpecifiers(file);
  const matches = new Map<RegExp, boolean>();
  const isElsewhere = (text: RegExp): boolean => {
    const known = matches.get(text) ?? text.test(file.text);
    matches.set(text, known);
    return known;
  };
  const concerned = frameworks.filter(
    ({ packages, elsewhere }) =>
      packages.some((name) => specifiers.some((each) => isPartOf(each, name))) ||
      (elsewhere !== undefined && isElsewhere(elsewhere)),
  );
  if (concerned.length === 0) return none;
  const view = openFrameworkFile(project, file);
  const found = new Map<CandidateNode, Handler>();
  for (const framework of concerned) {
    for (const handler of framework.findHandlers(view)) {
      if (!found.has(handler.node)) found.set(handler.node, handler);
    }
  }
  return found;
}

function listSpecifiers(file: SourceFile): readonly string[] {
  const imported = file.program.body.flatMap((statement) =>
    statement.type === 'ImportDeclaration' ? [statement.source.value] : [],
  );
  if (!file.text.includes('require(')) return imported;
  const required = Array.from(file.text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]/g), (match) => match[1] ?? '');
  return [...imported, ...required];
}

interface Nodes {
  readonly calls: (TSESTree.CallExpression | TSESTree.NewExpression)[];
  readonly classes: (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[];
  readonly functions: CandidateNode[];
}

function openFrameworkFile(project: HandlerProject, file: SourceFile): FrameworkFile {
  let nodes: Nodes | undefined;
  const list = (): Nodes => (nodes ??= listNodes(file.program));
  return {
    path: path.relative(project.root, file.path).split(path.sep).join('/'),
    absolutePath: file.path,
    text: file.text,
    program: file.program,
    calls: () => list().calls,
    classes: () => list().classes,
    functions: () => list().functions,
    findOrigin: (node) => findOrigin(project, file, node),
    dependsOn: (name) => dependsOn(project, file.path, name),
  };
}

function listNodes(program: TSESTree.Program): Nodes {
  const nodes: Nodes = { calls: [], classes: [], functions: [] };
  const visit = (node: TSESTree.Node): void => {
    switch (node.type) {
      case 'CallExpression':
      case 'NewExpression':
        nodes.calls.push(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        nodes.classes.push(node);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        nodes.functions.push(node as CandidateNode);
        break;
      default:
    }
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, TSESTree.Node | (TSESTree.Node | null)[] | null | undefined>)[
        key
      ];
      if (Array.isArray(child)) {
        for (const element of child) if (element !== null) visit(element);
      } else if (child) visit(child);
    }
  };
  visit(program);
  return nodes;
}

function dependsOn(project: HandlerProject, file: string, name: string): boolean {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const text = project.readText(path.join(folder, 'package.json'));
    if (typeof text === 'string' && new RegExp(`"${name}"\\s*:`).test(text)) return true;
    if (folder === project.root || folder === path.dirname(folder)) return false;
  }
}
