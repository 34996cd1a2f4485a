import { listValueParts } from '../model/list-value-parts.ts';
import type { InstanceValue, Value } from '../model/value.ts';
import { findImportHandlers } from './analyzer.ts';
import type { Analyzer } from './analyzer.ts';
import { canAct, isWrapper } from './can-act.ts';

/** An argument without what makes one call differ from the next: what is left decides which effects a callee has. */
export interface AbstractArgument {
  readonly value: Value;
  /** Equal for equal values; empty where nothing of it can matter. */
  readonly key: string;
}

const plain: AbstractArgument = { value: { kind: 'input', name: 'argument' }, key: '' };

/**
 * Reduces an argument to the clients, objects and names in it.
 *
 * @returns undefined where the argument can act in a way that only its own call knows (a closure, a builder)
 */
export function abstractArgument(analyzer: Analyzer, value: Value): AbstractArgument | undefined {
  if ((value.kind === 'object' || value.kind === 'array') && isPlain(analyzer, value)) return plain;
  switch (value.kind) {
    case 'constant':
      // a name may be a table's; numbers only ever are data
      return typeof value.value === 'number' ? plain : { value, key: `=${String(value.value)}` };
    case 'input':
      return value.type === undefined ? plain : { value: { ...value, name: 'argument' }, key: `:${value.type}` };
    case 'chain':
      return abstractChain(analyzer, value);
    case 'object': {
      const known = analyzer.abstracts.get(value) ?? { argument: abstractObject(analyzer, value) };
      analyzer.abstracts.set(value, known);
      return known.argument;
    }
    case 'array': {
      const elements = value.elements.map((element) => abstractNested(analyzer, element));
      if (!elements.every((element) => element !== undefined)) return undefined;
      const key = elements.map((element) => element.key).join(',');
      return /[^,]/.test(key)
        ? { value: { ...value, elements: elements.map((element) => element.value) }, key: `[${key}]` }
        : plain;
    }
    case 'choice': {
      const sides = [value.then, value.otherwise].map((side) =>
        side.kind === 'constant' ? plain : abstractNested(analyzer, side),
      );
      return sides.every((side) => side?.key === '') ? plain : undefined;
    }
    case 'element': {
      const of = abstractNested(analyzer, value.of);
      return of?.key === '' ? plain : undefined;
    }
    case 'apply': {
      const [operand] = value.operands;
      if (value.operator !== 'spread' || operand === undefined) return plain;
      const inner = abstractNested(analyzer, operand);
      return inner && { value: { ...value, operands: [inner.value] }, key: `...${inner.key}` };
    }
    case 'class':
      return { value, key: `class ${value.id}` };
    case 'module':
      return { value, key: `module ${value.file}` };
    case 'instance': {
      const key = spellInstance(analyzer, value);
      return key === undefined ? undefined : { value, key };
    }
    case 'function':
      return analyzer.functions.has(value.id) ? { value, key: `function ${value.id}` } : undefined;
    case 'answer':
    case 'fresh':
    case 'template':
    case 'current':
    case 'unknown':
      return plain;
  }
}

/**
 * A name for an object of a class that is equal for objects made of the same clients. Objects of module level, and those
 * that stand for whatever is injected, are known by their numbers.
 */
export function spellInstance(analyzer: Analyzer, instance: InstanceValue): string | undefined {
  if (!/@(?!m)/.test(instance.id)) return instance.id;
  const record = analyzer.instances.get(instance.id);
  const args = record?.args?.map((arg) => abstractArgument(analyzer, arg)?.key);
  if (record === undefined || args === undefined || args.includes(undefined)) return undefined;
  return `${record.class.id}(${args.join(',')})`;
}

/** Is there neither a client in a value nor a table or condition that a library made? */
function isPlain(analyzer: Analyzer, value: Value): boolean {
  return !canAct(analyzer, value) && !holdsExport(analyzer, value);
}

function holdsExport(analyzer: Analyzer, value: Value): boolean {
  switch (value.kind) {
    case 'chain':
      return value.root.kind !== 'client' && findImportHandlers(analyzer, value.root.package).length > 0;
    case 'object':
    case 'array':
    case 'choice':
    case 'element': {
      const known = analyzer.exporting.get(value) ?? listValueParts(value).some((part) => holdsExport(analyzer, part));
      analyzer.exporting.set(value, known);
      return known;
    }
    default:
      return false;
  }
}

/** Inside a list or an object, a name is data more often than a table. */
function abstractNested(analyzer: Analyzer, value: Value): AbstractArgument | undefined {
  if (value.kind === 'constant' && value.value !== undefined) return plain;
  const [operand] = value.kind === 'apply' ? value.operands : [];
  if (value.kind === 'apply' && value.operator === 'spread' && operand !== undefined) {
    const inner = abstractNested(analyzer, operand);
    return inner?.key === '' ? plain : undefined;
  }
  return abstractArgument(analyzer, value);
}

function abstractObject(analyzer: Analyzer, value: Extract<Value, { kind: 'object' }>): AbstractArgument | undefined {
  const entries = value.entries.map((entry) => ({ name: entry.name, part: abstractNested(analyzer, entry.value) }));
  const spreads = value.spreads.map((spread) => abstractNested(analyzer, spread));
  const names: string[] = [];
  const kept: { name: string; value: Value }[] = [];
  for (const { name, part } of entries) {
    if (part === undefined) return undefined;
    names.push(`${name}${part.key}`);
    kept.push({ name, value: part.value });
  }
  const spread: Value[] = [];
  for (const part of spreads) {
    if (part === undefined) return undefined;
    names.push(`...${part.key}`);
    spread.push(part.value);
  }
  return { value: { ...value, entries: kept, spreads: spread }, key: `{${names.sort().join(' ')}}` };
}

function abstractChain(analyzer: Analyzer, value: Extract<Value, { kind: 'chain' }>): AbstractArgument | undefined {
  const { root, steps } = value;
  if (root.kind === 'client') {
    if (root.client.queue !== undefined || steps.some((step) => step.args !== undefined || step.template !== undefined))
      return undefined;
    const { library, role, connection, engine, synchronous } = root.client;
    const names = steps.map((step) => step.name).join('.');
    const via = connection === 'pool' ? 'pool' : 'own';
    return { value, key: `client ${library} ${role} ${via} ${engine ?? ''} ${String(synchronous ?? false)} ${names}` };
  }
  if (findImportHandlers(analyzer, root.package).length === 0) {
    return isWrapper(value) ? undefined : plain;
  }
  return { value, key: `export ${identifyValue(analyzer, value)}` };
}

/** A number for a value that is made once, at module level: a table, an SQL fragment. */
function identifyValue(analyzer: Analyzer, value: Value): string {
  let id = analyzer.identities.get(value);
  if (id === undefined) {
    id = ++analyzer.lastId;
    analyzer.identities.set(value, id);
  }
  return String(id);
}
