import type { Operation, Program, Relation, Term } from '../model/program.ts';
import { chooseRowCount, substitute } from './choose-world.ts';
import type { Requirement } from './choose-world.ts';
import type { Candidate } from './find-candidates.ts';
import type { Equality, TakenValue } from './find-taken-value.ts';
import { lowerTerm } from './lower-value.ts';
import type { SliceEffects } from './lower-value.ts';

/** A world with a row for each request, and the program of the request that has chosen the other row. */
export interface TwoRows {
  readonly other: Program;
  readonly relation: Pick<Relation, 'rows' | 'indexed'>;
}

/**
 * Two requests that look for one value and give it to different rows: what tells the rows apart is the only difference
 * between the programs.
 *
 * @returns undefined where the path to the update needs rows that have the value already
 */
export function settleTwoRows(
  program: Program,
  { check, act }: Candidate,
  taken: TakenValue,
  requirements: readonly Requirement[],
  slice: SliceEffects,
): TwoRows | undefined {
  const { effect } = check;
  const counted = new Set(['#', '*', effect.aggregate?.column ?? '*']);
  if (chooseRowCount(requirements, effect.id, counted)?.rows !== 0) return undefined;
  const apart = tellApart(program, taken.own, slice);
  if (apart === undefined) return undefined;
  const { own, other } = apart;
  const write = program.operations.find((operation) => operation.id === act.effect.id);
  const read = program.operations.find((operation) => operation.id === effect.id);
  const given = write?.kind === 'update' ? Object.keys(write.set) : [];
  const createRow = (index: number): Readonly<Record<string, Term>> => {
    const row: Record<string, Term> = Object.fromEntries(listEqual(read));
    for (const column of given) row[column] = { kind: 'symbol', name: `${column}${index === 0 ? '₀' : '₁'}` };
    for (const [column, term] of listEqual(write)) row[column] = term;
    for (const [column, term] of own) row[column] = index === 0 ? term : toOther(term);
    return row;
  };
  const taking = taken.assignments.map(({ column }) => slice.nameColumn(column));
  return { other, relation: { rows: [createRow(0), createRow(1)], indexed: [...own.keys(), ...taking] } };
}

/**
 * What tells the rows of two requests apart, by column, and the program of the request with the other row.
 *
 * @returns undefined where it is more than a name
 */
export function tellApart(
  program: Program,
  conditions: readonly Equality[],
  slice: SliceEffects,
): { readonly own: ReadonlyMap<string, Term>; readonly other: Program } | undefined {
  const own = new Map<string, Term>();
  const names = new Set<string>();
  for (const { column, value } of conditions) {
    const term = lowerTerm(value, slice);
    if (term.kind !== 'symbol') return undefined;
    own.set(slice.nameColumn(column), term);
    names.add(term.name);
  }
  const other = substitute(program, (term) =>
    term.kind === 'symbol' && names.has(term.name) ? toOther(term) : undefined,
  );
  return { own, other };
}

export function toOther(term: Term): Term {
  return term.kind === 'symbol' ? { kind: 'symbol', name: `${term.name}′` } : term;
}

/** What rows must have in their columns for a statement to find them: a team that both are in. */
export function listEqual(operation: Operation | undefined): readonly (readonly [string, Term])[] {
  if (operation === undefined || !('where' in operation)) return [];
  return operation.where.flatMap((filter) =>
    filter.kind === 'compare' && filter.comparison === '=' ? [[filter.column, filter.value] as const] : [],
  );
}
