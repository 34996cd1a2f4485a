import type { Machine } from './machine.ts';
import { cloneState, type State } from './state.ts';
import { isEnabled, stepActor } from './step.ts';

/** Whether an actor's next operation is one that nobody else can notice. */
export function isNextLocal(machine: Machine, state: State, index: number): boolean {
  const actor = state.actors[index];
  const operation = actor && machine.plans[index]?.operations[actor.next];
  return operation?.local === true;
}

/** One move: an actor's next operation, and after it all that nobody else can notice. */
export function moveActor(machine: Machine, state: State, index: number): State[] {
  const result: State[] = [];
  const open: State[] = [];
  for (let begun = cloneState(state); ;) {
    const local = isNextLocal(machine, begun, index);
    const states = stepActor(machine, begun, index);
    if (local && states.length === 1 && states[0] && isEnabled(machine, states[0], index)) {
      begun = states[0];
      continue;
    }
    open.push(...states);
    break;
  }
  for (let state0 = open.pop(); state0; state0 = open.pop()) {
    const waiting = [0, 1].find(
      (who) =>
        isEnabled(machine, state0 as State, who) &&
        isNextLocal(machine, state0 as State, who) &&
        hasBegun(state0 as State, who),
    );
    if (waiting === undefined) result.push(state0);
    else open.push(...stepActor(machine, state0, waiting));
  }
  return result;
}

function hasBegun(state: State, index: number): boolean {
  return (state.actors[index]?.next ?? 0) > 0;
}

/** Runs actors one after the other, each to its end. */
export function runSerially(machine: Machine, order: readonly number[], from: State = machine.start): State {
  let state = cloneState(from);
  for (const index of order) {
    for (let guard = 0; guard < 1000 && isEnabled(machine, state, index); guard += 1)
      state = stepActor(machine, state, index)[0] ?? state;
  }
  return state;
}
