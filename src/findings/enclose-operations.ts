import type { IsolationLevel } from '../model/engine.ts';
import type { Operation } from '../model/program.ts';
import type { Step, Trace } from '../model/trace.ts';
import { holdsRow } from './holds-row.ts';
import type { Candidate } from './find-candidates.ts';
import { nameOf } from './lower-statement.ts';
import { createSlice, lowerTerm } from './lower-value.ts';

/** Puts transactions and locks around the operations of a question: the read, its checks, the act, what follows it. */
export function encloseOperations(
  trace: Trace,
  candidate: Candidate,
  defaultIsolation: IsolationLevel,
  checks: readonly Operation[],
  operations: readonly Operation[],
): readonly Operation[] {
  const [read, write, ...rest] = operations;
  if (read === undefined || write === undefined) return operations;
  const { check, act } = candidate;
  const before: Operation[] = [];
  const after: Operation[] = [];
  const isTogether = check.transaction !== undefined && check.transaction === act.transaction;
  const events = trace.steps.filter((step) => isRelevantEvent(trace, step, candidate));
  for (const step of events) {
    const { effect } = step;
    if (effect.kind === 'lock' && effect.resource.kind === 'lock') {
      before.push({
        id: effect.id,
        label: effect.label,
        kind: 'lock',
        name: lowerTerm(effect.resource.key, createSlice([])),
        scope: effect.scope === 'transaction' ? 'transaction' : 'session',
        attempt: effect.attempt,
        into: effect.id,
      });
      if (effect.scope !== 'transaction')
        after.push({
          id: `${effect.id}/unlock`,
          label: 'release',
          kind: 'unlock',
          name: lowerTerm(effect.resource.key, createSlice([])),
        });
    }
    if (effect.kind === 'read' && effect.mode !== 'plain') {
      before.push({
        id: effect.id,
        label: `SELECT ${nameOf(effect)} FOR UPDATE`,
        kind: 'read',
        relation: nameOf(effect),
        where: [],
        mode: effect.mode,
        into: effect.id,
      });
    }
    // what it sets is beside the point: the row stays locked until the transaction ends
    if (effect.kind === 'update' || effect.kind === 'insert') {
      before.push({
        id: effect.id,
        label: `${effect.kind === 'update' ? 'UPDATE' : 'UPSERT'} ${nameOf(effect)}`,
        kind: 'update',
        relation: nameOf(effect),
        where: [],
        set: {},
        into: effect.id,
      });
    }
    if (effect.kind === 'begin') before.push(beginOperation(effect.id, effect.isolation ?? defaultIsolation));
  }
  if (isTogether && check.transaction === 'caller') before.unshift(beginOperation('caller', defaultIsolation));
  if (!isTogether)
    return [...before.filter((operation) => operation.kind !== 'begin'), read, ...checks, write, ...rest, ...after];
  const inside = rest.filter((operation) =>
    trace.steps.some((step) => step.effect.id === operation.id && step.transaction === act.transaction),
  );
  const outside = rest.filter((operation) => !inside.includes(operation));
  return [
    ...before,
    read,
    ...checks,
    write,
    ...inside,
    { id: `${check.transaction ?? ''}/commit`, label: 'COMMIT', kind: 'commit' },
    ...outside,
    ...after,
  ];
}

function beginOperation(id: string, isolation: IsolationLevel): Operation {
  return { id, label: 'BEGIN', kind: 'begin', isolation };
}

/**
 * The beginning of their common transaction, the locks that both hold, and rows that the same transaction has locked, by
 * a locking read, or by an earlier UPDATE or upsert.
 */
function isRelevantEvent(trace: Trace, step: Step, candidate: Candidate): boolean {
  const { check, act } = candidate;
  const { effect } = step;
  if (effect.kind === 'begin') return effect.id === check.transaction && check.transaction === act.transaction;
  if (effect.kind === 'lock') return check.locks.includes(effect.id) && act.locks.includes(effect.id);
  if (
    step === check ||
    step.transaction === undefined ||
    step.transaction !== act.transaction ||
    step.transaction !== check.transaction
  )
    return false;
  return (
    (effect.kind === 'read' && effect.mode !== 'plain' && effect.within === undefined) ||
    holdsRow(trace, step, candidate)
  );
}
