import type { TSESTree } from '@typescript-eslint/utils';
import type { CandidateNode, DeclaredInput } from '../project/root-candidate.ts';
import type { FunctionInputs } from './describe-inputs.ts';
import { describeInputs } from './describe-inputs.ts';
import { findDeclaration } from './find-declaration.ts';
import type { FrameworkFile } from './framework.ts';
import { isPartOf } from './is-part-of.ts';

/** A function that has one of a framework's function types, or is handed to one of its makers. */
export interface TypedFunction {
  readonly node: CandidateNode;
  /** The type's or the maker's name. */
  readonly type: string;
  readonly inputs: readonly DeclaredInput[];
}

/**
 * Functions whose parameters have the types that a framework's function type gives them: `const plugin: Plugin = async
 * (app) => …`, `{ handler(request) {} } satisfies RouteOptions`, `createMiddleware<Env>(async (c, next) => …)`.
 *
 * @param functions by the names that the packages export
 */
export function listTypedFunctions(
  file: FrameworkFile,
  packages: readonly string[],
  functions: Readonly<Record<string, FunctionInputs>>,
): readonly TypedFunction[] {
  if (Object.keys(functions).length === 0) return [];
  return file.functions().flatMap((node): readonly TypedFunction[] => {
    const named = findNames(node).flatMap((each) => {
      const type = readImport(each.name, packages);
      const inputs = type === undefined ? undefined : functions[type];
      return type === undefined || inputs === undefined ? [] : [{ type, inputs, given: each.types }];
    });
    const [first] = named;
    if (first === undefined) return [];
    const given = named.find((each) => each.given !== undefined)?.given;
    const types = given === undefined ? undefined : { types: given, file: file.absolutePath };
    return [{ node, type: first.type, inputs: describeInputs(first.inputs, types) }];
  });
}

interface Named {
  readonly name: TSESTree.Identifier;
  readonly types: readonly TSESTree.TypeNode[] | undefined;
}

/** The type annotations and the callees around a function that say what it is called with, innermost first. */
function findNames(node: CandidateNode): readonly Named[] {
  const found: Named[] = [];
  let inner: TSESTree.Node = node;
  for (let around: TSESTree.Node | undefined = node.parent; around; inner = around, around = around.parent) {
    switch (around.type) {
      case 'CallExpression':
        if (around.callee === inner) return found;
        if (around.callee.type === 'Identifier')
          found.push({ name: around.callee, types: around.typeArguments?.params });
        break;
      case 'TSSatisfiesExpression':
      case 'TSAsExpression':
        pushType(found, around.typeAnnotation);
        break;
      case 'VariableDeclarator':
        if (around.id.type === 'Identifier') pushType(found, around.id.typeAnnotation?.typeAnnotation);
        return found;
      case 'Property':
      case 'ObjectExpression':
        break;
      default:
        return found;
    }
  }
  return found;
}

function pushType(found: Named[], type: TSESTree.TypeNode | undefined): void {
  if (type?.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return;
  found.push({ name: type.typeName, types: type.typeArguments?.params });
}

function readImport(name: TSESTree.Identifier, packages: readonly string[]): string | undefined {
  const declaration = findDeclaration(name, name.name);
  if (declaration?.kind !== 'import' || !packages.some((each) => isPartOf(declaration.specifier, each)))
    return undefined;
  return declaration.name === 'default' ? `default of ${declaration.specifier}` : declaration.name;
}
