import { findDifference } from './classify.ts';
import type { Question } from './explore.ts';
import type { Machine } from './machine.ts';
import { listRows } from './outcome.ts';
import type { Cells, Entry, State } from './state.ts';
import { renderValue, type Value } from './values.ts';

interface Ended {
  readonly order: string;
  readonly state: State;
}

/** The end of a witness and of the serial orders, in plain words, one fact a line. */
export function describeDifference(
  machine: Machine,
  question: Question,
  end: State,
  others: readonly Ended[],
): { readonly final: readonly string[]; readonly expected: readonly string[] } {
  const difference = findDifference(
    machine,
    end,
    others.map((other) => other.state),
  );
  const shown = (state: State): string[] => [
    ...difference.tables.flatMap((table) =>
      describeTable(machine, table, state, [end, ...others.map((other) => other.state)]),
    ),
    ...difference.keys.map((key) => describeKey(key, state.keys.get(key))),
    ...(difference.effects ? describeEffects(state) : []),
  ];
  const actors = (state: State) => describeActors(question, state);
  const sameData = difference.tables.length === 0 && difference.keys.length === 0 && !difference.effects;
  const final = [
    ...shown(end),
    ...(sameData || end.actors.some((actor) => actor.status === 'failed') ? actors(end) : []),
  ];
  const lines = others.map((other) => {
    const facts = [
      ...shown(other.state),
      ...(sameData || other.state.actors.some((actor) => actor.status === 'refused') ? actors(other.state) : []),
    ];
    return { order: other.order, text: facts.join('; ') };
  });
  const isOne = lines.every((line) => line.text === lines[0]?.text);
  const one = question.mode === 'request and crash' || question.mode === 'redelivery';
  const expected = isOne && !one ? [lines[0]?.text ?? ''] : lines.map((line) => `${line.order}: ${line.text}`);
  return { final, expected: expected.filter((line) => line !== '') };
}

function describeActors(question: Question, state: State): string[] {
  const names = question.mode === 'request and reader' ? ['A', 'the reader'] : ['A', 'B'];
  const words = state.actors.slice(0, question.mode === 'request and crash' ? 1 : 2).map((actor, index) => {
    const name = names[index] ?? '';
    if (index === 1 && question.mode === 'request and reader') {
      const seen = actor.replies.length > 0 ? actor.replies : actor.slots;
      return `${name} sees ${seen.map(renderValue).join(', ')}`;
    }
    if (actor.status === 'refused') return `${name} is refused`;
    if (actor.status === 'failed') return `${name} fails with ${actor.failure ?? 'an error'}`;
    return actor.replies.length > 0
      ? `${name} answers ${actor.replies.map(renderValue).join(', ')}`
      : `${name} succeeds`;
  });
  if (question.mode === 'request and reader') return words.slice(1);
  return words.every((word) => word.endsWith('succeeds')) && words.length === 2 ? ['both requests succeed'] : words;
}

/** Rows that the compared states do not have in common. */
function describeTable(machine: Machine, table: number, state: State, states: readonly State[]): string[] {
  const layout = machine.tables[table];
  if (!layout) return [];
  const count = (from: State) => listRows(machine, from, table);
  const rows = readRows(state, table);
  const lists = states.map(count);
  const isCommon = (text: string) => lists.every((list) => list.includes(text));
  const surrogate = layout.surrogate;
  const own = rows.filter((cells) => !isCommon(renderRow(cells, surrogate)));
  const sizes = new Set(lists.map((list) => list.length));
  if (sizes.size > 1) {
    const inserted = states
      .flatMap((each) => readRows(each, table))
      .filter((cells) => !readRows(machine.start, table).includes(cells));
    const shared = layout.columns.flatMap((name, column) => {
      const value = inserted[0]?.[column];
      return value === undefined ||
        value === null ||
        surrogate.includes(column) ||
        inserted.some((cells) => cells[column] !== value)
        ? []
        : [{ name, column, value }];
    });
    const same = rows.filter((cells) => shared.every(({ column, value }) => cells[column] === value));
    const where =
      shared.length > 0 ? ` with ${shared.map(({ name, value }) => `${name} ${renderValue(value)}`).join(', ')}` : '';
    return [
      `${same.length === 0 ? 'no row' : same.length === 1 ? '1 row' : `${same.length} rows`} in ${layout.name}${where}`,
    ];
  }
  const starts = readRows(machine.start, table);
  const changed = layout.columns.flatMap((name, column) => {
    if (surrogate.includes(column)) return [];
    const values = own.map((cells) => cells[column] ?? null);
    const differs = states.some(
      (each) =>
        String(
          readRows(each, table)
            .map((cells) => cells[column] ?? null)
            .sort(),
        ) !== String(rows.map((cells) => cells[column] ?? null).sort()),
    );
    return differs && values.length > 0 ? [`${layout.name}.${name} is ${values.map(renderValue).join(' and ')}`] : [];
  });
  if (changed.length > 0) return changed;
  return starts.length === 0 && rows.length === 0
    ? [`no row in ${layout.name}`]
    : rows.length === 0
      ? [`no row in ${layout.name}`]
      : [];
}

function readRows(state: State, table: number): readonly Cells[] {
  return (state.tables[table] ?? []).flatMap((row) => {
    const cells = row.versions.at(-1)?.cells;
    return cells ? [cells] : [];
  });
}

function renderRow(cells: Cells, surrogate: readonly number[]): string {
  return cells
    .map((cell, column) => (surrogate.includes(column) ? '' : String(cell).replace(/~new:[\w.]+/g, '~new')))
    .join('|');
}

function describeKey(key: Value, entry: Entry | undefined): string {
  const name = `key ${renderValue(key)}`;
  if (!entry) return `${name} is absent`;
  const lasts = entry.expires ? '' : ', without a time to live';
  switch (entry.kind) {
    case 'text':
      return `${name} is ${renderValue(entry.value)}${lasts}`;
    case 'set':
      return `${name} holds ${entry.members.map(renderValue).join(', ')}${lasts}`;
    case 'hash':
      return `${name} holds ${[...entry.fields].map(([field, value]) => `${renderValue(field)}: ${renderValue(value)}`).join(', ')}${lasts}`;
  }
}

function describeEffects(state: State): string[] {
  const counts = new Map<string, number>();
  for (const effect of state.effects) {
    const name = effect.slice(0, effect.indexOf('('));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  if (counts.size === 0) return ['nothing is sent'];
  return [...counts].map(
    ([name, count]) => `${name} ${count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`}`,
  );
}
