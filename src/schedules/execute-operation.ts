import { findCommitBlocker } from './file-lock.ts';
import { describeReply } from './describe-step.ts';
import { runCommand } from './key-values.ts';
import { findNameBlocker, releaseName } from './locks.ts';
import type { PlanOperation } from './plan.ts';
import { evaluateCode } from './predicates.ts';
import { makeFault, makeWait, type Stop, type Work } from './scan.ts';
import { replaceAt, setActor, setConnection } from './state.ts';
import {
  breakWatch,
  findDoom,
  runDelete,
  runInsert,
  runRead,
  runUpdate,
  takeSnapshotForCall,
  type Found,
} from './statements.ts';
import { commitTransaction, rollBackTransaction } from './transactions.ts';
import type { Value } from './values.ts';

/** What an operation that did not stop did: rows for a statement, words for the rest. */
export type Done = Found | { readonly kind: 'done'; readonly text?: string; readonly local?: boolean };

const done: Done = { kind: 'done' };

/**
 * Executes one operation as far as the engine lets it.
 *
 * @returns what it found or did, or why it could not end
 */
export function executeOperation(work: Work, operation: PlanOperation): Done | Stop {
  const { state, connectionIndex, connection, machine, actorIndex } = work;
  const { action } = operation;
  switch (action.kind) {
    case 'begin': {
      if (connection.open) {
        if (work.dialect.nestedBegin === 'fails') return makeFault('nested transaction');
        setActor(state, actorIndex, { began: connectionIndex });
        if (work.dialect.nestedBegin === 'warns') return { kind: 'done', text: 'joins the open transaction' };
        commitTransaction(machine, state, connectionIndex);
      }
      if (action.level.writesAtBegin) {
        const on = state.connections.findIndex((other, at) => at !== connectionIndex && other.writing);
        if (on >= 0) return makeWait(on, state.clock, 'file');
      }
      const atBegin = action.level.snapshotAt === 'begin';
      setConnection(state, connectionIndex, {
        open: true,
        level: action.level,
        snapshot: atBegin ? state.clock : -1,
        writing: action.level.writesAtBegin,
        failed: false,
      });
      setActor(state, actorIndex, { began: connectionIndex });
      return done;
    }
    case 'commit': {
      if (!connection.open) {
        setActor(state, actorIndex, { began: -1 });
        return done;
      }
      const doom = connection.failed ? undefined : findDoom(work);
      if (doom) return doom;
      const on = findCommitBlocker(state, connectionIndex, work.dialect.readersBlockCommit);
      if (on >= 0) {
        setConnection(state, connectionIndex, { committing: true });
        return makeWait(on, state.clock, 'file');
      }
      const text = connection.failed ? 'rolls back without an error' : '';
      commitTransaction(machine, state, connectionIndex);
      setActor(state, actorIndex, { began: -1 });
      return { kind: 'done', text };
    }
    case 'rollback':
      rollBackTransaction(machine, state, connectionIndex);
      setActor(state, actorIndex, { began: -1 });
      return done;
    case 'read':
    case 'insert':
    case 'update':
    case 'delete': {
      if (connection.failed) return makeFault('aborted');
      const doom = findDoom(work);
      if (doom) return doom;
      const found =
        action.kind === 'read'
          ? runRead(work, action)
          : action.kind === 'insert'
            ? runInsert(work, action)
            : action.kind === 'update'
              ? runUpdate(work, action)
              : runDelete(work, action);
      if (found.kind !== 'found') return found;
      if (!state.connections[connectionIndex]?.open) {
        const on = findCommitBlocker(state, connectionIndex, work.dialect.readersBlockCommit);
        if (on >= 0) return holdStatement(work, on);
      }
      return findDoom(work) ?? found;
    }
    case 'lock': {
      if (connection.failed) return makeFault('aborted');
      const name = evaluateCode(action.name, work.slots);
      takeSnapshotForCall(work);
      const on = findNameBlocker(state, name, connectionIndex);
      if (on >= 0) return action.attempt ? tellFound(0) : makeWait(on, state.clock, 'name');
      if (action.scope === 'session' || connection.open) {
        state.locks = [
          ...state.locks,
          { kind: 'name', name, owner: connectionIndex, session: action.scope === 'session' },
        ];
      }
      return tellFound(1);
    }
    case 'unlock':
      return tellFound(releaseName(state, connectionIndex, evaluateCode(action.name, work.slots)) ? 1 : 0);
    case 'commands': {
      if (action.block && breakWatch(work)) return tellFound(0);
      let last: Value = null;
      let count = 0;
      let fields: ReadonlyMap<Value, Value> | undefined;
      for (const command of action.commands) {
        const reply = runCommand(state, command, work.slots);
        if (reply.fails && !action.block) return makeFault('wrong type');
        last = reply.value;
        count = reply.count;
        fields = reply.fields;
      }
      if (action.block) count = action.commands.length;
      const slots = bindReply(operation, work.actor.slots, last, count, fields);
      setActor(state, actorIndex, { slots });
      return { kind: 'done', text: describeReply(action.commands.at(-1), last, count) };
    }
    case 'watch': {
      const key = evaluateCode(action.key, work.slots);
      setConnection(state, connectionIndex, { watched: [...connection.watched.filter((other) => other !== key), key] });
      return done;
    }
    case 'unwatch':
      breakWatch(work);
      return done;
    case 'effect': {
      const text = `${action.name}(${String(evaluateCode(action.key, work.slots))})`;
      if (!(action.deduplicated && state.effects.includes(text))) state.effects = [...state.effects, text].sort();
      return done;
    }
    case 'reply':
      setActor(state, actorIndex, {
        replies: [...work.actor.replies, ...action.terms.map((term) => evaluateCode(term, work.slots))],
      });
      return { kind: 'done', local: true };
    case 'check':
      return { kind: 'done', text: 'goes on' };
  }
}

function tellFound(count: number): Found {
  return { kind: 'found', count, first: undefined, aggregate: count, yielded: false };
}

/** An autocommit write with a rollback journal cannot commit while somebody reads: it waits, its change undone. */
function holdStatement(work: Work, on: number): Stop {
  rollBackTransaction(work.machine, work.state, work.connectionIndex);
  return makeWait(on, work.state.clock, 'file');
}

function bindReply(
  operation: PlanOperation,
  slots: readonly Value[],
  value: Value,
  count: number,
  fields: ReadonlyMap<Value, Value> | undefined,
): readonly Value[] {
  let bound = slots;
  if (operation.bind.count !== undefined) bound = replaceAt(bound, operation.bind.count, count);
  for (const [, slot, name] of operation.bind.columns) {
    const field = fields ? (fields.get(`'${name}`) ?? fields.get(Number(name))) : undefined;
    bound = replaceAt(bound, slot, field ?? value);
  }
  return bound;
}
