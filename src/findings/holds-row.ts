import { isSameValue } from '../model/is-same-value.ts';
import type { Assignment, InsertAction, Selector } from '../model/effect.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Candidate } from './find-candidates.ts';
import { isSameGuard } from './is-same-guard.ts';

/**
 * Does an UPDATE, or an INSERT that updates the row that is there, make equal requests wait for each other before they check? It has to come first, to happen whenever the
 * act does, and to name the row by something that the check or the act looks by too: the workspace whose members are
 * counted. The row of the user who joins that workspace keeps nobody else out.
 */
export function holdsRow(trace: Trace, step: Step, { check, act }: Candidate): boolean {
  const { effect } = step;
  const named = listHeldKeys(trace, step);
  if (named.length === 0 || trace.steps.indexOf(step) > trace.steps.indexOf(check)) return false;
  const path = [...check.guards, ...act.guards];
  if (!step.guards.every((guard) => path.some((other) => isSameGuard(guard, other)))) return false;
  const acted = act.effect.kind === 'insert' ? [] : listKeys(trace, act.effect.selector);
  const looked = [...listKeys(trace, check.effect.selector), ...acted];
  // many rows may be counted for one that is held, but the row to write is one: what led to it leads to no other
  const sources = act.effect.kind === 'insert' ? [] : looked.flatMap((value) => listSourceKeys(trace, value));
  // the one row of settings
  if (named.every(({ kind }) => kind === 'constant')) return true;
  const isLooked = (value: Value): boolean => [...looked, ...sources].some((other) => isSameValue(value, other));
  // an UPDATE may name a row by its id and again by its owner; the key of an upsert is all that names it
  return effect.kind === 'insert' ? named.every(isLooked) : named.some(isLooked);
}

/**
 * What names the row that a statement locks. A second `INSERT … ON CONFLICT DO UPDATE` of the same key waits for the
 * first, whether the row was there or not; one that does nothing on a conflict holds no row that was there:
 * https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
function listHeldKeys(trace: Trace, { effect }: Step): readonly Value[] {
  if (effect.kind === 'update') return listKeys(trace, effect.selector);
  if (effect.kind !== 'insert' || effect.many || effect.onConflict.kind !== 'update') return [];
  if (effect.onConflict.assignments.length === 0) return [];
  return listTargetValues(effect).map(({ value }) => resolveKey(trace, value));
}

/** What an upsert looks for its row by. */
function listTargetValues({ values, onConflict }: InsertAction): readonly Assignment[] {
  const target = onConflict.kind === 'fail' ? undefined : onConflict.target;
  return target === undefined ? [] : values.filter(({ column }) => target.includes(column));
}

/** The keys of the row that a value was read from. */
function listSourceKeys(trace: Trace, value: Value): readonly Value[] {
  if (value.kind !== 'answer') return [];
  const source = trace.steps.find((step) => step.effect.id === value.effect)?.effect;
  return source?.kind === 'read' ? listKeys(trace, source.selector) : [];
}

/** What a selector's equalities compare with; a column that was read by its own value is that value. */
function listKeys(trace: Trace, selector: Selector): readonly Value[] {
  return selector.conditions.flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '=' ? [resolveKey(trace, condition.value)] : [],
  );
}

function resolveKey(trace: Trace, value: Value): Value {
  if (value.kind !== 'answer' || value.columns.length !== 1) return value;
  const source = trace.steps.find((step) => step.effect.id === value.effect)?.effect;
  if (source?.kind === 'insert')
    return listTargetValues(source).find(({ column }) => column === value.columns[0])?.value ?? value;
  if (source?.kind !== 'read') return value;
  const same = source.selector.conditions.find(
    (condition) => condition.kind === 'compare' && condition.operator === '=' && condition.column === value.columns[0],
  );
  return same?.kind === 'compare' ? same.value : value;
}
