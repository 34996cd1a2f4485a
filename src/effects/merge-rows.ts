import type { Assignment } from '../model/effect.ts';

/** The columns of one row of an INSERT. */
export interface InsertedRow {
  readonly assignments: readonly Assignment[];
  /** False when more columns may be set. */
  readonly complete: boolean;
}

/**
 * One description that holds for every row of a list: the columns that all of them set. A column whose values are
 * listed is "any one of these".
 *
 * @param rows the rows that show
 * @param complete false when there may be more of them
 * @returns the description, and whether it stands for several rows
 */
export function mergeRows(rows: readonly InsertedRow[], complete: boolean): InsertedRow & { readonly many: boolean } {
  const [first, ...others] = rows;
  if (first === undefined) return { assignments: [], complete: false, many: true };
  if (others.length === 0) return { ...first, many: !complete };
  const assignments = first.assignments.flatMap(({ column, value }): readonly Assignment[] => {
    const values = others.map((row) => row.assignments.find((assignment) => assignment.column === column)?.value);
    const known = values.filter((other) => other !== undefined);
    if (known.length < values.length) return [];
    return [{ column, value: { kind: 'element', of: { kind: 'array', elements: [value, ...known], complete } } }];
  });
  const whole = rows.every((row) => row.complete && row.assignments.length === assignments.length);
  return { assignments, complete: whole, many: true };
}
