import type { EffectId } from '../model/effect.ts';
import type { AnswerValue, Value } from '../model/value.ts';

/**
 * Calls `visit` for every answer inside a value, outermost first. Values share their parts: written out as a tree, one
 * may be exponentially larger than it is, so each part is looked at once.
 */
export function forEachAnswer(value: Value, visit: (answer: AnswerValue) => void, seen = new Set<Value>()): void {
  if (seen.has(value)) return;
  seen.add(value);
  switch (value.kind) {
    case 'answer':
      visit(value);
      return;
    case 'apply':
      for (const operand of value.operands) forEachAnswer(operand, visit, seen);
      return;
    case 'choice':
      forEachAnswer(value.condition, visit, seen);
      forEachAnswer(value.then, visit, seen);
      forEachAnswer(value.otherwise, visit, seen);
      return;
    case 'object':
      for (const entry of value.entries) forEachAnswer(entry.value, visit, seen);
      for (const spread of value.spreads) forEachAnswer(spread, visit, seen);
      return;
    case 'array':
      for (const element of value.elements) forEachAnswer(element, visit, seen);
      return;
    case 'template':
      for (const part of value.values) forEachAnswer(part, visit, seen);
      return;
    case 'element':
      forEachAnswer(value.of, visit, seen);
      return;
    case 'chain':
      for (const step of value.steps) {
        for (const argument of step.args ?? []) forEachAnswer(argument, visit, seen);
        for (const part of step.template?.values ?? []) forEachAnswer(part, visit, seen);
      }
      return;
    case 'constant':
    case 'input':
    case 'fresh':
    case 'current':
    case 'function':
    case 'instance':
    case 'class':
    case 'module':
    case 'unknown':
      return;
  }
}

/** Answers of `findMentions`: guards are asked about every effect of a trace. Values never change. */
const mentionsOfValue = new WeakMap<Value, ReadonlySet<EffectId>>();

/** The effects whose answers a value contains. */
export function findMentions(value: Value): ReadonlySet<EffectId> {
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
