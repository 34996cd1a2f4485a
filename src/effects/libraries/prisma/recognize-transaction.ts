import type { Client } from '../../../model/client.ts';
import type { IsolationLevel } from '../../../model/engine.ts';
import type { Recognition } from '../../../model/recognition.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import type { RecognizeContext } from '../../adapter.ts';
import { findEntry } from '../../find-entry.ts';
import { findNamespaceSteps } from './prisma-namespace.ts';

/**
 * `Prisma.TransactionIsolationLevel`. READ UNCOMMITTED reads at least what READ COMMITTED does; PostgreSQL makes no
 * difference (manual, 13.2). https://www.prisma.io/docs/orm/prisma-client/queries/transactions#transaction-isolation-level
 */
const isolationLevels: Readonly<Record<string, IsolationLevel>> = {
  ReadUncommitted: 'read committed',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Snapshot: 'snapshot isolation',
  Serializable: 'serializable',
};

/** `$transaction(async (tx) => …, options)` or `$transaction([…], options)`. */
export function recognizeTransaction(client: Client, step: ChainStep, context: RecognizeContext): Recognition {
  const [work, options] = step.args ?? [];
  const level = findEntry(options, 'isolationLevel');
  const isolation = level === undefined ? undefined : findIsolation(level);
  if (level !== undefined && isolation === undefined) {
    return { kind: 'unsupported', reason: 'isolation level is computed', detail: 'prisma.$transaction' };
  }
  const shared = { label: 'prisma.$transaction', ...(isolation === undefined ? {} : { isolation }) };
  switch (work?.kind) {
    case 'function': {
      // Prisma 7 nests with a savepoint: the same transaction goes on.
      const connection = client.connection === 'pool' ? context.newConnection() : client.connection;
      return {
        kind: 'transaction',
        callback: work,
        handle: { ...client, role: 'transaction', connection },
        handleAt: 0,
        ...shared,
      };
    }
    case 'array':
      return { kind: 'batch', items: work.elements, ...shared };
    default:
      return { kind: 'unsupported', reason: 'transaction argument is computed', detail: 'prisma.$transaction' };
  }
}

function findIsolation(level: Value): IsolationLevel | undefined {
  if (level.kind === 'constant') return isolationLevels[String(level.value)];
  const [namespace, name] = findNamespaceSteps(level) ?? [];
  return namespace?.name === 'TransactionIsolationLevel' && name ? isolationLevels[name.name] : undefined;
}
