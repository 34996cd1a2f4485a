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

/** Longer values of changed rows, in characters, are left out beside shorter ones. */
const longestChange = 60;

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
    const where = describeShared(chooseShared(machine, table, shared));
    return [`${count} in ${layout.name}${where === '' ? '' : ` with ${where}`}`];
  }
  const touched = new Set(
    lists.flatMap((list) => list.filter(({ id, cells }) => start.get(id) !== cells).map(({ id }) => id)),
  );
  const valuesOf = (list: readonly Held[], column: number): readonly Value[] =>
    list.filter(({ id }) => touched.has(id)).map(({ cells }) => cells[column] ?? null);
  const changed = shown.flatMap(({ name, column }) => {
    const values = lists.map((list) => valuesOf(list, column));
    const own = valuesOf(rows, column);
    if (own.length === 0 || values.every((each) => String(each) === String(own))) return [];
    return [{ name, text: spellValues(own), texts: values.map(spellValues) }];
  });
  return chooseChanged(changed).map(({ name, text }) => `${layout.name}.${name} is ${text}`);
}

function spellValues(values: readonly Value[]): string {
  return values.map(renderValue).join(' and ');
}

/** What two rows have in common matters in the columns that somebody looked by; the others are only long. */
function chooseShared<Shared extends { readonly column: number }>(
  machine: Machine,
  table: number,
  shared: readonly Shared[],
): readonly Shared[] {
  const asked = new Set(
    machine.plans.flatMap(({ operations }) =>
      operations.flatMap(({ action }) =>
        action.kind === 'read' && action.table === table
          ? action.where.flatMap((filter) => (filter.kind === 'compare' ? [filter.column] : []))
          : [],
      ),
    ),
  );
  const looked = shared.filter(({ column }) => asked.has(column));
  return looked.length > 0 ? looked : shared;
}

/** Ids and times are new in every execution, and read the same in each; what is computed may fill a page. */
function chooseChanged<Changed extends { readonly texts: readonly string[] }>(
  changed: readonly Changed[],
): readonly Changed[] {
  const telling = changed.filter(({ texts }) => new Set(texts).size > 1);
  const chosen = telling.length > 0 ? telling : changed;
  const lengthOf = ({ texts }: Changed): number => Math.max(...texts.map((text) => text.length));
  const short = chosen.filter((each) => lengthOf(each) <= longestChange);
  if (short.length > 0) return short;
  return [...chosen].sort((a, b) => lengthOf(a) - lengthOf(b)).slice(0, 1);
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

/** Longer values of rows that are the same, and more columns, are read by nobody. */
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
