import type { Program, World } from '../model/program.ts';
import type { Dialect } from './dialects/dialect.ts';
import { readPath, searchSchedules } from './search.ts';
import { makeMachine } from './start.ts';

/**
 * Every schedule of two programs, without any reduction: for each the actors in the order of their steps. For n
 * operations a side that never wait these are C(2n, n).
 *
 * @param states most states that are looked at; what lies beyond is left out
 */
export function enumerateSchedules(
  programs: readonly [Program, Program],
  world: World,
  dialect: Dialect,
  states = 1_000_000,
): readonly string[] {
  const machine = makeMachine({ programs, world, dialect, overlap: false, glue: false });
  machine.valuation = 'changed is true';
  const schedules: string[] = [];
  searchSchedules(machine, {
    states,
    symmetric: false,
    hashing: false,
    visit: (node) => {
      schedules.push(
        readPath(node)
          .map(([actor]) => (actor === 0 ? 'A' : 'B'))
          .join(''),
      );
      return false;
    },
  });
  return schedules;
}
