import type { Program } from '../model/program.ts';
import type { Question } from './explore.ts';
import type { Machine, Note } from './machine.ts';
import { isSameOutcome, readOutcome } from './outcome.ts';
import { isSerializable, runSerialOrders } from './serial.ts';
import { makeMachine } from './start.ts';
import { cloneState } from './state.ts';
import { isEnabled, stepActor } from './step.ts';

/** Operations that hold a program together are always shown. */
const kept: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback', 'check', 'reply', 'lock', 'unlock', 'watch']);

/**
 * Operations of a witness that do not matter: without them the same schedule still ends in an outcome that no serial
 * order has. They are tried one after the other and left out together.
 *
 * @param notes the witness's steps
 * @returns actor and id, as `0 read`
 */
export function findElidable(machine: Machine, question: Question, notes: readonly Note[]): ReadonlySet<string> {
  const elided = new Set<string>();
  if (question.mode !== 'two requests' || notes.some((note) => note.outcome.startsWith('fails'))) return elided;
  const programs = [question.a, question.b] as const;
  const candidates = programs.flatMap((program, actor) =>
    program.operations.filter((operation) => !kept.has(operation.kind)).map((operation) => `${actor} ${operation.id}`),
  );
  for (const candidate of candidates) {
    if (isNeeded(programs[Number(candidate[0])] ?? question.a, candidate.slice(2))) continue;
    elided.add(candidate);
    if (!isStillViolated(machine, question, notes, elided)) elided.delete(candidate);
  }
  return elided;
}

/** What depends on an operation's answer cannot stay without it. */
function isNeeded(program: Program, id: string): boolean {
  const operation = program.operations.find((each) => each.id === id);
  const into = operation && 'into' in operation ? operation.into : undefined;
  return into !== undefined && JSON.stringify(program.operations).includes(`"read":${JSON.stringify(into)}`);
}

function isStillViolated(
  machine: Machine,
  question: Question,
  notes: readonly Note[],
  elided: ReadonlySet<string>,
): boolean {
  const without = (program: Program, actor: number): Program => {
    const operations = program.operations.filter((operation) => !elided.has(`${actor} ${operation.id}`));
    return { ...program, operations };
  };
  const a = without(question.a, 0);
  const b = without(question.b, 1);
  if (a.operations.length === 0 || b.operations.length === 0) return false;
  const smaller = makeMachine({
    programs: [a, b],
    world: question.world,
    dialect: question.dialect,
    overlap: true,
    glue: false,
  });
  smaller.valuation = machine.valuation === 'assume' ? 'changed is false' : machine.valuation;
  const serial = runSerialOrders(smaller);
  let state = cloneState(smaller.start);
  for (const note of notes) {
    if (note.resumed) continue;
    const id = machine.plans[note.actor]?.operations[note.operation]?.source.id ?? '';
    if (elided.has(`${note.actor} ${id}`)) continue;
    if (!isEnabled(smaller, state, note.actor)) return false;
    const next = stepActor(smaller, state, note.actor);
    if (next.length !== 1 || !next[0]) return false;
    state = next[0];
  }
  for (let guard = 0; guard < 40; guard += 1) {
    const index = [0, 1].find((who) => isEnabled(smaller, state, who));
    if (index === undefined) break;
    state = stepActor(smaller, state, index)[0] ?? state;
  }
  const outcome = readOutcome(smaller, state);
  if (outcome.stuck || outcome.actors.some((actor) => actor.status === 'failed')) return false;
  return (
    !serial.full.some((order) => isSameOutcome(outcome, order.outcome)) &&
    !isSerializable(outcome, serial, readOutcome(smaller, smaller.start))
  );
}
