import type { ChainStep, Value } from '../../../model/value.ts';
import { findExportSteps } from '../../find-export-steps.ts';

/**
 * The steps of a chain after `Prisma`, the namespace that a generated client exports beside the client: `sql` of
 * `Prisma.sql`, or of a default or namespace import `pkg.Prisma.sql`.
 *
 * @returns undefined when the value is nothing of that namespace
 */
export function findNamespaceSteps(value: Value): readonly ChainStep[] | undefined {
  return value.kind === 'chain' ? findExportSteps(value, 'Prisma') : undefined;
}
