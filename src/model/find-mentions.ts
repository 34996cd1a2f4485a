import type { EffectId } from './effect.ts';
import { listValueParts } from './list-value-parts.ts';
import type { AnswerValue, Value } from './value.ts';

/**
 * Calls `visit` for every answer inside a value, outermost first. Values share their parts: written out as a tree, one
 * may be exponentially larger than it is, so each part is looked at once.
 */
export function forEachAnswer(value: Value, visit: (answer: AnswerValue) => void): void {
  if (value.kind === 'answer') visit(value);
  else if (hasParts(value)) visitParts(value, visit, new Set());
}

function visitParts(value: Value, visit: (answer: AnswerValue) => void, seen: Set<Value>): void {
  if (seen.has(value)) return;
  seen.add(value);
  for (const part of listValueParts(value)) {
    if (part.kind !== 'answer') {
      if (hasParts(part)) visitParts(part, visit, seen);
    } else if (!seen.has(part)) {
      seen.add(part);
      visit(part);
    }
  }
}

/** Most values are names and constants, with nothing below them. */
function hasParts({ kind }: Value): boolean {
  return kind !== 'constant' && kind !== 'input' && kind !== 'function' && kind !== 'unknown' && kind !== 'fresh';
}

/** Answers of `findMentions`: guards are asked about every effect of a trace. Values never change. */
const mentionsOfValue = new WeakMap<Value, ReadonlySet<EffectId>>();

const nothingMentioned: ReadonlySet<EffectId> = new Set();

/** The effects whose answers a value contains. */
export function findMentions(value: Value): ReadonlySet<EffectId> {
  if (!hasParts(value)) return nothingMentioned;
  const known = mentionsOfValue.get(value);
  if (known !== undefined) return known;
  const ids = new Set<EffectId>();
  forEachAnswer(value, (answer) => ids.add(answer.effect));
  mentionsOfValue.set(value, ids);
  return ids;
}

/** Does a value contain (a part of) what the effect answered? */
export function mentionsEffect(value: Value, effect: EffectId): boolean {
  return findMentions(value).has(effect);
}

/** Does a value contain something that only this execution has? */
export function mentionsFresh(value: Value): boolean {
  const known = new Map<Value, boolean>();
  const look = (part: Value): boolean => {
    const answer = known.get(part) ?? judge(part);
    known.set(part, answer);
    return answer;
  };
  const judge = (part: Value): boolean => {
    switch (part.kind) {
      case 'fresh':
        return true;
      case 'apply':
        return part.operands.some(look);
      case 'template':
        return part.values.some(look);
      case 'choice':
        return look(part.then) && look(part.otherwise);
      default:
        return false;
    }
  };
  return look(value);
}

/** Does a value contain what the statement finds in the row that it changes: `stock` of `SET stock = stock - 1`? */
export function mentionsCurrent(value: Value): boolean {
  const seen = new Set<Value>();
  const look = (part: Value): boolean => {
    if (seen.has(part)) return false;
    seen.add(part);
    return part.kind === 'current' || listValueParts(part).some(look);
  };
  return look(value);
}
