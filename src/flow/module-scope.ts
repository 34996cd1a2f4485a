import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { SourceFile } from '../project/project.ts';
import type { Analyzer } from './analyzer.ts';
import { evaluateModuleBinding } from './evaluate-module.ts';
import { listChanges, type Change } from './list-changes.ts';
import { Scope } from './scope.ts';

/** How a name comes into being at module level. */
export type ModuleBinding =
  | { readonly kind: 'import'; readonly specifier: string; readonly name: string; readonly typeOnly: boolean }
  | { readonly kind: 'variable'; readonly declarator: TSESTree.VariableDeclarator }
  | { readonly kind: 'function'; readonly node: TSESTree.FunctionDeclaration }
  | { readonly kind: 'class'; readonly node: TSESTree.ClassDeclaration }
  | { readonly kind: 'type'; readonly node: TSESTree.TSTypeAliasDeclaration | TSESTree.TSInterfaceDeclaration }
  | { readonly kind: 'enum'; readonly node: TSESTree.TSEnumDeclaration }
  | { readonly kind: 'expression'; readonly node: TSESTree.Expression };

/** Where an exported name leads. */
export type ModuleExport =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'from'; readonly specifier: string; readonly name: string };

/** One file's top level: what it declares, imports and exports. Values are evaluated when first asked for. */
export class ModuleScope {
  readonly file: SourceFile;
  readonly bindings = new Map<string, ModuleBinding>();
  /** Types live in a name space of their own: a const and a type may share a name. */
  readonly types = new Map<string, ModuleBinding>();
  readonly exports = new Map<string, ModuleExport>();
  readonly stars: string[] = [];
  /** Files that lead to no client, by the specifiers that import them; empty for any other specifier asked about. */
  readonly inertImports = new Map<string, string>();
  readonly scope: Scope;
  readonly #analyzer: Analyzer;
  readonly #values = new Map<string, Value>();
  readonly #evaluating = new Set<string>();
  #changes: readonly Change[] | undefined;

  constructor(file: SourceFile, analyzer: Analyzer) {
    this.file = file;
    this.#analyzer = analyzer;
    this.scope = new Scope(undefined, this);
    for (const statement of file.program.body) this.#collect(statement);
  }

  /** Where variables and fields are given other values, anywhere in the file. */
  get changes(): readonly Change[] {
    return (this.#changes ??= listChanges(this.file.program));
  }

  /** What `require` of the file gives, where that is not its exports by name. */
  get required(): Value | undefined {
    const whole = this.bindings.get(commonExports);
    return whole === undefined ? undefined : this.lookup(commonExports);
  }

  lookup(name: string): Value | undefined {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const binding = this.bindings.get(name);
    if (binding === undefined) return undefined;
    if (this.#evaluating.has(name)) return { kind: 'unknown', reason: 'circular definition' };
    this.#evaluating.add(name);
    try {
      const value = evaluateModuleBinding(this.#analyzer, this, name, binding);
      this.#values.set(name, value);
      return value;
    } finally {
      this.#evaluating.delete(name);
    }
  }

  #collect(statement: TSESTree.ProgramStatement): void {
    switch (statement.type) {
      case 'ImportDeclaration':
        this.#collectImport(statement);
        break;
      case 'ExportNamedDeclaration':
        if (statement.declaration !== null) {
          for (const name of this.#collectDeclaration(statement.declaration)) {
            this.exports.set(name, { kind: 'local', name });
          }
        }
        for (const specifier of statement.specifiers) {
          const exported = readName(specifier.exported);
          const local = readName(specifier.local);
          this.exports.set(
            exported,
            statement.source === null
              ? { kind: 'local', name: local }
              : { kind: 'from', specifier: statement.source.value, name: local },
          );
        }
        break;
      case 'ExportAllDeclaration':
        if (statement.exported === null) this.stars.push(statement.source.value);
        else
          this.exports.set(readName(statement.exported), {
            kind: 'from',
            specifier: statement.source.value,
            name: '*',
          });
        break;
      case 'ExportDefaultDeclaration':
        this.#collectDefault(statement.declaration);
        break;
      case 'ExpressionStatement':
        this.#collectAssigned(statement.expression);
        break;
      default:
        this.#collectDeclaration(statement);
    }
  }

  #collectDefault(declaration: TSESTree.ExportDefaultDeclaration['declaration']): void {
    if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
      const name = declaration.id?.name ?? 'default';
      this.bindings.set(
        name,
        declaration.type === 'FunctionDeclaration'
          ? { kind: 'function', node: declaration as TSESTree.FunctionDeclaration }
          : { kind: 'class', node: declaration as TSESTree.ClassDeclaration },
      );
      this.exports.set('default', { kind: 'local', name });
    } else if (declaration.type === 'TSInterfaceDeclaration') {
      this.types.set('default', { kind: 'type', node: declaration });
    } else {
      this.bindings.set('default', { kind: 'expression', node: declaration as TSESTree.Expression });
      this.exports.set('default', { kind: 'local', name: 'default' });
    }
  }

  /** `module.exports = …`, `module.exports.name = …` and `exports.name = …`. */
  #collectAssigned(expression: TSESTree.Expression): void {
    if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return;
    const name = readCommonExport(expression.left);
    if (name === undefined) return;
    const { right } = expression;
    // `exports.a = exports.b = …`
    this.#collectAssigned(right);
    const binding = name === '' ? commonExports : `${commonExports}.${name}`;
    this.bindings.set(binding, { kind: 'expression', node: right });
    this.exports.set(name === '' ? 'default' : name, { kind: 'local', name: binding });
    if (name !== '' || right.type !== 'ObjectExpression') return;
    for (const property of right.properties) {
      if (property.type !== 'Property' || property.computed || property.key.type !== 'Identifier') continue;
      const member = `${commonExports}.${property.key.name}`;
      this.bindings.set(member, { kind: 'expression', node: property.value as TSESTree.Expression });
      this.exports.set(property.key.name, { kind: 'local', name: member });
    }
  }

  #collectImport(statement: TSESTree.ImportDeclaration): void {
    for (const specifier of statement.specifiers) {
      const typeOnly =
        statement.importKind === 'type' || (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type');
      const name =
        specifier.type === 'ImportSpecifier'
          ? readName(specifier.imported)
          : specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : '*';
      this.bindings.set(specifier.local.name, { kind: 'import', specifier: statement.source.value, name, typeOnly });
    }
  }

  /** Returns the names that the statement declares. */
  #collectDeclaration(statement: TSESTree.Node): readonly string[] {
    switch (statement.type) {
      case 'VariableDeclaration': {
        const names: string[] = [];
        for (const declarator of statement.declarations) {
          for (const name of readPatternNames(declarator.id)) {
            this.bindings.set(name, { kind: 'variable', declarator });
            names.push(name);
          }
        }
        return names;
      }
      case 'FunctionDeclaration':
        if (statement.id === null) return [];
        this.bindings.set(statement.id.name, { kind: 'function', node: statement });
        return [statement.id.name];
      case 'ClassDeclaration':
        if (statement.id === null) return [];
        this.bindings.set(statement.id.name, { kind: 'class', node: statement });
        return [statement.id.name];
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
        this.types.set(statement.id.name, { kind: 'type', node: statement });
        return [statement.id.name];
      case 'TSEnumDeclaration':
        this.bindings.set(statement.id.name, { kind: 'enum', node: statement });
        return [statement.id.name];
      default:
        return [];
    }
  }
}

/** The name of the binding for what a CommonJS module is as a whole; it is no name that code can use. */
const commonExports = 'module.exports';

/** The exported name that is assigned, empty for the module as a whole; undefined for any other left side. */
function readCommonExport(left: TSESTree.Node): string | undefined {
  if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier') return undefined;
  const { object, property } = left;
  if (object.type === 'Identifier' && object.name === 'exports') return property.name;
  if (object.type === 'Identifier') return object.name === 'module' && property.name === 'exports' ? '' : undefined;
  return readCommonExport(object) === '' ? property.name : undefined;
}

function readName(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

/** All names that a pattern binds. */
export function readPatternNames(pattern: TSESTree.Node): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        readPatternNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : readPatternNames(element)));
    case 'AssignmentPattern':
      return readPatternNames(pattern.left);
    case 'RestElement':
      return readPatternNames(pattern.argument);
    default:
      return [];
  }
}
