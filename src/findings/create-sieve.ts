import type { EffectId } from '../model/effect.ts';
import { forEachAnswer, mentionsEffect } from '../model/find-mentions.ts';
import type { FunctionSummary, Sieve, SketchEvent, Touch } from '../model/sketch.ts';
import type { AnswerValue, Value } from '../model/value.ts';

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
      return (summary, site) => racing !== undefined && isBeside(summary, racing.get(site), canonical);
    },
  };
}

type Canonical = (name: string) => string;

/** A check before an act on one table, or two commands of one store, at two places of the file. */
function hasPair(events: readonly SketchEvent[], canonical: Canonical): boolean {
  return forEachPair(events, (earlier, later) => {
    if (earlier.isOpen || later.isOpen) return true;
    return listRaces(earlier, later, canonical).length > 0;
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

/** What the later event does to things that the earlier one looked at, where its own doing turns on what that answered. */
function listRaces(earlier: SketchEvent, later: SketchEvent, canonical: Canonical): readonly Touch[] {
  return later.touches.filter((act) =>
    earlier.touches.some(
      (check) =>
        mayRace(check, act, canonical) &&
        // of two commands each counts by itself
        (act.access === 'command' || mayTurnOn(earlier, later, check, act)),
    ),
  );
}

function mayRace(check: Touch, act: Touch, canonical: Canonical): boolean {
  switch (act.access) {
    case 'insert':
    case 'update':
    case 'delete':
      return check.access === 'read' && canonical(check.name) === canonical(act.name);
    case 'command':
      return check.access === 'command' && check.name === act.name;
    case 'upsert':
      // a row that is found by one key is a new one as far as the others are concerned
      return (
        check.access === 'read' &&
        canonical(check.name) === canonical(act.name) &&
        act.columns !== undefined &&
        check.columns?.some((column) => act.columns?.includes(column)) !== true
      );
    case 'read':
    case 'change':
    case 'send':
    case 'look':
    case 'order':
    case 'share':
      return false;
  }
}

/** Can what an act does, or whether it happens, come from what the earlier event answered, as the finders ask it? */
function mayTurnOn(
  { answer, isRow }: SketchEvent,
  { conditions, inputs, keys = [] }: SketchEvent,
  check: Touch,
  act: Touch,
): boolean {
  if (answer === undefined) return false;
  const { columns } = act;
  const isDecided = (value: Value): boolean => mentionsEffect(value, answer);
  // the row was found by what the update changes
  const isSelected = act.access === 'update' && check.columns?.some((column) => columns?.includes(column)) === true;
  if (isSelected && keys.some(isDecided)) return true;
  if (act.access !== 'update' || columns === undefined || !isRow || isSelected)
    return conditions.some(isDecided) || inputs.some(isDecided);
  // an update races where a condition, or what it sets or is given, is about a column that it sets, or about the row as a
  // whole: is there one with this value, how many are there, what comes of all its columns
  const isAboutSet = (value: Value): boolean =>
    isDecided(value) && someAnswer(value, answer, (part) => isOfColumn(part, columns));
  return conditions.some(isAboutSet) || inputs.some(isAboutSet);
}

function someAnswer(value: Value, effect: EffectId, test: (answer: AnswerValue) => boolean): boolean {
  let found = false;
  forEachAnswer(value, (answer) => {
    found ||= answer.effect === effect && test(answer);
  });
  return found;
}

function isOfColumn({ shape, columns: [column] }: AnswerValue, written: readonly string[]): boolean {
  return shape.kind === 'count' || column === undefined || written.includes(column);
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
  return firm.has(access);
}

const firm: ReadonlySet<Touch['access']> = new Set(['insert', 'update', 'delete', 'upsert', 'change']);

/** Tables by the places with an end of a pair on them; undefined where any place may have one. */
function findRacingTables(
  events: readonly SketchEvent[],
  canonical: Canonical,
): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  if (events.some((event) => event.isOpen || isShared(event))) return undefined;
  // an await between two calls of a synchronous client makes all the difference
  if (events.some(({ touches }) => touches.some(({ isSynchronous }) => isSynchronous === true))) return undefined;
  const racing = new Map<string, Set<string>>();
  const add = (site: string, name: string): void => {
    const tables = racing.get(site) ?? new Set();
    racing.set(site, tables.add(canonical(name)));
  };
  // what is or isn't between two commands counts
  const hasCommands = forEachPair(events, (earlier, later) => {
    const acts = listRaces(earlier, later, canonical);
    for (const { name } of acts) for (const { site } of [earlier, later]) add(site, name);
    return acts.some(({ access }) => access === 'command');
  });
  return hasCommands ? undefined : racing;
}

/** Does a call only read what is part of no pair at its place? */
function isBeside(summary: FunctionSummary, racing: ReadonlySet<string> | undefined, canonical: Canonical): boolean {
  return summary.touches.every(
    ({ access, name }) => access === 'look' || (access === 'read' && racing?.has(canonical(name)) !== true),
  );
}
