import type { Client } from '../model/client.ts';
import type { BeginAction, Effect, EffectId } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Location } from '../model/location.ts';
import type { EffectDraft } from '../model/recognition.ts';
import type { Step } from '../model/trace.ts';
import type { Run } from './run.ts';
import { limits, report } from './run.ts';

/** Adds one effect to the trace, with the circumstances that hold now. */
export function emit(run: Run, draft: EffectDraft, through: Client, location: Location): EffectId {
  const id = `e${String(++run.nextEffect)}`;
  const client = draft.client ?? through;
  const effect: Effect = { ...draft.action, id, location, client, answer: draft.answer, label: draft.label };
  if (run.silent) return id;
  if (run.steps.length >= limits.steps) {
    report(run, 'budget', 'more effects than one trace holds', location);
    return id;
  }
  if (effect.kind === 'begin') {
    const open = run.transactions.get(client.connection);
    // SET TRANSACTION before or after BEGIN: one transaction, with the level that one of the two names
    if (open !== undefined && refineTransaction(run, open, effect.isolation)) return open;
    run.transactions.set(client.connection, id);
  }
  const transaction = findTransaction(run, client);
  const onError = run.handlers.at(-1);
  const innermost = run.parallel.at(-1);
  const step: Step = {
    effect,
    // that a loop over something was entered says nothing that the step's `loops` don't
    guards: run.guards.filter(({ condition }) => condition.kind !== 'apply' || condition.operator !== 'loop'),
    calls: [...run.calls],
    loops: [...run.loops],
    locks: [...run.locks.keys()],
    ...(transaction === undefined ? {} : { transaction }),
    ...(innermost === undefined ? {} : { parallel: innermost, around: run.parallel.slice(0, -1) }),
    ...(onError === undefined ? {} : { onError }),
  };
  if (run.reading.kind === 'sketch') run.reading.marks.push({ kind: 'step', index: run.steps.length });
  run.steps.push(step);
  switch (effect.kind) {
    case 'commit':
    case 'rollback':
      run.transactions.delete(client.connection);
      for (const lock of run.locks.keys()) {
        const held = run.steps.find((candidate) => candidate.effect.id === lock);
        if (held?.effect.kind === 'lock' && held.effect.scope === 'transaction' && held.transaction === transaction) {
          run.locks.delete(lock);
        }
      }
      break;
    case 'lock':
      if (effect.resource.kind === 'lock') run.locks.set(id, effect.resource.key);
      break;
    case 'unlock':
      for (const [lock, key] of run.locks) {
        if (effect.resource.kind === 'lock' && isSameValue(key, effect.resource.key)) run.locks.delete(lock);
      }
      break;
    default:
      break;
  }
  return id;
}

/** The open transaction that a call of the client belongs to. */
export function findTransaction(run: Run, client: Client): EffectId | undefined {
  return run.transactions.get(client.connection) ?? (client.role === 'transaction' ? 'caller' : undefined);
}

/** Gives an open transaction that has done nothing yet an isolation level. */
function refineTransaction(run: Run, open: EffectId, isolation: BeginAction['isolation']): boolean {
  const at = run.steps.findIndex((step) => step.effect.id === open);
  const step = run.steps[at];
  if (step?.effect.kind !== 'begin' || run.steps.some((other) => other.transaction === open && other !== step))
    return false;
  if (isolation !== undefined) run.steps[at] = { ...step, effect: { ...step.effect, isolation } };
  return true;
}
