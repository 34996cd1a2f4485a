import type { Client } from '../../../model/client.ts';
import type { IsolationLevel } from '../../../model/engine.ts';
import type { Recognition } from '../../../model/recognition.ts';
import type { ChainStep } from '../../../model/value.ts';
import type { RecognizeContext } from '../../adapter.ts';
import { findEntry } from '../../find-entry.ts';

/**
 * `isolationLevel` of PostgreSQL and MySQL, `behavior` of SQLite (an exclusive transaction differs from an immediate one
 * only for readers without WAL: https://sqlite.org/lang_transaction.html). https://orm.drizzle.team/docs/transactions
 */
const levels: Readonly<Record<string, IsolationLevel>> = {
  'read uncommitted': 'read committed',
  'read committed': 'read committed',
  'repeatable read': 'repeatable read',
  serializable: 'serializable',
  deferred: 'deferred',
  immediate: 'immediate',
  exclusive: 'immediate',
};

/** `db.transaction(async (tx) => …, config)`; nested it is a savepoint of the same transaction. */
export function recognizeTransaction(client: Client, step: ChainStep, context: RecognizeContext): Recognition {
  const label = 'drizzle.transaction';
  const [callback, config] = step.args ?? [];
  if (callback?.kind !== 'function')
    return { kind: 'unsupported', reason: 'transaction argument is computed', detail: label };
  const level = findEntry(config, 'isolationLevel') ?? findEntry(config, 'behavior');
  const isolation = level?.kind === 'constant' ? levels[String(level.value)] : undefined;
  if (level !== undefined && isolation === undefined)
    return { kind: 'unsupported', reason: 'isolation level is computed', detail: label };
  const connection = client.connection === 'pool' ? context.newConnection() : client.connection;
  return {
    kind: 'transaction',
    callback,
    handle: { ...client, role: 'transaction', connection },
    handleAt: 0,
    label,
    ...(isolation === undefined ? {} : { isolation }),
  };
}
