import type { Verdict } from '../model/witness.ts';
import { classifyCrash } from './classify.ts';
import type { Question } from './explore.ts';
import { readOutcome } from './outcome.ts';
import { runSerially } from './run.ts';
import { makeMachine } from './start.ts';
import { cloneState, type State } from './state.ts';
import { isEnabled, stepActor } from './step.ts';
import { tellCrash } from './tell-witness.ts';
import { rollBackTransaction } from './transactions.ts';

/**
 * One request whose process may stop after each operation: open transactions roll back, everything committed, written
 * to the key-value store or sent stays (measured: C1, R2, K5). A witness is a state that is neither "never ran" nor "ran
 * to the end".
 */
export function exploreCrash(question: Question): Verdict {
  const idle = { name: 'nobody', operations: [] };
  const machine = makeMachine({
    programs: [question.a, idle],
    world: question.world,
    dialect: question.dialect,
    overlap: false,
    glue: false,
  });
  const full = runSerially(machine, [0]);
  const before = readOutcome(machine, machine.start).data;
  const after = readOutcome(machine, full).data;
  machine.valuation = 'changed is false';
  let state = cloneState(machine.start);
  while (isEnabled(machine, state, 0)) {
    state = stepActor(machine, cloneState(state), 0)[0] ?? state;
    const crashed = crash(question, machine, state);
    const left = readOutcome(machine, crashed).data;
    if (left === before || left === after) continue;
    const operations = state.actors[0]?.next ?? 0;
    return {
      kind: 'witness',
      witness: tellCrash(machine, question, operations, crashed, full, classifyCrash(machine, question, crashed, full)),
    };
  }
  return { kind: 'safe' };
}

function crash(question: Question, machine: Parameters<typeof rollBackTransaction>[0], state: State): State {
  const crashed = cloneState(state);
  crashed.connections.forEach((connection, index) => {
    if (connection.open || index === 0) rollBackTransaction(machine, crashed, index);
  });
  return crashed;
}
