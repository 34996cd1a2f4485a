import type { Verdict } from '../model/witness.ts';
import { classify } from './classify.ts';
import { areSamePrograms } from './compare-programs.ts';
import type { Question } from './explore.ts';
import type { Machine } from './machine.ts';
import { readOutcome, type Outcome } from './outcome.ts';
import { searchSchedules, readPath, type Node } from './search.ts';
import { isSerializable, runSerialOrders, type SerialOutcomes } from './serial.ts';
import { makeMachine } from './start.ts';
import { tellWitness } from './tell-witness.ts';

/**
 * Two requests, or a request and a reader.
 *
 * @param reduce skip executions that cannot differ from one that is looked at; false only to test that this is so
 */
export function explorePair(question: Question, reduce = true): Verdict {
  const isReader = question.mode === 'request and reader';
  const machine = makeMachine({
    programs: [question.a, question.b],
    world: question.world,
    dialect: question.dialect,
    overlap: true,
    glue: reduce,
    bindAll: [false, isReader],
  });
  let overBudget = false;
  let loud: Verdict | undefined;
  for (const valuation of ['changed is true', 'changed is false'] as const) {
    machine.valuation = valuation;
    machine.undecided = false;
    const serial = runSerialOrders(machine);
    if (serial.full.some((order) => order.outcome.stuck)) return { kind: 'safe' };
    const start = readOutcome(machine, machine.start);
    const found = searchPair(machine, question, serial, start, isReader, reduce);
    if (found.silent) return tell(machine, question, serial, found.silent, false);
    if (found.loud) loud ??= tell(machine, question, serial, found.loud, true);
    overBudget ||= found.overBudget;
    if (!machine.undecided) break;
  }
  if (loud) return loud;
  return overBudget ? { kind: 'inconclusive', reason: 'too many schedules' } : { kind: 'safe' };
}

interface Candidates {
  readonly silent: Node | undefined;
  readonly loud: Node | undefined;
  readonly overBudget: boolean;
}

function searchPair(
  machine: Machine,
  question: Question,
  serial: SerialOutcomes,
  start: Outcome,
  isReader: boolean,
  reduce: boolean,
): Candidates {
  let silent: Node | undefined;
  let loud: Node | undefined;
  const ended = searchSchedules(machine, {
    states: question.budget?.states ?? 5000,
    symmetric: reduce && !isReader && areSamePrograms(question.a, question.b),
    hashing: reduce,
    visit: (node) => {
      const outcome = isReader ? readReader(machine, node) : readOutcome(machine, node.state);
      if (outcome.stuck) return false;
      const serializable = isReader ? isReadSerially(machine, outcome, serial) : isSerializable(outcome, serial, start);
      if (!serializable) {
        silent = node;
        return true;
      }
      if (!isReader && !loud && isLoud(machine, outcome, serial)) loud = node;
      return false;
    },
  });
  return { silent, loud, overBudget: ended === 'over budget' };
}

/** The reader's replies: those it gives, or else all it found. */
function readReader(machine: Machine, node: { readonly state: Node['state'] }): Outcome {
  const outcome = readOutcome(machine, node.state);
  const reader = node.state.actors[1];
  const actor = outcome.actors[1];
  if (!reader || !actor) return outcome;
  return {
    ...outcome,
    actors: [
      actor,
      { ...actor, replies: reader.replies.length > 0 ? actor.replies : reader.slots.map(String).join('|') },
    ],
  };
}

function isReadSerially(machine: Machine, outcome: Outcome, serial: SerialOutcomes): boolean {
  const reader = outcome.actors[1];
  if (reader?.status !== 'finished') return true;
  return serial.full.some((order) => readReader(machine, order).actors[1]?.replies === reader.replies);
}

/**
 * The data stay right, but a request ends in a duplicate error although one after the other it would have found the row
 * and ended by its own guard.
 */
function isLoud(machine: Machine, outcome: Outcome, serial: SerialOutcomes): boolean {
  const duplicate = machine.dialect.codes.duplicate;
  return outcome.actors.some(
    (actor, index) =>
      actor.failure === duplicate && serial.full.every((order) => order.outcome.actors[index]?.failure !== duplicate),
  );
}

function tell(machine: Machine, question: Question, serial: SerialOutcomes, node: Node, loud: boolean): Verdict {
  const anomaly = loud ? 'unhandled conflict' : classify(machine, question, serial, node.state);
  return { kind: 'witness', witness: tellWitness(machine, question, serial, readPath(node), node.state, anomaly) };
}
