import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { EffectDraft, Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue, Value } from '../../model/value.ts';
import type { RecognizeContext } from '../adapter.ts';
import { findEntry } from '../find-entry.ts';
import { flattenArguments, makeArray, readText } from './redis-commands-arguments.ts';
import { lowerCommand, makeEffect, wireStyle } from './redis-commands-call.ts';
import type { CommandStyle, LoweredCommand } from './redis-commands-call.ts';

/**
 * What a member of a client means besides the commands.
 *
 * - `multi`, `pipeline`: a queue is opened; its commands are sent by `exec`, in one step or one after another
 * - `exec`: as the queue was opened; `exec pipeline`: one after another whatever it was
 * - `discard`: the queue is thrown away
 * - `same client`: the result is (a promise of) the receiver: `connect()`, `on(…)`
 * - `new connection`: the result is a client of its own: `duplicate()`
 * - `watch`, `unwatch`: a compare-and-set of the next MULTI
 * - `wire`: the command is spelled as in the protocol: `call('SET', k, v)`; `wire list`: in one array
 * - `nothing`
 */
type RedisMember =
  | 'multi'
  | 'pipeline'
  | 'exec'
  | 'exec pipeline'
  | 'discard'
  | 'same client'
  | 'new connection'
  | 'watch'
  | 'unwatch'
  | 'wire'
  | 'wire list'
  | 'nothing';

/** One library, as data. */
export interface RedisDialect {
  readonly library: string;
  readonly style: CommandStyle;
  /** By lower-case name; they win over commands of that name. */
  readonly members: Readonly<Record<string, RedisMember>>;
  /** Members that are known and not modelled, with the reason. */
  readonly unsupported: Readonly<Record<string, string>>;
  /** Suffix of method names that only changes the answer's type: ioredis `getBuffer`. */
  readonly suffix?: string;
  /** Shape of `exec`'s answer, from those of the queued commands. */
  readonly answerExec: (answers: readonly AnswerShape[]) => AnswerShape;
  /** Lowers a method that is no command: a script defined by the client's options. */
  readonly lowerOther?: (step: ChainStep, client: Client, store: string) => LoweredCommand | undefined;
}

/**
 * Recognizes a chain at a Redis client, step by step. Queued commands of a MULTI or pipeline are remembered in the
 * client's `queue`; each queueing call answers with the client that has one command more, so the variable that
 * holds the queue has to be replaced by the answer of every call made on it.
 *
 * @param chain begins at a client of the dialect's library
 * @param context the caller's context
 * @param dialect the library's tables
 */
export function recognizeRedis(chain: ChainValue, context: RecognizeContext, dialect: RedisDialect): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a Redis client' };
  let client = chain.root.client;
  let result: Recognition = { kind: 'client', client };
  const path: string[] = [];
  for (const step of chain.steps) {
    if (result.kind !== 'client' && result.kind !== 'pending') {
      return { kind: 'unsupported', reason: 'a call on the answer of a Redis command', detail: step.name };
    }
    if (!step.args) {
      path.push(step.name);
      result = { kind: 'pending' };
      continue;
    }
    if (path.length > 0)
      return { kind: 'unsupported', reason: 'Redis module is not modelled', detail: [...path, step.name].join('.') };
    result = recognizeStep(step, client, context, dialect);
    if (result.kind === 'client') client = result.client;
  }
  return result;
}

function recognizeStep(step: ChainStep, client: Client, context: RecognizeContext, dialect: RedisDialect): Recognition {
  const name = step.name.toLowerCase();
  const args = step.args ?? [];
  const reason = Object.hasOwn(dialect.unsupported, name) ? dialect.unsupported[name] : undefined;
  if (reason !== undefined) return { kind: 'unsupported', reason, detail: step.name };
  switch (Object.hasOwn(dialect.members, name) ? dialect.members[name] : undefined) {
    case 'multi':
    case 'pipeline':
      return openQueue(name === 'pipeline' ? 'pipeline' : 'multi', step, client, context);
    case 'exec':
      return execQueue(client, dialect, client.role === 'pipeline' || isTrue(args[0]));
    case 'exec pipeline':
      return execQueue(client, dialect, true);
    case 'discard':
    case 'nothing':
      return { kind: 'nothing' };
    case 'same client':
      return { kind: 'client', client };
    case 'new connection':
      return { kind: 'client', client: { ...client, role: 'root', connection: context.newConnection() } };
    case 'watch':
      return watchKeys(args, readStore(client));
    case 'unwatch':
      return sendEffects([lowerUnwatch(readStore(client))]);
    case 'wire':
    case 'wire list':
    case undefined:
      break;
  }
  if (client.role === 'multi' || client.role === 'pipeline' || client.role === 'queue') return queueStep(step, client);
  const lowered = lowerStep(step, client, dialect);
  switch (lowered.kind) {
    case 'effect':
      return sendEffects([lowered]);
    case 'nothing':
      return lowered;
    case 'unsupported':
      return lowered;
  }
}

/** One command call, in the library's own spelling or in the protocol's. */
function lowerStep(step: ChainStep, client: Client, dialect: RedisDialect): LoweredCommand {
  const name = step.name.toLowerCase();
  const store = readStore(client);
  const member = Object.hasOwn(dialect.members, name) ? dialect.members[name] : undefined;
  if (member === 'wire' || member === 'wire list') {
    const [command, ...args] = member === 'wire list' ? flattenArguments(step.args ?? []).values : (step.args ?? []);
    const text = readText(command);
    if (text === undefined) return { kind: 'unsupported', reason: 'Redis command is computed', detail: step.name };
    return lowerCommand(text, args, wireStyle, store);
  }
  const other = dialect.lowerOther?.(step, client, store);
  if (other) return other;
  const end = dialect.suffix !== undefined && step.name.endsWith(dialect.suffix) ? -dialect.suffix.length : undefined;
  return lowerCommand(step.name.slice(0, end), step.args ?? [], dialect.style, store);
}

/**
 * The key space that a client's keys are in. Two clients with different prefixes or database numbers never share a key.
 *
 * @param client a client made by `makeRedisClient`
 */
export function readStore(client: Client): string {
  return readText(client.detail?.['store']) ?? 'redis';
}

/**
 * A client handle of any of the Redis libraries.
 *
 * @param library the adapter's name
 * @param role `root`, or `queue` for a parameter that may be a MULTI or a pipeline
 * @param options the constructor's options object, if there is one
 */
export function makeRedisClient(library: string, role: 'root' | 'queue', options?: Value): Client {
  const object = options?.kind === 'object' ? options : undefined;
  const parts = ['keyPrefix', 'db', 'database'].flatMap((name) => {
    const value = object && findEntry(object, name);
    return value?.kind === 'constant' && value.value !== 0 && value.value !== '' ? [String(value.value)] : [];
  });
  const scripts = object && findEntry(object, 'scripts');
  return {
    library,
    role,
    connection: 'pool',
    engine: 'redis',
    detail: { store: { kind: 'constant', value: ['redis', ...parts].join(':') }, ...(scripts && { scripts }) },
  };
}

function openQueue(
  role: 'multi' | 'pipeline',
  step: ChainStep,
  client: Client,
  context: RecognizeContext,
): Recognition {
  const [first] = step.args ?? [];
  if (role === 'multi' && first?.kind === 'object' && first.entries.some((entry) => entry.name === 'pipeline')) {
    return { kind: 'unsupported', reason: 'MULTI without a queue on the client', detail: 'multi({ pipeline: false })' };
  }
  const queued = first?.kind === 'array' ? readQueuedList(first.elements, step) : [];
  if (!queued || (first?.kind === 'array' && !first.complete)) {
    return { kind: 'unsupported', reason: 'commands of a queue are computed', detail: step.name };
  }
  return { kind: 'client', client: { ...client, role, queue: { id: context.newConnection(), calls: queued } } };
}

/** `multi([['set', key, value], ['del', other]])`: each command a list in the protocol's order. */
function readQueuedList(elements: readonly Value[], step: ChainStep): readonly ChainStep[] | undefined {
  const steps = elements.map((element): ChainStep | undefined => {
    const [name, ...args] = element.kind === 'array' && element.complete ? element.elements : [];
    return readText(name) === undefined || !name
      ? undefined
      : { name: 'call', args: [name, ...args], location: step.location };
  });
  return steps.every((each) => each !== undefined) ? steps : undefined;
}

function queueStep(step: ChainStep, client: Client): Recognition {
  const { queue } = client;
  // A parameter's queue: what is on it already is not seen, and neither is what becomes of it.
  if (queue === undefined) return { kind: 'client', client };
  return { kind: 'client', client: { ...client, queue: { ...queue, calls: [...queue.calls, step] } } };
}

function execQueue(client: Client, dialect: RedisDialect, separate: boolean): Recognition {
  if (client.role === 'queue')
    return { kind: 'unsupported', reason: 'EXEC of a queue that may be a pipeline or a MULTI' };
  if (client.queue === undefined) return { kind: 'unsupported', reason: 'EXEC whose MULTI is not seen' };
  const lowered = client.queue.calls.map((step) => lowerStep(step, client, dialect));
  const failed = lowered.find((each) => each.kind === 'unsupported');
  if (failed) return failed;
  const effects = lowered.filter((each) => each.kind === 'effect');
  if (effects.length === 0) return { kind: 'nothing' };
  const answers = lowered.map((each): AnswerShape => (each.kind === 'effect' ? each.draft.answer : { kind: 'none' }));
  if (!separate) {
    const parts = effects.flatMap(({ commands }) =>
      commands.map(({ kind: _kind, resource, ...rest }) => ({ ...rest, key: readKey(resource) })),
    );
    return sendEffects([makeEffect({ parts, answer: dialect.answerExec(answers) }, 'MULTI', readStore(client), true)]);
  }
  // The answer is a list over several effects; it can only be followed into one of them: the first that reads.
  const index = Math.max(
    0,
    lowered.findIndex((each) => each.kind === 'effect' && each.draft.answer.kind !== 'none'),
  );
  const followed = answers.map((answer, at): AnswerShape => (at === index ? answer : { kind: 'none' }));
  const first = lowered[index];
  return {
    kind: 'effects',
    sent: 'on call',
    effects: effects.map((each) => each.draft),
    answer: dialect.answerExec(followed),
    answers: first?.kind === 'effect' ? effects.indexOf(first) : 0,
  };
}

function readKey(resource: EffectDraft['action']['resource']): Value {
  return resource.kind === 'key' ? resource.key : { kind: 'unknown', reason: 'no key' };
}

function watchKeys(args: readonly Value[], store: string): Recognition {
  const keys = flattenArguments(args).values;
  if (keys.length === 0)
    return { kind: 'unsupported', reason: 'arguments of a Redis command are not understood', detail: 'watch' };
  return sendEffects(
    keys.map((key) => makeEffect({ parts: [{ command: 'watch', key }], answer: { kind: 'none' } }, 'WATCH', store)),
  );
}

function lowerUnwatch(store: string): LoweredCommand {
  const key: Value = { kind: 'unknown', reason: 'every watched key' };
  return makeEffect({ parts: [{ command: 'unwatch', key }], answer: { kind: 'none' } }, 'UNWATCH', store);
}

function sendEffects(lowered: readonly LoweredCommand[]): Recognition {
  const effects = lowered.flatMap((each) => (each.kind === 'effect' ? [each.draft] : []));
  return { kind: 'effects', sent: 'on call', effects, answer: effects.at(-1)?.answer ?? { kind: 'none' } };
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'constant' && value.value === true;
}

/**
 * A script object's step: every key it is given, in one step.
 *
 * @param text the script, if known
 * @param keys its KEYS; none given means unknown keys
 * @param args its ARGV
 * @param store name of the key space
 */
export function lowerScriptCall(
  text: Value,
  keys: readonly Value[],
  args: readonly Value[],
  store: string,
): LoweredCommand {
  const touched = keys.length > 0 ? keys : [{ kind: 'unknown', reason: "a script's keys" } satisfies Value];
  const parts = touched.map((key) => ({ command: 'script' as const, key, value: text, member: makeArray(args) }));
  return makeEffect({ parts, answer: { kind: 'none' } }, 'EVAL', store);
}
