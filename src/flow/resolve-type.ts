import type { TSESTree } from '@typescript-eslint/utils';
import type { Location } from '../model/location.ts';
import type { InputValue, Value } from '../model/value.ts';
import { instantiateDeclared } from './class-members.ts';
import { openModule, resolveExport } from './evaluate-module.ts';
import { extendChain, identify, settleChain } from './extend-chain.ts';
import { inputArguments, invoke } from './call-function.ts';
import { nameMember } from './get-member.ts';
import { findOpenMember } from './open-type-members.ts';
import { resolveModule } from './resolve-module.ts';
import { resolveOpenType } from './resolve-open-type.ts';
import { keepHandles } from './keep-handles.ts';
import { locate } from './locate.ts';
import { mayReachClient } from './may-reach-client.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import { createRun, findAdapter, findFunction } from './run.ts';
import { spellEntity } from './spell-entity.ts';

/** Type operators that leave open what the value is but not which client it is. */
const transparent = new Set([
  'Awaited',
  'NonNullable',
  'Omit',
  'Pick',
  'Partial',
  'Required',
  'Readonly',
  'Promise',
  'Extract',
  'Exclude',
  'DeepReadonly',
]);

/**
 * What a declared type says about a value that comes from outside: a client, an object of a class, an object whose
 * members have declared types.
 *
 * @returns undefined where the type says nothing more than the value itself does
 */
export function resolveDeclaredValue(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TypeNode,
  value: Value,
): Value | undefined {
  if (value.kind !== 'input' && value.kind !== 'unknown' && value.kind !== 'apply') return undefined;
  if (value.kind === 'input' && value.type !== undefined) return undefined;
  return resolveType(run, module, type, value, 0);
}

/**
 * What a type says about a context that a framework makes: the type of the value, or of the function that makes it
 * (`typeof createContext`).
 */
export function resolveContextType(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TypeNode,
  value: Value,
): Value | undefined {
  const resolved = resolveDeclaredValue(run, module, type, value);
  return resolved?.kind === 'function'
    ? evaluateResult(run, resolved, value, locate(type, module.file.path))
    : resolved;
}

function resolveType(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TypeNode,
  value: Value,
  depth: number,
): Value | undefined {
  if (depth > 12) return undefined;
  const recur = (inner: TSESTree.TypeNode, within = module): Value | undefined =>
    resolveType(run, within, inner, value, depth + 1);
  switch (type.type) {
    case 'TSTypeReference':
      return resolveReference(run, module, type, value, depth);
    case 'TSTypeQuery': {
      const queried = evaluateEntity(run, module, type.exprName);
      // a table's own type (`typeof users.$inferSelect`) describes a row, not a handle
      if (queried?.kind === 'chain' && queried.root.kind !== 'client') return undefined;
      return queried?.kind === 'unknown' || queried?.kind === 'apply' ? undefined : queried;
    }
    case 'TSUnionType': {
      const members = type.types.flatMap((member) => recur(member) ?? []);
      return members.find((member) => !isTransactionClient(member)) ?? members[0];
    }
    case 'TSIntersectionType': {
      const members = type.types.flatMap((member) => recur(member) ?? []);
      return (
        members.find((member) => member.kind === 'chain' || member.kind === 'instance') ??
        declareType(run, module, type, value)
      );
    }
    case 'TSTypeOperator':
      return type.typeAnnotation ? recur(type.typeAnnotation) : undefined;
    case 'TSTypeLiteral':
    case 'TSArrayType':
      return declareType(run, module, type, value);
    case 'TSIndexedAccessType':
      return resolveIndexed(run, module, type, depth);
    case 'TSImportType': {
      const source = 'source' in type ? (type.source as { value?: unknown }).value : undefined;
      if (typeof source !== 'string' || !type.qualifier) return undefined;
      return resolveImportedType(run, module, source, spellEntity(type.qualifier), value, [], depth);
    }
    default:
      return undefined;
  }
}

function isTransactionClient(value: Value): boolean {
  return value.kind === 'chain' && value.root.kind === 'client' && value.root.client.role === 'transaction';
}

function declareType(run: Run, module: ModuleScope, node: TSESTree.Node, value: Value): Value | undefined {
  if (value.kind !== 'input' && value.kind !== 'unknown' && value.kind !== 'apply') return undefined;
  const id = `${module.file.path}#${String(node.range[0])}`;
  run.analyzer.types.set(id, { module, node });
  return { kind: 'input', name: value.kind === 'input' ? value.name : 'value', type: id };
}

function resolveReference(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TSTypeReference,
  value: Value,
  depth: number,
): Value | undefined {
  const name = spellEntity(type.typeName);
  const parameters = type.typeArguments?.params ?? [];
  const first = parameters[0];
  if (transparent.has(name) && first !== undefined) return resolveType(run, module, first, value, depth + 1);
  if (name === 'Array' || name === 'ReadonlyArray') return declareType(run, module, type, value);
  // `AsyncReturnType` of several packages too
  if (name.endsWith('ReturnType') && first?.type === 'TSTypeQuery') {
    const callee = evaluateEntity(run, module, first.exprName);
    return callee === undefined ? undefined : evaluateResult(run, callee, value, locate(type, module.file.path));
  }
  if (name === 'InstanceType' && first?.type === 'TSTypeQuery') {
    const target = evaluateEntity(run, module, first.exprName);
    return target?.kind === 'class' ? instantiateDeclared(run, target) : undefined;
  }
  const texts = parameters.map((parameter) => module.file.text.slice(parameter.range[0], parameter.range[1]));
  return resolveNamedType(run, module, name, value, texts, depth) ?? resolveOpenType(run, module, type, name, value);
}

function resolveNamedType(
  run: Run,
  module: ModuleScope,
  name: string,
  value: Value,
  typeArguments: readonly string[],
  depth: number,
): Value | undefined {
  const [head = name, ...members] = name.split('.');
  const local = module.types.get(head);
  if (local?.kind === 'type' && members.length === 0) {
    return local.node.type === 'TSTypeAliasDeclaration'
      ? resolveType(run, module, local.node.typeAnnotation, value, depth + 1)
      : declareType(run, module, local.node, value);
  }
  const binding = module.bindings.get(head);
  if (binding?.kind === 'class') {
    const target = module.lookup(head);
    return target?.kind === 'class' ? instantiateDeclared(run, target) : undefined;
  }
  if (binding?.kind === 'import') {
    const imported = binding.name === '*' ? members.join('.') : [binding.name, ...members].join('.');
    return resolveImportedType(run, module, binding.specifier, imported, value, typeArguments, depth);
  }
  return undefined;
}

function resolveImportedType(
  run: Run,
  module: ModuleScope,
  specifier: string,
  name: string,
  value: Value,
  typeArguments: readonly string[],
  depth: number,
): Value | undefined {
  const resolution = resolveModule(run.analyzer, module.file.path, specifier);
  if (resolution.kind === 'file') {
    // a type from there has no client in it, and what else a type says does not matter
    if (!mayReachClient(run.analyzer, resolution.path)) return undefined;
    const target = openModule(run.analyzer, resolution.path);
    return target && resolveExportedType(run, target, name, value, typeArguments, depth);
  }
  const typed = identify(run, {
    kind: 'chain',
    root: { kind: 'typed', package: resolution.specifier, name, typeArguments },
    steps: [],
  });
  return typed.kind === 'chain' && typed.root.kind === 'client' ? typed : undefined;
}

function resolveExportedType(
  run: Run,
  module: ModuleScope,
  name: string,
  value: Value,
  typeArguments: readonly string[],
  depth: number,
): Value | undefined {
  if (depth > 12) return undefined;
  const [head = name, ...members] = name.split('.');
  const exported = module.exports.get(head);
  if (exported?.kind === 'from') {
    const imported = [exported.name, ...members].join('.');
    return resolveImportedType(run, module, exported.specifier, imported, value, typeArguments, depth + 1);
  }
  const local = exported?.kind === 'local' ? exported.name : head === 'default' ? 'default' : undefined;
  if (local !== undefined)
    return resolveNamedType(run, module, [local, ...members].join('.'), value, typeArguments, depth + 1);
  for (const star of module.stars) {
    const found = resolveImportedType(run, module, star, name, value, typeArguments, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `Context['db']`, and the handle's type spelled as `Parameters<Parameters<typeof db.transaction>[0]>[0]`. */
function resolveIndexed(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TSIndexedAccessType,
  depth: number,
): Value | undefined {
  const handle = resolveCallbackParameter(run, module, type);
  if (handle !== undefined) return handle;
  if (type.indexType.type !== 'TSLiteralType' || type.indexType.literal.type !== 'Literal') return undefined;
  const name = String(type.indexType.literal.value);
  const owner = resolveType(run, module, type.objectType, { kind: 'input', name: 'value' }, depth + 1);
  if (owner?.kind === 'input') return resolveInputMember(run, owner, name);
  if (owner?.kind === 'object') return owner.entries.find((entry) => entry.name === name)?.value;
  return undefined;
}

function resolveCallbackParameter(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TSIndexedAccessType,
): Value | undefined {
  const inner = readParametersOf(type);
  if (inner?.type !== 'TSIndexedAccessType') return undefined;
  const method = readParametersOf(inner);
  if (method?.type !== 'TSTypeQuery') return undefined;
  const callee = evaluateEntity(run, module, method.exprName);
  if (callee?.kind !== 'chain' || callee.root.kind !== 'client') return undefined;
  const { library } = callee.root.client;
  const probe = createRun(run.analyzer, true);
  const location = locate(type, module.file.path);
  const last = callee.steps.at(-1);
  if (last === undefined) return undefined;
  const adapter = findAdapter(run, library);
  const callback: Value = { kind: 'function', id: 'probe', name: 'probe' };
  const call = { ...callee, steps: [...callee.steps.slice(0, -1), { ...last, args: [callback], location }] };
  const recognition = adapter?.recognize(call, { awaited: true, newConnection: () => `c${String(++probe.nextId)}` });
  if (recognition?.kind !== 'transaction') return undefined;
  return {
    kind: 'chain',
    root: { kind: 'client', client: { ...recognition.handle, connection: 'caller' } },
    steps: [],
  };
}

/** `X` of `Parameters<X>[0]`. */
function readParametersOf(type: TSESTree.TSIndexedAccessType): TSESTree.TypeNode | undefined {
  const { objectType } = type;
  if (objectType.type !== 'TSTypeReference' || spellEntity(objectType.typeName) !== 'Parameters') return undefined;
  return objectType.typeArguments?.params[0];
}

/**
 * A member of an input of declared type. `[]` asks for the element of an array.
 *
 * @returns undefined where the type does not declare it, or is not known
 */
export function resolveInputMember(run: Run, input: InputValue, name: string): Value | undefined {
  const record = input.type === undefined ? undefined : run.analyzer.types.get(input.type);
  if (record === undefined) return undefined;
  const part: InputValue = { kind: 'input', name: name === '[]' ? `${input.name}[]` : nameMember(input.name, name) };
  if (record.open !== undefined) return findOpenMember(run, record, name, part);
  return findTypeMember(run, record.module, record.node, name, part, 0);
}

function findTypeMember(
  run: Run,
  module: ModuleScope,
  node: TSESTree.Node,
  name: string,
  part: Value,
  depth: number,
): Value | undefined {
  if (depth > 8) return undefined;
  switch (node.type) {
    case 'TSArrayType':
      return name === '[]' ? (resolveType(run, module, node.elementType, part, 0) ?? part) : undefined;
    case 'TSInterfaceDeclaration': {
      const own = findSignature(run, module, node.body.body, name, part);
      if (own !== undefined) return own;
      for (const heritage of node.extends) {
        if (heritage.expression.type !== 'Identifier') continue;
        const parent = resolveNamedType(run, module, heritage.expression.name, { kind: 'input', name: 'value' }, [], 0);
        const found = parent?.kind === 'input' ? resolveInputMember(run, parent, name) : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'TSTypeLiteral':
      return findSignature(run, module, node.members, name, part);
    case 'TSIntersectionType':
      for (const member of node.types) {
        const owner = resolveType(run, module, member, { kind: 'input', name: 'value' }, 0);
        const found =
          owner?.kind === 'input'
            ? resolveInputMember(run, owner, name)
            : owner?.kind === 'object'
              ? owner.entries.find((entry) => entry.name === name)?.value
              : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    case 'TSTypeReference': {
      const first = node.typeArguments?.params[0];
      return name === '[]' && first !== undefined ? (resolveType(run, module, first, part, 0) ?? part) : undefined;
    }
    default:
      return undefined;
  }
}

function findSignature(
  run: Run,
  module: ModuleScope,
  members: readonly TSESTree.TypeElement[],
  name: string,
  part: Value,
): Value | undefined {
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' || member.computed) continue;
    const key =
      member.key.type === 'Identifier'
        ? member.key.name
        : member.key.type === 'Literal'
          ? String(member.key.value)
          : undefined;
    if (key !== name) continue;
    const annotation = member.typeAnnotation?.typeAnnotation;
    return annotation === undefined ? part : (resolveType(run, module, annotation, part, 0) ?? part);
  }
  return undefined;
}

/** The value that a `typeof` names, read at module level. */
function evaluateEntity(
  run: Run,
  module: ModuleScope,
  entity: TSESTree.EntityName | TSESTree.TSImportType,
): Value | undefined {
  if (entity.type === 'TSImportType') return undefined;
  if (entity.type === 'Identifier') return module.lookup(entity.name);
  if (entity.type === 'ThisExpression') return undefined;
  const base = evaluateEntity(run, module, entity.left);
  if (base === undefined) return undefined;
  if (base.kind === 'module') {
    const target = openModule(run.analyzer, base.file);
    return target && resolveExport(run.analyzer, target, entity.right.name);
  }
  if (base.kind === 'chain') {
    return { ...base, steps: [...base.steps, { name: entity.right.name, location: locate(entity, module.file.path) }] };
  }
  return undefined;
}

/** What a function returns when it is called with inputs, as far as it holds of other calls too. */
function evaluateResult(run: Run, callee: Value, value: Value, location: Location): Value | undefined {
  if (callee.kind === 'function') {
    const record = findFunction(run, callee);
    if (record === undefined) return undefined;
    const known = run.analyzer.results.get(record.id);
    const silent = createRun(run.analyzer, true);
    const result = known ?? invoke(silent, record, inputArguments(silent, record));
    // a type means one thing, however often it is looked up; closures are another function in each run
    if (run.analyzer.functions.has(record.id)) run.analyzer.results.set(record.id, result);
    return keepHandles(result, value);
  }
  if (callee.kind === 'chain') {
    const call = extendChain(run, callee, { name: '()', args: [], location });
    return call.kind === 'chain' && call.root.kind === 'client' ? settleChain(run, call, false, location) : undefined;
  }
  return undefined;
}
