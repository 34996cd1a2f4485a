import type { Value } from '../model/value.ts';
import { isUndefined, mayBeUndefined } from './find-entry.ts';

/**
 * What an update sets a column to, by a client that leaves out what is `undefined`: there the column keeps its value.
 *
 * @param lower makes a written value of one that is given
 */
export function keepWhereUndefined(column: string, value: Value, lower: (given: Value) => Value): Value {
  if (isUndefined(value)) return { kind: 'current', column };
  if (value.kind !== 'choice' || !mayBeUndefined(value)) return lower(value);
  return {
    ...value,
    then: keepWhereUndefined(column, value.then, lower),
    otherwise: keepWhereUndefined(column, value.otherwise, lower),
  };
}
