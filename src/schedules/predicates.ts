import type { Comparison } from '../model/program.ts';
import type { Machine } from './machine.ts';
import type { Code, PlanCheck, PlanFilter } from './plan.ts';
import type { Cells, Row, State } from './state.ts';
import { applyFunction, compareValues, isSymbolic, type Truth, type Value } from './values.ts';

const noCells: Cells = [];

/** Computes a term from what the actor knows (`slots`) and the row at hand (`cells`). */
export function evaluateCode(code: Code, slots: readonly Value[], cells: Cells = noCells): Value {
  switch (code.kind) {
    case 'value':
      return code.value;
    case 'slot':
      return slots[code.slot] ?? null;
    case 'cell':
      return cells[code.column] ?? null;
    case 'apply':
      return applyFunction(
        code.name,
        code.operands.map((operand) => evaluateCode(operand, slots, cells)),
      );
  }
}

/** Answers a comparison that the values alone may not decide (see Valuation). */
function decide(machine: Machine, left: Value, comparison: Comparison, right: Value, wanted: boolean): boolean {
  const known = compareValues(left, comparison, right);
  if (known !== undefined) return known;
  // one text for a comparison and its negation, so that their answers agree
  const negated = comparison === '!=' || comparison === '<' || comparison === '>';
  const atom = comparison === '>' ? '<=' : comparison === '!=' ? '=' : comparison === '<' ? '>=' : comparison;
  const text = `${String(left)} ${atom} ${String(right)}`;
  const assumed = machine.assumed.get(text);
  if (assumed !== undefined) return assumed !== negated;
  if (machine.valuation === 'assume') {
    machine.assumed.set(text, wanted !== negated);
    return wanted;
  }
  if (comparison === '=' || comparison === '!=') return negated;
  machine.undecided = true;
  return machine.valuation === 'changed is true';
}

/**
 * Whether an actor's check holds.
 *
 * @param wanted the answer that is assumed where nothing decides, when the actor runs alone
 */
export function holdsCheck(machine: Machine, check: PlanCheck, slots: readonly Value[], wanted = true): boolean {
  switch (check.kind) {
    case 'compare':
      return decide(
        machine,
        evaluateCode(check.left, slots),
        check.comparison,
        evaluateCode(check.right, slots),
        wanted,
      );
    case 'found':
      return isPositive(slots[check.slot] ?? null);
    case 'not':
      return !holdsCheck(machine, check.check, slots, !wanted);
    case 'and':
      return check.checks.every((inner) => holdsCheck(machine, inner, slots, wanted));
    case 'or':
      return check.checks.some((inner) => holdsCheck(machine, inner, slots, wanted));
    case 'opaque':
      return wanted;
  }
}

function isPositive(count: Value): boolean {
  return typeof count === 'number' ? count > 0 : count !== null && count !== false;
}

/** Rows of a table as a statement sees them, for subqueries. */
export type View = (table: number) => readonly Cells[];

/**
 * Whether a row passes a filter.
 *
 * @param cells the version looked at
 * @param initial the row as the world began with it; `opaque` conditions pass only what is unchanged since
 */
export function matchesFilters(
  machine: Machine,
  filters: readonly PlanFilter[],
  cells: Cells,
  initial: Cells | undefined,
  slots: readonly Value[],
  view: View,
): boolean {
  for (const filter of filters) {
    switch (filter.kind) {
      case 'compare': {
        const left = cells[filter.column] ?? null;
        const right = evaluateCode(filter.value, slots, cells);
        if (!passes(machine, left, filter.comparison, right)) return false;
        break;
      }
      case 'opaque':
        if (!initial || filter.columns.some((column) => cells[column] !== initial[column])) return false;
        break;
      case 'subquery': {
        const count = view(filter.table).filter((other) =>
          matchesFilters(machine, filter.where, other, other, slots, view),
        ).length;
        if (!passes(machine, count, filter.comparison, evaluateCode(filter.value, slots, cells))) return false;
        break;
      }
    }
  }
  return true;
}

/** SQL's comparison: NULL passes only an explicit comparison with NULL. Two different symbols are different rows' values. */
function passes(machine: Machine, left: Value, comparison: Comparison, right: Value): boolean {
  if (left === right) return comparison === '=' || comparison === '<=' || comparison === '>=';
  if (isSymbolic(left) && isSymbolic(right) && (comparison === '=' || comparison === '!=')) {
    return comparison === '!=';
  }
  return decide(machine, left, comparison, right, true);
}

/** Whether the row certainly breaks a constraint; what is not known passes. */
export function breaksCheck(check: PlanFilter, cells: Cells): boolean {
  if (check.kind !== 'compare') return false;
  const left = cells[check.column] ?? null;
  const right = evaluateCode(check.value, [], cells);
  if (left === null || right === null) return false;
  const truth: Truth = compareValues(left, check.comparison, right);
  return truth === false;
}

/** The version of a row that a transaction sees at a snapshot; its own uncommitted one first. */
export function readVersion(row: Row, snapshot: number, connection: number): Cells | null {
  if (row.owner === connection) return row.pending;
  for (let index = row.versions.length - 1; index >= 0; index -= 1) {
    const version = row.versions[index];
    if (version && version.at <= snapshot) return version.cells;
  }
  return null;
}

/** The newest committed version, or the transaction's own. */
export function readNewest(row: Row, connection: number): Cells | null {
  if (row.owner === connection) return row.pending;
  return row.versions.at(-1)?.cells ?? null;
}

/** When the newest committed version was made; 0 for the initial world. */
export function readCommitTime(row: Row): number {
  return row.versions.at(-1)?.at ?? 0;
}

/** All rows of a table at a snapshot. */
export function readTable(state: State, table: number, snapshot: number, connection: number): readonly Cells[] {
  const rows: Cells[] = [];
  for (const row of state.tables[table] ?? []) {
    const cells = readVersion(row, snapshot, connection);
    if (cells) rows.push(cells);
  }
  return rows;
}
