import type { Client } from '../../../model/client.ts';
import type { EngineName } from '../../../model/engine.ts';
import type { ChainValue, Value } from '../../../model/value.ts';
import { findEntry } from '../../find-entry.ts';
import { findExportSteps } from '../../find-export-steps.ts';

/** Driver adapters (`new PrismaClient({ adapter })`) and the engines that they talk to. */
const adapterEngines: Readonly<Record<string, EngineName>> = {
  '@prisma/adapter-pg': 'postgresql',
  '@prisma/adapter-neon': 'postgresql',
  '@prisma/adapter-ppg': 'postgresql',
  '@prisma/adapter-mariadb': 'innodb',
  '@prisma/adapter-planetscale': 'innodb',
  '@prisma/adapter-better-sqlite3': 'sqlite',
  '@prisma/adapter-libsql': 'sqlite',
  '@prisma/adapter-d1': 'sqlite',
};

/** Names of declared types, without the namespace `Prisma`. */
const typedRoles: Readonly<Record<string, 'root' | 'transaction'>> = {
  PrismaClient: 'root',
  DefaultPrismaClient: 'root',
  TransactionClient: 'transaction',
};

/**
 * Does an import of this specifier concern Prisma? A generated client has the project's own path, so that the name of
 * the folder decides; which export it is comes later.
 */
export function handlesPrismaImport(specifier: string): boolean {
  return /prisma/i.test(specifier) || /(^|[/.])generated(\/|$)/.test(specifier);
}

/** The client that a chain is: `new PrismaClient(…)`, or a parameter declared as one. */
export function identifyPrisma(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'typed') {
    const role = typedRoles[root.name.split('.').at(-1) ?? ''];
    return role !== undefined && chain.steps.length === 0 ? createClient(role, undefined) : undefined;
  }
  const steps = findExportSteps(chain, 'PrismaClient');
  const [only] = steps ?? [];
  return only?.name === 'new' && steps?.length === 1
    ? createClient('root', findAdapterEngine(only.args?.[0]))
    : undefined;
}

/** A transaction that came in as a parameter was begun by somebody else; its connection is not the pool. */
function createClient(role: 'root' | 'transaction', engine: EngineName | undefined): Client {
  return {
    library: 'prisma',
    role,
    connection: role === 'root' ? 'pool' : 'transaction',
    ...(engine === undefined ? {} : { engine }),
  };
}

function findAdapterEngine(options: Value | undefined): EngineName | undefined {
  const adapter = findEntry(options, 'adapter');
  return adapter?.kind === 'chain' && adapter.root.kind === 'export' ? adapterEngines[adapter.root.package] : undefined;
}
