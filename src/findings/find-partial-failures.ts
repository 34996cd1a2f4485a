import type { Operation, Program } from '../model/program.ts';
import type { ParallelPosition, Step, Trace } from '../model/trace.ts';
import type { Witness } from '../model/witness.ts';
import { findDialect } from '../schedules/dialects/find-dialect.ts';
import { explore } from '../schedules/explore.ts';
import { bearsRepetition } from './bears-repetition.ts';
import { nameOf } from './lower-statement.ts';
import { tellsOfIt } from './tells-of-it.ts';

/** Operations started together that can't be rolled back together, and the crash that leaves some of them done. */
export interface PartialFailure {
  readonly steps: readonly Step[];
  readonly group: ParallelPosition;
  readonly witness: Witness;
  /** Names of the systems and tables touched, in order. */
  readonly systems: readonly string[];
}

/**
 * Promise.all (and kin) over lasting effects. Silent where one transaction holds them all, where each branch handles its
 * own error, where allSettled's results are looked at, where a handler around it undoes what happened, where changes of one
 * kind are started that nobody waits for and whose error is caught, and where the same call once more does the rest.
 */
export function findPartialFailures(trace: Trace): readonly PartialFailure[] {
  const groups = new Map<string, Member[]>();
  for (const step of trace.steps) {
    if (step.parallel === undefined) continue;
    for (const position of [...(step.around ?? []), step.parallel]) {
      const members = groups.get(position.group);
      if (members === undefined) groups.set(position.group, [{ step, position }]);
      else members.push({ step, position });
    }
  }
  return [...groups.values()].flatMap((members) => judgeGroup(trace, members) ?? []);
}

/** A step and where it stands in one Promise.all around it. */
interface Member {
  readonly step: Step;
  readonly position: ParallelPosition;
}

function judgeGroup(trace: Trace, members: readonly Member[]): PartialFailure | undefined {
  const group = members[0]?.position;
  if (group === undefined || (group.kind === 'allSettled' && group.inspected)) return undefined;
  const lastingMembers = members.filter(
    ({ step }) => isLasting(step) && !isHandledInside(step, group) && !isPartOfCall(step, members),
  );
  const lasting = lastingMembers.map(({ step }) => step);
  const firm = lastingMembers.filter(({ step }) => !isSend(step) && !tellsOfIt(step));
  const branches = new Set(firm.map(({ position }) => position.branch));
  const isMapped = firm.some(({ position }) => position.mapped);
  if (firm.length === 0 || (branches.size < 2 && !isMapped)) return undefined;
  const transactions = new Set(lasting.map((step) => step.transaction));
  if (transactions.size === 1 && !transactions.has(undefined)) return undefined;
  if (
    isCompensated(
      trace,
      members.map(({ step }) => step),
    )
  )
    return undefined;
  const systems = [...new Set(lasting.map((step) => describeSystem(step)))];
  if (group.detached === true && systems.length === 1) return undefined;
  // of one loop over rows of one table: the same call again does the rest, as after a `for` that stops half-way; so it does
  // of rows that are made where they are missing, whatever they are
  const isLoop = branches.size === 1 && systems.length === 1;
  if (lasting.every((step) => (isLoop || step.effect.kind === 'insert') && bearsRepetition(trace, step)))
    return undefined;
  const operations = lowerGroup(lastingMembers);
  const program: Program = { name: trace.root.name, operations };
  const verdict = explore({
    a: program,
    b: { name: 'nobody', operations: [] },
    mode: 'request and crash',
    world: { relations: [], keys: [] },
    dialect: findDialect(
      lasting.find((step) => step.effect.client.engine !== undefined)?.effect.client.engine ?? 'postgresql',
    ),
    hint: 'half applied',
  });
  if (verdict.kind !== 'witness') return undefined;
  return { steps: lasting, group, witness: verdict.witness, systems };
}

/** Something that stays when the request fails afterwards. */
function isLasting({ effect }: Pick<Step, 'effect'>): boolean {
  switch (effect.kind) {
    case 'insert':
    case 'update':
    case 'delete':
      return true;
    case 'external':
      return effect.action !== 'read';
    default:
      return false;
  }
}

/** The rows and links that one call changes together with its own row go with that row. */
function isPartOfCall({ effect }: Step, members: readonly Member[]): boolean {
  return (
    effect.resource.kind === 'table' &&
    members.some(
      ({ step: { effect: other } }) =>
        other !== effect &&
        isLasting({ effect: other }) &&
        other.resource.kind === 'table' &&
        other.location.file === effect.location.file &&
        other.location.range[0] === effect.location.range[0] &&
        nameOf(effect).startsWith(`${nameOf(other)}.`),
    )
  );
}

function isSend({ effect }: Step): boolean {
  return effect.kind === 'external' && effect.action === 'send';
}

/** Does the branch itself catch the error, inside the Promise.all, or look at what became of it? */
function isHandledInside({ onError, parallel, around = [] }: Step, { group, handler }: ParallelPosition): boolean {
  const positions = [...around, ...(parallel === undefined ? [] : [parallel])];
  const inner = positions.slice(positions.findIndex((position) => position.group === group) + 1);
  if (inner.some(({ kind, inspected }) => kind === 'allSettled' && inspected)) return true;
  if (onError === undefined || onError.then !== 'continues') return false;
  return (
    handler === undefined || handler.file !== onError.location.file || handler.range[0] !== onError.location.range[0]
  );
}

/** Is there, on the error path of the code around it, something that undoes? */
function isCompensated(trace: Trace, members: readonly Step[]): boolean {
  const last = members.at(-1);
  const from = last === undefined ? 0 : trace.steps.indexOf(last) + 1;
  return trace.steps
    .slice(from)
    .some(
      (step) =>
        isLasting(step) &&
        step.guards.some(
          (guard) => guard.holds && guard.condition.kind === 'apply' && guard.condition.operator === 'caught',
        ),
    );
}

function lowerGroup(members: readonly Member[]): readonly Operation[] {
  const operations: Operation[] = [];
  for (const { step, position } of members) {
    const { effect } = step;
    const copies = position.mapped ? ['first', 'second'] : [''];
    for (const copy of copies) {
      const id = copy === '' ? effect.id : `${effect.id}/${copy}`;
      const label = `${effect.kind === 'external' ? effect.label : `${effect.kind.toUpperCase()} ${nameOf(effect)}`}${copy === '' ? '' : ` (${copy} element)`}`;
      // no transaction of all takes a change back: it has happened, as a mail has been sent
      operations.push({
        id,
        label,
        kind: 'effect',
        name: label,
        key: { kind: 'symbol', name: id },
        deduplicated: false,
      });
    }
  }
  return operations;
}

/** The system that a step changes, in a few words: a remote one and its part, or `table User`. */
export function describeSystem({ effect }: Step): string {
  const { resource } = effect;
  return resource.kind === 'external' ? `${resource.store} ${resource.name}` : `table ${nameOf(effect)}`;
}
