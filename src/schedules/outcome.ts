import type { Machine } from './machine.ts';
import type { Entry, State } from './state.ts';
import type { Value } from './values.ts';

/** What can be told of an execution from outside, once everybody has ended. */
export interface Outcome {
  /** Rows, keys and effects as one text; made-up values are not told apart. */
  readonly data: string;
  readonly actors: readonly {
    readonly status: 'finished' | 'refused' | 'failed';
    readonly yielded: boolean;
    readonly excused: boolean;
    readonly replies: string;
    readonly failure: string | undefined;
  }[];
  /** Somebody waits for ever. */
  readonly stuck: boolean;
}

function hideFresh(value: Value): string {
  return typeof value === 'string' && value.includes('~new:') ? value.replace(/~new:[\w.]+/g, '~new') : String(value);
}

function renderEntry(key: Value, entry: Entry): string {
  const lasts = entry.expires ? ' expires' : '';
  switch (entry.kind) {
    case 'text':
      return `${String(key)}=${hideFresh(entry.value)}${lasts}`;
    case 'set':
      return `${String(key)}={${entry.members.map(hideFresh).sort().join(',')}}${lasts}`;
    case 'hash':
      return `${String(key)}={${[...entry.fields]
        .map(([field, value]) => `${hideFresh(field)}:${hideFresh(value)}`)
        .sort()
        .join(',')}}${lasts}`;
  }
}

/** Rows of a table as committed, new ones without surrogate columns, in no particular order. */
export function listRows(machine: Machine, state: State, tableIndex: number): string[] {
  const surrogate = machine.tables[tableIndex]?.surrogate ?? [];
  const rows: string[] = [];
  for (const row of state.tables[tableIndex] ?? []) {
    const cells = row.versions.at(-1)?.cells;
    if (!cells) continue;
    // ids of rows that were there from the start are not made up
    const text = cells.map((cell, column) => (!row.initial && surrogate.includes(column) ? '' : hideFresh(cell)));
    rows.push(`(${text.join('|')})`);
  }
  return rows.sort();
}

/** What is left at the end of an execution. */
export function readOutcome(machine: Machine, state: State): Outcome {
  const tables = machine.tables.map((_table, index) => listRows(machine, state, index).join('\n'));
  const keys = [...state.keys].map(([key, entry]) => renderEntry(key, entry)).sort();
  return {
    data: [...tables, keys.join('\n'), state.effects.map(hideFresh).join('\n')].join('\u0001'),
    stuck: state.actors.some((actor) => actor.wait !== undefined),
    actors: state.actors.map((actor) => ({
      status: actor.status === 'running' ? 'finished' : actor.status,
      yielded: actor.yielded,
      excused: actor.excused,
      replies: actor.replies.map(hideFresh).join('|'),
      failure: actor.failure,
    })),
  };
}

/**
 * Whether nobody could tell an execution from a serial one. A request that failed has promised nothing, and one that the
 * engine told to come second (an ignored duplicate, an empty delete) may call that a success or a refusal.
 *
 * @param serial an execution one after the other
 */
export function isSameOutcome(outcome: Outcome, serial: Outcome): boolean {
  if (outcome.data !== serial.data) return false;
  return outcome.actors.every((actor, index) => {
    const expected = serial.actors[index];
    if (!expected || actor.status !== 'finished' || actor.excused) return true;
    if (actor.status === expected.status)
      return actor.replies === expected.replies || actor.yielded !== expected.yielded;
    return actor.yielded || expected.yielded;
  });
}
