import type { TSESTree } from '@typescript-eslint/utils';
import type { Project, SourceFile } from '../../project/project.ts';

/** An expression and the file that it is written in. */
export interface PlacedExpression {
  readonly file: SourceFile;
  readonly node: TSESTree.Expression;
}

/** What the top level of one file declares, imports and passes on. */
interface ModuleScope {
  readonly file: SourceFile;
  readonly constants: ReadonlyMap<string, TSESTree.Expression>;
  readonly functions: ReadonlyMap<string, TSESTree.FunctionDeclaration>;
  readonly imports: ReadonlyMap<string, ImportedName>;
  /** `export { a as b } from`, by the exported name. */
  readonly passedOn: ReadonlyMap<string, ImportedName>;
  /** `export * from`. */
  readonly passedOnWhole: readonly string[];
}

/** `name` is the exported name, `default`, or `*` for the whole namespace. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
}

const depthLimit = 6;

/** Follows names of top-level constants and functions through imports. */
export class ModuleScopes {
  readonly #project: Project;
  readonly #scopes = new Map<string, ModuleScope | undefined>();

  /** @param project parses and resolves */
  constructor(project: Project) {
    this.#project = project;
  }

  /**
   * What a name means at the top level of a file, if that is a constant of the project.
   *
   * @param path absolute path of the file that uses the name
   * @param name the local name
   */
  findConstant(path: string, name: string, depth = 0): PlacedExpression | undefined {
    const scope = this.#open(path);
    const node = scope?.constants.get(name);
    if (scope !== undefined && node !== undefined) return { file: scope.file, node };
    const imported = scope?.imports.get(name);
    return imported === undefined ? undefined : this.#findExported(path, imported, depth);
  }

  /**
   * What a call of a function of the project returns, where its body is a single expression.
   *
   * @param path absolute path of the file that uses the name
   * @param name the function's local name
   */
  findReturned(path: string, name: string): PlacedExpression | undefined {
    const declared = this.#open(path)?.functions.get(name);
    const file = this.#open(path)?.file;
    if (declared !== undefined && file !== undefined) {
      const node = findReturnedExpression(declared);
      return node === undefined ? undefined : { file, node };
    }
    const constant = this.findConstant(path, name);
    if (constant === undefined || !isFunction(constant.node)) return undefined;
    const node = findReturnedExpression(constant.node);
    return node === undefined ? undefined : { file: constant.file, node };
  }

  /** Where a local name was imported from, if it was. */
  findImport(path: string, name: string): ImportedName | undefined {
    return this.#open(path)?.imports.get(name);
  }

  /** The constants at the top level of a file, in their order. */
  listConstants(path: string): readonly (readonly [string, TSESTree.Expression])[] {
    return [...(this.#open(path)?.constants ?? [])];
  }

  #findExported(fromPath: string, imported: ImportedName, depth: number): PlacedExpression | undefined {
    if (depth >= depthLimit || imported.name === '*') return undefined;
    const resolution = this.#project.resolve(fromPath, imported.specifier);
    if (resolution.kind !== 'file') return undefined;
    const local = this.findConstant(resolution.path, imported.name, depth + 1);
    if (local !== undefined) return local;
    const scope = this.#open(resolution.path);
    const passedOn = scope?.passedOn.get(imported.name);
    if (passedOn !== undefined) return this.#findExported(resolution.path, passedOn, depth + 1);
    for (const specifier of scope?.passedOnWhole ?? []) {
      const found = this.#findExported(resolution.path, { specifier, name: imported.name }, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #open(path: string): ModuleScope | undefined {
    if (!this.#scopes.has(path)) {
      const file = this.#project.readSource(path);
      this.#scopes.set(path, 'kind' in file ? undefined : collectScope(file));
    }
    return this.#scopes.get(path);
  }
}

function collectScope(file: SourceFile): ModuleScope {
  const constants = new Map<string, TSESTree.Expression>();
  const functions = new Map<string, TSESTree.FunctionDeclaration>();
  const imports = new Map<string, ImportedName>();
  const passedOn = new Map<string, ImportedName>();
  const passedOnWhole: string[] = [];
  const declare = (statement: TSESTree.Node): void => {
    if (statement.type === 'FunctionDeclaration' && statement.id !== null) functions.set(statement.id.name, statement);
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') return;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && init !== null) constants.set(id.name, unwrap(init));
    }
  };
  for (const statement of file.program.body) {
    if (statement.type === 'ImportDeclaration') {
      for (const item of statement.specifiers) {
        const name =
          item.type === 'ImportDefaultSpecifier'
            ? 'default'
            : item.type === 'ImportNamespaceSpecifier'
              ? '*'
              : spellName(item.imported);
        imports.set(item.local.name, { specifier: statement.source.value, name });
      }
    } else if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
      passedOnWhole.push(statement.source.value);
    } else if (statement.type === 'ExportNamedDeclaration') {
      if (statement.declaration !== null) declare(statement.declaration);
      if (statement.source === null) continue;
      for (const item of statement.specifiers) {
        passedOn.set(spellName(item.exported), { specifier: statement.source.value, name: spellName(item.local) });
      }
    } else declare(statement);
  }
  return { file, constants, functions, imports, passedOn, passedOnWhole };
}

function spellName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

/** An expression without `as const`, `satisfies T`, `!`. */
export function unwrap(node: TSESTree.Expression): TSESTree.Expression {
  let inner = node;
  while (
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSNonNullExpression'
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** True for `() => …` and `function () { … }`. */
export function isFunction(
  node: TSESTree.Node | undefined,
): node is TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression {
  return node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';
}

/** The expression that a function returns, where it has only one `return`, at the end of its body. */
export function findReturnedExpression(
  node: TSESTree.ArrowFunctionExpression | TSESTree.FunctionExpression | TSESTree.FunctionDeclaration,
): TSESTree.Expression | undefined {
  if (node.body.type !== 'BlockStatement') return unwrap(node.body);
  const last = node.body.body.at(-1);
  if (last?.type !== 'ReturnStatement' || last.argument === null) return undefined;
  const branches = node.body.body.some(({ type }) => /^(?:If|Switch|Try|For|While|Do)/u.test(type));
  return branches ? undefined : unwrap(last.argument);
}
