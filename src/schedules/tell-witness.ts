import type { IsolationLevel } from '../model/engine.ts';
import type { Actor, Anomaly, Witness, WitnessStep } from '../model/witness.ts';
import { describeDifference } from './describe-outcome.ts';
import type { Question } from './explore.ts';
import type { Machine, Note, Told } from './machine.ts';
import { findElidable } from './minimize.ts';
import { moveActor, runSerially } from './run.ts';
import type { SerialOutcomes } from './serial.ts';
import { cloneState, type State } from './state.ts';

/** Runs a schedule again and keeps what each step saw. */
function tellPath(machine: Machine, path: readonly (readonly [actor: number, branch: number])[]): State {
  machine.telling = true;
  let state = cloneState(machine.start);
  for (const [actor, branch] of path) state = moveActor(machine, state, actor)[branch] ?? state;
  machine.telling = false;
  return state;
}

function listNotes(state: State): readonly Note[] {
  const notes: Note[] = [];
  for (let told: Told | undefined = state.told; told; told = told.before) notes.push(told.note);
  return notes.reverse();
}

function countSwitches(notes: readonly Note[]): number {
  const steps = notes.filter((note) => !note.resumed);
  return steps.filter((note, index) => index > 0 && note.actor !== steps[index - 1]?.actor).length;
}

function tellStep(machine: Machine, note: Note, name: Actor, elided: ReadonlySet<string>): WitnessStep {
  const operation = machine.plans[note.actor]?.operations[note.operation]?.source;
  const other = note.actor === 0 ? 'B' : 'A';
  const outcome = note.waits
    ? `waits for ${other}`
    : note.resumed
      ? note.outcome.startsWith('fails')
        ? note.outcome
        : note.outcome
          ? `goes on: ${note.outcome}`
          : 'goes on'
      : note.outcome;
  return {
    actor: name,
    operation: operation?.id ?? '',
    label: operation?.label ?? '',
    outcome,
    waits: note.waits,
    ...(elided.has(`${note.actor} ${operation?.id ?? ''}`) ? { elided: true } : {}),
  };
}

/** The level that the programs' transactions ask for. */
function findIsolation(question: Question): IsolationLevel {
  for (const program of [question.a, question.b]) {
    for (const operation of program.operations) if (operation.kind === 'begin') return operation.isolation;
  }
  return 'autocommit';
}

/**
 * The witness of a schedule.
 *
 * @param path the moves from the start
 * @param end where they lead
 */
export function tellWitness(
  machine: Machine,
  question: Question,
  serial: SerialOutcomes,
  path: readonly (readonly [actor: number, branch: number])[],
  end: State,
  anomaly: Anomaly,
): Witness {
  const notes = listNotes(tellPath(machine, path));
  const elided = findElidable(machine, question, notes);
  const { final, expected } = describeDifference(machine, question, end, serial.full);
  const second: Actor = question.mode === 'request and reader' ? 'reader' : 'B';
  return {
    anomaly,
    engine: question.dialect.engine,
    isolation: findIsolation(question),
    mode: question.mode,
    steps: notes.map((note) => tellStep(machine, note, note.actor === 0 ? 'A' : second, elided)),
    final,
    serial: expected,
    errors: end.actors.flatMap((actor, index) =>
      actor.failure === undefined ? [] : [{ actor: index === 0 ? ('A' as const) : second, code: actor.failure }],
    ),
    switches: countSwitches(notes),
  };
}

/** The witness of a crash after so many operations. */
export function tellCrash(
  machine: Machine,
  question: Question,
  operations: number,
  crashed: State,
  full: State,
  anomaly: Anomaly,
): Witness {
  machine.telling = true;
  const told = runSerially(machine, [0]);
  machine.telling = false;
  const notes = listNotes(told).filter((note) => note.operation < operations);
  const before = { order: 'A never runs', state: machine.start };
  const { final, expected } = describeDifference(machine, question, crashed, [
    before,
    { order: 'A runs to its end', state: full },
  ]);
  const crash: WitnessStep = { actor: 'crash', operation: '', label: 'the process stops', outcome: '', waits: false };
  return {
    anomaly,
    engine: question.dialect.engine,
    isolation: findIsolation(question),
    mode: question.mode,
    steps: [...notes.map((note) => tellStep(machine, note, 'A', new Set())), crash],
    final,
    serial: expected,
    errors: [],
    switches: 1,
  };
}

/** The witness of a second delivery. */
export function tellRedelivery(
  machine: Machine,
  question: Question,
  once: State,
  twice: State,
  anomaly: Anomaly,
): Witness {
  machine.telling = true;
  const told = runSerially(machine, [0, 1]);
  machine.telling = false;
  const { final, expected } = describeDifference(machine, question, twice, [{ order: 'one delivery', state: once }]);
  const notes = listNotes(told);
  return {
    anomaly,
    engine: question.dialect.engine,
    isolation: findIsolation(question),
    mode: question.mode,
    steps: notes.map((note) => tellStep(machine, note, note.actor === 0 ? 'A' : 'B', new Set())),
    final,
    serial: expected,
    errors: twice.actors.flatMap((actor, index) =>
      actor.failure === undefined
        ? []
        : [{ actor: index === 0 ? ('A' as const) : ('B' as const), code: actor.failure }],
    ),
    switches: 1,
  };
}
