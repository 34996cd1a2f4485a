import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { Analyzer } from './analyzer.ts';
import { canAct } from './can-act.ts';
import { evaluateArguments } from './evaluate-call.ts';
import { locate } from './locate.ts';
import { mayMakeClient, mayReachClient } from './may-reach-client.ts';
import type { ModuleScope } from './module-scope.ts';
import { resolveModule } from './resolve-module.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { keepCauses, markRefusal } from './sketch.ts';
import { apply } from './values.ts';

/**
 * A call, in a sketch, of something imported from a file that leads to no client, with nothing that acts: it has no
 * effect, and the file need not be opened.
 *
 * @returns undefined for any other call
 */
export function callInertImport(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  node: TSESTree.CallExpression,
): Value | undefined {
  const name = readRootName(node.callee);
  if (name === undefined) return undefined;
  const path = findInertImport(run, module, scope, name);
  if (path === undefined || !node.arguments.every(isStill)) return undefined;
  const args = evaluateArguments(run, module, scope, node.arguments);
  if (args.some((arg) => canAct(run.analyzer, arg))) return undefined;
  const causes = keepCauses(run, args);
  if (causes.length > 0 && mayThrow(run.analyzer, path)) markRefusal(run, causes, locate(node, module.file.path));
  return apply(`call:${name}`, causes);
}

/** Is there a `throw` in a file? That its functions may call others that throw is not asked. */
export function mayThrow(analyzer: Analyzer, path: string): boolean {
  let known = analyzer.throwing.get(path);
  if (known === undefined) {
    const text = analyzer.project.readText(path);
    known = typeof text !== 'string' || /\bthrow\b/.test(text);
    analyzer.throwing.set(path, known);
  }
  return known;
}

/**
 * In a sketch, the value of an argument that is imported from a file that leads to no client: a schema, a setting. What
 * it is does not matter, and the file need not be opened.
 */
export function skipInertImport(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.Node): Value | undefined {
  return node.type === 'Identifier' && run.reading.kind === 'sketch' && findInertImport(run, module, scope, node.name)
    ? apply(`global:${node.name}`, [])
    : undefined;
}

/**
 * In a registry of hundreds of things, the value of one that is imported from a file that makes no client. To open them
 * all for the sake of one would take as long as the rest of the project.
 *
 * Misses: entries that get a client as an argument whose type alone they import.
 */
export function skipInertEntry(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.Node): Value | undefined {
  if (node.type !== 'Identifier' || scope.findOwner(node.name) !== undefined) return undefined;
  const binding = module.bindings.get(node.name);
  if (binding?.kind !== 'import') return undefined;
  const resolution = resolveModule(run.analyzer, module.file.path, binding.specifier);
  return resolution.kind === 'file' && !mayMakeClient(run.analyzer, resolution.path)
    ? apply(`global:${node.name}`, [])
    : undefined;
}

/** The file that a name is imported from, where that leads to no client. */
function findInertImport(run: Run, module: ModuleScope, scope: Scope, name: string): string | undefined {
  const binding = module.bindings.get(name);
  if (binding?.kind !== 'import' || scope.findOwner(name) !== undefined) return undefined;
  const known = module.inertImports.get(binding.specifier);
  if (known !== undefined) return known === '' ? undefined : known;
  const resolution = resolveModule(run.analyzer, module.file.path, binding.specifier);
  const isInert = resolution.kind === 'file' && !mayReachClient(run.analyzer, resolution.path);
  module.inertImports.set(binding.specifier, isInert ? resolution.path : '');
  return isInert ? resolution.path : undefined;
}

/** `f` of `f(…)`, `logger` of `logger.info(…)`. */
function readRootName(callee: TSESTree.Expression | TSESTree.Super): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' && !callee.computed && callee.object.type === 'Identifier'
    ? callee.object.name
    : undefined;
}

/** Can an expression be evaluated twice, since it calls nothing and makes no function? */
function isStill(node: TSESTree.Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'Identifier':
    case 'ThisExpression':
      return true;
    case 'MemberExpression':
      return isStill(node.object) && (!node.computed || isStill(node.property));
    case 'TemplateLiteral':
      return node.expressions.every(isStill);
    case 'ObjectExpression':
      return node.properties.every((property) =>
        property.type === 'SpreadElement'
          ? isStill(property.argument)
          : property.kind === 'init' && isStill(property.value) && (!property.computed || isStill(property.key)),
      );
    case 'ArrayExpression':
      return node.elements.every((element) => element === null || isStill(element));
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isStill(node.left) && isStill(node.right);
    case 'ConditionalExpression':
      return isStill(node.test) && isStill(node.consequent) && isStill(node.alternate);
    case 'UnaryExpression':
      return isStill(node.argument);
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
      return isStill(node.expression);
    default:
      return false;
  }
}
