import type { ArrayValue, Value } from '../../model/value.ts';
import { findEntry, mayBeUndefined } from '../find-entry.ts';

/** Arguments with arrays and spreads laid out flat. */
export interface FlatArguments {
  readonly values: readonly Value[];
  /** False when a list of unknown length is among them; positions after it then mean nothing. */
  readonly exact: boolean;
}

/**
 * Lays out arrays (nested ones too) as the client libraries do before they send a command. A list of unknown length is
 * represented by its known elements, or by "any one element of it".
 *
 * @param args evaluated arguments of one call
 */
export function flattenArguments(args: readonly Value[]): FlatArguments {
  const values: Value[] = [];
  let exact = true;
  for (const arg of args) {
    const spread = arg.kind === 'apply' && arg.operator === 'spread' ? arg.operands[0] : undefined;
    const value = spread ?? arg;
    if (value.kind === 'array') {
      const inner = flattenArguments(value.elements);
      values.push(...inner.values);
      exact &&= inner.exact && value.complete;
    } else if (spread || isRowList(value)) {
      values.push({ kind: 'element', of: value });
      exact = false;
    } else {
      values.push(value);
    }
  }
  return { values, exact };
}

function isRowList(value: Value): boolean {
  return value.kind === 'answer' && value.shape.kind === 'rows';
}

/** Drops a trailing callback, and the result of node-redis 4's `commandOptions(…)` in front. */
export function dropNonArguments(args: readonly Value[]): readonly Value[] {
  const first = args[0];
  const last = args.at(-1);
  const start = first?.kind === 'chain' && first.root.kind === 'export' && first.root.name === 'commandOptions' ? 1 : 0;
  return args.slice(start, last?.kind === 'function' ? -1 : undefined);
}

/**
 * Options of one command: upper-case names to values; a flag's value is undefined. `unclear` lists options that are
 * there on one path only. As a whole undefined where the options can't be read.
 */
export type CommandOptions = ReadonlyMap<string, Value | undefined>;

const takesValue: ReadonlySet<string> = new Set(['EX', 'PX', 'EXAT', 'PXAT']);
const expiryOptions: ReadonlySet<string> = new Set([...takesValue, 'KEEPTTL', 'PERSIST']);

/** `'EX', 60, 'NX'` as options; undefined where a name is not a literal. */
export function parsePositionalOptions(values: readonly Value[]): CommandOptions | undefined {
  const options = new Map<string, Value | undefined>();
  for (let index = 0; index < values.length; index += 1) {
    const name = readText(values[index]);
    if (name === undefined) return undefined;
    const option = name.toUpperCase();
    options.set(option, takesValue.has(option) ? values[(index += 1)] : undefined);
  }
  return options;
}

/** `{ EX: 60, NX: true }`, `{ expiration: { type: 'EX', value: 60 }, condition: 'NX' }`, `{ ex: 60 }` as options. */
export function parseObjectOptions(value: Value | undefined): CommandOptions | undefined {
  if (!value || isNothing(value)) return new Map();
  if (value.kind === 'choice') return mergeOptions(parseObjectOptions(value.then), parseObjectOptions(value.otherwise));
  if (value.kind !== 'object' || !value.complete) return undefined;
  const options = new Map<string, Value | undefined>();
  for (const entry of value.entries) {
    if (isNothing(entry.value)) continue;
    const name = entry.name.toUpperCase();
    if (name === 'EXPIRATION') {
      const type = readText(entry.value.kind === 'object' ? findEntry(entry.value, 'type') : entry.value);
      if (type === undefined) return undefined;
      options.set(type.toUpperCase(), entry.value.kind === 'object' ? findEntry(entry.value, 'value') : undefined);
    } else if (name === 'CONDITION') {
      const condition = readText(entry.value);
      if (condition === undefined) return undefined;
      options.set(condition.toUpperCase(), undefined);
    } else if (takesValue.has(name)) {
      if (mayBeUndefined(entry.value)) options.set('UNCLEAR', undefined);
      else options.set(name, entry.value);
    } else if (entry.value.kind === 'constant') {
      if (entry.value.value === true) options.set(name, undefined);
    } else {
      return undefined;
    }
  }
  return options;
}

/** Both branches' options, if they differ in the expiry only; the expiry is then left open. */
function mergeOptions(left: CommandOptions | undefined, right: CommandOptions | undefined): CommandOptions | undefined {
  if (!left || !right) return undefined;
  const flags = (options: CommandOptions): string =>
    [...options.keys()]
      .filter((name) => !expiryOptions.has(name))
      .sort()
      .join(' ');
  const expiry = (options: CommandOptions): string => resolveExpiry(options);
  if (flags(left) !== flags(right)) return undefined;
  if (expiry(left) === expiry(right)) return left;
  return new Map([...[...left].filter(([name]) => !expiryOptions.has(name)), ['UNCLEAR', undefined]]);
}

/** What a SET with these options does to a time to live; `open` when it depends on the path. */
export function resolveExpiry(options: CommandOptions): 'set' | 'keep' | 'drop' | 'open' {
  if (options.has('UNCLEAR')) return 'open';
  if ([...takesValue].some((name) => options.has(name))) return 'set';
  return options.has('KEEPTTL') ? 'keep' : 'drop';
}

/** The text of a string literal. */
export function readText(value: Value | undefined): string | undefined {
  return value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;
}

/** `undefined`, `null` or `false`: an option that is not given. */
function isNothing(value: Value): boolean {
  return value.kind === 'constant' && (value.value === undefined || value.value === null || value.value === false);
}

/** An array literal of these. */
export function makeArray(elements: readonly Value[]): ArrayValue {
  return { kind: 'array', elements, complete: true };
}
