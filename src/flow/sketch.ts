import type { EffectId } from '../model/effect.ts';
import { findMentions } from '../model/find-mentions.ts';
import type { Location } from '../model/location.ts';
import type { FunctionSummary } from '../model/sketch.ts';
import type { CallSite, ParallelPosition } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Run } from './run.ts';
import { apply } from './values.ts';

/** How closely a run follows calls. */
export type Reading =
  /** Every call is followed. */
  | { readonly kind: 'whole' }
  /**
   * Calls of other files' functions are not followed, only noted with what they touch. Without a file (for a summary),
   * none is followed that can be summarized.
   */
  | {
      readonly kind: 'sketch';
      readonly file: string | undefined;
      readonly marks: SketchMark[];
      /** The values that stand for results of calls, with the places of their marks. */
      readonly stubs: Map<Value, number>;
    }
  /** Calls are followed, except for those that have nothing to do with the rest. */
  | {
      readonly kind: 'selective';
      readonly file: string;
      readonly isBeside: (summary: FunctionSummary, site: string) => boolean;
    };

/** A place in a sketch: an effect by its place in the run's steps, a call, or something that is not understood. */
export type SketchMark =
  | { readonly kind: 'step'; readonly index: number }
  | {
      readonly kind: 'call';
      readonly summary: FunctionSummary;
      /** What values mention that come from the call's result. */
      readonly answer: EffectId;
      readonly conditions: readonly Value[];
      /** What it was given of earlier answers. */
      readonly inputs: readonly Value[];
      readonly location: Location;
      readonly calls: readonly CallSite[];
      readonly parallel: readonly ParallelPosition[];
    }
  | { readonly kind: 'gap'; readonly location: Location; readonly calls: readonly CallSite[] };

/** Notes that something in a sketch was not understood: with the whole code behind it, it might be. */
export function markGap(run: Run, location: Location): void {
  if (run.reading.kind === 'sketch') run.reading.marks.push({ kind: 'gap', location, calls: run.calls });
}

/** Puts a call that was made before into a branch of a Promise.all that waits for it. */
export function claimMark(run: Run, value: Value, parallel: readonly ParallelPosition[]): void {
  if (run.reading.kind !== 'sketch') return;
  const { stubs, marks } = run.reading;
  const at = stubs.get(value);
  const mark = at === undefined ? undefined : marks[at];
  if (at !== undefined && mark?.kind === 'call' && mark.parallel.length === 0) marks[at] = { ...mark, parallel };
}

/**
 * What comes after a call that may throw depends on what it was given and what it read.
 *
 * @param causes the values, of which those without answers don't matter
 */
export function markRefusal(run: Run, causes: readonly Value[], location: Location): void {
  if (run.reading.kind !== 'sketch') return;
  // of a summary only that it may throw is asked
  if (run.reading.file === undefined ? run.guards.at(-1)?.exit === 'throw' : causes.length === 0) return;
  run.guards = [...run.guards, { condition: apply('refused', causes), holds: false, location, exit: 'throw' }];
}

/** In a sketch, of the values that a result was computed from only those matter that come from answers. */
export function keepCauses(run: Run, values: readonly Value[]): readonly Value[] {
  const { reading } = run;
  if (reading.kind !== 'sketch') return values;
  return reading.file === undefined ? [] : values.filter((value) => findMentions(value).size > 0);
}
