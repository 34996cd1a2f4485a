import type { Condition } from '../model/effect.ts';
import { findMentions } from '../model/find-mentions.ts';
import { isSameValue } from '../model/is-same-value.ts';
import { listValueParts } from '../model/list-value-parts.ts';
import type { Value } from '../model/value.ts';

/**
 * The conditions of a selector that depends on a choice: what both ways have in common holds for certain, the rest is
 * there but not understood. Where a request only chooses by which of two columns its row is looked up
 * (`kind === 'app' ? eq(t.appId, id) : eq(t.siteId, id)`), it is the request that chooses the one of them.
 *
 * @param chosenBy the condition of the choice
 */
export function mergeConditions(
  chosenBy: Value,
  then: readonly Condition[],
  otherwise: readonly Condition[],
): readonly Condition[] {
  const common = then.filter((condition) => otherwise.some((other) => isSameCondition(condition, other)));
  const isOwn = (condition: Condition): boolean => !common.some((other) => isSameCondition(condition, other));
  const [ownThen, ownOtherwise] = [then.filter(isOwn), otherwise.filter(isOwn)];
  if (ownThen.length === 0 && ownOtherwise.length === 0) return common;
  const lookup = findMentions(chosenBy).size > 0 ? undefined : chooseLookup(ownThen, ownOtherwise);
  if (lookup !== undefined) return [...common, lookup];
  const values = [...ownThen, ...ownOtherwise].flatMap(listValues);
  return [...common, { kind: 'opaque', text: 'conditional', values }];
}

/** The same of two look-ups, whichever of them is written first. */
function chooseLookup(then: readonly Condition[], otherwise: readonly Condition[]): Condition | undefined {
  const [a, b] = [then[0], otherwise[0]];
  if (then.length !== 1 || otherwise.length !== 1 || a?.kind !== 'compare' || b?.kind !== 'compare') return undefined;
  if (!isLookup(a) || !isLookup(b)) return undefined;
  if (a.operator !== b.operator) return a.operator === '=' ? a : b;
  if (a.operator !== '=' || a.column === b.column) return undefined;
  return a.column < b.column ? a : b;
}

function isLookup({ operator }: Extract<Condition, { kind: 'compare' }>): boolean {
  return operator === '=' || operator === 'is null';
}

const leafKinds: ReadonlySet<Value['kind']> = new Set(['input', 'answer', 'fresh', 'current']);

/**
 * What a value that is not understood depends on: the inputs, answers, columns of the row and other leaves inside it, each once. Keeps
 * conditions small whose values would drag whole table definitions along.
 */
export function listLeaves(value: Value): readonly Value[] {
  const leaves: Value[] = [];
  const seen = new Set<Value>();
  const visit = (part: Value): void => {
    if (seen.has(part)) return;
    seen.add(part);
    if (leafKinds.has(part.kind)) leaves.push(part);
    else for (const inner of listValueParts(part)) visit(inner);
  };
  visit(value);
  return leaves;
}

function listValues(condition: Condition): readonly Value[] {
  switch (condition.kind) {
    case 'compare':
      return [condition.value];
    case 'any':
      return condition.branches.flat().flatMap(listValues);
    case 'not':
      return condition.conditions.flatMap(listValues);
    case 'elsewhere':
      return [];
    case 'opaque':
      return condition.values;
  }
}

function isSameCondition(a: Condition, b: Condition): boolean {
  switch (a.kind) {
    case 'compare':
      return (
        b.kind === 'compare' && a.column === b.column && a.operator === b.operator && isSameValue(a.value, b.value)
      );
    case 'any':
      return (
        b.kind === 'any' &&
        a.branches.length === b.branches.length &&
        a.branches.every((branch, index) => areSameConditions(branch, b.branches[index] ?? []))
      );
    case 'not':
      return b.kind === 'not' && areSameConditions(a.conditions, b.conditions);
    case 'elsewhere':
      return b.kind === 'elsewhere' && a.text === b.text;
    case 'opaque':
      return (
        b.kind === 'opaque' &&
        a.text === b.text &&
        a.values.length === b.values.length &&
        a.values.every((value, index) => isSameValue(value, b.values[index] ?? { kind: 'unknown', reason: '' }))
      );
  }
}

function areSameConditions(a: readonly Condition[], b: readonly Condition[]): boolean {
  return (
    a.length === b.length &&
    a.every((condition, index) => {
      const other = b[index];
      return other !== undefined && isSameCondition(condition, other);
    })
  );
}
