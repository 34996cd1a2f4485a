import type { Condition } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import { mapAnswers } from '../model/map-answers.ts';
import type { Guard, Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { mentionsEffect } from '../model/find-mentions.ts';

/**
 * Guards about the check that hold whatever the check saw, since others say as much without it: `!(many && !server)`
 * where `server` must be there in any case. Two reads of one table by the same conditions find the same row.
 */
export function findImpliedGuards(trace: Trace, act: Step, check: string): ReadonlySet<Guard> {
  const conjunctions = act.guards.filter(({ condition, holds }) => !holds && isConjunction(condition));
  const about = conjunctions.filter(({ condition }) => mentionsEffect(condition, check));
  const others = act.guards.filter(({ condition, holds }) => !holds && !mentionsEffect(condition, check));
  if (about.length === 0 || others.length === 0) return new Set();
  const names = nameReads(trace);
  const known = new Map<Value, Value>();
  const unify = (value: Value): Value =>
    mapAnswers(value, (answer) => ({ ...answer, effect: names.get(answer.effect) ?? answer.effect }), known);
  const parts = (condition: Value): readonly Value[] => listConjuncts(condition).map(unify);
  const sufficient = others.map(({ condition }) => parts(condition));
  const isImplied = ({ condition }: Guard): boolean => {
    const own = parts(condition);
    return sufficient.some((needed) => needed.every((part) => own.some((other) => isSameValue(part, other))));
  };
  return new Set(about.filter(isImplied));
}

function isConjunction(condition: Value): boolean {
  return condition.kind === 'apply' && condition.operator === '&&';
}

function listConjuncts(condition: Value): readonly Value[] {
  return condition.kind === 'apply' && condition.operator === '&&'
    ? condition.operands.flatMap(listConjuncts)
    : [condition];
}

/** Of several reads of one row the first stands for all. */
function nameReads(trace: Trace): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const seen: Step[] = [];
  for (const step of trace.steps) {
    const { effect } = step;
    if (effect.kind !== 'read' || effect.resource.kind !== 'table' || effect.aggregate !== undefined) continue;
    const { resource, selector, answer } = effect;
    const same = seen.find(({ effect: other }) => {
      if (other.kind !== 'read' || other.resource.kind !== 'table' || other.resource.name !== resource.name)
        return false;
      if (other.answer.kind !== answer.kind) return false;
      return areSame(other.selector.conditions, selector.conditions) || isAgain(selector.conditions, other.id);
    });
    seen.push(step);
    if (same !== undefined) names.set(effect.id, names.get(same.effect.id) ?? same.effect.id);
  }
  return names;
}

/** `where id = row.id`: the row that the other read has found. */
function isAgain(conditions: readonly Condition[], other: string): boolean {
  const [only, ...more] = conditions;
  return (
    more.length === 0 &&
    only?.kind === 'compare' &&
    only.operator === '=' &&
    only.value.kind === 'answer' &&
    only.value.effect === other &&
    only.value.columns.length === 1 &&
    only.value.columns[0] === only.column
  );
}

function areSame(a: readonly Condition[], b: readonly Condition[]): boolean {
  return (
    a.length === b.length &&
    a.every((condition, index) => {
      const other = b[index];
      return (
        condition.kind === 'compare' &&
        other?.kind === 'compare' &&
        condition.column === other.column &&
        condition.operator === other.operator &&
        isSameValue(condition.value, other.value)
      );
    })
  );
}
