import type { Check, Operation } from '../model/program.ts';
import type { TableFacts } from '../model/schema-facts.ts';
import type { Step, Trace } from '../model/trace.ts';
import { isSameAgain } from './is-same-again.ts';
import { isSameGuard } from './is-same-guard.ts';
import { nameOf } from './lower-statement.ts';

/**
 * What else happens once the check has passed. A row under a unique key that two equal requests fill alike can't be made
 * twice: it is inserted for real, so that the second request ends there and takes back its transaction. Where it is only
 * sometimes made, it says nothing.
 *
 * @param when the condition that it shares with the act
 */
export function lowerConsequence(
  trace: Trace,
  act: Step,
  step: Step,
  when: Check | undefined,
  findTable: (name: string) => TableFacts | undefined,
): readonly Operation[] {
  const { effect } = step;
  const base = {
    id: effect.id,
    label: effect.kind === 'insert' ? `INSERT ${nameOf(effect)}` : effect.label,
    ...(when === undefined ? {} : { when, otherwise: 'skip' as const }),
  };
  const key = { kind: 'symbol' as const, name: effect.label };
  if (!isMadeOnce(trace, effect, findTable)) {
    const deduplicated = effect.kind === 'external' && effect.idempotencyKey !== undefined;
    return [{ ...base, kind: 'effect', name: effect.label, key, deduplicated }];
  }
  const isCertain =
    step.onError === undefined &&
    step.loops.every((loop) => act.loops.includes(loop)) &&
    step.guards.every((guard) => act.guards.some((other) => isSameGuard(guard, other)));
  if (!isCertain) return [];
  return [{ ...base, kind: 'insert', relation: `${nameOf(effect)} (new)`, row: { key }, onDuplicate: 'fail' }];
}

/** Does a unique key refuse the same row of a second run? Not where a column is made up, NULL, or a row of this run. */
function isMadeOnce(
  trace: Trace,
  effect: Step['effect'],
  findTable: (name: string) => TableFacts | undefined,
): boolean {
  if (effect.kind !== 'insert' || effect.resource.kind !== 'table') return false;
  const table = findTable(effect.resource.name);
  if (table === undefined) return false;
  return table.keys.some(
    (key) =>
      key.where === undefined &&
      key.expression === undefined &&
      key.columns.every((column) => {
        const alias = table.columns.find(({ name }) => name === column)?.alias;
        const value = effect.values.find(
          (assignment) => assignment.column === column || assignment.column === alias,
        )?.value;
        if (value === undefined || !isSameAgain(value, trace)) return false;
        return value.kind !== 'constant' || (value.value !== null && value.value !== undefined);
      }),
  );
}
