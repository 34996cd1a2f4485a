import type { Assignment, Condition, EffectBase, UpdateAction } from '../model/effect.ts';
import { mayBe } from './decide-choices.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Step } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { ReadEffect } from './find-candidates.ts';
import { findMentions, mentionsFresh } from '../model/find-mentions.ts';
import { areTied, listSources } from './list-sources.ts';
import type { Source } from './list-sources.ts';

/** A condition with an equals sign. */
export type Equality = Extract<Condition, { kind: 'compare' }>;

/** A value that a check looks for, and that an update then gives to a row of the request's own choice. */
export interface TakenValue {
  /** The columns that get the value, each with what the check looks for in it. */
  readonly assignments: readonly Assignment[];
  /** The conditions of the update that tell its row from another request's: `id = input.id`. */
  readonly own: readonly Equality[];
}

/**
 * Does an update write what the check has looked for, into a row that two requests may choose differently? Where the row
 * and the value come from one source (the row's own e-mail address), two requests with different rows have different
 * values, and nothing can collide.
 *
 * @param before the steps before the update
 */
export function findTakenValue(
  read: ReadEffect,
  update: EffectBase & UpdateAction,
  before: readonly Step[],
): TakenValue | undefined {
  const { conditions } = update.selector;
  // a condition that is not understood may be the very check, inside the statement
  if (!conditions.every((condition): condition is Equality => condition.kind === 'compare')) return undefined;
  const sought = listEqualities(read.selector.conditions);
  const assignments = sought.flatMap(({ column, value }): readonly Assignment[] => {
    const own = update.assignments.find((assignment) => assignment.column === column);
    return own !== undefined && mayBe(own.value, value) ? [{ column, value }] : [];
  });
  // a constant is no name that a row takes, but a state that rows are in
  const named = assignments.filter(({ value }) => value.kind !== 'constant');
  if (named.length === 0 || !named.every(({ value }) => isChosenOutside(value, before))) return undefined;
  const values = named.flatMap(({ value }) => listSources(value, before));
  const own = conditions.filter(
    (condition) =>
      condition.operator === '=' &&
      !findMentions(condition.value).has(read.id) &&
      !sought.some(({ value }) => isSameValue(value, condition.value)) &&
      isChosenApart(condition.value, sought, before),
  );
  if (own.length === 0) return undefined;
  const rows = conditions.flatMap(({ value }) => listSources(value, before));
  const fixed = conditions
    .filter((condition) => !own.includes(condition))
    .flatMap(({ value }) => listSources(value, before));
  const telling = rows.filter((source) => !fixed.some((other) => areTied(source, other)));
  return telling.some((source) => values.some((other) => areTied(source, other))) ? undefined : { assignments, own };
}

/** The equalities of a conjunction, and those of its alternatives. */
function listEqualities(conditions: readonly Condition[]): readonly Equality[] {
  return conditions.flatMap((condition): readonly Equality[] => {
    if (condition.kind === 'compare') return condition.operator === '=' ? [condition] : [];
    return condition.kind === 'any' ? condition.branches.flatMap((branch) => listEqualities(branch)) : [];
  });
}

/** May two requests bring the same value? What one of them has made by itself, or somebody else made for it, is its own. */
function isChosenOutside(value: Value, before: readonly Step[]): boolean {
  if (mentionsFresh(value)) return false;
  return [...findMentions(value)].every((id) =>
    before.some((step) => step.effect.id === id && step.effect.kind === 'read'),
  );
}

/** May the row be another one, although the check looks for the same? */
function isChosenApart(value: Value, sought: readonly Equality[], before: readonly Step[]): boolean {
  const looked = sought.flatMap((condition) => listSources(condition.value, []));
  return listSources(value, before).some(
    (source: Source) => source.kind === 'input' && !looked.some((other) => areTied(source, other)),
  );
}
