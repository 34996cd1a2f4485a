import type { IsolationLevel } from '../model/engine.ts';
import type { Operation, Program, Relation, Term, World } from '../model/program.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Witness } from '../model/witness.ts';
import { findDialect } from '../schedules/dialects/find-dialect.ts';
import { explore } from '../schedules/explore.ts';
import type { ActEffect } from './find-candidates.ts';
import { defaultIsolation } from './ask-engines.ts';
import type { JudgeContext } from './ask-engines.ts';
import { lowerAct, nameOf } from './lower-statement.ts';
import { createSlice } from './lower-value.ts';

/** A transaction whose statements go through a handle that other requests use at the same time. */
export interface SharedTransaction {
  /** `pool`: each statement takes any connection of a pool. `connection`: all requests have one connection. */
  readonly through: 'pool' | 'connection';
  readonly begin: Step;
  readonly writes: readonly WriteStep[];
  /** Everything after BEGIN, COMMIT too. */
  readonly inside: readonly Step[];
  readonly commit: Step;
  readonly rollback: Step;
  readonly witness: Witness;
  readonly assumptions: readonly string[];
}

type WriteStep = Step & { readonly effect: ActEffect };

/**
 * BEGIN, changes and COMMIT that are sent one by one through a pool, or through one connection that all requests share:
 * then the ROLLBACK of one request ends the transaction of another. Both requests may get one connection of a pool, since
 * a pool hands out the connection that came back last.
 *
 * Silent on connections of the request's own, on scripts that are one message, where nothing rolls back, and under a lock
 * around the whole.
 */
export function findSharedTransactions(trace: Trace, context: JudgeContext): readonly SharedTransaction[] {
  if (trace.root.bound !== 'unbounded') return [];
  return trace.steps.flatMap((step) =>
    step.effect.kind === 'begin' ? (judgeTransaction(trace, step, context) ?? []) : [],
  );
}

function judgeTransaction(trace: Trace, begin: Step, context: JudgeContext): SharedTransaction | undefined {
  const { client, id, location } = begin.effect;
  const through = client.shared;
  if (through === undefined || begin.locks.length > 0) return undefined;
  const inside = trace.steps.filter((step) => step.transaction === id && step !== begin);
  const commit = inside.find((step) => step.effect.kind === 'commit');
  const rollback = trace.steps
    .slice(trace.steps.indexOf(begin))
    .find(
      (step) =>
        step.effect.kind === 'rollback' &&
        step.effect.client.connection === client.connection &&
        step.effect.location.range[0] !== location.range[0],
    );
  const writes = inside.filter(isWrite);
  if (commit === undefined || rollback === undefined || writes.length === 0) return undefined;
  // a text of several statements is one message, on one connection
  if (commit.effect.location.range[0] === location.range[0] && commit.effect.location.file === location.file)
    return undefined;
  const witness = ask(trace, { begin, writes: writes.slice(0, 3), commit, rollback }, context);
  if (witness === undefined) return undefined;
  const assumptions = through === 'connection' ? ['one process runs several of these requests at a time'] : [];
  return { through, begin, writes, inside, commit, rollback, witness, assumptions };
}

function isWrite(step: Step): step is WriteStep {
  return step.effect.kind === 'insert' || step.effect.kind === 'update' || step.effect.kind === 'delete';
}

/** A begins and rolls back, as any request does that fails; B does its work. Both on one connection. */
function ask(
  trace: Trace,
  { begin, writes, commit, rollback }: Pick<SharedTransaction, 'begin' | 'writes' | 'commit' | 'rollback'>,
  context: JudgeContext,
): Witness | undefined {
  const engine = begin.effect.client.engine ?? context.engine ?? 'postgresql';
  const isolation = readIsolation(begin) ?? context.isolation ?? defaultIsolation(engine);
  const connection = 'shared';
  const changes = writes.map((step) => lowerAct(step.effect, nameOf(step.effect), createSlice([]), (column) => column));
  const first: Operation = { id: begin.effect.id, label: 'BEGIN', kind: 'begin', isolation, connection };
  const failing: Program = {
    name: trace.root.name,
    operations: [first, { id: rollback.effect.id, label: 'ROLLBACK, after an error', kind: 'rollback', connection }],
  };
  const working: Program = {
    name: trace.root.name,
    operations: [
      first,
      ...changes.map((operation) => ({ ...operation, connection })),
      { id: commit.effect.id, label: 'COMMIT', kind: 'commit', connection },
    ],
  };
  const verdict = explore({
    a: failing,
    b: working,
    mode: 'two requests',
    world: chooseWorld(changes),
    dialect: findDialect(engine),
    hint: 'committed write lost',
  });
  return verdict.kind === 'witness' && verdict.witness.anomaly === 'committed write lost' ? verdict.witness : undefined;
}

function readIsolation({ effect }: Step): IsolationLevel | undefined {
  return effect.kind === 'begin' ? effect.isolation : undefined;
}

/** For every change of an existing row, that row. */
function chooseWorld(changes: readonly Operation[]): World {
  const rows = new Map<string, Record<string, Term>[]>();
  for (const change of changes) {
    if (change.kind !== 'insert' && change.kind !== 'update' && change.kind !== 'delete') continue;
    const own = rows.get(change.relation) ?? [];
    rows.set(change.relation, own);
    if (change.kind === 'insert') continue;
    const row: Record<string, Term> = {};
    if (change.kind === 'update')
      for (const column of Object.keys(change.set)) row[column] = { kind: 'symbol', name: `old ${column}` };
    for (const filter of change.where)
      if (filter.kind === 'compare' && filter.comparison === '=') row[filter.column] = filter.value;
    if (!own.some((other) => JSON.stringify(other) === JSON.stringify(row))) own.push(row);
  }
  return {
    relations: [...rows].map(([name, existing]): Relation => ({
      name,
      rows: existing,
      unique: [],
      checks: [],
      foreignKeys: [],
      surrogate: [],
      indexed: [],
    })),
    keys: [],
  };
}
