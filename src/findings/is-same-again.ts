import { listValueParts } from '../model/list-value-parts.ts';
import type { Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';

/** Calls that give the same for the same. What others do is not known: a token is made by a call as well. */
const plain =
  /^call:(.*\.)?(filter|find|map|flatMap|flat|entries|keys|values|get|has|includes|some|every|trim|toLowerCase|toUpperCase|toString|String|Number)$/;

/**
 * Is a value the same in a second run of an equal request: what it brings, and what it reads? Not a new id or token, a row
 * that the run makes, here or elsewhere, a counter that it raises; but a row that is only made where it is missing.
 */
export function isSameAgain(value: Value, trace: Trace): boolean {
  const seen = new Set<Value>();
  const isSame = (part: Value): boolean => {
    if (seen.has(part)) return true;
    seen.add(part);
    switch (part.kind) {
      case 'constant':
      case 'input':
        return true;
      case 'answer': {
        const effect = trace.steps.find((step) => step.effect.id === part.effect)?.effect;
        return effect?.kind === 'read' || (effect?.kind === 'insert' && effect.onConflict.kind !== 'fail');
      }
      case 'apply':
        return (!/call:|\bcomputed\b/.test(part.operator) || plain.test(part.operator)) && part.operands.every(isSame);
      case 'function':
        return true;
      case 'template':
      case 'choice':
      case 'array':
      case 'element':
      case 'object':
        return listValueParts(part).every(isSame);
      default:
        return false;
    }
  };
  return isSame(value);
}
