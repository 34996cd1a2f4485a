import type { Filter, Operation, Term } from '../../src/model/program.ts';
import type { Value } from '../../src/schedules/values.ts';
import type { Ended } from './replay-record.ts';

/** Rows of a final state, by column name. */
export type Rows = readonly Readonly<Record<string, Value>>[];

/** The first operation of some kind in either program. */
export function findOperation<K extends Operation['kind']>(
  ended: Ended,
  kind: K,
  accept: (operation: Extract<Operation, { kind: K }>) => boolean = () => true,
): Extract<Operation, { kind: K }> | undefined {
  for (const program of ended.compiled.programs) {
    for (const operation of program.operations) {
      if (operation.kind === kind && accept(operation as Extract<Operation, { kind: K }>))
        return operation as Extract<Operation, { kind: K }>;
    }
  }
  return undefined;
}

function plainValue(term: Term | undefined): Value {
  return term?.kind === 'constant' ? term.value : null;
}

/** Rows of a relation at the end that pass equality filters. */
export function select(ended: Ended, relation: string, where: readonly Filter[]): Rows {
  return ended
    .rows(relation)
    .filter((row) =>
      where.every(
        (filter) =>
          filter.kind !== 'compare' ||
          filter.comparison !== '=' ||
          filter.value.kind !== 'constant' ||
          row[filter.column] === filter.value.value,
      ),
    );
}

/** The one row with the key that an INSERT carries: relation, column and value. */
export function findInsertedKey(ended: Ended): { readonly relation: string; readonly where: readonly Filter[] } {
  const insert = findOperation(ended, 'insert', (each) => Object.keys(each.row).length === 1);
  const relation = insert?.relation ?? findOperation(ended, 'delete')?.relation ?? '';
  const [column = '', value] = Object.entries(insert?.row ?? {})[0] ?? [];
  return { relation, where: value ? [{ kind: 'compare', column, comparison: '=', value }] : [] };
}

export const countInserted = (ended: Ended) => {
  const { relation, where } = findInsertedKey(ended);
  return [{ n: select(ended, relation, where).length }];
};

export function number(value: Value | undefined): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function isKey(ended: Ended, relation: string, column: string): boolean {
  return ended.compiled.world.relations.some(
    (each) => each.name === relation && each.unique.some((key) => key.length === 1 && key[0] === column),
  );
}

/** The first column that the final state shows, in its first row. */
export function firstValue(rows: Rows): Value | undefined {
  return Object.values(rows[0] ?? {})[0];
}

/** The column that the programs change. */
export function findChanged(ended: Ended): string {
  return Object.keys(findOperation(ended, 'update')?.set ?? {})[0] ?? '';
}

/** The row that both programs update by its key, with the columns that were looked at. */
export function readUpdatedRow(ended: Ended): Rows {
  const update = findOperation(ended, 'update') ?? undefined;
  const read = findOperation(ended, 'read');
  const relation = update?.relation ?? read?.relation ?? '';
  const key = (update?.where ?? read?.where ?? []).filter(
    (filter) => filter.kind === 'compare' && isKey(ended, relation, filter.column),
  );
  const wanted = ended.wantedColumns;
  return select(ended, relation, key).map((row) =>
    Object.fromEntries(wanted.map((column) => [column, row[column] ?? null])),
  );
}

export function sumColumn(ended: Ended): Rows {
  const update = findOperation(ended, 'update');
  const column = Object.keys(update?.set ?? {})[0] ?? findAggregate(ended);
  const relation = update?.relation ?? findOperation(ended, 'read')?.relation ?? '';
  return [{ total: ended.rows(relation).reduce((sum, row) => sum + number(row[column]), 0) }];
}

function findAggregate(ended: Ended): string {
  return findOperation(ended, 'read', (each) => each.aggregate !== undefined)?.aggregate?.column ?? '';
}

/** Distinct values of the one column that the INSERTs write. */
export function countNumbers(ended: Ended): Rows {
  const insert = findOperation(ended, 'insert');
  const column = Object.keys(insert?.row ?? {})[0] ?? '';
  const values = ended.rows(insert?.relation ?? '').map((row) => row[column]);
  return [{ n: values.length, distinct_n: new Set(values).size }];
}

export function countActive(ended: Ended): Rows {
  const update = findOperation(ended, 'update');
  const [column = '', value] = Object.entries(update?.set ?? {})[0] ?? [];
  const off = plainValue(value);
  return [{ n: ended.rows(update?.relation ?? '').filter((row) => row[column] !== off).length }];
}

export const redisFinal = (ended: Ended): unknown => ended.keysFinal;

/** A final state of rows and keys (`{ db, cache }`). */
export function mixedFinal(ended: Ended): unknown {
  return { db: readUpdatedRow(ended), cache: ended.keysFinal };
}

/** The sum that must stay: the number in the invariant. */
export function readTotal(ended: Ended): number {
  return Number(/stays (\d+)/.exec(ended.record.invariant)?.[1]);
}

/** A counter's value in the initial world. */
export function countStart(ended: Ended): number {
  const value = ended.compiled.world.keys[0]?.value;
  return value?.kind === 'constant' && typeof value.value === 'number' ? value.value : 0;
}

export const claims = (ended: Ended): number => ended.claims[0] + ended.claims[1];
export const bothClaim = (kind: string) => (ended: Ended) => (claims(ended) === 2 ? kind : null);
export const replyOf = (ended: Ended, actor: 0 | 1): readonly Value[] => ended.observed[actor];
