import { isSameValue } from '../model/is-same-value.ts';
import type { Selector } from '../model/effect.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Candidate } from './find-candidates.ts';
import { isSameGuard } from './is-same-guard.ts';

/**
 * Does an UPDATE make equal requests wait for each other before they check? It has to come first, to happen whenever the
 * act does, and to name the row by something that the check or the act looks by too: the workspace whose members are
 * counted. The row of the user who joins that workspace keeps nobody else out.
 */
export function holdsRow(trace: Trace, step: Step, { check, act }: Candidate): boolean {
  const { effect } = step;
  if (effect.kind !== 'update' || trace.steps.indexOf(step) > trace.steps.indexOf(check)) return false;
  const path = [...check.guards, ...act.guards];
  if (!step.guards.every((guard) => path.some((other) => isSameGuard(guard, other)))) return false;
  const acted = act.effect.kind === 'insert' ? [] : listKeys(trace, act.effect.selector);
  const looked = [...listKeys(trace, check.effect.selector), ...acted];
  // many rows may be counted for one that is held, but the row to write is one: what led to it leads to no other
  const sources = act.effect.kind === 'insert' ? [] : looked.flatMap((value) => listSourceKeys(trace, value));
  const named = listKeys(trace, effect.selector);
  // the one row of settings
  if (named.length > 0 && named.every(({ kind }) => kind === 'constant')) return true;
  return named.some((value) => [...looked, ...sources].some((other) => isSameValue(value, other)));
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
  if (source?.kind !== 'read') return value;
  const same = source.selector.conditions.find(
    (condition) => condition.kind === 'compare' && condition.operator === '=' && condition.column === value.columns[0],
  );
  return same?.kind === 'compare' ? same.value : value;
}
