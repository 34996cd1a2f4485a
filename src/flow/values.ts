import { limitValue } from './limit-value.ts';
import { mergeQueues } from '../model/merge-queues.ts';
import type { ArrayValue, ObjectEntry, ObjectValue, Value } from '../model/value.ts';

export const undefinedValue: Value = { kind: 'constant', value: undefined };

export function unknown(reason: string): Value {
  return { kind: 'unknown', reason };
}

export function apply(operator: string, operands: readonly Value[]): Value {
  // the items of a spread and the elements of a collection are asked for later
  return { kind: 'apply', operator, operands: operator === 'spread' ? operands : operands.map(limitValue) };
}

export function constant(value: string | number | boolean | bigint | null | undefined): Value {
  return { kind: 'constant', value };
}

/** The negation of a condition, without piling up exclamation marks. */
export function negate(condition: Value): Value {
  if (condition.kind === 'apply' && condition.operator === '!') return condition.operands[0] ?? condition;
  return apply('!', [condition]);
}

/** One of two values; the value itself where both are the same, or are clients that do the same. */
export function choose(condition: Value, then: Value, otherwise: Value): Value {
  if (then === otherwise) return then;
  if (then.kind === 'array' && otherwise.kind === 'array') {
    const grown = mergeArrays(condition, then, otherwise);
    if (grown !== undefined) return grown;
  }
  if (then.kind === 'object' && otherwise.kind === 'object') {
    const grown = mergeObjects(condition, then, otherwise);
    if (grown !== undefined) return grown;
  }
  // `if (!row) return false; return true` is a question about the row
  if (then.kind === 'constant' && otherwise.kind === 'constant') {
    if (then.value === true && otherwise.value === false) return condition;
    if (then.value === false && otherwise.value === true) return negate(condition);
  }
  // `row ?? null` is the row, where there is one
  if (isNothing(then) && otherwise.kind === 'answer' && isAbsence(condition, otherwise)) return otherwise;
  const merged = mergeHandles(then, otherwise);
  if (merged !== undefined) return merged;
  if (isHandle(then) && isHandle(otherwise)) {
    // `tx ?? db`: what holds on the client that is no transaction holds for the weaker of the two
    if (isSameClient(then, otherwise)) return then;
    return isTransaction(then) ? otherwise : then;
  }
  // `globalThis.db ?? createDb()`: only one side is understood, and it is what the other one stands for
  if (isHandle(then) && isEmptyHanded(otherwise)) return then;
  if (isHandle(otherwise) && isEmptyHanded(then)) return otherwise;
  return isSameClient(then, otherwise)
    ? then
    : { kind: 'choice', condition: limitValue(condition), then: limitBranch(then), otherwise: limitBranch(otherwise) };
}

/** Objects, arrays and handles are looked into later; what was computed is not. */
function limitBranch(value: Value): Value {
  if (value.kind === 'apply' && value.operator !== 'spread') return limitValue(value);
  return value.kind === 'choice' && !mayAct(value) && !hasParts(value) ? limitValue(value) : value;
}

/** Is there an object or a list at the end of a choice? */
function hasParts(value: Value): boolean {
  if (value.kind === 'choice') return hasParts(value.then) || hasParts(value.otherwise);
  return value.kind === 'object' || value.kind === 'array';
}

/** `null` or `undefined`. */
export function isNothing(value: Value): boolean {
  return value.kind === 'constant' && (value.value === null || value.value === undefined);
}

/** `x == null`, `!x`. */
function isAbsence(condition: Value, subject: Value): boolean {
  if (condition.kind !== 'apply' || condition.operands[0] !== subject) return false;
  return (
    condition.operator === '!' ||
    (condition.operator === '==' && condition.operands[1] !== undefined && isNothing(condition.operands[1]))
  );
}

/** An array that one of two paths pushed to: what it pushed is there under that path's condition. */
function mergeArrays(condition: Value, then: ArrayValue, otherwise: ArrayValue): ArrayValue | undefined {
  const isThenLonger = then.elements.length > otherwise.elements.length;
  const [longer, shorter] = isThenLonger ? [then, otherwise] : [otherwise, then];
  if (!shorter.elements.every((element, index) => element === longer.elements[index])) return undefined;
  const pushed = longer.elements
    .slice(shorter.elements.length)
    .map((element) =>
      guardElement(element, (inner) =>
        isThenLonger ? choose(condition, inner, undefinedValue) : choose(condition, undefinedValue, inner),
      ),
    );
  return {
    kind: 'array',
    elements: [...shorter.elements, ...pushed],
    complete: then.complete && otherwise.complete && pushed.length === 0,
  };
}

/** An object that one of two paths added properties to: without them, they are undefined. */
function mergeObjects(condition: Value, then: ObjectValue, otherwise: ObjectValue): ObjectValue | undefined {
  const [larger, smaller] = then.entries.length > otherwise.entries.length ? [then, otherwise] : [otherwise, then];
  const isGrown = smaller.entries.every(({ name }) => larger.entries.some((entry) => entry.name === name));
  const isSame = ({ name, value }: ObjectEntry): boolean =>
    larger.entries.some((entry) => entry.name === name && entry.value === value);
  // two objects that only have the same names are two objects
  const isOne = smaller.entries.length === 0 || smaller.entries.some(isSame);
  const hasSameSpreads =
    then.spreads.length === otherwise.spreads.length &&
    then.spreads.every((spread, index) => spread === otherwise.spreads[index]);
  if (!isGrown || !isOne || !hasSameSpreads) return undefined;
  const find = (object: ObjectValue, name: string): Value =>
    object.entries.findLast((entry) => entry.name === name)?.value ?? undefinedValue;
  return {
    ...larger,
    entries: larger.entries.map(({ name }) => ({
      name,
      value: choose(condition, find(then, name), find(otherwise, name)),
    })),
    complete: then.complete && otherwise.complete,
  };
}

function guardElement(element: Value, guard: (inner: Value) => Value): Value {
  const many = element.kind === 'apply' && element.operator === 'spread' ? element.operands[0] : undefined;
  return many?.kind === 'array' ? apply('spread', [{ ...many, elements: many.elements.map(guard) }]) : guard(element);
}

/** A client as it is, with nothing called on it yet. */
function isHandle(value: Value): boolean {
  return (
    value.kind === 'chain' &&
    value.root.kind === 'client' &&
    value.steps.length === 0 &&
    value.root.client.queue === undefined
  );
}

/** A client as it is, or an object of a class of the analysed code. */
export function isClientOrObject(value: Value): boolean {
  return value.kind === 'instance' || isHandle(value);
}

function isTransaction(value: Value): boolean {
  return value.kind === 'chain' && value.root.kind === 'client' && value.root.client.role === 'transaction';
}

/** Says nothing about what it is: a global, a member of one, an argument without a type, nothing at all. */
export function isEmptyHanded(value: Value): boolean {
  if (value.kind === 'input') return value.type === undefined;
  return value.kind === 'apply' || value.kind === 'unknown' || (value.kind === 'constant' && !value.value);
}

/** One queue of commands after two paths, one of which queued more. */
function mergeHandles(a: Value, b: Value): Value | undefined {
  if (a.kind !== 'chain' || b.kind !== 'chain' || a.root.kind !== 'client' || b.root.kind !== 'client')
    return undefined;
  if (a.steps.length > 0 || b.steps.length > 0) return undefined;
  const client = mergeQueues(a.root.client, b.root.client);
  return client === undefined ? undefined : { ...a, root: { kind: 'client', client } };
}

/** Two walks of equal names from clients of one library: a primary and its replica, a bound method and the method. */
function isSameClient(a: Value, b: Value): boolean {
  if (a.kind !== 'chain' || b.kind !== 'chain' || a.root.kind !== 'client' || b.root.kind !== 'client') return false;
  const [first, second] = [a.root.client, b.root.client];
  return (
    first.queue === undefined &&
    second.queue === undefined &&
    first.library === second.library &&
    first.role === second.role &&
    first.connection === second.connection &&
    a.steps.length === b.steps.length &&
    a.steps.every(
      (step, index) => step.args === undefined && step.template === undefined && step.name === b.steps[index]?.name,
    )
  );
}

/** Answers of `mayAct` for values with parts: they share them, and a table of a thousand entries is asked about often. */
const acting = new WeakMap<Value, boolean>();

/** Can a closure, client or pending call be inside this value, so that handing it to a function matters? */
export function mayAct(value: Value): boolean {
  switch (value.kind) {
    case 'function':
    case 'chain':
    case 'instance':
    case 'module':
    case 'class':
      return true;
    case 'object':
    case 'array':
    case 'choice':
    case 'element': {
      const known = acting.get(value) ?? somePart(value, mayAct);
      acting.set(value, known);
      return known;
    }
    case 'input':
      return value.type !== undefined;
    case 'constant':
    case 'answer':
    case 'fresh':
    case 'apply':
    case 'template':
    case 'current':
    case 'unknown':
      return false;
  }
}

/** A value whose parts are handed over with it. */
type Holder = Extract<Value, { kind: 'object' | 'array' | 'choice' | 'element' }>;

/** Is there a part, of those that whoever gets the value gets too, for which a test holds? */
export function somePart(value: Holder, test: (part: Value) => boolean): boolean {
  switch (value.kind) {
    case 'object':
      return value.entries.some((entry) => test(entry.value)) || value.spreads.some(test);
    case 'array':
      return value.elements.some(test);
    case 'choice':
      return test(value.then) || test(value.otherwise);
    case 'element':
      return test(value.of);
  }
}
