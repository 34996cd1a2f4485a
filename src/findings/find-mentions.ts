import type { EffectId } from '../model/effect.ts';
import type { AnswerValue, Value } from '../model/value.ts';

/** Calls `visit` for every answer inside a value, outermost first. */
export function forEachAnswer(value: Value, visit: (answer: AnswerValue) => void): void {
  switch (value.kind) {
    case 'answer':
      visit(value);
      return;
    case 'apply':
      for (const operand of value.operands) forEachAnswer(operand, visit);
      return;
    case 'choice':
      forEachAnswer(value.condition, visit);
      forEachAnswer(value.then, visit);
      forEachAnswer(value.otherwise, visit);
      return;
    case 'object':
      for (const entry of value.entries) forEachAnswer(entry.value, visit);
      for (const spread of value.spreads) forEachAnswer(spread, visit);
      return;
    case 'array':
      for (const element of value.elements) forEachAnswer(element, visit);
      return;
    case 'template':
      for (const part of value.values) forEachAnswer(part, visit);
      return;
    case 'element':
      forEachAnswer(value.of, visit);
      return;
    case 'chain':
      for (const step of value.steps) {
        for (const argument of step.args ?? []) forEachAnswer(argument, visit);
        for (const part of step.template?.values ?? []) forEachAnswer(part, visit);
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

/** Does a value contain (a part of) what the effect answered? */
export function mentionsEffect(value: Value, effect: EffectId): boolean {
  let found = false;
  forEachAnswer(value, (answer) => {
    found ||= answer.effect === effect;
  });
  return found;
}

/** The effects whose answers a value contains. */
export function findMentions(value: Value): ReadonlySet<EffectId> {
  const ids = new Set<EffectId>();
  forEachAnswer(value, (answer) => ids.add(answer.effect));
  return ids;
}

/** Does a value contain something that only this execution has? */
export function mentionsFresh(value: Value): boolean {
  switch (value.kind) {
    case 'fresh':
      return true;
    case 'apply':
      return value.operands.some(mentionsFresh);
    case 'template':
      return value.values.some(mentionsFresh);
    case 'choice':
      return mentionsFresh(value.then) && mentionsFresh(value.otherwise);
    default:
      return false;
  }
}
