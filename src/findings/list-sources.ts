import type { Step } from '../model/trace.ts';
import { isSameValue } from '../model/is-same-value.ts';
import { listValueParts } from '../model/list-value-parts.ts';
import type { Value } from '../model/value.ts';

/** Where a value comes from: something that the request brings, or the row that an effect answered. */
export type Source =
  | { readonly kind: 'input'; readonly value: Value; readonly path: readonly string[] }
  | { readonly kind: 'row'; readonly effect: string };

/**
 * What a value is made of, rows together with what they were looked for by: `user.id` of `where: { email }` comes from
 * that user and from `email`.
 *
 * @param before the steps whose answers the value may contain; an answer of another step stands for itself
 */
export function listSources(value: Value, before: readonly Step[]): readonly Source[] {
  const found: Source[] = [];
  const rows = new Set<string>();
  const visit = (part: Value): void => {
    const read = readPath(part);
    if (read !== undefined) {
      found.push({ kind: 'input', value: read.base, path: read.path });
      return;
    }
    if (part.kind === 'answer') {
      if (rows.has(part.effect)) return;
      rows.add(part.effect);
      found.push({ kind: 'row', effect: part.effect });
      const effect = before.find((step) => step.effect.id === part.effect)?.effect;
      if (effect?.kind !== 'read') return;
      for (const condition of effect.selector.conditions)
        if (condition.kind === 'compare' && condition.operator === '=') visit(condition.value);
      return;
    }
    listValueParts(part).forEach(visit);
  };
  visit(value);
  return found;
}

/**
 * Do two sources depend on each other? A row with itself; one input with itself and with its parts; and the properties of
 * an object inside an input with each other, for they describe one thing: `session.user.id` and `session.user.email`.
 * The properties of the input itself (`input.id`, `input.email`) are chosen one by one.
 */
export function areTied(a: Source, b: Source): boolean {
  if (a.kind === 'row' || b.kind === 'row') return a.kind === 'row' && b.kind === 'row' && a.effect === b.effect;
  if (!isSameValue(a.value, b.value)) return false;
  const length = Math.min(a.path.length, b.path.length);
  const shared = a.path.findIndex((name, index) => name !== b.path[index]);
  const common = shared === -1 ? length : Math.min(shared, length);
  return common === length || (common > 0 && common === a.path.length - 1 && common === b.path.length - 1);
}

/** An input, or a call of something that is not understood, and the members taken from it. */
function readPath(value: Value): { readonly base: Value; readonly path: readonly string[] } | undefined {
  if (value.kind === 'input') {
    const [name = '', ...path] = value.name.split('.');
    return { base: { kind: 'input', name }, path };
  }
  if (value.kind !== 'apply') return undefined;
  const [operand, ...more] = value.operands;
  if (value.operator.startsWith('member:') && operand !== undefined && more.length === 0) {
    if (operand.kind === 'answer') return undefined;
    const inner = readPath(operand) ?? { base: operand, path: [] };
    return { base: inner.base, path: [...inner.path, value.operator.slice('member:'.length)] };
  }
  // what nobody's input goes into is an input itself: `getUser()`
  return value.operator.startsWith('call:') && value.operands.every((part) => part.kind === 'constant')
    ? { base: value, path: [] }
    : undefined;
}
