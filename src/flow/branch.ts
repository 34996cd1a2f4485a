import type { EffectId } from '../model/effect.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { BranchLog } from './branch-log.ts';
import type { BranchChanges } from './branch-log.ts';
import type { Guard } from '../model/trace.ts';
import type { Run } from './run.ts';
import { apply, choose, negate } from './values.ts';

/** How a branch always leaves, and whether the caller is told so. */
export interface BranchExit {
  readonly exit: NonNullable<Guard['exit']>;
  readonly refuses: boolean;
}

/** What a branch leaves behind. */
interface BranchEnd<Result> {
  readonly result: Result | undefined;
  readonly changes: BranchChanges;
  readonly held: Held;
  /** Guards that hold after the branch because other paths inside it left the function. */
  readonly exits: readonly Guard[];
}

/** Transactions and locks that are open. A branch that rolls back and leaves has ended nothing for what comes after. */
interface Held {
  readonly transactions: ReadonlyMap<string, EffectId>;
  readonly locks: ReadonlyMap<EffectId, Value>;
}

/**
 * Runs two alternatives from the same state and joins what they did to variables. A missing alternative does nothing.
 *
 * @param ends tells for a result whether its branch always leaves, and how; a branch that leaves contributes no values,
 *   and from there on the condition is known to be the opposite
 */
export function runBranches<Result>(
  run: Run,
  condition: Value,
  location: Location,
  branches: readonly [(() => Result) | undefined, (() => Result) | undefined],
  ends: (result: Result) => BranchExit | undefined = () => undefined,
): readonly [Result | undefined, Result | undefined] {
  const then = runBranch(run, { condition, holds: true, location }, branches[0]);
  const otherwise = runBranch(run, { condition, holds: false, location }, branches[1]);
  const thenExit = then.result === undefined ? undefined : ends(then.result);
  const otherwiseExit = otherwise.result === undefined ? undefined : ends(otherwise.result);

  if (thenExit !== undefined && otherwiseExit === undefined) {
    applyChanges(run, otherwise.changes);
    hold(run, otherwise.held);
    run.guards = [...run.guards, { condition, holds: false, location, ...thenExit }, ...otherwise.exits];
  } else if (otherwiseExit !== undefined && thenExit === undefined) {
    applyChanges(run, then.changes);
    hold(run, then.held);
    run.guards = [...run.guards, { condition, holds: true, location, ...otherwiseExit }, ...then.exits];
  } else if (thenExit === undefined) {
    joinChanges(run, condition, then.changes, otherwise.changes);
    hold(run, {
      transactions: keepCommon(then.held.transactions, otherwise.held.transactions),
      locks: keepCommon(then.held.locks, otherwise.held.locks),
    });
    run.guards = [
      ...run.guards,
      ...then.exits.map((exit) => weaken(exit, condition)),
      ...otherwise.exits.map((exit) => weaken(exit, negate(condition))),
    ];
  }
  return [then.result, otherwise.result];
}

function runBranch<Result>(run: Run, guard: Guard, branch: (() => Result) | undefined): BranchEnd<Result> {
  const before = readHeld(run);
  if (branch === undefined) return { result: undefined, changes: [], held: before, exits: [] };
  const guards = run.guards;
  const log = new BranchLog();
  run.logs.push(log);
  run.guards = [...guards, guard];
  try {
    const result = branch();
    return {
      result,
      changes: log.undo(),
      held: readHeld(run),
      exits: run.guards.slice(guards.length + 1).filter((exit) => exit.exit !== undefined),
    };
  } finally {
    run.logs.pop();
    run.guards = guards;
    hold(run, before);
  }
}

const nothingHeld: Held = { transactions: new Map(), locks: new Map() };

function readHeld(run: Run): Held {
  if (run.transactions.size === 0 && run.locks.size === 0) return nothingHeld;
  return { transactions: new Map(run.transactions), locks: new Map(run.locks) };
}

function hold(run: Run, held: Held): void {
  replaceAll(run.transactions, held.transactions);
  replaceAll(run.locks, held.locks);
}

/** Nearly always both are empty, and even to clear an empty map makes a new table. */
function replaceAll<Key, Item>(map: Map<Key, Item>, items: ReadonlyMap<Key, Item>): void {
  if (map.size > 0) map.clear();
  if (items.size > 0) for (const [key, item] of items) map.set(key, item);
}

/** What is open on both ways. */
function keepCommon<Key, Item>(a: ReadonlyMap<Key, Item>, b: ReadonlyMap<Key, Item>): ReadonlyMap<Key, Item> {
  if (a.size === 0) return a;
  return new Map([...a].filter(([key, item]) => b.get(key) === item));
}

/** An exit inside a branch says something about later code only where the branch was entered. */
function weaken(exit: Guard, condition: Value): Guard {
  const left = exit.holds ? negate(exit.condition) : exit.condition;
  return { ...exit, condition: apply('&&', [condition, left]), holds: false };
}

function applyChanges(run: Run, changes: BranchChanges): void {
  for (const { scope, name, before, after } of changes) {
    run.logs.at(-1)?.record(scope, name, before);
    scope.declare(name, after);
  }
}

function joinChanges(run: Run, condition: Value, then: BranchChanges, otherwise: BranchChanges): void {
  for (const change of then) {
    const other = otherwise.find((candidate) => candidate.scope === change.scope && candidate.name === change.name);
    const alternative = other?.after ?? change.before;
    run.logs.at(-1)?.record(change.scope, change.name, change.before);
    change.scope.declare(
      change.name,
      alternative === undefined ? change.after : choose(condition, change.after, alternative),
    );
  }
  for (const change of otherwise) {
    if (then.some((candidate) => candidate.scope === change.scope && candidate.name === change.name)) continue;
    run.logs.at(-1)?.record(change.scope, change.name, change.before);
    const { before } = change;
    change.scope.declare(change.name, before === undefined ? change.after : choose(condition, before, change.after));
  }
}
