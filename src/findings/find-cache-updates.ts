import type { CommandAction, EffectBase } from '../model/effect.ts';
import type { RuleName } from '../model/finding.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Location } from '../model/location.ts';
import type { Operation, Program, World } from '../model/program.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Anomaly, Witness } from '../model/witness.ts';
import { findDialect } from '../schedules/dialects/find-dialect.ts';
import { explore } from '../schedules/explore.ts';
import { createSlice, dependsOnSlice, lowerCheck, lowerTerm } from './lower-value.ts';
import type { SliceEffects } from './lower-value.ts';
import { excludeEachOther } from './find-candidates.ts';
import { lowerCommand } from './lower-command.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { mayMeetItself } from './may-meet-itself.ts';

type CommandEffect = EffectBase & CommandAction;
type CommandStep = Step & { readonly effect: CommandEffect };

/** Two commands that should have been one step. */
export interface CacheUpdate {
  readonly shape: 'expiry' | 'read then write' | 'read then delete' | 'torn pair';
  readonly rule: RuleName;
  readonly first: CommandStep;
  readonly second: CommandStep;
  readonly witness: Witness;
}

const writesValue = new Set(['set', 'hset', 'incr', 'hincr', 'sadd', 'zadd', 'lpush', 'getset']);
const reads = new Set(['get', 'hget', 'exists', 'smembers', 'lrange', 'zrange']);

/** Pairs of commands on one store with a witness; at most one finding for a second command. */
export function findCacheUpdates(trace: Trace): readonly CacheUpdate[] {
  const steps = trace.steps.filter(isCommand);
  const found: CacheUpdate[] = [];
  steps.forEach((second, at) => {
    for (const first of steps.slice(0, at).toReversed()) {
      if (first.effect.client.library !== second.effect.client.library) continue;
      // commands of one pipeline go out together; that it is no transaction is not worth a report
      if (isSamePlace(first.effect.location, second.effect.location)) continue;
      if (excludeEachOther(first.guards, second.guards) || isLocked(trace, first, second)) continue;
      const update = judgePair(trace, first, second);
      if (update !== undefined) {
        found.push(update);
        return;
      }
    }
  });
  return found;
}

function isSamePlace(a: Location, b: Location): boolean {
  return a.file === b.file && a.range[0] === b.range[0];
}

function isCommand(step: Step): step is CommandStep {
  return step.effect.kind === 'command';
}

/** Both inside one lock, or after a claim that only one request wins. */
function isLocked(trace: Trace, first: CommandStep, second: CommandStep): boolean {
  if (first.locks.some((lock) => second.locks.includes(lock))) return true;
  return trace.steps.some(
    (step) =>
      step !== first &&
      step.effect.kind === 'command' &&
      step.effect.command === 'setnx' &&
      [first, second].every((each) => each.guards.some((guard) => mentionsEffect(guard.condition, step.effect.id))),
  );
}

function judgePair(trace: Trace, first: CommandStep, second: CommandStep): CacheUpdate | undefined {
  const shape = findShape(trace, first, second);
  if (shape === undefined) return undefined;
  const slice = createSlice([first.effect]);
  const operations = [lowerStep(first, slice, false), lowerStep(second, slice, true)];
  if (operations.some((operation) => operation === undefined)) return undefined;
  const program: Program = {
    name: trace.root.name,
    operations: operations.filter((operation) => operation !== undefined),
  };
  const world = chooseKeys(shape, first, second, slice);
  const hint: Anomaly =
    shape === 'expiry'
      ? 'no expiry'
      : shape === 'read then write'
        ? 'lost update'
        : shape === 'read then delete'
          ? 'double claim'
          : 'torn read';
  const mode: Witness['mode'] =
    shape === 'expiry' ? 'request and crash' : shape === 'torn pair' ? 'request and reader' : 'two requests';
  if (mode === 'two requests' && !mayMeetItself(trace.root)) return undefined;
  const reader: Program = {
    name: 'reader',
    operations: [
      {
        id: 'reader',
        label: 'reads both keys',
        kind: 'command',
        into: 'both',
        command: { kind: 'mget', keys: [keyTerm(first, slice), keyTerm(second, slice)] },
      },
      { id: 'reply', label: 'answers', kind: 'reply', terms: [{ kind: 'variable', read: 'both', column: 'value' }] },
    ],
  };
  const verdict = explore({
    a: program,
    b: mode === 'two requests' ? program : reader,
    mode,
    world,
    dialect: findDialect('redis'),
    hint,
  });
  if (verdict.kind !== 'witness') return undefined;
  return {
    shape,
    rule: shape === 'read then write' ? 'no-lost-update' : 'no-nonatomic-cache-update',
    first,
    second,
    witness: verdict.witness,
  };
}

function findShape(trace: Trace, first: CommandStep, second: CommandStep): CacheUpdate['shape'] | undefined {
  const a = first.effect;
  const b = second.effect;
  const isSameKey = isSameValue(keyOf(a), keyOf(b));
  if (isSameKey) {
    if (b.command === 'expire' && (writesValue.has(a.command) || a.command === 'setnx') && a.expiry !== 'set')
      return 'expiry';
    if (reads.has(a.command) && writesValue.has(b.command) && b.value !== undefined && derives(b.value, a.id))
      return 'read then write';
    if (reads.has(a.command) && b.command === 'del' && isSingleUse(trace, first, second)) return 'read then delete';
    return undefined;
  }
  const isPair =
    (writesValue.has(a.command) && (b.command === 'del' || b.command === 'sadd' || b.command === 'zadd')) ||
    (a.command === 'del' && (b.command === 'srem' || b.command === 'zrem'));
  if (!isPair || !areRelated(keyOf(a), keyOf(b)) || (a.command === 'sadd' && b.command === 'sadd')) return undefined;
  const isUnconditional = first.guards.length === second.guards.length;
  const isAdjacent = trace.steps.indexOf(second) - trace.steps.indexOf(first) === 1;
  return isUnconditional && isAdjacent && first.parallel === undefined ? 'torn pair' : undefined;
}

function keyOf(effect: CommandEffect): Value {
  return effect.resource.kind === 'key' ? effect.resource.key : { kind: 'unknown', reason: 'no key' };
}

function keyTerm(step: CommandStep, slice: SliceEffects): ReturnType<typeof lowerTerm> {
  return lowerTerm(keyOf(step.effect), slice);
}

/** Is the written value computed from the value read (a fallback to the old value is not)? */
function derives(value: Value, read: string): boolean {
  if (value.kind === 'answer') return false;
  return mentionsEffect(value, read);
}

/** A value that is read, decides, and is then deleted, with nobody looking at whether the deletion won. */
function isSingleUse(trace: Trace, first: CommandStep, second: CommandStep): boolean {
  const decides = second.guards.some(
    (guard) => mentionsEffect(guard.condition, first.effect.id) && guard.refuses === true,
  );
  const isChecked = trace.steps.some((step) =>
    step.guards.some((guard) => mentionsEffect(guard.condition, second.effect.id)),
  );
  return decides && !isChecked;
}

/** Two keys of one logical record: they share a part that is not constant. */
function areRelated(a: Value, b: Value): boolean {
  const parts = (value: Value): readonly Value[] =>
    value.kind === 'template'
      ? value.values
      : value.kind === 'apply'
        ? value.operands.flatMap(parts)
        : value.kind === 'constant'
          ? []
          : [value];
  return parts(a).some((part) => parts(b).some((other) => isSameValue(part, other)));
}

function lowerStep(step: CommandStep, slice: SliceEffects, isAct: boolean): Operation | undefined {
  const command = lowerCommand(step.effect, slice);
  if (command === undefined) return undefined;
  const operation: Operation = {
    id: step.effect.id,
    label: step.effect.command.toUpperCase(),
    kind: 'command',
    command,
    into: step.effect.id,
  };
  if (!isAct) return operation;
  const guards = step.guards.filter((guard) => dependsOnSlice(guard.condition, slice));
  const checks = guards.flatMap((guard) => {
    const check = lowerCheck(guard.condition, slice);
    return check === undefined ? [] : [guard.holds ? check : ({ kind: 'not', check } as const)];
  });
  const [only] = checks;
  if (only === undefined) return operation;
  const refuses = guards.some((guard) => guard.refuses === true);
  return {
    ...operation,
    when: checks.length === 1 ? only : { kind: 'and', checks },
    otherwise: refuses ? 'stop' : 'skip',
  };
}

/** What is stored before: the value that is read and updated, the token that is used up, the old related entry. */
function chooseKeys(shape: CacheUpdate['shape'], first: CommandStep, second: CommandStep, slice: SliceEffects): World {
  const keys: World['keys'][number][] = [];
  switch (shape) {
    case 'expiry':
      break;
    case 'read then write':
    case 'read then delete':
      keys.push({ key: keyTerm(first, slice), value: { kind: 'symbol', name: 'value₀' }, expires: false });
      break;
    case 'torn pair':
      if (first.effect.command === 'set' || first.effect.command === 'del') {
        keys.push({ key: keyTerm(first, slice), value: { kind: 'symbol', name: 'old' }, expires: false });
      }
      if (second.effect.command === 'del')
        keys.push({ key: keyTerm(second, slice), value: { kind: 'symbol', name: 'old related' }, expires: false });
      break;
  }
  return { relations: [], keys };
}
