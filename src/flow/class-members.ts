import type { TSESTree } from '@typescript-eslint/utils';
import type { Location } from '../model/location.ts';
import type { ClassValue, InstanceValue, Value } from '../model/value.ts';
import { bindPattern } from './bind-pattern.ts';
import { callFunction } from './call-function.ts';
import { evaluate } from './evaluate-expression.ts';
import { identify } from './extend-chain.ts';
import { findInjected } from './find-injected.ts';
import { findLateHandle, selectLateValues } from './find-late-value.ts';
import { getMember } from './get-member.ts';
import type { ClassRecord } from './records.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import { createFunction, createId } from './run.ts';
import { apply, isNothing } from './values.ts';

/** An object of a class: constructor arguments where the code shows `new`, else whatever the declared types tell. */
export interface InstanceRecord {
  readonly id: string;
  readonly class: ClassRecord;
  readonly args: readonly Value[] | undefined;
}

/** `new X(args)` of a class of the analysed code. Effects of constructors are not modelled. */
export function instantiateClass(run: Run, target: ClassValue, args: readonly Value[]): Value {
  const record = run.analyzer.classes.get(target.id);
  if (record === undefined) return apply(`call:new ${target.name}`, args);
  const id = `${target.id}@${createId(run)}`;
  run.analyzer.instances.set(id, { id, class: record, args });
  return { kind: 'instance', id, className: record.name };
}

/** The object that a declared class type stands for: constructor arguments come from their own declared types. */
export function instantiateDeclared(run: Run, target: ClassValue): Value {
  const record = run.analyzer.classes.get(target.id);
  if (record === undefined) return apply(`call:new ${target.name}`, []);
  run.analyzer.instances.set(target.id, { id: target.id, class: record, args: undefined });
  return { kind: 'instance', id: target.id, className: record.name };
}

/** A member of an object: method, field, constructor-injected property, inherited ones included. */
export function findInstanceMember(
  run: Run,
  instance: InstanceValue,
  name: string,
  location: Location,
): Value | undefined {
  const record = run.analyzer.instances.get(instance.id);
  if (record === undefined) return undefined;
  // fields whose initial values need one another
  const key = `${record.class.id}.${name}`;
  if (run.members.filter((active) => active === key).length > 1) return undefined;
  run.members.push(key);
  const found = findInClass(run, record.class, record, instance, name, location, 0);
  run.members.pop();
  return found;
}

/** A static member of a class. */
export function findStaticMember(run: Run, target: ClassValue, name: string): Value | undefined {
  const record = run.analyzer.classes.get(target.id);
  if (record === undefined) return undefined;
  for (const member of record.node.body.body) {
    if (!('static' in member) || !member.static || readMemberName(member) !== name) continue;
    if (member.type === 'MethodDefinition' && member.value.type === 'FunctionExpression') {
      return createFunction(run, {
        id: `${record.id}.static.${name}`,
        name: `${record.name}.${name}`,
        node: member.value,
        module: record.module,
        scope: record.scope,
        self: target,
      });
    }
    if (member.type === 'PropertyDefinition') return evaluateField(run, record, target, name, member);
  }
  return undefined;
}

/** The value of a field: what it is initialized with, or what methods fill it with later. */
function evaluateField(
  run: Run,
  owner: ClassRecord,
  self: ClassValue | InstanceValue,
  name: string,
  field: TSESTree.PropertyDefinition | TSESTree.AccessorProperty,
): Value | undefined {
  const scope = owner.scope.child();
  scope.declare('this', self);
  const initial = field.value === null ? undefined : evaluate(run, owner.module, scope, field.value);
  if (initial !== undefined && !isNothing(initial)) return initial;
  const input: Value = { kind: 'input', name: `this.${name}` };
  const annotation = field.typeAnnotation?.typeAnnotation;
  const typed = annotation && resolveDeclaredValue(run, owner.module, annotation, input);
  if (typed !== undefined) return typed;
  const late = selectLateValues(owner.module.changes, (left) => namesField(left, name, owner.node));
  const handle = findLateHandle(late, (right) => evaluate(run, owner.module, scope, right));
  if (handle !== undefined) return handle;
  return late.assigned.length > 0 || annotation !== undefined ? input : initial;
}

/** `this.name`, `this.#name`, and `Owner.name` for a static one, within the class. */
function namesField(left: TSESTree.Node, name: string, owner: ClassRecord['node']): boolean {
  if (left.type !== 'MemberExpression' || left.computed) return false;
  if (left.range[0] < owner.range[0] || left.range[1] > owner.range[1]) return false;
  const { object, property } = left;
  const isOwn = object.type === 'ThisExpression' || (object.type === 'Identifier' && object.name === owner.id?.name);
  return isOwn && (property.type === 'PrivateIdentifier' ? `#${property.name}` : property.name) === name;
}

function findInClass(
  run: Run,
  owner: ClassRecord,
  record: InstanceRecord,
  self: InstanceValue,
  name: string,
  location: Location,
  depth: number,
): Value | undefined {
  if (depth > 5) return undefined;
  for (const member of owner.node.body.body) {
    if (('static' in member && member.static) || readMemberName(member) !== name) continue;
    const found = readMember(run, owner, self, name, member, location);
    if (found !== undefined) return found;
  }
  const injected = findInConstructor(run, owner, record, self, name);
  if (injected !== undefined) return injected;
  const { superClass } = owner.node;
  if (!superClass) return undefined;
  const parent = evaluate(run, owner.module, owner.scope, superClass);
  if (parent.kind === 'class') {
    const next = run.analyzer.classes.get(parent.id);
    return next && findInClass(run, next, record, self, name, location, depth + 1);
  }
  if (parent.kind === 'chain' && parent.root.kind === 'export') {
    const { package: specifier, name: exported } = parent.root;
    const base = identify(run, {
      kind: 'chain',
      root: { kind: 'typed', package: specifier, name: exported, typeArguments: [] },
      steps: [],
    });
    return base.kind === 'chain' && base.root.kind === 'client' ? getMember(run, base, name, location) : undefined;
  }
  return undefined;
}

function readMember(
  run: Run,
  owner: ClassRecord,
  self: InstanceValue,
  name: string,
  member: TSESTree.ClassElement,
  location: Location,
): Value | undefined {
  if (
    member.type === 'MethodDefinition' &&
    member.value.type === 'FunctionExpression' &&
    member.kind !== 'constructor'
  ) {
    const method = createFunction(run, {
      id: `${self.id}.${owner.name}.${name}`,
      name: `${owner.name}.${name}`,
      node: member.value,
      module: owner.module,
      scope: owner.scope,
      self,
    });
    return member.kind === 'get'
      ? callFunction(run, method, [], location)
      : member.kind === 'method'
        ? method
        : undefined;
  }
  if (member.type === 'PropertyDefinition' || member.type === 'AccessorProperty') {
    const assigned =
      member.value === null
        ? findInConstructor(run, owner, run.analyzer.instances.get(self.id), self, name)
        : undefined;
    if (assigned === undefined) return evaluateField(run, owner, self, name, member);
    const annotation = member.typeAnnotation?.typeAnnotation;
    return (annotation && resolveDeclaredValue(run, owner.module, annotation, assigned)) ?? assigned;
  }
  return undefined;
}

/** `constructor(private readonly users: UserStore)` and `this.users = users`. */
function findInConstructor(
  run: Run,
  owner: ClassRecord,
  record: InstanceRecord | undefined,
  self: InstanceValue,
  name: string,
): Value | undefined {
  const constructor = owner.node.body.body.find(
    (member): member is TSESTree.MethodDefinition =>
      member.type === 'MethodDefinition' && member.kind === 'constructor',
  );
  if (constructor === undefined || constructor.value.type !== 'FunctionExpression') return undefined;
  const { params, body } = constructor.value;
  const args = record?.class === owner ? record.args : undefined;
  const scope = owner.scope.child();
  scope.declare('this', self);
  for (const [index, parameter] of params.entries()) {
    const target = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    const named = target.type === 'AssignmentPattern' ? target.left : target;
    if (named.type === 'ObjectPattern') {
      const input: Value = { kind: 'input', name: 'this' };
      const given = args?.[index] ?? (args === undefined ? findHandedObject(run, owner, index, named, input) : input);
      bindPattern(run, owner.module, scope, named, given, undefined);
    }
    if (named.type !== 'Identifier') continue;
    const annotation = named.typeAnnotation?.typeAnnotation;
    const input: Value = args?.[index] ?? { kind: 'input', name: `this.${named.name}` };
    const value =
      annotation === undefined
        ? ((args === undefined ? findInjected(run, owner, index) : undefined) ?? input)
        : (resolveDeclaredValue(run, owner.module, annotation, input) ?? input);
    if (parameter.type === 'TSParameterProperty' && named.name === name) return value;
    scope.declare(named.name, value);
  }
  for (const statement of body?.body ?? []) {
    if (statement.type === 'VariableDeclaration') {
      for (const { id, init } of statement.declarations) {
        if (init) bindPattern(run, owner.module, scope, id, evaluate(run, owner.module, scope, init), undefined);
      }
    }
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
    const { left, right } = statement.expression;
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression' || left.property.type === 'Literal')
      continue;
    if (spellProperty(left.property) === name) return evaluate(run, owner.module, scope, right);
  }
  return undefined;
}

function spellProperty(property: TSESTree.Node): string | undefined {
  if (property.type === 'PrivateIdentifier') return `#${property.name}`;
  return property.type === 'Identifier' ? property.name : undefined;
}

/** `constructor({ db, logger })` without a type: of its members, those that all who make such objects hand over. */
function findHandedObject(
  run: Run,
  owner: ClassRecord,
  index: number,
  pattern: TSESTree.ObjectPattern,
  input: Value,
): Value {
  if (pattern.typeAnnotation !== undefined) return input;
  const entries = pattern.properties.flatMap((property) => {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') return [];
    const { name } = property.key;
    const value = findInjected(run, owner, index, name);
    return value === undefined ? [] : [{ name, value }];
  });
  return entries.length === 0 ? input : { kind: 'object', entries, spreads: [input], complete: false };
}

function readMemberName(member: TSESTree.ClassElement): string | undefined {
  if (member.type === 'StaticBlock' || member.type === 'TSIndexSignature' || !('key' in member) || member.computed)
    return undefined;
  if (member.key.type === 'Identifier') return member.key.name;
  if (member.key.type === 'PrivateIdentifier') return `#${member.key.name}`;
  return member.key.type === 'Literal' ? String(member.key.value) : undefined;
}
