import type { Program, Term } from '../model/program.ts';
import type { Requirement } from './choose-world.ts';
import type { Candidate } from './find-candidates.ts';
import type { LastOfSet } from './find-last-of-set.ts';
import type { SliceEffects } from './lower-value.ts';
import { listEqual, tellApart, toOther } from './settle-two-rows.ts';
import type { TwoRows } from './settle-two-rows.ts';

/** More rows than this make no clearer schedule. */
const mostRows = 4;

/**
 * A set with as many rows as the check lets pass, of which each request takes one out.
 *
 * @returns undefined where the check is no lower bound of at least one row that must stay
 */
export function settleLastOfSet(
  program: Program,
  { check, act }: Candidate,
  last: LastOfSet,
  requirements: readonly Requirement[],
  slice: SliceEffects,
): TwoRows | undefined {
  const count = chooseCount(requirements, check.effect.id);
  if (count === undefined) return undefined;
  const apart = tellApart(program, last.own, slice);
  if (apart === undefined) return undefined;
  const { own, other } = apart;
  const read = program.operations.find(({ id }) => id === check.effect.id);
  const write = program.operations.find(({ id }) => id === act.effect.id);
  const rows = Array.from({ length: count }, (_, index) => {
    const row: Record<string, Term> = {
      ...Object.fromEntries(listEqual(write)),
      ...Object.fromEntries(listEqual(read)),
    };
    for (const [column, term] of own)
      row[column] = Array.from({ length: index }).reduce<Term>((each) => toOther(each), term);
    return row;
  });
  return { other, relation: { rows, indexed: [...own.keys()] } };
}

/** The fewest rows with which the check passes, where one row less must stay. */
function chooseCount(requirements: readonly Requirement[], read: string): number | undefined {
  for (const { read: of, comparison, value } of requirements) {
    if (of !== read || value.kind !== 'constant' || typeof value.value !== 'number') continue;
    const least = comparison === '>' || comparison === '!=' ? value.value + 1 : comparison === '>=' ? value.value : 0;
    if (least >= 2 && least <= mostRows) return least;
  }
  return undefined;
}
