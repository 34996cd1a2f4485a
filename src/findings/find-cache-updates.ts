import type { RuleName } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { Operation, Program, Term, World } from '../model/program.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Anomaly, Witness } from '../model/witness.ts';
import { findDialect } from '../schedules/dialects/find-dialect.ts';
import { explore } from '../schedules/explore.ts';
import { createSlice, dependsOnSlice, lowerCheck, lowerTerm } from './lower-value.ts';
import type { SliceEffects } from './lower-value.ts';
import { excludeEachOther } from './find-candidates.ts';
import { lowerCommand, lowerFieldCommand } from './lower-command.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { findCommandShape, findField, keyOf } from './command-shape.ts';
import type { CommandShape, CommandStep } from './command-shape.ts';
import { mayMeetItself } from './may-meet-itself.ts';

/** Two commands that should have been one step. */
export interface CacheUpdate {
  readonly shape: CommandShape;
  readonly rule: RuleName;
  readonly first: CommandStep;
  readonly second: CommandStep;
  readonly witness: Witness;
}

/** Pairs of commands on one store with a witness; at most one finding for a second command. */
export function findCacheUpdates(trace: Trace): readonly CacheUpdate[] {
  const steps = trace.steps.filter(isCommand);
  const found: CacheUpdate[] = [];
  steps.forEach((second, at) => {
    for (const first of steps.slice(0, at).toReversed()) {
      if (first.effect.client.library !== second.effect.client.library) continue;
      // commands of one pipeline go out together; that it is no transaction is not worth a report
      if (isSamePlace(first.effect.location, second.effect.location)) continue;
      if (excludeEachOther(first.guards, second.guards)) continue;
      const shape = findCommandShape(trace, first, second);
      // no lock keeps a process from stopping half-way
      if (shape === undefined || (shape !== 'expiry' && isLocked(trace, first, second))) continue;
      // a time to live that was given already is only renewed
      if (found.some((known) => known.shape === 'expiry' && known.first === first)) continue;
      const update = judgePair(trace, shape, first, second);
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

function judgePair(
  trace: Trace,
  shape: CommandShape,
  first: CommandStep,
  second: CommandStep,
): CacheUpdate | undefined {
  const slice = createSlice([first.effect]);
  const field = shape === 'read then write' ? findField(first, second) : undefined;
  const operations = [lowerStep(first, slice, false, field), lowerStep(second, slice, true, field)];
  if (operations.some((operation) => operation === undefined)) return undefined;
  const program: Program = {
    name: trace.root.name,
    operations: operations.filter((operation) => operation !== undefined),
  };
  const world = chooseKeys(
    shape,
    first,
    field === undefined ? keyTerm(first, slice) : lowerTerm(field, slice),
    second,
    slice,
  );
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
  if (mode === 'two requests' && !mayMeetItself(trace.root, second)) return undefined;
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

function keyTerm(step: CommandStep, slice: SliceEffects): ReturnType<typeof lowerTerm> {
  return lowerTerm(keyOf(step.effect), slice);
}

function lowerStep(
  step: CommandStep,
  slice: SliceEffects,
  isAct: boolean,
  field: Value | undefined,
): Operation | undefined {
  const command = field === undefined ? lowerCommand(step.effect, slice) : lowerFieldCommand(step.effect, field, slice);
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
function chooseKeys(
  shape: CommandShape,
  first: CommandStep,
  key: Term,
  second: CommandStep,
  slice: SliceEffects,
): World {
  const keys: World['keys'][number][] = [];
  switch (shape) {
    case 'expiry':
      break;
    case 'read then write':
    case 'read then delete':
      keys.push({ key, value: { kind: 'symbol', name: 'value₀' }, expires: false });
      break;
    case 'torn pair':
      if (first.effect.command === 'set' || first.effect.command === 'del') {
        keys.push({ key, value: { kind: 'symbol', name: 'old' }, expires: false });
      }
      if (second.effect.command === 'del')
        keys.push({ key: keyTerm(second, slice), value: { kind: 'symbol', name: 'old related' }, expires: false });
      break;
  }
  return { relations: [], keys };
}
