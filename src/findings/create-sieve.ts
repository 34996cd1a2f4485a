import type { FunctionSummary, Sieve, SketchEvent, Touch } from '../model/sketch.ts';

/**
 * The cheap question before the dear one: from a sketch of a function, can there be a pair or group of effects in it
 * that any of the finders would look at? It says yes too often, and never no where there is one.
 *
 * @param nameTable the one name of a table that goes by several (a model and its table in SQL)
 */
export function createSieve(nameTable: (name: string) => string): Sieve {
  const names = new Map<string, string>();
  const canonical = (name: string): string => {
    let known = names.get(name);
    if (known === undefined) names.set(name, (known = nameTable(name)));
    return known;
  };
  return {
    mayHoldRace: (events) => hasPair(events, canonical) || hasGroup(events) || events.some(isShared),
    createFilter: (events) => {
      const racing = findRacingTables(events, canonical);
      return (summary) => racing !== undefined && isBeside(summary, racing, canonical);
    },
  };
}

type Canonical = (name: string) => string;

/** A check before an act on one table, or two commands of one store, at two places of the file. */
function hasPair(events: readonly SketchEvent[], canonical: Canonical): boolean {
  return forEachPair(events, (earlier, later) => {
    if (earlier.isOpen || later.isOpen) return true;
    return later.touches.some((act) => earlier.touches.some((check) => mayRace(check, act, canonical)));
  });
}

/** Stops, and says so, at the first pair for which `visit` says true. */
function forEachPair(
  events: readonly SketchEvent[],
  visit: (earlier: SketchEvent, later: SketchEvent) => boolean,
): boolean {
  return events.some((later, at) =>
    events
      .slice(0, at)
      // what happens behind one call is a matter of the file that is called
      .some(
        (earlier) => (earlier.site !== later.site || (earlier.isDirect && later.isDirect)) && visit(earlier, later),
      ),
  );
}

function mayRace(check: Touch, act: Touch, canonical: Canonical): boolean {
  switch (act.access) {
    case 'write':
      return check.access === 'read' && canonical(check.name) === canonical(act.name);
    case 'command':
      return check.access === 'command' && check.name === act.name;
    case 'read':
    case 'change':
    case 'send':
    case 'look':
    case 'order':
    case 'share':
      return false;
  }
}

/** A Promise.all (or kin) with lasting effects in two branches, or in one that stands for many. */
function hasGroup(events: readonly SketchEvent[]): boolean {
  const branches = new Map<string, number>();
  for (const { touches, isOpen, parallel } of events) {
    if (!isOpen && !touches.some(isFirm)) continue;
    for (const { group, branch, mapped } of parallel) {
      const other = branches.get(group);
      if (mapped || (other !== undefined && other !== branch)) return true;
      branches.set(group, branch);
    }
  }
  return false;
}

/** Does a transaction begin through a pool, or a connection of the whole process? */
function isShared({ touches }: SketchEvent): boolean {
  return touches.some(({ access }) => access === 'share');
}

function isFirm({ access }: Touch): boolean {
  return access === 'write' || access === 'change';
}

/** The tables with a check before an act; undefined where anything may be one. */
function findRacingTables(events: readonly SketchEvent[], canonical: Canonical): ReadonlySet<string> | undefined {
  if (events.some((event) => event.isOpen || isShared(event))) return undefined;
  // an await between two calls of a synchronous client makes all the difference
  if (events.some(({ touches }) => touches.some(({ isSynchronous }) => isSynchronous === true))) return undefined;
  const tables = new Set<string>();
  // what is or isn't between two commands counts
  const hasCommands = forEachPair(events, (earlier, later) =>
    later.touches.some((act) => {
      if (!earlier.touches.some((check) => mayRace(check, act, canonical))) return false;
      tables.add(canonical(act.name));
      return act.access === 'command';
    }),
  );
  return hasCommands ? undefined : tables;
}

/** Does a call only read what is part of no pair? */
function isBeside(summary: FunctionSummary, racing: ReadonlySet<string>, canonical: Canonical): boolean {
  return summary.touches.every(
    ({ access, name }) => access === 'look' || (access === 'read' && !racing.has(canonical(name))),
  );
}
