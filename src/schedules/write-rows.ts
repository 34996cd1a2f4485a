import type { Fault } from './dialects/dialect.ts';
import { addRowLock, findRowBlocker } from './locks.ts';
import { breaksCheck, evaluateCode, readCommitTime, readNewest, readVersion } from './predicates.ts';
import { isChangedSinceSnapshot, makeFault, makeWait, readPosition, type Stop, type Work } from './scan.ts';
import type { Cells, Row } from './state.ts';
import { replaceAt } from './state.ts';
import { trackWrite } from './transactions.ts';
import type { Code } from './plan.ts';
import { compareValues, type Value } from './values.ts';

/** Computes a row after SET. */
export function computeCells(
  cells: Cells,
  set: readonly (readonly [column: number, value: Code])[],
  slots: readonly Value[],
): Cells {
  const next = cells.slice();
  for (const [column, code] of set) next[column] = evaluateCode(code, slots, cells);
  return next;
}

/** Puts an uncommitted version in place; `cells` null deletes. */
export function putVersion(work: Work, table: number, row: Row, cells: Cells | null): void {
  const { state, connectionIndex } = work;
  const rows = state.tables[table] ?? [];
  const at = rows.findIndex((other) => other.id === row.id);
  const before = readNewest(row, connectionIndex);
  state.tables = replaceAt(
    state.tables,
    table,
    replaceAt(rows, at, { ...row, owner: connectionIndex, pending: cells }),
  );
  trackWrite(state, connectionIndex, { table, row: row.id, before, after: cells });
}

/** Adds an uncommitted row. */
export function addRow(work: Work, table: number, cells: Cells): Row {
  const { state, connectionIndex } = work;
  const rows = state.tables[table] ?? [];
  const row: Row = {
    id: 1 + Math.max(-1, ...rows.map((other) => other.id)),
    versions: [],
    owner: connectionIndex,
    pending: cells,
    initial: undefined,
  };
  state.tables = replaceAt(state.tables, table, [...rows, row]);
  addRowLock(state, table, row.id, 'all', connectionIndex);
  trackWrite(state, connectionIndex, { table, row: row.id, before: null, after: cells });
  return row;
}

export function findBrokenCheck(work: Work, table: number, cells: Cells): Fault | undefined {
  return work.machine.tables[table]?.checks.some((check) => breaksCheck(check, cells)) ? 'check' : undefined;
}

/**
 * Looks for a row with the same unique key. An uncommitted one of another transaction must end first (measured, S2).
 *
 * @param self id of the row that is being changed, or -1 for an insert
 */
export function findDuplicate(
  work: Work,
  table: number,
  cells: Cells,
  self: number,
  snapshot: number,
): Row | Stop | undefined {
  const { state, connectionIndex, machine, dialect } = work;
  for (const key of machine.tables[table]?.unique ?? []) {
    if (key.some((column) => (cells[column] ?? null) === null)) continue;
    const isSame = (other: Cells | null) => other !== null && key.every((column) => other[column] === cells[column]);
    for (const row of state.tables[table] ?? []) {
      if (row.id === self) continue;
      if (row.owner === connectionIndex || row.owner < 0) {
        if (!isSame(readNewest(row, connectionIndex))) continue;
        if (dialect.locking === 'index') {
          const blocker = findRowBlocker(state, table, row.id, 'share', connectionIndex);
          if (blocker >= 0) return makeWait(blocker, snapshot);
        }
        return row;
      }
      if (isSame(row.pending) || isSame(row.versions.at(-1)?.cells ?? null)) return makeWait(row.owner, snapshot);
    }
  }
  return undefined;
}

/**
 * Whether an index entry would go where a lock on `value` reaches: to equal entries, and up to the nearest other entry
 * on both sides (https://dev.mysql.com/doc/refman/8.4/en/innodb-locking.html, next-key locks). Symbols have no order:
 * there only equal ones meet.
 */
function isInGap(rows: readonly Row[], column: number, value: Value, inserted: Value): boolean {
  if (value === inserted) return true;
  if (compareValues(value, '<', inserted) === undefined || value === null || inserted === null) return false;
  const [low, high] = compareValues(value, '<', inserted) === true ? [value, inserted] : [inserted, value];
  return !rows.some((row) => {
    const entry = (row.owner >= 0 ? row.pending : row.versions.at(-1)?.cells)?.[column];
    if (entry === undefined || entry === value) return false;
    return compareValues(low, '<=', entry) !== false && compareValues(entry, '<=', high) !== false;
  });
}

/** InnoDB: inserting waits for whoever has locked the gap, or waits for the record after it (measured: S4, S8r). */
export function findGapBlocker(work: Work, table: number, cells: Cells): number {
  const { state, connectionIndex, actorIndex } = work;
  for (const lock of state.locks) {
    if (lock.kind !== 'gap' || lock.owner === connectionIndex || lock.table !== table) continue;
    if (lock.column < 0 || isInGap(state.tables[table] ?? [], lock.column, lock.value, cells[lock.column] ?? null))
      return lock.owner;
  }
  const rows = state.tables[table] ?? [];
  const position = readPosition(
    work,
    table,
    { id: rows.length, versions: [], owner: -1, pending: null, initial: undefined },
    cells,
  );
  for (const [index, actor] of state.actors.entries()) {
    const gap = index === actorIndex ? undefined : actor.wait?.gap;
    if (!gap || gap.table !== table || position >= gap.before) continue;
    if (gap.column < 0 || cells[gap.column] === gap.value) {
      const plan = work.machine.plans[index];
      return plan?.operations[actor.next]?.connection ?? -1;
    }
  }
  return -1;
}

/** A child's foreign keys: each parent must exist and is kept from being deleted (measured, F1k). */
export function checkParents(work: Work, table: number, cells: Cells, snapshot: number): Stop | undefined {
  const { state, connectionIndex, machine, dialect, level } = work;
  for (const key of machine.tables[table]?.foreignKeys ?? []) {
    const value = cells[key.column] ?? null;
    if (value === null || key.table < 0) continue;
    const refers = (other: Cells | null | undefined) => other?.[key.referenced] === value;
    const rows = state.tables[key.table] ?? [];
    // a parent that the world never had is one that the world does not show
    if (
      !rows.some(
        (row) => refers(row.initial) || refers(row.pending) || row.versions.some((version) => refers(version.cells)),
      )
    )
      continue;
    const mode = dialect.locking === 'index' ? 'share' : 'key';
    let found = false;
    for (const row of rows) {
      const committed = row.versions.at(-1)?.cells;
      if (row.owner >= 0 && row.owner !== connectionIndex && refers(row.pending) !== refers(committed))
        return makeWait(row.owner, snapshot);
      const seen = readVersion(row, snapshot, connectionIndex);
      if (refers(seen) && !refers(readNewest(row, connectionIndex)) && level.changedRow === 'fail')
        return makeFault('serialization');
      if ((refers(row.initial) || refers(committed)) && isChangedSinceSnapshot(work, row))
        return makeFault('serialization');
      if (!refers(readNewest(row, connectionIndex))) continue;
      const blocker = findRowBlocker(state, key.table, row.id, mode, connectionIndex);
      if (blocker >= 0) return makeWait(blocker, snapshot);
      addRowLock(state, key.table, row.id, mode, connectionIndex);
      found = true;
    }
    if (!found) return makeFault('missing parent');
  }
  return undefined;
}

/** A parent that is deleted, or whose key changes, must have no child. */
export function checkChildren(
  work: Work,
  table: number,
  cells: Cells,
  after: Cells | null,
  snapshot: number,
): Stop | undefined {
  const { state, connectionIndex, machine } = work;
  for (const [childTable, child] of machine.tables.entries()) {
    for (const key of child.foreignKeys) {
      if (key.table !== table || after?.[key.referenced] === cells[key.referenced]) continue;
      const value = cells[key.referenced];
      for (const row of state.tables[childTable] ?? []) {
        if (row.owner >= 0 && row.owner !== connectionIndex && row.pending?.[key.column] === value)
          return makeWait(row.owner, snapshot);
        const newest = readNewest(row, connectionIndex);
        if (newest && newest[key.column] === value) {
          if (work.level.changedRow === 'fail' && readCommitTime(row) > snapshot) return makeFault('serialization');
          return makeFault('referenced parent');
        }
      }
    }
  }
  return undefined;
}

export function isStop(found: object): found is Stop {
  return 'kind' in found;
}
