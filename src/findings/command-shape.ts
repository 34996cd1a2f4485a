import type { CommandAction, CommandName, EffectBase } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { isSameGuard } from './is-same-guard.ts';

export type CommandEffect = EffectBase & CommandAction;
export type CommandStep = Step & { readonly effect: CommandEffect };

/** What two commands of one store would have to be one step for. */
export type CommandShape = 'expiry' | 'read then write' | 'read then delete' | 'torn pair';

const writesValue = new Set<CommandName>(['set', 'hset', 'incr', 'hincr', 'sadd', 'zadd', 'lpush', 'getset']);
const readsText = new Set<CommandName>(['get', 'exists']);
const readsAny = new Set<CommandName>(['get', 'hget', 'exists', 'smembers', 'lrange', 'zrange']);
const writesText = new Set<CommandName>(['set', 'incr', 'getset']);

export function findCommandShape(trace: Trace, first: CommandStep, second: CommandStep): CommandShape | undefined {
  const a = first.effect;
  const b = second.effect;
  if (isSameValue(keyOf(a), keyOf(b))) {
    if (b.command === 'expire' && (writesValue.has(a.command) || a.command === 'setnx') && a.expiry !== 'set')
      return isExpiryRestored(trace, keyOf(b)) ? undefined : 'expiry';
    const isOverwritten =
      (readsText.has(a.command) && writesText.has(b.command)) || findField(first, second) !== undefined;
    if (isOverwritten && b.value !== undefined && derives(b.value, a.id)) return 'read then write';
    if (readsAny.has(a.command) && b.command === 'del' && isSingleUse(trace, first, second)) return 'read then delete';
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

export function keyOf(effect: CommandEffect): Value {
  return effect.resource.kind === 'key' ? effect.resource.key : { kind: 'unknown', reason: 'no key' };
}

/**
 * The one field of a hash (or member of a sorted set) that a first command reads, alone or with all others, and that a
 * second one writes.
 */
export function findField({ effect: a }: CommandStep, { effect: b }: CommandStep): Value | undefined {
  const isHash = a.command === 'hget' && (b.command === 'hset' || b.command === 'hincr');
  const isScore = a.command === 'zrange' && b.command === 'zadd' && a.member !== undefined;
  if ((!isHash && !isScore) || b.member === undefined) return undefined;
  if (a.member !== undefined && !isSameValue(a.member, b.member)) return undefined;
  return { kind: 'apply', operator: 'field', operands: [keyOf(b), b.member] };
}

/** Is the written value computed from the value read (a fallback to the old value is not)? */
function derives(value: Value, read: string): boolean {
  if (value.kind === 'answer') return false;
  return mentionsEffect(value, read);
}

/** Does the code look whether the key has a time to live, and give it one? Then the next run repairs what a crash left. */
function isExpiryRestored(trace: Trace, key: Value): boolean {
  const asked = trace.steps.filter(
    ({ effect }) => effect.kind === 'command' && effect.command === 'ttl' && isSameValue(keyOf(effect), key),
  );
  return trace.steps.some(
    ({ effect, guards }) =>
      effect.kind === 'command' &&
      effect.command === 'expire' &&
      isSameValue(keyOf(effect), key) &&
      guards.some(({ condition }) => asked.some((step) => mentionsEffect(condition, step.effect.id))),
  );
}

/** A value that is read, decides, and is then deleted, with nobody looking at whether the deletion won. */
function isSingleUse(trace: Trace, first: CommandStep, second: CommandStep): boolean {
  const decides = second.guards.some(
    (guard) => mentionsEffect(guard.condition, first.effect.id) && guard.refuses === true,
  );
  const isChecked = trace.steps.some((step) =>
    step.guards.some((guard) => mentionsEffect(guard.condition, second.effect.id)),
  );
  return decides && !isChecked && !isRefilled(trace, first) && !isThrownAway(trace, first, second);
}

/** Is the key filled again where nothing was in it? Then it is a copy of something, and deleting it claims nothing. */
function isRefilled(trace: Trace, first: CommandStep): boolean {
  return trace.steps.some(
    ({ effect, guards }) =>
      effect.kind === 'command' &&
      (effect.command === 'set' || effect.command === 'setnx') &&
      isSameValue(keyOf(effect), keyOf(first.effect)) &&
      guards.some(({ condition }) => mentionsEffect(condition, first.effect.id)),
  );
}

/**
 * Is the value deleted because it turned out to be no good (in a handler, on a path that refuses itself, after the good
 * ones have left), or only in some runs, so that others may well find it again?
 */
function isThrownAway(trace: Trace, first: CommandStep, second: CommandStep): boolean {
  const since = second.guards.filter((guard) => !first.guards.some((other) => isSameGuard(guard, other)));
  return since.some((guard) => {
    if (guard.condition.kind === 'apply' && guard.condition.operator === 'caught') return true;
    if (guard.refuses === true) return false;
    if (guard.exit === 'return' || !mentionsEffect(guard.condition, first.effect.id)) return true;
    return trace.steps.some(({ guards }) =>
      guards.some((other) => other.refuses === true && isSameGuard({ ...guard, holds: !guard.holds }, other)),
    );
  });
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
