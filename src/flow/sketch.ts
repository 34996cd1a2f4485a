import type { FunctionSummary, SketchEvent } from '../model/sketch.ts';
import type { Location } from '../model/location.ts';
import type { CallSite, ParallelPosition } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { listTouches } from './list-touches.ts';
import type { FunctionRecord } from './records.ts';
import type { Run } from './run.ts';
import { summarizeCall } from './summarize-call.ts';
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
      readonly isBeside: (summary: FunctionSummary) => boolean;
    };

/** A place in a sketch: an effect by its place in the run's steps, a call, or something that is not understood. */
export type SketchMark =
  | { readonly kind: 'step'; readonly index: number }
  | {
      readonly kind: 'call';
      readonly summary: FunctionSummary;
      readonly location: Location;
      readonly calls: readonly CallSite[];
      readonly parallel: readonly ParallelPosition[];
    }
  | { readonly kind: 'gap'; readonly location: Location; readonly calls: readonly CallSite[] };

/**
 * Leaves a call out, where the run's reading allows it, and notes it in a sketch.
 *
 * @returns what stands for the call's result; undefined where the call has to be followed
 */
export function leaveOut(
  run: Run,
  record: FunctionRecord,
  args: readonly Value[],
  location: Location,
): Value | undefined {
  const { reading } = run;
  if (reading.kind === 'whole' || reading.file === record.module.file.path) return undefined;
  const summary = summarizeCall(run, record, args);
  if (summary === undefined || summary.acts) return undefined;
  if (reading.kind === 'selective') {
    // a function without effects is followed: what it makes of an answer may be what a race turns on
    const isWanted = summary.touches.length === 0 || summary.isOpen || summary.isFresh || !reading.isBeside(summary);
    return isWanted
      ? undefined
      : apply(
          `call:${record.name}`,
          args.filter((arg) => arg.kind !== 'function'),
        );
  }
  // what a result was computed from does not matter to a sketch
  const opaque = apply(`call:${record.name}`, []);
  if (summary.touches.length > 0 || summary.isOpen) {
    reading.stubs.set(opaque, reading.marks.length);
    reading.marks.push({ kind: 'call', summary, location, calls: run.calls, parallel: run.parallel });
  }
  return opaque;
}

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

/** The events of a sketch, in program order. */
export function listSketch(run: Run): readonly SketchEvent[] {
  const { reading } = run;
  if (reading.kind !== 'sketch') return [];
  return reading.marks.flatMap((mark): SketchEvent[] => {
    switch (mark.kind) {
      case 'step': {
        const step = run.steps[mark.index];
        if (step === undefined) return [];
        const { effect, parallel, around } = step;
        return [
          {
            ...findSite(reading.file, effect.location, step.calls),
            touches: listTouches(effect),
            isOpen: false,
            parallel: parallel === undefined ? [] : [...(around ?? []), parallel],
          },
        ];
      }
      case 'call': {
        const { touches, isOpen } = mark.summary;
        const { site } = findSite(reading.file, mark.location, mark.calls);
        return [{ site, isDirect: false, touches, isOpen, parallel: mark.parallel }];
      }
      case 'gap':
        return [{ ...findSite(reading.file, mark.location, mark.calls), touches: [], isOpen: true, parallel: [] }];
    }
  });
}

function findSite(
  file: string | undefined,
  location: Location,
  calls: readonly CallSite[],
): Pick<SketchEvent, 'site' | 'isDirect'> {
  const isDirect = location.file === file;
  const place = isDirect ? location : calls.findLast((call) => call.location.file === file)?.location;
  return { site: place === undefined ? '' : String(place.range[0]), isDirect };
}
