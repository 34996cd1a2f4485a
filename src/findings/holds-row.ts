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
  const named = listKeys(trace, effect.selector);
  return named.some((value) => value.kind === 'constant' || looked.some((other) => isSameValue(value, other)));
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
