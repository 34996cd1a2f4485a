import type { ChainStep, ChainValue } from '../model/value.ts';

/**
 * The steps of a chain after a package's export of that name, however it was imported: by name, as a member of the
 * default export, or of a namespace.
 *
 * @returns undefined when the chain begins elsewhere
 */
export function findExportSteps(chain: ChainValue, name: string): readonly ChainStep[] | undefined {
  const normal = normalizeExport(chain);
  return normal?.name === name ? normal.steps : undefined;
}

/** A package's export and the steps after it; `d.eq(a, b)` of a namespace `d` is the export `eq` and a direct call. */
export interface ExportChain {
  readonly package: string;
  readonly name: string;
  readonly steps: readonly ChainStep[];
}

/** The export that a chain begins at, with namespace and default imports resolved to their member. */
export function normalizeExport(chain: ChainValue): ExportChain | undefined {
  if (chain.root.kind !== 'export') return undefined;
  const { package: from, name } = chain.root;
  const [first, ...rest] = chain.steps;
  if ((name !== '*' && name !== 'default') || first === undefined || first.name === '()' || first.name === 'new') {
    return { package: from, name, steps: chain.steps };
  }
  if (name === '*' && first.name === 'default' && first.args === undefined) {
    return normalizeExport({ ...chain, root: { ...chain.root, name: 'default' }, steps: rest });
  }
  const called = first.args !== undefined || first.template !== undefined;
  return { package: from, name: first.name, steps: called ? [{ ...first, name: '()' }, ...rest] : rest };
}
