import type { ChainStep, Value } from '../../../model/value.ts';

/** A query builder's calls, taken apart. */
export interface BuilderCalls {
  /** `select`, `insert`, `update`, `delete`. */
  readonly head: ChainStep;
  /** The links by name; of a link called twice the last one counts, as in Drizzle. */
  readonly links: ReadonlyMap<string, ChainStep>;
  /** Every link in order, for those that may occur several times (joins). */
  readonly ordered: readonly ChainStep[];
  /** The call that sends it: `execute`, `run`, `get`, `all`, `values`. */
  readonly terminal?: ChainStep;
  /** The argument of a prepared statement's execution. */
  readonly placeholders?: Value;
}

/** Calls that send a query at once; without one it is sent when awaited. */
const terminals = new Set(['execute', 'run', 'get', 'all', 'values', 'sync']);

/** Has a builder no call that sends it, so that it waits for an await? */
export function isUnsent(rest: readonly ChainStep[]): boolean {
  return !rest.some((step) => terminals.has(step.name));
}

/** Links that neither choose rows nor shape the answer. */
const inert = new Set(['$dynamic', 'prepare', '$withCache', 'comment', 'overridingSystemValue', 'enableRLS', 'as']);

/**
 * Takes a builder's chain apart.
 *
 * @param steps the head and everything after it
 * @param known the links that this builder has and the adapter models
 * @returns the calls, or the name of a member that is not known
 */
export function readBuilder(
  steps: readonly [ChainStep, ...ChainStep[]],
  known: ReadonlySet<string>,
): BuilderCalls | { readonly unknown: string } {
  const [head, ...rest] = steps;
  const links = new Map<string, ChainStep>();
  const ordered: ChainStep[] = [];
  let terminal: ChainStep | undefined;
  let prepared = false;
  for (const step of rest) {
    if (terminal !== undefined) return { unknown: `${terminal.name}.${step.name}` };
    // `values` is a link of INSERT and sends a SELECT of SQLite.
    if (known.has(step.name) && !(step.name === 'values' && links.has('values'))) {
      links.set(step.name, step);
      ordered.push(step);
    } else if (terminals.has(step.name)) terminal = step;
    else if (step.name === 'prepare') prepared = true;
    else if (!inert.has(step.name)) return { unknown: `${head.name}.${step.name}` };
  }
  const placeholders = prepared ? terminal?.args?.[0] : undefined;
  return {
    head,
    links,
    ordered,
    ...(terminal === undefined ? {} : { terminal }),
    ...(placeholders === undefined ? {} : { placeholders }),
  };
}
