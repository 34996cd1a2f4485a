import type { AnswerShape } from '../../model/answer-shape.ts';
import type { CommandAction, EffectAction } from '../../model/effect.ts';
import type { EffectDraft } from '../../model/recognition.ts';
import type { Value } from '../../model/value.ts';
import { findEntry } from '../find-entry.ts';
import {
  dropNonArguments,
  flattenArguments,
  makeArray,
  parseObjectOptions,
  parsePositionalOptions,
  readText,
  resolveExpiry,
} from './redis-commands-arguments.ts';
import type { CommandOptions, FlatArguments } from './redis-commands-arguments.ts';
import { redisCommands, silentCommands, unmodelledCommands } from './redis-commands.ts';
import type { CommandRow } from './redis-commands.ts';

/** Where the client libraries differ in how one command is written and answered. */
export interface CommandStyle {
  /** `set(k, v, 'EX', 60)` or `set(k, v, { EX: 60 })`. */
  readonly options: 'positional' | 'object';
  /** `eval(text, 1, key, arg)`, `eval(text, { keys, arguments })` or `eval(text, keys, args)`. */
  readonly scripts: 'counted' | 'object' | 'arrays';
  /** What HGETALL answers where the key is missing: an empty object (`never`) or null. */
  readonly missingHash: 'never' | 'null';
  /** HMGET answers a list, or an object of the fields. */
  readonly hashFields: 'tuple' | 'object';
}

/** What one command call means. */
export type LoweredCommand =
  | { readonly kind: 'effect'; readonly commands: readonly CommandAction[]; readonly draft: EffectDraft }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unsupported'; readonly reason: string; readonly detail: string };

/** Protocol order: as in `redis.call('SET', key, value, 'EX', 60)`. */
export const wireStyle: CommandStyle = {
  options: 'positional',
  scripts: 'counted',
  missingHash: 'never',
  hashFields: 'tuple',
};

/**
 * Lowers one command of Redis. A command that touches several keys, fields or members becomes one `block`, since Redis
 * runs it in one step. For `incr` and `hincr` the value is the amount added; for `script` the value is the script's text
 * and the member a list of its arguments.
 *
 * @param name the command in any case: `hSet`, `HSET`, `hset`
 * @param args evaluated arguments as written
 * @param style how this library writes them
 * @param store name of the key space
 */
export function lowerCommand(name: string, args: readonly Value[], style: CommandStyle, store: string): LoweredCommand {
  const command = name.toLowerCase();
  const row = Object.hasOwn(redisCommands, command) ? redisCommands[command] : undefined;
  if (!row) {
    if (silentCommands.has(command)) return { kind: 'nothing' };
    const reason = unmodelledCommands.has(command) ? 'Redis command is not modelled' : 'unknown Redis command';
    return { kind: 'unsupported', reason, detail: name };
  }
  const given = dropNonArguments(args);
  const lowered = row.form === 'script' ? lowerScript(row, given, style) : lowerRow(command, row, given, style);
  if (!lowered) return { kind: 'unsupported', reason: 'arguments of a Redis command are not understood', detail: name };
  const label = [command.toUpperCase(), ...(lowered.options ?? [])].join(' ');
  return makeEffect(lowered, label, store);
}

/**
 * A command of Redis that runs in one step as an effect: a plain command, or a block of several.
 *
 * @param block what happens, in order, and what is answered
 * @param label as the timeline prints it
 * @param store name of the key space
 * @param indivisible a block even if it is of one command only: MULTI
 */
export function makeEffect(block: LoweredBlock, label: string, store: string, indivisible = false): LoweredCommand {
  const commands = block.parts.map(({ key, ...rest }): CommandAction => ({
    kind: 'command',
    resource: { kind: 'key', store, key },
    ...rest,
  }));
  const [first] = commands;
  if (!first) return { kind: 'nothing' };
  const action: EffectAction =
    commands.length === 1 && first.command !== 'script' && !indivisible
      ? first
      : { kind: 'block', resource: first.resource, commands };
  return { kind: 'effect', commands, draft: { action, answer: block.answer, label } };
}

/** A command whose key space is not yet named. */
type CommandPart = Omit<CommandAction, 'kind' | 'resource'> & { readonly key: Value };

/** Commands of one step and what the step answers. */
export interface LoweredBlock {
  readonly parts: readonly CommandPart[];
  readonly answer: AnswerShape;
  /** Options to show after the command's name. */
  readonly options?: readonly string[];
}

function lowerRow(
  name: string,
  row: CommandRow,
  args: readonly Value[],
  style: CommandStyle,
): LoweredBlock | undefined {
  const flat = flattenArguments(args);
  const [key, second, third] = flat.values;
  if (!key) return undefined;
  const base = { command: row.command, ...(row.expiry && { expiry: row.expiry }) };
  const answer: AnswerShape = name === 'hgetall' ? { kind: 'row', absent: style.missingHash } : row.answer;
  switch (row.form) {
    case 'key':
      return { parts: [{ ...base, key }], answer };
    case 'keys':
      return { parts: flat.values.map((each) => ({ ...base, key: each })), answer: answerKeys(name, row, args, flat) };
    case 'key value':
      return second && flat.exact ? { parts: [{ ...base, key, value: second }], answer } : undefined;
    case 'key time value':
      return third && flat.exact ? { parts: [{ ...base, key, value: third }], answer } : undefined;
    case 'set':
      return lowerSet(args, style);
    case 'getex':
      return lowerGetEx(key, answer, readOptions(args, 1, style));
    case 'expire':
      return { parts: [{ ...base, key }], answer };
    case 'key by':
      return { parts: [{ ...base, key, value: resolveAmount(second, row) }], answer };
    case 'key member':
      return second ? { parts: [{ ...base, key, member: second }], answer } : undefined;
    case 'key members': {
      const members = flat.values.slice(1);
      if (members.length === 0) return undefined;
      const shape = name === 'hmget' ? answerFields(members, flat, style) : answer;
      return { parts: members.map((member) => ({ ...base, key, member })), answer: shape };
    }
    case 'key pairs':
      return lowerPairs(
        key,
        args.slice(1),
        (member, value) => ({ ...base, key, member, value }),
        (value) => ({ ...base, key, value }),
        answer,
      );
    case 'key member by':
      return second && third ? { parts: [{ ...base, key, member: second, value: third }], answer } : undefined;
    case 'key by member':
      return second && third ? { parts: [{ ...base, key, member: third, value: second }], answer } : undefined;
    case 'key scores':
      return lowerScores(key, flat, answer);
    case 'pairs':
      return lowerPairs(key, args, (each, value) => ({ ...base, key: each, value }), undefined, answer);
    case 'script':
      return undefined;
  }
}

function answerKeys(name: string, row: CommandRow, args: readonly Value[], flat: FlatArguments): AnswerShape {
  if (name !== 'mget') return row.answer;
  // Which of several keys an element of the answer belongs to is only known for a list of known length.
  return flat.exact && args.length > 0 ? { kind: 'tuple', items: flat.values.map(() => row.answer) } : { kind: 'none' };
}

function answerFields(members: readonly Value[], flat: FlatArguments, style: CommandStyle): AnswerShape {
  const item: AnswerShape = { kind: 'scalar', absent: 'null' };
  if (!flat.exact) return { kind: 'none' };
  if (style.hashFields === 'tuple') return { kind: 'tuple', items: members.map(() => item) };
  const names = members.map(readText);
  if (!names.every((name) => name !== undefined)) return { kind: 'none' };
  return { kind: 'object', fields: Object.fromEntries(names.map((name) => [name, item])) };
}

function readOptions(args: readonly Value[], at: number, style: CommandStyle): CommandOptions | undefined {
  return style.options === 'positional' ? parsePositionalOptions(args.slice(at)) : parseObjectOptions(args[at]);
}

const setFlags: ReadonlySet<string> = new Set(['NX', 'GET', 'EX', 'PX', 'EXAT', 'PXAT', 'KEEPTTL', 'UNCLEAR']);

/** SET and its options. XX and the comparing options are left out: the store has no "only if present". */
function lowerSet(args: readonly Value[], style: CommandStyle): LoweredBlock | undefined {
  const [key, value] = args;
  const options = readOptions(args, 2, style);
  if (!key || !value || !options || isSpread(key) || isSpread(value)) return undefined;
  const names = [...options.keys()];
  if (!names.every((name) => setFlags.has(name))) return undefined;
  // With both, the answer is null when it was set: neither "success" nor "old value of a swap".
  if (options.has('NX') && options.has('GET')) return undefined;
  const resolved = resolveExpiry(options);
  const shown = names.filter((name) => name !== 'UNCLEAR');
  if (options.has('NX')) {
    const part: CommandPart = { command: 'setnx', key, value, ...(resolved === 'set' && { expiry: 'set' as const }) };
    return { parts: [part], answer: { kind: 'success' }, options: shown };
  }
  const expiry = resolved === 'open' ? {} : { expiry: resolved };
  if (options.has('GET')) {
    return {
      parts: [{ command: 'getset', key, value, ...expiry }],
      answer: { kind: 'scalar', absent: 'null' },
      options: shown,
    };
  }
  return { parts: [{ command: 'set', key, value, ...expiry }], answer: { kind: 'none' }, options: shown };
}

function lowerGetEx(key: Value, answer: AnswerShape, options: CommandOptions | undefined): LoweredBlock | undefined {
  if (!options) return undefined;
  if (options.has('PERSIST')) return { parts: [{ command: 'get', key, expiry: 'drop' }], answer, options: ['PERSIST'] };
  const sets = resolveExpiry(options) === 'set';
  return {
    parts: [{ command: 'get', key, ...(sets && { expiry: 'set' as const }) }],
    answer,
    options: [...options.keys()].filter((name) => name !== 'UNCLEAR'),
  };
}

/** Fields or keys with values: `f, v, f, v`, `[[f, v]]`, `{ f: v }`. */
function lowerPairs(
  key: Value,
  args: readonly Value[],
  makePart: (name: Value, value: Value) => CommandPart,
  makeWhole: ((value: Value) => CommandPart) | undefined,
  answer: AnswerShape,
): LoweredBlock | undefined {
  const [first] = args;
  if (first?.kind === 'object' && args.length === 1) {
    if (first.complete) {
      return {
        parts: first.entries.map((entry) => makePart({ kind: 'constant', value: entry.name }, entry.value)),
        answer,
      };
    }
    return makeWhole && { parts: [makeWhole(first)], answer };
  }
  const flat = flattenArguments(args);
  if (flat.values.length === 1 && flat.values[0]) return makeWhole && { parts: [makeWhole(flat.values[0])], answer };
  if (!flat.exact || flat.values.length === 0 || flat.values.length % 2 !== 0) return undefined;
  const parts = flat.values.flatMap((name, index) => {
    const value = flat.values[index + 1];
    return index % 2 === 0 && value ? [makePart(name, value)] : [];
  });
  return { parts, answer };
}

/** `1, m, 2, n` or `{ score, member }` / `{ score, value }`; with NX, XX, GT, LT or INCR it is another command. */
function lowerScores(key: Value, flat: FlatArguments, answer: AnswerShape): LoweredBlock | undefined {
  const rest = flat.values.slice(1);
  if (rest.length === 0) return undefined;
  if (rest.every((value) => value.kind === 'object')) {
    const parts = rest.map((value): CommandPart | undefined => {
      const member = findEntry(value, 'member') ?? findEntry(value, 'value');
      const score = findEntry(value, 'score');
      return member && score && { command: 'zadd', key, member, value: score };
    });
    return parts.every((part) => part !== undefined) ? { parts, answer } : undefined;
  }
  // A text in a score's place is an option.
  if (!flat.exact || rest.length % 2 !== 0 || rest.some((value, index) => index % 2 === 0 && isOptionName(value)))
    return undefined;
  return lowerPairs(key, rest, (score, member) => ({ command: 'zadd', key, member, value: score }), undefined, answer);
}

function isOptionName(value: Value): boolean {
  return /^(nx|xx|gt|lt|ch|incr)$/i.test(readText(value) ?? '');
}

function isSpread(value: Value): boolean {
  return value.kind === 'apply' && value.operator === 'spread';
}

function resolveAmount(by: Value | undefined, row: CommandRow): Value {
  if (!by) return { kind: 'constant', value: row.negated ? -1 : 1 };
  if (!row.negated) return by;
  if (by.kind === 'constant' && typeof by.value === 'number') return { kind: 'constant', value: -by.value };
  return { kind: 'apply', operator: '-', operands: [{ kind: 'constant', value: 0 }, by] };
}

/** A script is one step that may do anything to its keys. */
function lowerScript(row: CommandRow, args: readonly Value[], style: CommandStyle): LoweredBlock | undefined {
  const [text, second, ...rest] = args;
  if (!text) return undefined;
  const operands = readScriptOperands(second, rest, style);
  const keys = operands?.keys ?? [{ kind: 'unknown', reason: "a script's keys" } satisfies Value];
  const parts = keys.map((key): CommandPart => ({
    command: 'script',
    key,
    value: text,
    ...(operands && { member: makeArray(operands.args) }),
  }));
  return { parts, answer: row.answer };
}

function readScriptOperands(
  second: Value | undefined,
  rest: readonly Value[],
  style: CommandStyle,
): { keys: readonly Value[]; args: readonly Value[] } | undefined {
  const list = (value: Value | undefined): readonly Value[] =>
    value?.kind === 'array' ? flattenArguments([value]).values : [];
  if (style.scripts === 'counted') {
    if (second?.kind !== 'constant') return undefined;
    const flat = flattenArguments(rest);
    const keys = Number(second.value);
    return keys > 0 && keys <= flat.values.length
      ? { keys: flat.values.slice(0, keys), args: flat.values.slice(keys) }
      : undefined;
  }
  const object = style.scripts === 'object' && second?.kind === 'object' ? second : undefined;
  const keys = list(object ? findEntry(object, 'keys') : style.scripts === 'arrays' ? second : undefined);
  return keys.length > 0 ? { keys, args: list(object ? findEntry(object, 'arguments') : rest[0]) } : undefined;
}
