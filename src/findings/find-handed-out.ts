import type { Assignment, EffectBase, UpdateAction } from '../model/effect.ts';
import { forEachAnswer } from '../model/find-mentions.ts';
import { listValueParts } from '../model/list-value-parts.ts';
import type { Guard, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Candidate, ReadEffect } from './find-candidates.ts';

/** A column that gets a random value where the row has none yet, and the condition for that. */
export interface GivenOnce {
  readonly assignment: Assignment;
  readonly guard: Guard;
}

/** `key: row.key ?? nanoid()`: one side is the value that is there, the other one is made up. */
export function findGivenOnce(act: EffectBase & UpdateAction, read: ReadEffect): GivenOnce | undefined {
  for (const { column, value } of act.assignments) {
    if (value.kind !== 'choice' || !isAbout(value.condition, read.id, column)) continue;
    for (const [made, kept, holds] of [
      [value.then, value.otherwise, true],
      [value.otherwise, value.then, false],
    ] as const) {
      const isKept = kept.kind === 'answer' && kept.effect === read.id && kept.columns[0] === column;
      if (!isKept || listRandom(made).size === 0) continue;
      return {
        assignment: { column, value: made },
        guard: { condition: value.condition, holds, location: act.location },
      };
    }
  }
  return undefined;
}

/**
 * The column whose new random value the caller gets: a key, a token. Of two requests that both give the row one, the
 * first one's is gone when its caller has it.
 */
export function findHandedOut(trace: Trace, { kind, check, act, elements }: Candidate): string | undefined {
  const { returned } = trace;
  const { effect } = act;
  if (kind !== 'update after check' || effect.kind !== 'update' || returned === undefined) return undefined;
  const given = findGivenOnce(effect, check.effect);
  const guards = [...act.guards, ...elements];
  const out = listRandom(returned);
  const assignments = given === undefined ? effect.assignments : [given.assignment];
  return assignments.find(({ column, value }) => {
    const made = listRandom(value);
    if (made.size === 0 || !guards.some(({ condition }) => isAbout(condition, check.effect.id, column))) return false;
    return [...made].some((source) => out.has(source)) || givesBack(returned, effect.id, column);
  })?.column;
}

/** The places where random values in a value are made; the time is none. */
function listRandom(value: Value): ReadonlySet<string> {
  const sources = new Set<string>();
  const visited = new Set<Value>();
  const visit = (part: Value): void => {
    if (visited.has(part)) return;
    visited.add(part);
    if (part.kind === 'fresh' && !times.test(part.source)) sources.add(part.source);
    listValueParts(part).forEach(visit);
  };
  visit(value);
  return sources;
}

const times = /^(new Date|Date\.now|performance\.now|process\.hrtime)/;

function isAbout(condition: Value, read: string, column: string): boolean {
  let isIt = false;
  forEachAnswer(condition, (answer) => {
    isIt ||= answer.effect === read && answer.columns[0] === column;
  });
  return isIt;
}

/** The row that the update returns, or this column of it. */
function givesBack(returned: Value, update: string, column: string): boolean {
  let gives = false;
  forEachAnswer(returned, ({ effect, shape, columns }) => {
    const isRow = columns.length === 0 && (shape.kind === 'row' || shape.kind === 'rows');
    gives ||= effect === update && (isRow || columns[0] === column);
  });
  return gives;
}
