import type { ObjectEntry, Value } from '../model/value.ts';
import { isNothing } from './values.ts';

const failure = /error|failure/i;

/**
 * Does a returned value tell the caller that the request was refused: null, false, an error object, a reply with a
 * status of 400 or more? Used to know whether a caller can tell two paths apart.
 */
export function isRefusal(value: Value, depth = 0): boolean {
  if (depth > 5) return false;
  const recur = (inner: Value): boolean => isRefusal(inner, depth + 1);
  switch (value.kind) {
    case 'constant':
      return depth === 0
        ? value.value === null || value.value === false
        : typeof value.value === 'number' && value.value >= 400 && value.value < 600;
    case 'object': {
      // `{ granted: true, reason: … }` gives a reason for a yes
      const isGranted = value.entries.some((entry) => isConstant(entry, true) && !failure.test(entry.name));
      return value.entries.some(
        (entry) =>
          (failure.test(entry.name) && !isNothing(entry.value) && !isConstant(entry, false)) ||
          (!isGranted && /reason|message/i.test(entry.name)) ||
          ((entry.name === 'ok' || entry.name === 'success') && isConstant(entry, false)) ||
          recur(entry.value),
      );
    }
    case 'apply':
      return value.operands.some(recur);
    case 'chain':
      return value.steps.some((step) => (step.args ?? []).some(recur));
    case 'array':
      return value.elements.some(recur);
    default:
      return false;
  }
}

function isConstant({ value }: ObjectEntry, wanted: boolean): boolean {
  return value.kind === 'constant' && value.value === wanted;
}
