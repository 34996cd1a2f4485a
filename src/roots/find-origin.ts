import type { TSESTree } from '@typescript-eslint/utils';
import type { Project, SourceFile } from '../project/project.ts';
import type { CandidateNode } from '../project/root-candidate.ts';
import { findClassMember } from './find-class-member.ts';
import { findDeclaration } from './find-declaration.ts';

/** Where an expression comes from: an export of a package, and what the code did with it. */
export interface Origin {
  readonly package: string;
  /** Names and calls from the export on: `new Hono().basePath('/v1')` is `Hono`, `new`, `basePath`, `()`. */
  readonly steps: readonly OriginStep[];
}

export interface OriginStep {
  /**
   * A name, `()`, `new`, `typed` for a value whose declared type the names before spell, or `returned` for a function of
   * the project that returns what the steps before are.
   */
  readonly name: string;
  /** The call, for `()` and `new`. */
  readonly call?: TSESTree.CallExpression | TSESTree.NewExpression;
  /** The file that the step is written in, absolute path. */
  readonly file: string;
}

/** How many names, calls and files are followed. */
const longest = 40;

/**
 * The package that a value comes from, followed through constants, imports of the project's own files, re-exports,
 * members of `this` and declared types. Default and namespace imports have no name of their own: `express.Router()` and
 * `Router()` are both `Router`, `()`.
 *
 * @returns undefined where it is the project's own, or where this can't be told
 */
export function findOrigin(
  project: Project,
  file: SourceFile,
  node: TSESTree.Node,
  budget = longest,
): Origin | undefined {
  if (budget === 0) return undefined;
  const recur = (inner: TSESTree.Node): Origin | undefined => findOrigin(project, file, inner, budget - 1);
  switch (node.type) {
    case 'Identifier':
      return findNameOrigin(project, file, node, node.name, budget);
    case 'MemberExpression': {
      if (node.object.type === 'ThisExpression') {
        const member = node.property.type === 'Identifier' ? findClassMember(node, node.property.name) : undefined;
        if (member?.init !== undefined) return recur(member.init);
        return member?.type === undefined ? undefined : findTypeOrigin(project, file, member.type, budget);
      }
      if (node.computed || node.property.type !== 'Identifier') return undefined;
      return extend(recur(node.object), { name: node.property.name, file: file.path });
    }
    case 'CallExpression': {
      const [first] = node.arguments;
      if (node.callee.type === 'Identifier' && node.callee.name === 'require' && first?.type === 'Literal')
        return typeof first.value === 'string' ? findImportOrigin(project, file, first.value, '*', budget) : undefined;
      return extend(recur(node.callee), { name: '()', call: node, file: file.path });
    }
    case 'NewExpression':
      return extend(recur(node.callee), { name: 'new', call: node, file: file.path });
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const result = findResult(node);
      return result && extend(recur(result), { name: 'returned', file: file.path });
    }
    case 'AwaitExpression':
      return recur(node.argument);
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'ChainExpression':
      return recur(node.expression);
    default:
      return undefined;
  }
}

/** The steps as one text: `Hono.new.basePath.()`. */
export function spellOrigin(origin: Origin): string {
  return origin.steps.map((step) => step.name).join('.');
}

function extend(origin: Origin | undefined, step: OriginStep): Origin | undefined {
  if (step.name === '()' && origin?.steps.at(-1)?.name === 'returned')
    return { ...origin, steps: origin.steps.slice(0, -1) };
  return origin && { ...origin, steps: [...origin.steps, step] };
}

/** What a function returns at its end. */
function findResult({ body }: CandidateNode): TSESTree.Expression | undefined {
  if (body.type !== 'BlockStatement') return body;
  const last = body.body.at(-1);
  return last?.type === 'ReturnStatement' ? (last.argument ?? undefined) : undefined;
}

function findNameOrigin(
  project: Project,
  file: SourceFile,
  node: TSESTree.Node,
  name: string,
  budget: number,
): Origin | undefined {
  const declaration = findDeclaration(node, name);
  switch (declaration?.kind) {
    case 'import':
      return findImportOrigin(project, file, declaration.specifier, declaration.name, budget);
    case 'variable': {
      const origin = findOrigin(project, file, declaration.init, budget - 1);
      return declaration.member === undefined ? origin : extend(origin, { name: declaration.member, file: file.path });
    }
    case 'parameter':
      return declaration.type && findTypeOrigin(project, file, declaration.type, budget);
    case 'function':
      return findOrigin(project, file, declaration.node, budget - 1);
    case undefined:
      return undefined;
  }
}

/** `app: FastifyInstance`. */
function findTypeOrigin(
  project: Project,
  file: SourceFile,
  type: TSESTree.TypeNode,
  budget: number,
): Origin | undefined {
  if (type.type !== 'TSTypeReference') return undefined;
  const { typeName } = type;
  const named = findEntityOrigin(project, file, typeName, budget);
  return extend(named, { name: 'typed', file: file.path });
}

function findEntityOrigin(
  project: Project,
  file: SourceFile,
  entity: TSESTree.EntityName,
  budget: number,
): Origin | undefined {
  if (entity.type === 'Identifier') return findNameOrigin(project, file, entity, entity.name, budget);
  if (entity.type === 'ThisExpression') return undefined;
  return extend(findEntityOrigin(project, file, entity.left, budget), { name: entity.right.name, file: file.path });
}

function findImportOrigin(
  project: Project,
  file: SourceFile,
  specifier: string,
  name: string,
  budget: number,
): Origin | undefined {
  const resolution = project.resolve(file.path, specifier);
  if (resolution.kind === 'file') {
    const source = project.readSource(resolution.path);
    return 'program' in source && name !== '*' ? findExportOrigin(project, source, name, budget - 1) : undefined;
  }
  if (specifier.startsWith('.')) return undefined;
  return { package: specifier, steps: name === '*' || name === 'default' ? [] : [{ name, file: file.path }] };
}

function findExportOrigin(project: Project, file: SourceFile, name: string, budget: number): Origin | undefined {
  if (budget <= 0) return undefined;
  for (const statement of file.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default')
      return findOrigin(project, file, statement.declaration, budget - 1);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const { exported, local } of statement.specifiers) {
      if (readName(exported) !== name) continue;
      return statement.source === null
        ? findOrigin(project, file, local, budget - 1)
        : findImportOrigin(project, file, statement.source.value, readName(local), budget - 1);
    }
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id?.name === name)
      return findOrigin(project, file, declaration, budget - 1);
    if (declaration?.type === 'VariableDeclaration' && declaration.declarations.some(({ id }) => bindsName(id, name)))
      return findNameOrigin(project, file, statement, name, budget - 1);
  }
  for (const statement of file.program.body) {
    if (statement.type !== 'ExportAllDeclaration' || statement.exported !== null) continue;
    const resolution = project.resolve(file.path, statement.source.value);
    if (resolution.kind !== 'file') continue;
    const origin = findImportOrigin(project, file, statement.source.value, name, budget - 1);
    if (origin !== undefined) return origin;
  }
  return undefined;
}

function bindsName(id: TSESTree.BindingName, name: string): boolean {
  if (id.type === 'Identifier') return id.name === name;
  return (
    id.type === 'ObjectPattern' &&
    id.properties.some(
      (property) =>
        property.type === 'Property' && property.value.type === 'Identifier' && property.value.name === name,
    )
  );
}

function readName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}
