import type { Condition } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { KeyFacts, TableFacts } from '../model/schema-facts.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { nameColumn } from './ask-engines.ts';
import { excludeEachOther } from './find-candidates.ts';
import type { Candidate } from './find-candidates.ts';
import { nameOf } from './lower-statement.ts';

/**
 * Does the transaction of the inserted row hold another insert that a unique key refuses the second time, because the
 * check looks for what that key holds? Of a user with an account two requests that look for one email make one user: the
 * account goes with the user that is refused.
 */
export function isRefusedBeside(
  trace: Trace,
  { check, act }: Candidate,
  findTable: (name: string) => TableFacts | undefined,
): boolean {
  if (act.transaction === undefined || act.transaction === 'caller') return false;
  const looked = listValues(check.effect.selector.conditions);
  return trace.steps.some((step) => {
    if (step === act || step.effect.kind !== 'insert' || step.transaction !== act.transaction) return false;
    if (step.effect.onConflict.kind !== 'fail') return false;
    // a handler inside the transaction may go on; one call is taken back as a whole, whoever hears of it
    const isOneCall = step.effect.location.range[0] === act.effect.location.range[0];
    if (!isOneCall && step.onError?.then === 'continues') return false;
    if (excludeEachOther(step.guards, act.guards)) return false;
    const table = findTable(nameOf(step.effect));
    return table?.complete === true && table.keys.some((key) => isLooked(step.effect, key, table));
  });

  function isLooked(effect: Step['effect'], { columns, where, expression }: KeyFacts, table: TableFacts): boolean {
    if (effect.kind !== 'insert' || where !== undefined || expression !== undefined) return false;
    return columns.every((column) => {
      const value = effect.values.find((assignment) => nameColumn(table, assignment.column) === column)?.value;
      return value !== undefined && looked.some((other) => isSameValue(other, value));
    });
  }
}

/** All that a WHERE compares with, in its branches too. */
function listValues(conditions: readonly Condition[]): readonly Value[] {
  return conditions.flatMap((condition) => {
    switch (condition.kind) {
      case 'compare':
        return condition.operator === '=' ? [condition.value] : [];
      case 'any':
        return condition.branches.flatMap(listValues);
      case 'not':
      case 'elsewhere':
      case 'opaque':
        return [];
    }
  });
}
