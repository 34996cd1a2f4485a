import type { ChainStep, ChainValue, Value } from '../../../model/value.ts';

/**
 * The steps of a chain after `Prisma`, the namespace that a generated client exports beside the client: `sql` of
 * `Prisma.sql`, or of a default or namespace import `pkg.Prisma.sql`.
 *
 * @returns undefined when the value is nothing of that namespace
 */
export function findNamespaceSteps(value: Value): readonly ChainStep[] | undefined {
  if (value.kind !== 'chain' || value.root.kind !== 'export') return undefined;
  return findExportSteps(value, 'Prisma');
}

/** The steps of a chain after an export of that name, however it was imported. */
export function findExportSteps(chain: ChainValue, name: string): readonly ChainStep[] | undefined {
  if (chain.root.kind !== 'export') return undefined;
  if (chain.root.name === name) return chain.steps;
  if (chain.root.name !== 'default' && chain.root.name !== '*') return undefined;
  const [first, ...rest] = chain.steps;
  if (first?.name !== name) return undefined;
  // The flow layer joins a call to the member before it: `pkg.PrismaClient` and `new` stay two steps.
  return first.args === undefined && first.template === undefined ? rest : [{ ...first, name: '()' }, ...rest];
}
