import type { Machine } from './machine.ts';
import type { Cells, Entry, Row, State } from './state.ts';
import { renderValue, type Value } from './values.ts';

interface Held {
  readonly id: number;
  readonly cells: Cells;
}

function readRows(state: State, table: number): readonly Held[] {
  return (state.tables[table] ?? []).flatMap((row: Row) => {
    const cells = row.versions.at(-1)?.cells;
    return cells ? [{ id: row.id, cells }] : [];
  });
}

/**
 * A table at the end of one of several executions: how many rows there are with what the new ones have in common, or,
 * where all have equally many, what the rows became that some execution changed.
 */
export function describeTable(machine: Machine, table: number, state: State, states: readonly State[]): string[] {
  const layout = machine.tables[table];
  if (!layout) return [];
  const start = new Map(readRows(machine.start, table).map(({ id, cells }) => [id, cells]));
  const lists = states.map((each) => readRows(each, table));
  const rows = readRows(state, table);
  const shown = layout.columns
    .map((name, column) => ({ name, column }))
    .filter(({ column }) => !layout.surrogate.includes(column));
  if (new Set(lists.map((list) => list.length)).size > 1) {
    const inserted = lists.flat().filter(({ id }) => !start.has(id));
    const shared = shown.flatMap(({ name, column }) => {
      const value = inserted[0]?.cells[column] ?? null;
      return value === null || inserted.some(({ cells }) => cells[column] !== value) ? [] : [{ name, column, value }];
    });
    const same = rows.filter(({ cells }) => shared.every(({ column, value }) => cells[column] === value)).length;
    const count = same === 0 ? 'no row' : same === 1 ? '1 row' : `${same} rows`;
    const where = describeShared(shared);
    return [`${count} in ${layout.name}${where === '' ? '' : ` with ${where}`}`];
  }
  const touched = new Set(
    lists.flatMap((list) => list.filter(({ id, cells }) => start.get(id) !== cells).map(({ id }) => id)),
  );
  const own = rows.filter(({ id }) => touched.has(id));
  const valuesOf = (list: readonly Held[], column: number) =>
    list.filter(({ id }) => touched.has(id)).map(({ cells }) => cells[column] ?? null);
  return shown.flatMap(({ name, column }) => {
    const values = valuesOf(own, column);
    const isEqual = lists.every((list) => String(valuesOf(list, column)) === String(values));
    return isEqual || values.length === 0 ? [] : [`${layout.name}.${name} is ${values.map(renderValue).join(' and ')}`];
  });
}

/** The numbers that have changed in rows that were there from the start. */
export function describeNumbers(machine: Machine, table: number, state: State): string[] {
  const layout = machine.tables[table];
  if (!layout) return [];
  const start = new Map(readRows(machine.start, table).map(({ id, cells }) => [id, cells]));
  return readRows(state, table).flatMap(({ id, cells }) =>
    layout.columns.flatMap((name, column) => {
      const [before, after] = [start.get(id)?.[column], cells[column]];
      return typeof before === 'number' && typeof after === 'number' && before !== after
        ? [`${layout.name}.${name} goes from ${before} to ${after}, as for one request`]
        : [];
    }),
  );
}

/** Longer values, and more columns, are read by nobody; the columns of the check come first. */
const longestValue = 24;
const mostColumns = 4;

/** What rows have in common: values where they are short, and otherwise that the columns hold the same. */
function describeShared(shared: readonly { readonly name: string; readonly value: Value }[]): string {
  const few = shared.slice(0, mostColumns).map(({ name, value }) => ({ name, text: renderValue(value) }));
  const isShort = (text: string) => text.length <= longestValue && /^[\w.'~:@-]+$/.test(text);
  const long = few.filter(({ text }) => !isShort(text)).map(({ name }) => name);
  const short = few.filter(({ text }) => isShort(text)).map(({ name, text }) => `${name} ${text}`);
  return [...short, ...(long.length === 0 ? [] : [`the same ${long.join(', ')}`])].join(', ');
}

/**
 * A key at the end of an execution.
 *
 * @param withExpiry say whether it has a time to live, because executions differ in that
 */
export function describeKey(key: Value, entry: Entry | undefined, withExpiry: boolean): string {
  const name = `key ${renderValue(key)}`;
  if (!entry) return `${name} is absent`;
  const lasts = !withExpiry ? '' : entry.expires ? ', with a time to live' : ', without a time to live';
  switch (entry.kind) {
    case 'text':
      return `${name} is ${renderValue(entry.value)}${lasts}`;
    case 'set':
      return `${name} holds ${entry.members.map(renderValue).join(', ')}${lasts}`;
    case 'hash':
      return `${name} holds ${[...entry.fields].map(([field, value]) => `${renderValue(field)}: ${renderValue(value)}`).join(', ')}${lasts}`;
  }
}

export function describeEffects(state: State): string[] {
  const counts = new Map<string, number>();
  for (const effect of state.effects) {
    const name = effect.slice(0, effect.indexOf('('));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return ['nothing has happened'];
  return [...counts].map(
    ([name, count]) => `${name} ${count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`}`,
  );
}
