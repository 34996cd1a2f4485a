import type { LockAction, UnlockAction } from '../../model/effect.ts';
import type { EffectDraft } from '../../model/recognition.ts';
import type { Value } from '../../model/value.ts';
import { listArguments, lowerExpression } from './lower-expression.ts';
import { findNode, findText, listNodes, readVariant, walkExpressions, type SqlNode } from './sql-node.ts';
import { readIdentifier, readName, type SqlScope } from './sql-scope.ts';

/** PostgreSQL manual 9.28.10; the `_shared` forms exclude only exclusive ones, so they are not here. */
const lockFunctions: Readonly<Record<string, Pick<LockAction, 'scope' | 'attempt'>>> = {
  pg_advisory_lock: { scope: 'session', attempt: false },
  pg_advisory_xact_lock: { scope: 'transaction', attempt: false },
  pg_try_advisory_lock: { scope: 'session', attempt: true },
  pg_try_advisory_xact_lock: { scope: 'transaction', attempt: true },
};

/** LOCK TABLE modes that exclude themselves (PostgreSQL manual, table 13.2). */
const exclusiveModes = new Set(['ShareUpdateExclusive', 'ShareRowExclusive', 'Exclusive', 'AccessExclusive']);
/** Modes that every writer takes anyway. */
const ordinaryModes = new Set(['AccessShare', 'RowShare', 'RowExclusive']);

/**
 * @param projection what a SELECT lists
 * @returns the named locks that it takes or releases
 */
export function lowerLockCalls(projection: readonly SqlNode[], scope: SqlScope): readonly EffectDraft[] {
  const drafts: EffectDraft[] = [];
  for (const node of projection.flatMap((item) => [...walkExpressions(item)])) {
    const [kind, content] = readVariant(node);
    if (kind !== 'Function') continue;
    const name = readName(findNode(content, 'name'), scope).toLowerCase();
    const args = listArguments(content).map((argument) => lowerExpression(argument, scope));
    const key = makeKey(scope.dialect === 'mysql' ? args.slice(0, 1) : args);
    const known = lockFunctions[name];
    if (known !== undefined) drafts.push(makeLock(key, known.scope, known.attempt, name, scope));
    else if (name === 'get_lock') {
      // With a timeout of 0 it answers at once; else it waits, and a caller that gives up has lost the race already.
      const timeout = args[1];
      drafts.push(makeLock(key, 'session', timeout?.kind === 'constant' && timeout.value === 0, 'GET_LOCK', scope));
    } else if (name === 'release_lock' || name === 'pg_advisory_unlock') drafts.push(makeUnlock(key, name, scope));
    else if (/^(pg_.*advisory.*|release_all_locks)$/.test(name)) scope.report('SQL lock is not modelled', name);
  }
  return drafts;
}

/** `LOCK TABLE seats IN … MODE` (PostgreSQL), `LOCK TABLES seats WRITE` (MySQL). */
export function lowerTableLock(kind: string, content: SqlNode, scope: SqlScope): readonly EffectDraft[] {
  const mode = findText(content, 'lock_mode') ?? readVariant(findNode(content, 'lock_mode'))[0];
  if (kind === 'Lock' && ordinaryModes.has(mode)) return [];
  if (kind === 'Lock' && mode !== '' && !exclusiveModes.has(mode)) {
    scope.report('SQL lock is not modelled', `LOCK TABLE … ${mode}`);
    return [];
  }
  return listNodes(content, 'tables').flatMap((table) => {
    const name =
      kind === 'Lock' ? readName(findNode(table, 'name'), scope) : readIdentifier(findNode(table, 'table'), scope);
    if (kind === 'LockTables' && findNode(table, 'lock_type', 'Write') === undefined) return [];
    const key: Value = { kind: 'constant', value: `table ${name}` };
    return [makeLock(key, kind === 'Lock' ? 'transaction' : 'session', false, `LOCK TABLE ${name}`, scope)];
  });
}

function makeKey(args: readonly Value[]): Value {
  const [only] = args;
  return only !== undefined && args.length === 1 ? only : { kind: 'array', elements: args, complete: true };
}

function makeLock(
  key: Value,
  lockScope: LockAction['scope'],
  attempt: boolean,
  label: string,
  scope: SqlScope,
): EffectDraft {
  const action: LockAction = {
    kind: 'lock',
    resource: { kind: 'lock', store: scope.store, key },
    scope: lockScope,
    attempt,
  };
  return { action, answer: { kind: 'rows' }, label };
}

function makeUnlock(key: Value, label: string, scope: SqlScope): EffectDraft {
  const action: UnlockAction = { kind: 'unlock', resource: { kind: 'lock', store: scope.store, key } };
  return { action, answer: { kind: 'rows' }, label };
}
