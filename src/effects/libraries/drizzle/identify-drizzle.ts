import type { Client } from '../../../model/client.ts';
import type { ChainValue } from '../../../model/value.ts';
import { normalizeExport } from '../../find-export-steps.ts';
import { findDriver, findDriverName } from './drivers.ts';

/**
 * The client that a chain is: `drizzle(…)` of a driver, `withReplicas(primary, …)`, or something declared to be of one
 * of Drizzle's database or transaction classes.
 */
export function identifyDrizzle(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'typed')
    return chain.steps.length === 0 ? identifyTyped(root.package, root.name, root.typeArguments) : undefined;
  const start = normalizeExport(chain);
  if (start === undefined || start.steps.length !== 1) return undefined;
  const [call] = start.steps;
  if (call?.args === undefined) return undefined;
  if (start.name === 'drizzle' && (call.name === '()' || call.name === 'mock'))
    return createDrizzleClient(start.package, 'root');
  if (start.name === 'withReplicas' && call.name === '()') {
    const [primary] = call.args;
    const known =
      primary?.kind === 'chain' && primary.root.kind === 'client' && primary.steps.length === 0
        ? primary.root.client
        : undefined;
    return known?.library === 'drizzle' ? known : createDrizzleClient(start.package, 'root');
  }
  return undefined;
}

/** Class names end alike in every dialect: `NodePgDatabase`, `PgTransaction`, `BaseSQLiteDatabase<'sync', …>`. */
function identifyTyped(from: string, name: string, typeArguments: readonly string[]): Client | undefined {
  const last = name.split('.').at(-1) ?? '';
  const role =
    /Database$/.test(last) || last === 'drizzle' ? 'root' : /Transaction$/.test(last) ? 'transaction' : undefined;
  if (role === undefined) return undefined;
  const client = createDrizzleClient(from, role);
  return client !== undefined && /^['"]sync['"]$/.test(typeArguments[0] ?? '')
    ? { ...client, synchronous: true }
    : client;
}

function createDrizzleClient(from: string, role: 'root' | 'transaction'): Client | undefined {
  const name = findDriverName(from);
  const driver = name === undefined ? undefined : findDriver(name);
  if (name === undefined || driver === undefined) return undefined;
  return {
    library: 'drizzle',
    role,
    // A transaction that came in as a parameter was begun by somebody else.
    connection: role === 'root' ? 'pool' : 'transaction',
    engine: driver.engine,
    ...(driver.synchronous ? { synchronous: true } : {}),
    detail: { driver: { kind: 'constant', value: name } },
  };
}
