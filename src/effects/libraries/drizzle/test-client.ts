import type { Value } from '../../../model/value.ts';
import { findExportSteps, normalizeExport } from '../../find-export-steps.ts';

/**
 * Is a client a transaction? `is(db, PgTransaction)`, `db instanceof PgTransaction`. A transaction is a database as
 * well, so that nothing is said of the other classes. Where the declared type allows both, the client counts as a
 * database: what comes next then begins a transaction, and the other way already is in one.
 */
export function testDrizzleClient(condition: Value): boolean | undefined {
  const [client, type] = readOperands(condition);
  if (client?.kind !== 'chain' || client.root.kind !== 'client' || client.steps.length > 0) return undefined;
  if (client.root.client.library !== 'drizzle' || type?.kind !== 'chain') return undefined;
  const name = normalizeExport(type);
  return name?.steps.length === 0 && name.package.startsWith('drizzle-orm') && name.name.endsWith('Transaction')
    ? client.root.client.role === 'transaction'
    : undefined;
}

function readOperands(condition: Value): readonly Value[] {
  if (condition.kind === 'apply') return condition.operator === 'instanceof' ? condition.operands : [];
  if (condition.kind !== 'chain' || condition.root.kind !== 'export') return [];
  if (!condition.root.package.startsWith('drizzle-orm')) return [];
  const [call, ...rest] = findExportSteps(condition, 'is') ?? [];
  return call?.name === '()' && rest.length === 0 ? (call.args ?? []) : [];
}
