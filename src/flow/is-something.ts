import { isSameValue } from '../model/is-same-value.ts';
import type { Value } from '../model/value.ts';
import { isNothing } from './values.ts';

/** Is a value never `null` or `undefined`: a text, an object, `given ?? ''`? */
export function isSomething(value: Value): boolean {
  switch (value.kind) {
    case 'constant':
      return !isNothing(value);
    case 'template':
    case 'object':
    case 'array':
      return true;
    case 'choice': {
      const { condition, then, otherwise } = value;
      if (!isSomething(then)) return false;
      // `given == null ? '' : given`
      const [subject, compared] = condition.kind === 'apply' && condition.operator === '==' ? condition.operands : [];
      const isGuarded = subject !== undefined && compared !== undefined && isNothing(compared);
      return isSomething(otherwise) || (isGuarded && isSameValue(subject, otherwise));
    }
    default:
      return false;
  }
}
