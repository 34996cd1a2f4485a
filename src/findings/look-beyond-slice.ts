import type { Resource } from '../model/effect.ts';
import type { Guard, Step, Trace } from '../model/trace.ts';
import { excludeEachOther } from './find-candidates.ts';
import type { Candidate } from './find-candidates.ts';
import { findConsequences } from './build-question.ts';
import { findMentions, forEachAnswer, mentionsEffect } from '../model/find-mentions.ts';
import { isCompareAndSet } from './is-compare-and-set.ts';

/**
 * Protections that the slice does not carry: a wrapper that runs one closure at a time, a claim that only one request
 * wins, a compare-and-set, synchronous clients without an await between.
 */
export function isSerializedElsewhere(trace: Trace, { check, act, taken }: Candidate): boolean {
  if (check.locks.some((lock) => lock.startsWith('wrapper:') && act.locks.includes(lock))) return true;
  if (
    check.effect.client.synchronous === true &&
    act.effect.client.synchronous === true &&
    !hasSuspension(trace, check, act)
  )
    return true;
  // what the statement asks of its own row says nothing about another row
  if (act.effect.kind === 'update' && taken === undefined && isCompareAndSet(act)) return true;
  const deciding = new Set(act.guards.flatMap((guard) => [...findMentions(guard.condition)]));
  return trace.steps.some(
    (step) => deciding.has(step.effect.id) && (isClaim(step) || isClaimUnderLock(trace, step, act.guards)),
  );
}

/** Does their transaction begin with a statement that is not understood? It may lock what both requests need. */
export function followsUnreadStatement(trace: Trace, { check, act }: Candidate): boolean {
  if (act.transaction === undefined || act.transaction !== check.transaction) return false;
  const at = trace.steps.indexOf(check);
  return trace.bailouts.some(
    ({ within }) => within !== undefined && within.transaction === act.transaction && within.after <= at,
  );
}

function hasSuspension(trace: Trace, check: Step, act: Step): boolean {
  const between = trace.steps.slice(trace.steps.indexOf(check) + 1, trace.steps.indexOf(act));
  return between.some((step) => step.effect.client.synchronous !== true);
}

/** A step that at most one of several equal requests wins, and whose answer tells which. */
function isClaim(step: Step): boolean {
  const { effect } = step;
  switch (effect.kind) {
    case 'update':
      return isCompareAndSet(step);
    case 'delete':
      return true;
    case 'insert':
      return effect.onConflict.kind === 'ignore';
    case 'command':
      return ['setnx', 'del', 'getdel', 'incr', 'sadd', 'hset', 'srem', 'getset'].includes(effect.command);
    case 'block':
    case 'lock':
      return true;
    default:
      return false;
  }
}

/**
 * A row that is locked, judged and changed in one transaction, in the very column that is judged: the next run finds it
 * changed. Only the winner comes to what the same judgement decides later.
 */
function isClaimUnderLock(trace: Trace, { effect, transaction }: Step, guards: readonly Guard[]): boolean {
  if (effect.kind !== 'read' || effect.mode === 'plain' || effect.mode === 'share' || transaction === undefined)
    return false;
  const judged = listJudgedColumns(guards, effect.id);
  return trace.steps.some(
    (step) =>
      step.effect.kind === 'update' &&
      step.transaction === transaction &&
      isSameResource(step.effect.resource, effect.resource) &&
      !excludeEachOther(step.guards, guards) &&
      step.effect.assignments.some(
        ({ column, value }) =>
          value.kind === 'constant' && judged.has(column) && listJudgedColumns(step.guards, effect.id).has(column),
      ),
  );
}

/** The columns of a read row that conditions ask about. */
function listJudgedColumns(guards: readonly Guard[], read: string): ReadonlySet<string> {
  const columns = new Set<string>();
  for (const { condition } of guards) {
    if (!mentionsEffect(condition, read)) continue;
    forEachAnswer(condition, (answer) => {
      if (answer.effect === read && answer.columns[0] !== undefined) columns.add(answer.columns[0]);
    });
  }
  return columns;
}

/**
 * Does a run after another one end well before it comes to the check? It does where an earlier read of the same table
 * looks by a column that the act writes, and what it finds is the answer: a token that is looked up by its hash, then in
 * plain text, and is hashed now. That the check refuses such a run is no difference then.
 */
export function leavesEarlier(trace: Trace, candidate: Candidate): boolean {
  const { act, check } = candidate;
  if (act.effect.kind !== 'update' || findConsequences(trace, candidate).length > 0) return false;
  const { assignments, resource } = act.effect;
  const written = new Set(assignments.map((assignment) => assignment.column));
  return act.guards.some(({ condition, holds, exit, refuses }) => {
    if (holds || exit !== 'return' || refuses === true || condition.kind !== 'answer') return false;
    const found = trace.steps.find((step) => step.effect.id === condition.effect);
    return (
      found?.effect.kind === 'read' &&
      found !== check &&
      isSameResource(found.effect.resource, resource) &&
      found.effect.selector.conditions.some((each) => each.kind === 'compare' && written.has(each.column))
    );
  });
}

function isSameResource(a: Resource, b: Resource): boolean {
  return a.kind === 'table' && b.kind === 'table' && a.name === b.name;
}
