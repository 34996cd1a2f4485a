import type { Operation } from '../model/program.ts';
import { describeFound } from './describe-step.ts';
import type { Fault } from './dialects/dialect.ts';
import { executeOperation, type Done } from './execute-operation.ts';
import type { Machine, Note } from './machine.ts';
import type { PlanOperation } from './plan.ts';
import { holdsCheck } from './predicates.ts';
import type { Work } from './scan.ts';
import { cloneState, replaceAt, setActor, type State } from './state.ts';
import { commitTransaction, failTransaction, rollBackTransaction } from './transactions.ts';

/** Whether the actor's next step can be tried. */
export function isEnabled(machine: Machine, state: State, index: number): boolean {
  const actor = state.actors[index];
  return actor !== undefined && actor.wait === undefined && actor.next < (machine.plans[index]?.operations.length ?? 0);
}

/**
 * Executes the next operation of one actor, and wakes whoever waited for what that released. Returns the states this
 * may lead to: one, or two where a deadlock may be resolved against either side.
 */
export function stepActor(machine: Machine, state: State, index: number): State[] {
  attempt(machine, state, index, false);
  const actor = state.actors[index];
  const other = 1 - index;
  if (actor?.wait && state.actors[other]?.wait) return resolveDeadlock(machine, state, index);
  wake(machine, state, other);
  return [state];
}

/** Lets a waiting actor try again; what it then releases may wake the first one. */
function wake(machine: Machine, state: State, index: number, unseen = -1): void {
  let who = index;
  for (let round = 0; round < 8; round += 1) {
    if (!state.actors[who]?.wait) return;
    attempt(machine, state, who, who !== unseen);
    if (state.actors[who]?.wait) return;
    who = 1 - who;
  }
}

/** @param closer who closed the cycle */
function resolveDeadlock(machine: Machine, state: State, closer: number): State[] {
  const waits = state.actors.map((actor) => actor.wait);
  // named locks may be outside the deadlock detector: then the other wait runs into its timeout (measured, S5p)
  const isUndetected = !machine.dialect.detectsNamedLocks && waits.some((wait) => wait?.kind === 'name');
  const fault: Fault = isUndetected ? 'lock timeout' : 'deadlock';
  // where cycles are seen at once nobody notices that the last one waited
  const unseen = machine.dialect.detectsAtOnce && !isUndetected ? closer : -1;
  if (unseen >= 0 && state.told) state.told = state.told.before;
  const victims = [0, 1].filter((index) => !isUndetected || waits[index]?.kind !== 'name');
  return (victims.length > 0 ? victims : [0, 1]).map((victim) => {
    const next = cloneState(state);
    failOperation(machine, next, victim, fault, victim !== unseen);
    wake(machine, next, 1 - victim, unseen);
    return next;
  });
}

function tell(machine: Machine, state: State, note: Note): void {
  if (machine.telling) state.told = { note, before: state.told };
}

function attempt(machine: Machine, state: State, index: number, resumed: boolean): void {
  const plan = machine.plans[index];
  const actor = state.actors[index];
  const operation = actor && plan?.operations[actor.next];
  if (!plan || !actor || !operation) return;
  if (!actor.statement && operation.when && !holdsCheck(machine, operation.when, actor.slots)) {
    skipOperation(machine, state, index, operation);
    return;
  }
  const connection = state.connections[operation.connection];
  if (!connection) return;
  const work: Work = {
    machine,
    state,
    actorIndex: index,
    actor,
    connectionIndex: operation.connection,
    connection,
    level: connection.level,
    dialect: machine.dialect,
    slots: actor.slots,
  };
  if (operation.split && !actor.statement) {
    setActor(state, index, { statement: { snapshot: state.clock, position: -Infinity, taken: [], waited: false } });
    tell(machine, state, { actor: index, operation: actor.next, outcome: 'begins', waits: false, resumed: false });
    return;
  }
  const result = executeOperation(work, operation);
  switch (result.kind) {
    case 'wait': {
      if (!resumed)
        tell(machine, state, { actor: index, operation: actor.next, outcome: 'waits', waits: true, resumed: false });
      setActor(state, index, {
        wait: result.wait,
        statement: { snapshot: result.snapshot, position: result.position, taken: result.taken, waited: true },
      });
      return;
    }
    case 'fault':
      failOperation(machine, state, index, result.fault, resumed);
      return;
    case 'found':
    case 'done':
      finishOperation(machine, state, index, operation, result, resumed);
  }
}

function skipOperation(machine: Machine, state: State, index: number, operation: PlanOperation): void {
  const actor = state.actors[index];
  if (!actor) return;
  const stops = operation.source.otherwise === 'stop';
  tell(machine, state, {
    actor: index,
    operation: actor.next,
    outcome: stops ? 'stops here' : 'skipped',
    waits: false,
    resumed: false,
  });
  if (stops) endActor(machine, state, index, 'refused', undefined);
  else advance(machine, state, index, false);
}

/** On to the next operation. */
function advance(machine: Machine, state: State, index: number, yielded: boolean): void {
  const actor = state.actors[index];
  if (!actor) return;
  actor.next += 1;
  actor.statement = undefined;
  actor.wait = undefined;
  if (yielded) actor.yielded = true;
  settleEnd(machine, state, index);
}

/** After its last operation an actor's connection is clean: nothing is left open. */
function settleEnd(machine: Machine, state: State, index: number): void {
  const plan = machine.plans[index];
  const actor = state.actors[index];
  if (!plan || !actor) return;
  let next = actor.next;
  if (actor.status === 'failed' || actor.status === 'refused') {
    // what stands in a `finally` still runs
    while (next < plan.operations.length && plan.operations[next]?.action.kind !== 'unlock') next += 1;
    if (next !== actor.next) setActor(state, index, { next });
  }
  if (next < plan.operations.length) return;
  if (actor.status === 'running') setActor(state, index, { status: 'finished' });
  if (state.connections[index]?.open) rollBackTransaction(machine, state, index);
  const kept = state.locks.filter((lock) => lock.kind !== 'name' || lock.owner !== index);
  if (kept.length !== state.locks.length) state.locks = kept;
}

/** Ends the request before its last operation: a refusal of its own, or an error nobody caught. */
function endActor(
  machine: Machine,
  state: State,
  index: number,
  status: 'refused' | 'failed',
  failure: string | undefined,
): void {
  const actor = state.actors[index];
  const operation = actor && machine.plans[index]?.operations[actor.next];
  if (!actor || !operation) return;
  if (actor.began >= 0 && state.connections[actor.began]?.open) rollBackTransaction(machine, state, actor.began);
  else if (state.connections[index]?.open) rollBackTransaction(machine, state, index);
  setActor(state, index, {
    status,
    failure,
    began: -1,
    next: actor.next + 1,
    statement: undefined,
    wait: undefined,
  });
  settleEnd(machine, state, index);
}

const caughtAs: Readonly<Record<Fault, readonly NonNullable<Operation['catches']>[number][]>> = {
  duplicate: ['duplicate'],
  serialization: ['conflict'],
  'stale snapshot': ['conflict', 'lock'],
  deadlock: ['conflict', 'lock'],
  'lock unavailable': ['lock'],
  'lock timeout': ['lock'],
  busy: ['conflict', 'lock'],
  check: [],
  'missing parent': [],
  'referenced parent': [],
  aborted: [],
  'nested transaction': [],
  'wrong type': [],
};

function failOperation(machine: Machine, state: State, index: number, fault: Fault, resumed: boolean): void {
  const actor = state.actors[index];
  const operation = actor && machine.plans[index]?.operations[actor.next];
  if (!actor || !operation) return;
  const { dialect } = machine;
  const code = dialect.codes[fault] ?? fault;
  tell(machine, state, { actor: index, operation: actor.next, outcome: `fails: ${code}`, waits: false, resumed });
  const at = operation.connection;
  const connection = state.connections[at];
  if (connection?.open) {
    if (dialect.endsTransaction.includes(fault)) rollBackTransaction(machine, state, at);
    else if (dialect.afterError === 'transaction is dead' && fault !== 'wrong type') failTransaction(state, at);
  } else {
    rollBackTransaction(machine, state, at);
  }
  setActor(state, index, { errors: [...actor.errors, code] });
  const { catches, onCaught } = operation.source;
  const isCaught = catches && (catches.includes('any') || caughtAs[fault].some((kind) => catches.includes(kind)));
  if (!isCaught) return endActor(machine, state, index, 'failed', code);
  if (onCaught === 'ends') return endActor(machine, state, index, 'refused', undefined);
  if (onCaught === 'answers') setActor(state, index, { excused: true });
  advance(machine, state, index, fault === 'duplicate');
}

function finishOperation(
  machine: Machine,
  state: State,
  index: number,
  operation: PlanOperation,
  result: Done,
  resumed: boolean,
): void {
  const { action, bind } = operation;
  if (result.kind === 'found' && isStatement(action.kind) && !state.connections[operation.connection]?.open) {
    commitTransaction(machine, state, operation.connection);
  }
  const actor = state.actors[index];
  if (!actor) return;
  let slots = actor.slots;
  if (result.kind === 'found') {
    if (bind.count !== undefined) slots = replaceAt(slots, bind.count, result.count);
    for (const [column, slot] of bind.columns) {
      slots = replaceAt(
        slots,
        slot,
        column >= 0 && result.first ? (result.first[column] ?? null) : (result.aggregate ?? null),
      );
    }
    tell(machine, state, {
      actor: index,
      operation: actor.next,
      outcome: describeFound(machine, operation, result),
      waits: false,
      resumed,
    });
  } else if (!result.local) {
    tell(machine, state, { actor: index, operation: actor.next, outcome: result.text ?? '', waits: false, resumed });
  }
  actor.slots = slots;
  advance(machine, state, index, result.kind === 'found' && result.yielded);
}

function isStatement(kind: PlanOperation['action']['kind']): boolean {
  return kind === 'read' || kind === 'insert' || kind === 'update' || kind === 'delete';
}
