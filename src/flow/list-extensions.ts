import type { TSESTree } from '@typescript-eslint/utils';
import { walkFiles } from '../project/walk-files.ts';
import type { OpenType } from '../project/open-type.ts';
import type { Project } from '../project/project.ts';
import type { TextProject } from './analyzer.ts';
import { walkSyntax } from './walk-syntax.ts';

/** One place of the project that adds a member to an open type. */
export interface Extension {
  /** Absolute path. */
  readonly file: string;
  readonly from:
    | { readonly kind: 'declared'; readonly type: TSESTree.TypeNode }
    | { readonly kind: 'put'; readonly value: TSESTree.Expression };
}

/** What a project adds to open types: by the id of the type, then by the member's name. */
export type Extensions = ReadonlyMap<string, ReadonlyMap<string, readonly Extension[]>>;

type Draft = Map<string, Map<string, Extension[]>>;

/**
 * Looks through the project for declarations (`declare module 'server' { interface Instance { db: Db } }`,
 * `namespace App { interface Locals { … } }`) and calls (`app.decorate('db', db)`) that add members to open types.
 *
 * A call counts by its name and a constant first argument, in files that mention the package: its receiver may be a
 * parameter without a type.
 */
export function listExtensions(project: TextProject, openTypes: readonly OpenType[]): Extensions {
  const found: Draft = new Map();
  if (openTypes.length === 0) return found;
  const words = createFilter(openTypes);
  const { files } = walkFiles([project.root], { cwd: project.root, ignore: [], all: false, takes: ['declaration'] });
  for (const file of files) {
    const text = project.readText(file);
    if (typeof text === 'string' && words.test(text)) readFile(project, file, text, openTypes, found);
  }
  return found;
}

function createFilter(openTypes: readonly OpenType[]): RegExp {
  const setters = [...new Set(openTypes.flatMap((type) => type.setters ?? []))];
  const namespaces = [...new Set(openTypes.flatMap(listGlobals).map((name) => name.split('.')[0] ?? name))];
  return new RegExp(
    `\\bdeclare\\s+module\\s*['"]|\\bnamespace\\s+(?:${namespaces.join('|')})\\b|\\.(?:${setters.join('|')})(?:<[^()]*>)?\\(\\s*['"]`,
    'u',
  );
}

function listGlobals(type: OpenType): readonly string[] {
  return type.globals ?? [];
}

function readFile(project: Project, file: string, text: string, openTypes: readonly OpenType[], found: Draft): void {
  const source = project.readSource(file);
  if (!('program' in source)) return;
  const add = (type: OpenType, name: string, from: Extension['from']): void => {
    const members = found.get(type.id) ?? new Map<string, Extension[]>();
    found.set(type.id, members);
    members.set(name, [...(members.get(name) ?? []), { file, from }]);
  };
  const putters = openTypes.filter(
    (type) => type.setters !== undefined && type.packages.some((name) => text.includes(name.split('/')[0] ?? name)),
  );
  walkSyntax(source.program, (node) => {
    if (node.type === 'TSModuleDeclaration') {
      readDeclarations(node, '', openTypes, add);
      return false;
    }
    if (node.type === 'CallExpression') readPut(node, putters, add);
    return true;
  });
}

type Add = (type: OpenType, name: string, from: Extension['from']) => void;

function readDeclarations(
  declaration: TSESTree.TSModuleDeclaration,
  around: string,
  openTypes: readonly OpenType[],
  add: Add,
): void {
  const { id, body } = declaration;
  if (body === undefined) return;
  const name = id.type === 'Literal' ? `'${id.value}'` : id.type === 'Identifier' ? id.name : '';
  const path = name === 'global' || around === '' ? (name === 'global' ? '' : name) : `${around}.${name}`;
  for (const statement of body.body) {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (inner?.type === 'TSModuleDeclaration') readDeclarations(inner, path, openTypes, add);
    if (inner?.type !== 'TSInterfaceDeclaration') continue;
    for (const type of openTypes) {
      const isExported = type.name === inner.id.name && type.packages.some((each) => path === `'${each}'`);
      if (!isExported && !listGlobals(type).includes(`${path}.${inner.id.name}`)) continue;
      for (const member of inner.body.body) {
        if (member.type !== 'TSPropertySignature' || member.computed || member.typeAnnotation === undefined) continue;
        const key = member.key.type === 'Identifier' ? member.key.name : undefined;
        if (key !== undefined) add(type, key, { kind: 'declared', type: member.typeAnnotation.typeAnnotation });
      }
    }
  }
}

function readPut(node: TSESTree.CallExpression, types: readonly OpenType[], add: Add): void {
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return;
  const { name } = callee.property;
  const [key, value] = node.arguments;
  if (key?.type !== 'Literal' || typeof key.value !== 'string' || value === undefined) return;
  if (value.type === 'SpreadElement') return;
  for (const type of types) if (type.setters?.includes(name) === true) add(type, key.value, { kind: 'put', value });
}
