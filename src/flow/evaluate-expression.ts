import type { TSESTree } from '@typescript-eslint/utils';
import type { ConstantValue, ObjectEntry, TemplateValue, Value } from '../model/value.ts';
import { assign } from './assign.ts';
import { awaitValue } from './await-value.ts';
import { callFunction } from './call-function.ts';
import { runBranches } from './branch.ts';
import { evaluateCall, evaluateNew, evaluateTagged } from './evaluate-call.ts';
import { skipInertEntry } from './call-inert-import.ts';
import { extendChain } from './extend-chain.ts';
import { getMember } from './get-member.ts';
import { isSomething } from './is-something.ts';
import { compareValues, readKnown } from './known-condition.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import { findStandIn } from './find-stand-in.ts';
import { resolveModule } from './resolve-module.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import { createFunction, createId } from './run.ts';
import type { Scope } from './scope.ts';
import { apply, choose, constant, negate, undefinedValue, unknown } from './values.ts';

/**
 * The value of an expression; effects of evaluating it are emitted in JavaScript's order.
 *
 * Misses: getters, proxies, `with`, generators (a `yield` is an unknown value).
 */
export function evaluate(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.Node): Value {
  // no closures here: this runs for every node, and each would be made anew
  switch (node.type) {
    case 'Identifier':
      if (node.name === 'undefined') return undefinedValue;
      return scope.lookup(node.name) ?? apply(`global:${node.name}`, []);
    case 'ThisExpression':
      return scope.lookup('this') ?? unknown('this');
    case 'Literal':
      if ('regex' in node) return apply('regex', [constant(node.raw)]);
      return constant(node.value as string | number | boolean | null | bigint);
    case 'TemplateLiteral':
      return evaluateTemplate(run, module, scope, node);
    case 'TaggedTemplateExpression':
      return evaluateTagged(run, module, scope, node);
    case 'MemberExpression':
      return evaluateMember(run, module, scope, node);
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSTypeAssertion':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSInstantiationExpression': {
      const value = evaluate(run, module, scope, node.expression);
      if (node.type !== 'TSAsExpression' && node.type !== 'TSTypeAssertion') return value;
      if (needsType(value)) return resolveDeclaredValue(run, module, node.typeAnnotation, value) ?? value;
      if (value.kind !== 'apply' && !isEmptyObject(value)) return value;
      const made = findStandIn(run, module, node.typeAnnotation);
      // what was computed from answers is more than an object of its type, but no client
      return made !== undefined && (value.kind === 'object' || made.kind === 'chain') ? made : value;
    }
    case 'CallExpression':
      return evaluateCall(run, module, scope, node);
    case 'NewExpression':
      return evaluateNew(run, module, scope, node);
    case 'AwaitExpression':
      return awaitValue(run, evaluate(run, module, scope, node.argument), locate(node.argument, module.file.path));
    case 'ObjectExpression':
      return evaluateObject(run, module, scope, node);
    case 'ArrayExpression': {
      const elements: Value[] = [];
      let complete = true;
      for (const element of node.elements) {
        if (element === null) elements.push(undefinedValue);
        else if (element.type === 'SpreadElement') {
          const spread = evaluate(run, module, scope, element.argument);
          if (spread.kind === 'array' && spread.complete) elements.push(...spread.elements);
          else {
            elements.push(apply('spread', [spread]));
            complete = false;
          }
        } else elements.push(evaluate(run, module, scope, element));
      }
      return { kind: 'array', elements, complete };
    }
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return createFunction(run, {
        id: `${module.file.path}#${String(node.range[0])}@${createId(run)}`,
        name: node.id?.name ?? readGivenName(node),
        node,
        module,
        scope,
      });
    case 'UnaryExpression': {
      const operand = evaluate(run, module, scope, node.argument);
      if (node.operator === '!') return negate(operand);
      if (node.operator === 'void') return undefinedValue;
      if (node.operator === '-' && operand.kind === 'constant' && typeof operand.value === 'number')
        return constant(-operand.value);
      return apply(node.operator === '-' ? 'minus' : node.operator, [operand]);
    }
    case 'BinaryExpression':
      return compareValues(
        run,
        node.operator,
        evaluate(run, module, scope, node.left),
        evaluate(run, module, scope, node.right),
      );
    case 'LogicalExpression':
      return evaluateLogical(run, module, scope, node);
    case 'ConditionalExpression':
      return evaluateConditional(run, module, scope, node);
    case 'AssignmentExpression':
      return assign(run, module, scope, node);
    case 'UpdateExpression': {
      const before = evaluate(run, module, scope, node.argument);
      const after = apply(node.operator === '++' ? '+' : '-', [before, constant(1)]);
      assign.write(run, module, scope, node.argument, after);
      return node.prefix ? after : before;
    }
    case 'SequenceExpression':
      return evaluateSequence(run, module, scope, node);
    case 'YieldExpression':
      if (node.argument)
        awaitValue(run, evaluate(run, module, scope, node.argument), locate(node.argument, module.file.path));
      return unknown('yield');
    case 'ImportExpression':
      return evaluateDynamicImport(run, module, node);
    case 'ClassExpression': {
      const id = `${module.file.path}#${String(node.range[0])}`;
      run.analyzer.classes.set(id, { id, name: node.id?.name ?? '(class)', node, module, scope });
      return { kind: 'class', id, name: node.id?.name ?? '(class)' };
    }
    case 'JSXElement':
    case 'JSXFragment':
      return unknown('JSX');
    default:
      return unknown(node.type);
  }
}

/** The variable or property that a function expression is given to. */
function readGivenName(node: TSESTree.Node): string {
  const { parent } = node;
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name;
  if (parent?.type === 'Property' && parent.key.type === 'Identifier') return parent.key.name;
  return '(anonymous)';
}

function needsType(value: Value): boolean {
  return (
    value.kind === 'unknown' ||
    value.kind === 'input' ||
    (value.kind === 'apply' && (value.operator.startsWith('global:') || value.operator === 'call:new Proxy'))
  );
}

function isEmptyObject(value: Value): boolean {
  return value.kind === 'object' && value.entries.length === 0 && value.spreads.length === 0;
}

function evaluateConditional(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.ConditionalExpression): Value {
  const condition = evaluate(run, module, scope, node.test);
  const known = readKnown(run, condition);
  if (known !== undefined) return evaluate(run, module, scope, known ? node.consequent : node.alternate);
  const [then, otherwise] = runBranches(run, condition, locate(node.test, module.file.path), [
    () => evaluate(run, module, scope, node.consequent),
    () => evaluate(run, module, scope, node.alternate),
  ]);
  return choose(condition, then ?? undefinedValue, otherwise ?? undefinedValue);
}

function evaluateSequence(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.SequenceExpression): Value {
  return node.expressions.map((each) => evaluate(run, module, scope, each)).at(-1) ?? undefinedValue;
}

function evaluateTemplate(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.TemplateLiteral): Value {
  const quasis = node.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw);
  const values = node.expressions.map((each) => evaluate(run, module, scope, each));
  return joinTemplate(quasis, values);
}

/** A template literal with its constant parts merged: nested templates and constants become text. */
export function joinTemplate(quasis: readonly string[], values: readonly Value[]): Value {
  const texts: string[] = [quasis[0] ?? ''];
  const kept: Value[] = [];
  const addText = (text: string): void => {
    texts[texts.length - 1] = `${texts.at(-1) ?? ''}${text}`;
  };
  values.forEach((value, index) => {
    if (value.kind === 'constant' && value.value !== undefined) addText(String(value.value));
    else if (value.kind === 'template') {
      addText(value.quasis[0] ?? '');
      value.values.forEach((inner, at) => {
        kept.push(inner);
        texts.push(value.quasis[at + 1] ?? '');
      });
    } else {
      kept.push(value);
      texts.push('');
    }
    addText(quasis[index + 1] ?? '');
  });
  return kept.length === 0 ? constant(texts[0] ?? '') : { kind: 'template', quasis: texts, values: kept };
}

/** The template of a tagged call, unmerged: adapters want the expressions one by one. */
export function readTemplate(node: TSESTree.TemplateLiteral, recur: (child: TSESTree.Node) => Value): TemplateValue {
  return {
    kind: 'template',
    quasis: node.quasis.map((quasi) => quasi.value.cooked ?? quasi.value.raw),
    values: node.expressions.map(recur),
  };
}

function evaluateMember(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.MemberExpression): Value {
  const base =
    node.object.type === 'Super'
      ? (scope.lookup('this') ?? unknown('super'))
      : evaluate(run, module, scope, node.object);
  const location = locate(node, module.file.path);
  if (!node.computed) {
    return getMember(
      run,
      base,
      node.property.type === 'PrivateIdentifier' ? `#${node.property.name}` : node.property.name,
      location,
    );
  }
  const key = evaluate(run, module, scope, node.property);
  if (key.kind === 'constant' && (typeof key.value === 'string' || typeof key.value === 'number')) {
    return getMember(run, base, String(key.value), location);
  }
  if (base.kind === 'answer' && base.shape.kind === 'rows')
    return { ...base, shape: { kind: 'row', absent: 'undefined' } };
  if (base.kind === 'chain' && base.root.kind === 'client') return extendChain(run, base, { name: '[]', location });
  return apply('member', [base, key]);
}

/** An object literal with more properties is a registry. */
const registrySize = 100;

function evaluateObject(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.ObjectExpression): Value {
  const entries: ObjectEntry[] = [];
  const spreads: Value[] = [];
  let complete = true;
  const isRegistry = node.properties.length > registrySize;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = evaluate(run, module, scope, property.argument);
      complete = addSpread(spread, entries, spreads) && complete;
      continue;
    }
    if (property.kind === 'set') continue;
    const written =
      (isRegistry ? skipInertEntry(run, module, scope, property.value) : undefined) ??
      evaluate(run, module, scope, property.value);
    // a getter's value is what it gives now
    const value =
      property.kind === 'get' && written.kind === 'function'
        ? callFunction(run, written, [], locate(property, module.file.path))
        : written;
    const name = readPropertyName(run, module, scope, property);
    if (name === undefined) {
      complete = false;
      spreads.push(apply('computed', [value]));
    } else entries.push({ name, value });
  }
  return { kind: 'object', entries, spreads, complete };
}

/** Adds what a spread contributes; returns whether that is all known. */
function addSpread(spread: Value, entries: ObjectEntry[], spreads: Value[]): boolean {
  if (spread.kind === 'object') {
    entries.push(...spread.entries);
    spreads.push(...spread.spreads);
    return spread.complete;
  }
  // `...(condition && { … })` and `...(condition ? { … } : {})`
  if (spread.kind === 'choice' && (spread.then.kind === 'object' || spread.otherwise.kind === 'object')) {
    for (const [side, holds] of [
      [spread.then, true],
      [spread.otherwise, false],
    ] as const) {
      if (side.kind !== 'object') continue;
      for (const entry of side.entries) {
        const other = entries.findLast((candidate) => candidate.name === entry.name)?.value ?? undefinedValue;
        const value = holds
          ? choose(spread.condition, entry.value, other)
          : choose(spread.condition, other, entry.value);
        entries.push({ name: entry.name, value });
      }
      spreads.push(...side.spreads);
    }
    return [spread.then, spread.otherwise].every((side) => side.kind !== 'object' || side.complete);
  }
  if (spread.kind === 'constant') return true;
  spreads.push(spread);
  return false;
}

function readPropertyName(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  property: TSESTree.Property,
): string | undefined {
  if (property.computed) {
    const key = evaluate(run, module, scope, property.key);
    return key.kind === 'constant' ? String(key.value) : undefined;
  }
  if (property.key.type === 'Identifier') return property.key.name;
  return property.key.type === 'Literal' ? String(property.key.value) : undefined;
}

/** `a ?? b`, `a || b`, `a && b`: the right side is evaluated under a condition on the left one. */
function evaluateLogical(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.LogicalExpression): Value {
  const { operator } = node;
  const left = evaluate(run, module, scope, node.left);
  if (operator === '??' && isSomething(left)) return left;
  const condition = operator === '??' ? apply('==', [left, constant(null)]) : operator === '||' ? negate(left) : left;
  const [evaluated] = runBranches(run, condition, locate(node.left, module.file.path), [
    () => evaluate(run, module, scope, node.right),
    undefined,
  ]);
  const right = evaluated ?? undefinedValue;
  if (left.kind === 'constant') return takesRight(operator, left.value) ? right : left;
  if (operator === '??') return choose(condition, right, left);
  // `ready && { … }`, spread into an object or handed on
  if (operator === '&&' && (right.kind === 'object' || right.kind === 'array')) {
    return choose(condition, right, constant(false));
  }
  return operator === '&&' || isCondition(left) ? apply(operator, [left, right]) : choose(condition, right, left);
}

function takesRight(operator: TSESTree.LogicalExpression['operator'], left: ConstantValue['value']): boolean {
  if (operator === '??') return left === null || left === undefined;
  return operator === '||' ? !left : Boolean(left);
}

/** Is it a truth value by its form, so that `a || b` is better kept than split? */
function isCondition(value: Value): boolean {
  return (
    value.kind === 'apply' &&
    ['!', '==', '===', '!=', '!==', '<', '<=', '>', '>=', '&&', '||', 'in', 'instanceof'].includes(value.operator)
  );
}

function evaluateDynamicImport(run: Run, module: ModuleScope, node: TSESTree.ImportExpression): Value {
  if (node.source.type !== 'Literal' || typeof node.source.value !== 'string') return unknown('computed import');
  const resolution = resolveModule(run.analyzer, module.file.path, node.source.value);
  return resolution.kind === 'file'
    ? { kind: 'module', file: resolution.path }
    : { kind: 'chain', root: { kind: 'export', package: resolution.specifier, name: '*' }, steps: [] };
}
