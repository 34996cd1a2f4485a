import type { TSESTree } from '@typescript-eslint/utils';
import type { OpenType } from '../project/open-type.ts';
import type { InputValue, Value } from '../model/value.ts';
import type { Analyzer, TypeRecord } from './analyzer.ts';
import { canAct } from './can-act.ts';
import { evaluateInPlace } from './evaluate-in-place.ts';
import { openModule } from './evaluate-module.ts';
import type { Extension, Extensions } from './list-extensions.ts';
import { listExtensions } from './list-extensions.ts';
import type { ModuleScope } from './module-scope.ts';
import { nameMember } from './get-member.ts';
import { resolveDeclaredValue, resolveInputMember } from './resolve-type.ts';
import { createRun } from './run.ts';
import type { Run } from './run.ts';

/** What the project adds to open types, looked for once. */
export function openExtensions(analyzer: Analyzer): Extensions {
  return (analyzer.extensions ??= listExtensions(analyzer.project, analyzer.openTypes));
}

export function findOpenType(analyzer: Analyzer, id: string): OpenType | undefined {
  return analyzer.openTypes.find((type) => type.id === id);
}

/** The open type that a package exports under a name. */
export function findExportedOpenType(analyzer: Analyzer, specifier: string, name: string): OpenType | undefined {
  return analyzer.openTypes.find((type) => type.name === name && type.packages.includes(specifier));
}

/**
 * An input of an open type.
 *
 * @param argument the type argument that may declare members
 * @returns undefined where the project adds nothing to such types, so that they are as good as any other
 */
export function declareOpenType(
  analyzer: Analyzer,
  type: OpenType,
  input: InputValue,
  argument: { readonly module: ModuleScope; readonly type: TSESTree.TypeNode } | undefined,
  place: { readonly module: ModuleScope; readonly node: TSESTree.Node },
): InputValue | undefined {
  if (argument === undefined && !isExtended(analyzer, type, new Set())) return undefined;
  const { module, node } = argument === undefined ? place : { module: argument.module, node: argument.type };
  const id = `${type.id} ${argument === undefined ? '' : `${module.file.path}#${String(node.range[0])}`}`;
  const record: TypeRecord = { module, node, open: { type, hasArgument: argument !== undefined } };
  analyzer.types.set(id, record);
  return { kind: 'input', name: input.name, type: id };
}

/** Does the project add something to a type, or to one that its members or getters lead to? */
function isExtended(analyzer: Analyzer, type: OpenType, visited: Set<string>): boolean {
  if (visited.has(type.id)) return false;
  visited.add(type.id);
  if (openExtensions(analyzer).has(type.id)) return true;
  return [...Object.values(type.members ?? {}), ...Object.values(type.getters ?? {})].some((id) => {
    const next = findOpenType(analyzer, id);
    return next !== undefined && isExtended(analyzer, next, visited);
  });
}

/**
 * The member of an input of an open type, where it is a client or leads to one.
 *
 * @param part the member as an input without a type
 */
export function findOpenMember(run: Run, record: TypeRecord, name: string, part: InputValue): Value | undefined {
  const { open } = record;
  if (open === undefined) return undefined;
  const inner = open.type.members?.[name];
  if (inner !== undefined) return findPassage(run, record, inner, part);
  const extensions = openExtensions(run.analyzer).get(open.type.id)?.get(name) ?? [];
  const puts = extensions.flatMap((each) => evaluatePut(run, each) ?? []);
  // a middleware that puts a transaction there makes all that follows part of it, whatever the type says
  if (puts.some(isTransaction)) return undefined;
  const declared = findArgumentMember(run, record, name, part) ?? findDeclared(run, extensions, part);
  if (declared !== undefined && canAct(run.analyzer, declared)) return isTransaction(declared) ? undefined : declared;
  const [put] = puts;
  return put !== undefined && puts.every((each) => isSameClient(put, each)) ? put : undefined;
}

/** `c.get('db')` of an input whose type has such a method. */
export function findKeyedMember(run: Run, base: Value, method: string, key: Value | undefined): Value | undefined {
  if (base.kind !== 'input' || base.type === undefined || key?.kind !== 'constant') return undefined;
  const record = run.analyzer.types.get(base.type);
  const id = record?.open?.type.getters?.[method];
  if (record === undefined || id === undefined) return undefined;
  const bag = findPassage(run, record, id, base);
  const bagRecord = bag?.type === undefined ? undefined : run.analyzer.types.get(bag.type);
  const name = String(key.value);
  return bagRecord && findOpenMember(run, bagRecord, name, { kind: 'input', name: nameMember(base.name, name) });
}

/** A member that is of an open type itself: type arguments of the one are those of the other. */
function findPassage(run: Run, record: TypeRecord, id: string, part: InputValue): InputValue | undefined {
  const { analyzer } = run;
  const type = findOpenType(analyzer, id);
  if (type === undefined || record.open === undefined) return undefined;
  const argument = record.open.hasArgument
    ? { module: record.module, type: record.node as TSESTree.TypeNode }
    : undefined;
  return declareOpenType(analyzer, type, part, argument, record);
}

/** `{ Variables: { db: Db } }` */
function findArgumentMember(run: Run, record: TypeRecord, name: string, part: InputValue): Value | undefined {
  const { open, module, node } = record;
  if (open?.hasArgument !== true || open.type.argument === undefined) return undefined;
  const input: InputValue = { kind: 'input', name: part.name };
  const whole = resolveDeclaredValue(run, module, node as TSESTree.TypeNode, input);
  const members = whole && readMember(run, whole, open.type.argument.member);
  return members && readMember(run, members, name);
}

function readMember(run: Run, owner: Value, name: string): Value | undefined {
  if (owner.kind === 'object') return owner.entries.findLast((entry) => entry.name === name)?.value;
  return owner.kind === 'input' ? resolveInputMember(run, owner, name) : undefined;
}

function findDeclared(run: Run, extensions: readonly Extension[], part: InputValue): Value | undefined {
  for (const { file, from } of extensions) {
    const module = from.kind === 'declared' ? openModule(run.analyzer, file) : undefined;
    const value =
      module === undefined || from.kind !== 'declared' ? undefined : resolveDeclaredValue(run, module, from.type, part);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What a call puts there, where that is a client. Many functions ask, and one may put there what it made of the same. */
function evaluatePut({ analyzer }: Run, extension: Extension): Value | undefined {
  const { file, from } = extension;
  if (from.kind !== 'put' || analyzer.puts.has(extension)) return analyzer.puts.get(extension);
  analyzer.puts.set(extension, undefined);
  const module = openModule(analyzer, file);
  const value = module && evaluateInPlace(createRun(analyzer, true), module, from.value);
  const client = value?.kind === 'chain' && value.root.kind === 'client' ? value : undefined;
  analyzer.puts.set(extension, client);
  return client;
}

function isTransaction(value: Value): boolean {
  return value.kind === 'chain' && value.root.kind === 'client' && value.root.client.role === 'transaction';
}

function isSameClient(a: Value, b: Value): boolean {
  if (a.kind !== 'chain' || b.kind !== 'chain' || a.root.kind !== 'client' || b.root.kind !== 'client') return false;
  return a.root.client.library === b.root.client.library && a.root.client.engine === b.root.client.engine;
}
