import type { EffectBase, ReadAction, UpdateAction } from '../model/effect.ts';
import { mapAnswers } from '../model/map-answers.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { isCompareAndSet } from './is-compare-and-set.ts';

type Update = EffectBase & UpdateAction;

/**
 * The trace with a read beside each update whose count decides an insert into the same table: `update … where key`, and
 * if that meets no row, `insert`. An UPDATE finds its rows as SELECT … FOR UPDATE does, so that locks on the rows that it
 * met are there, and none where it met none. An update that tests what it sets is a claim, and stays what it is.
 */
export function splitMatchedRows(trace: Trace): Trace {
  const looks = new Map<string, Step>();
  for (const step of trace.steps) {
    const { effect } = step;
    if (effect.kind !== 'update' || isCompareAndSet(step)) continue;
    if (trace.steps.some((later) => isDecidedInsert(later, effect))) looks.set(effect.id, readMatched(step, effect));
  }
  if (looks.size === 0) return trace;
  const steps = trace.steps.flatMap((step): readonly Step[] => {
    const look = looks.get(step.effect.id);
    return look === undefined ? [askLooks(step, looks)] : [look, step];
  });
  return { ...trace, steps };
}

function isDecidedInsert({ effect, guards }: Step, update: Update): boolean {
  return (
    effect.kind === 'insert' &&
    effect.resource.kind === 'table' &&
    update.resource.kind === 'table' &&
    effect.resource.name === update.resource.name &&
    guards.some(({ condition }) => mentionsEffect(condition, update.id))
  );
}

function nameLook(update: string): string {
  return `${update}/matched`;
}

function readMatched(step: Step, update: Update): Step {
  const effect: EffectBase & ReadAction = {
    kind: 'read',
    id: nameLook(update.id),
    location: update.location,
    client: update.client,
    label: update.label,
    answer: update.answer,
    resource: update.resource,
    selector: update.selector,
    mode: 'update',
    within: { effect: update.id, isOwned: true },
  };
  return { ...step, effect };
}

/** The guards of an insert ask the read in place of the update. */
function askLooks(step: Step, looks: ReadonlyMap<string, Step>): Step {
  const { effect } = step;
  if (effect.kind !== 'insert') return step;
  const known = new Map<Value, Value>();
  const guards = step.guards.map((guard) => ({
    ...guard,
    condition: mapAnswers(
      guard.condition,
      (answer) => {
        const look = looks.get(answer.effect);
        return look !== undefined && look.effect.resource.kind === 'table' && isSameName(look, step)
          ? { ...answer, effect: nameLook(answer.effect) }
          : answer;
      },
      known,
    ),
  }));
  return { ...step, guards };
}

function isSameName(a: Step, b: Step): boolean {
  const [first, second] = [a.effect.resource, b.effect.resource];
  return first.kind === 'table' && second.kind === 'table' && first.name === second.name;
}
