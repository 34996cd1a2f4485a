import type { Condition } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import { listValueParts } from '../model/list-value-parts.ts';
import type { Value } from '../model/value.ts';

/**
 * The conditions of a selector that depends on a choice: what both ways have in common holds for certain, the rest is
 * there but not understood.
 */
export function mergeConditions(then: readonly Condition[], otherwise: readonly Condition[]): readonly Condition[] {
  const common = then.filter((condition) => otherwise.some((other) => isSameCondition(condition, other)));
  const rest = [...then, ...otherwise].filter(
    (condition) => !common.some((other) => isSameCondition(condition, other)),
  );
  if (rest.length === 0) return common;
  return [...common, { kind: 'opaque', text: 'conditional', values: rest.flatMap(listValues) }];
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
