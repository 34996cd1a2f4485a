import { runCommand } from '../../src/schedules/key-values.ts';
import type { Machine, Note, Told } from '../../src/schedules/machine.ts';
import type { PlanOperation } from '../../src/schedules/plan.ts';
import { makeMachine } from '../../src/schedules/start.ts';
import { cloneState, type State } from '../../src/schedules/state.ts';
import { isEnabled, stepActor } from '../../src/schedules/step.ts';
import { isSymbolic, makeText, type Value } from '../../src/schedules/values.ts';
import { compileRecord, type Compiled, type Entry } from './compile-record.ts';
import { findScenarioCode } from './guards.ts';
import { judge } from './invariants.ts';
import { parseRedisAll } from './parse-redis.ts';
import type { MeasuredRecord } from './record.ts';

/** The end of a replay, for the invariant's judge. */
export interface Ended {
  readonly record: MeasuredRecord;
  readonly compiled: Compiled;
  /** Committed rows by column name; texts without marks. */
  readonly rows: (relation: string) => readonly Readonly<Record<string, Value>>[];
  /** A column's value in the first row of the initial world. */
  readonly start: (column: string) => number;
  /** 1 where the request reports success. */
  readonly claims: readonly [number, number];
  readonly committed: readonly [boolean, boolean];
  /** What each actor's reads answered, in order. */
  readonly observed: readonly [readonly Value[], readonly Value[]];
  /** How many rows each actor's last answer had. */
  readonly lastReadCount: readonly [Value, Value];
  readonly keysFinal: Readonly<Record<string, unknown>>;
  /** The columns that the record's final state shows. */
  readonly wantedColumns: readonly string[];
}

/** What the model says of a record, in the record's own terms. */
export interface Replayed {
  readonly outcome: string;
  readonly anomaly: string | null;
  readonly errorCodes: readonly string[];
  readonly deadlock: boolean;
  readonly blocked: readonly string[];
  readonly finalState: unknown;
  /** Steps that did not fit the record's order. */
  readonly misfits: number;
}

/** How the measured drivers name the codes. */
const driverCodes: Readonly<Record<string, string>> = {
  '1062': 'ER_DUP_ENTRY',
  '1020': 'ER_CHECKREAD',
  '1205': 'ER_LOCK_WAIT_TIMEOUT',
  '1213': 'ER_LOCK_DEADLOCK',
  '1452': 'ER_NO_REFERENCED_ROW_2',
  '1451': 'ER_ROW_IS_REFERENCED_2',
  // MariaDB's 4025 under the name that mysql2 gives it
  '3819': 'ER_INNODB_AUTOEXTEND_SIZE_OUT_OF_RANGE',
};

/** A machine for a record's programs, with what only Redis can seed. */
export function makeReplayMachine(compiled: Compiled, overlap = compiled.overlap): Machine {
  const machine = makeMachine({
    programs: compiled.programs,
    world: compiled.world,
    dialect: compiled.dialect,
    overlap,
    glue: false,
    bindAll: [true, true],
  });
  const start = cloneState(machine.start);
  for (const statement of compiled.hashes) runText(start, statement);
  return { ...machine, start, telling: true, valuation: 'changed is false' };
}

function runText(state: State, statement: string) {
  return parseRedisAll(statement).map((command) => {
    const value = (term: unknown): Value => {
      const given = (term as { readonly value: string | number | null }).value;
      return typeof given === 'string' ? makeText(given) : given;
    };
    const record = command as unknown as Readonly<Record<string, unknown>>;
    const keys = record['keys'] as readonly unknown[] | undefined;
    const terms = (list: readonly unknown[]) => list.map((term) => ({ kind: 'value', value: value(term) }) as const);
    return runCommand(
      state,
      {
        command,
        keys: terms(keys ?? [record['key']]),
        values: terms([record['member'], record['value'], record['by']].filter((term) => term !== undefined)),
      },
      [],
    );
  });
}

/** Executes a record's statements in exactly its order; every way in which a deadlock may be resolved. */
export function replayOrder(
  machine: Machine,
  compiled: Compiled,
): readonly { readonly state: State; readonly misfits: number }[] {
  let branches = [{ state: cloneState(machine.start), misfits: 0 }];
  const sent: [number, number] = [0, 0];
  for (const entry of compiled.entries) {
    if (entry.clock) {
      for (const { state } of branches) state.keys = new Map([...state.keys].filter(([, held]) => !held.expires));
      continue;
    }
    sent[entry.actor] = Math.max(sent[entry.actor], (entry.operations.at(-1) ?? -1) + 1);
    branches = branches.flatMap(({ state, misfits }) =>
      sendEntry(machine, state, entry, sent).map((each) => ({ state: each.state, misfits: misfits + each.misfits })),
    );
  }
  return branches.flatMap(({ state, misfits }) => drain(machine, state).map((ended) => ({ state: ended, misfits })));
}

function sendEntry(
  machine: Machine,
  state: State,
  entry: Entry,
  sent: readonly [number, number],
): readonly { readonly state: State; readonly misfits: number }[] {
  const first = entry.operations[0] ?? 0;
  const actor = state.actors[entry.actor];
  if (!actor || (actor.status === 'running' && (actor.next !== first || actor.wait))) return [{ state, misfits: 1 }];
  if (!isEnabled(machine, state, entry.actor)) return [{ state, misfits: actor.status === 'running' ? 1 : 0 }];
  // a statement that reads and writes in two steps is only begun here
  let states = stepActor(machine, cloneState(state), entry.actor);
  states = states.flatMap((each) => runOn(machine, each, sent));
  return states.map((each) => ({ state: each, misfits: 0 }));
}

/** Operations of statements that were sent already: the rest of a statement, also of one that has just come free. */
function runOn(machine: Machine, state: State, sent: readonly [number, number]): State[] {
  for (const index of [0, 1] as const) {
    const actor = state.actors[index];
    if (!actor || actor.statement || !isEnabled(machine, state, index) || actor.next >= sent[index] || actor.next === 0)
      continue;
    return stepActor(machine, cloneState(state), index).flatMap((each) => runOn(machine, each, sent));
  }
  return [state];
}

/** Whatever is left at the end. */
export function drain(machine: Machine, state: State): State[] {
  const index = [0, 1].find((who) => isEnabled(machine, state, who));
  return index === undefined
    ? [state]
    : stepActor(machine, cloneState(state), index).flatMap((each) => drain(machine, each));
}

function listNotes(state: State): readonly Note[] {
  const notes: Note[] = [];
  for (let told: Told | undefined = state.told; told; told = told.before) notes.push(told.note);
  return notes.reverse();
}

function plain(value: Value | undefined): Value {
  if (typeof value !== 'string' || isSymbolic(value)) return value ?? null;
  return value.slice(1);
}

function readSlot(state: State, actor: number, slot: number | undefined): Value | undefined {
  return slot === undefined ? undefined : state.actors[actor]?.slots[slot];
}

/** Reads what an execution left, in terms of statements, rows and keys. */
export function endReplay(
  record: MeasuredRecord,
  compiled: Compiled,
  machine: Machine,
  state: State,
  misfits: number,
): Replayed {
  const notes = listNotes(state);
  const code = findScenarioCode(record.scenario);
  const rowsOf = (from: State) => (relation: string) => {
    const index = machine.tables.findIndex((table) => table.name === relation);
    const columns = machine.tables[index]?.columns ?? [];
    return (from.tables[index] ?? []).flatMap((row) => {
      const cells = row.versions.at(-1)?.cells;
      return cells ? [Object.fromEntries(columns.map((column, at) => [column, plain(cells[at])]))] : [];
    });
  };
  const stuck = state.actors.map((actor) => actor.wait !== undefined);
  const ran = (actor: number) =>
    new Set(notes.filter((note) => note.actor === actor && note.outcome !== 'skipped').map((note) => note.operation));
  const declined = [0, 1].map((actor) => notes.some((note) => note.actor === actor && note.outcome === 'skipped'));
  const rolledBack = [0, 1].map((actor) =>
    [...ran(actor)].some((operation) => machine.plans[actor]?.operations[operation]?.action.kind === 'rollback'),
  );
  const okay = state.actors.map((actor, index) => actor.status === 'finished' && stuck[index] !== true);
  const claim = (actor: 0 | 1): number => {
    if (!okay[actor] || rolledBack[actor] === true) return 0;
    if (!code.claimsByCount) return declined[actor] === true ? 0 : 1;
    const counted = (machine.plans[actor]?.operations ?? [])
      .filter((operation, index) => ran(actor).has(index) && isCounted(operation))
      .at(-1);
    const count = readSlot(state, actor, counted?.bind.count);
    return declined[actor] !== true && typeof count === 'number' && count > 0 ? 1 : 0;
  };
  const answers = (actor: 0 | 1) =>
    (machine.plans[actor]?.operations ?? []).filter(
      (operation, index) =>
        ran(actor).has(index) && (operation.action.kind === 'read' || operation.action.kind === 'commands'),
    );
  const observed = (actor: 0 | 1): readonly Value[] =>
    answers(actor).map((operation) => {
      const asked = compiled.columns.get(operation.source.id)?.[0] ?? 'value';
      const bound = operation.bind.columns.find(([, , name]) => name === asked) ?? operation.bind.columns.at(-1);
      return plain(readSlot(state, actor, bound?.[1]));
    });
  const lastReadCount = (actor: 0 | 1): Value => readSlot(state, actor, answers(actor).at(-1)?.bind.count) ?? null;
  const measured = record.finalState as
    Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;
  const mixed =
    measured !== null && !Array.isArray(measured) && typeof measured === 'object' && 'db' in measured
      ? (measured as {
          readonly db: readonly Readonly<Record<string, unknown>>[];
          readonly cache: Readonly<Record<string, unknown>>;
        })
      : undefined;
  const table =
    mixed?.db ?? (Array.isArray(measured) ? (measured as readonly Readonly<Record<string, unknown>>[]) : []);
  const keys =
    mixed?.cache ??
    (measured !== null && !Array.isArray(measured) && typeof measured === 'object'
      ? (measured as Readonly<Record<string, unknown>>)
      : {});
  const ended: Ended = {
    record,
    compiled,
    rows: rowsOf(state),
    start: (column) => {
      for (const relation of compiled.world.relations) {
        const term = relation.rows[0]?.[column];
        if (term?.kind === 'constant' && typeof term.value === 'number') return term.value;
      }
      return Number.NaN;
    },
    claims: [claim(0), claim(1)],
    committed: [okay[0] === true && rolledBack[0] !== true, okay[1] === true && rolledBack[1] !== true],
    observed: [observed(0), observed(1)],
    lastReadCount: [lastReadCount(0), lastReadCount(1)],
    keysFinal: readKeys(state, keys),
    wantedColumns: Object.keys(table[0] ?? {}),
  };
  const isStuck = stuck.includes(true);
  const judged = judge(ended);
  const anomaly = isStuck ? null : judged.anomaly;
  const errors = state.actors.flatMap((actor) => actor.errors);
  const blocked = ['A', 'B'].filter((_name, actor) => notes.some((note) => note.actor === actor && note.waits));
  return {
    outcome: isStuck
      ? 'stuck'
      : anomaly !== null
        ? 'anomaly'
        : errors.length > 0
          ? 'error'
          : blocked.length > 0
            ? 'blocked-then-ok'
            : 'safe',
    anomaly,
    errorCodes: [...new Set(errors.map((error) => driverCodes[error] ?? error))].sort(),
    deadlock: errors.includes(machine.dialect.codes.deadlock ?? '') && machine.dialect.locking !== 'file',
    blocked,
    finalState: judged.final,
    misfits,
  };
}

function isCounted(operation: PlanOperation): boolean {
  const { kind } = operation.action;
  return kind === 'insert' || kind === 'update' || kind === 'delete' || kind === 'commands';
}

/** The final state's own commands, run on the model; a time to live that is left counts as the measured one. */
function readKeys(state: State, measured: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const last = cloneState(state);
  return Object.fromEntries(
    Object.entries(measured).map(([text, expected]) => {
      const name = text.split(' ')[0] ?? '';
      if (!['GET', 'TTL', 'EXISTS', 'MGET', 'HGETALL'].includes(name)) return [text, expected];
      const reply = runText(last, text)[0];
      if (name === 'TTL' && reply?.count === 1) return [text, expected];
      if (name === 'HGETALL') return [text, [...(reply?.fields ?? [])].flat().map(plain)];
      if (name === 'MGET') return [text, [...(reply?.fields ?? new Map<Value, Value>()).values()].map(plain)];
      return [text, plain(reply?.value)];
    }),
  );
}

/** Only the anomaly counts: statistical records, and those that depend on time. */
export function isTimed(record: MeasuredRecord): boolean {
  return record.scenario.startsWith('Z-') || /^R[45]/.test(record.scenario);
}

/** The model's rows under the names that the measured query gave its columns; by position. */
function renameColumns(modelled: unknown, measured: unknown): unknown {
  if (!Array.isArray(modelled) || !Array.isArray(measured) || modelled.length !== measured.length) return modelled;
  return modelled.map((row: Readonly<Record<string, unknown>>, index) => {
    const names = Object.keys((measured[index] as Readonly<Record<string, unknown>> | undefined) ?? {});
    const values = Object.values(row);
    return names.length === values.length ? Object.fromEntries(names.map((name, at) => [name, values[at]])) : row;
  });
}

/** What differs between a record and a replay of it, in words; empty when they agree. */
export function compareReplay(record: MeasuredRecord, replayed: Replayed): readonly string[] {
  const differences: string[] = [];
  const compare = (name: string, measured: unknown, modelled: unknown) => {
    if (JSON.stringify(measured) !== JSON.stringify(modelled))
      differences.push(`${name}: measured ${JSON.stringify(measured)}, model ${JSON.stringify(modelled)}`);
  };
  compare('anomaly', record.anomaly, replayed.anomaly);
  if (isTimed(record)) return differences;
  compare('outcome', record.outcome, replayed.outcome);
  compare('deadlock', record.deadlock, replayed.deadlock);
  compare('error codes', [...record.errorCodes].sort(), replayed.errorCodes);
  compare('blocked', record.blocked, replayed.blocked);
  compare('final state', record.finalState, renameColumns(replayed.finalState, record.finalState));
  if (replayed.misfits > 0) differences.push(`${replayed.misfits} statements out of order`);
  return differences;
}

/** All ways in which a record's order may end in the model: more than one where a deadlock has two possible victims. */
export function replayEnds(record: MeasuredRecord): readonly Replayed[] {
  const compiled = compileRecord(record);
  const machine = makeReplayMachine(compiled);
  return replayOrder(machine, compiled).map(({ state, misfits }) =>
    endReplay(record, compiled, machine, state, misfits),
  );
}

/** Replays a record; the differences of the branch that agrees best. */
export function replayRecord(record: MeasuredRecord): readonly string[] {
  const compiled = compileRecord(record);
  if (record.scenario.startsWith('Z-')) {
    const [, program] = compiled.programs;
    return replayAllOrders(record, { ...compiled, programs: [program, { ...program, name: 'other' }] });
  }
  if (record.schedule.some(([, statement]) => /^(pipeline|MULTI \.\.\.) /.test(statement)))
    return replayAllOrders(record, compiled);
  let best: readonly string[] | undefined;
  for (const ended of replayEnds(record)) {
    const differences = compareReplay(record, ended);
    if (!best || differences.length < best.length) best = differences;
  }
  return best ?? ['no execution'];
}

/** Many tries at once: whether any order of the steps, statements overlapping as they like, ends in the anomaly. */
function replayAllOrders(record: MeasuredRecord, compiled: Compiled): readonly string[] {
  const machine = makeReplayMachine(compiled, true);
  const seen = new Set<string | null>();
  const walk = (state: State): void => {
    const enabled = [0, 1].filter((index) => isEnabled(machine, state, index));
    if (enabled.length === 0) seen.add(endReplay(record, compiled, machine, state, 0).anomaly);
    for (const index of enabled) for (const next of stepActor(machine, cloneState(state), index)) walk(next);
  };
  walk(machine.start);
  const anomaly = [...seen].find((each) => each !== null) ?? null;
  return anomaly === record.anomaly ? [] : [`anomaly: measured ${String(record.anomaly)}, model ${String(anomaly)}`];
}
