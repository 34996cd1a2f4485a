import type { Effect } from '../model/effect.ts';
import type { SketchEvent } from '../model/sketch.ts';
import type { Guard } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { findSite } from './find-site.ts';
import { listTouches } from './list-touches.ts';
import type { Run } from './run.ts';

/** The events of a sketch, in program order. */
export function listSketch(run: Run): readonly SketchEvent[] {
  const { reading } = run;
  if (reading.kind !== 'sketch') return [];
  // of a summary nobody asks what happens because of what
  const isSummary = reading.file === undefined;
  return reading.marks.flatMap((mark): SketchEvent[] => {
    switch (mark.kind) {
      case 'step': {
        const step = run.steps[mark.index];
        if (step === undefined) return [];
        const { effect, parallel, around, guards } = step;
        return [
          {
            ...findSite(reading.file, effect.location, step.calls),
            touches: listTouches(effect),
            isOpen: false,
            parallel: parallel === undefined ? [] : [...(around ?? []), parallel],
            answer: effect.id,
            isRow: isRowRead(effect),
            ...(isSummary ? nothingAsked : readCauses(effect, guards)),
          },
        ];
      }
      case 'call': {
        const { summary, parallel, answer, conditions, inputs } = mark;
        const { touches, isOpen, row } = summary;
        const { site } = findSite(reading.file, mark.location, mark.calls);
        const isRow = row !== undefined;
        return [{ site, isDirect: false, touches, isOpen, parallel, answer, isRow, conditions, inputs }];
      }
      case 'gap': {
        const site = findSite(reading.file, mark.location, mark.calls);
        const known = { touches: [], parallel: [], answer: undefined, isRow: false, ...nothingAsked };
        return [{ ...site, ...known, isOpen: true }];
      }
    }
  });
}

const nothingAsked: Pick<SketchEvent, 'conditions' | 'inputs'> = { conditions: [], inputs: [] };

function readCauses(effect: Effect, guards: readonly Guard[]): typeof nothingAsked & Pick<SketchEvent, 'keys'> {
  const causes = { conditions: guards.map(({ condition }) => condition), inputs: listWritten(effect) };
  if (effect.kind !== 'update') return causes;
  const keys = effect.selector.conditions.flatMap((each) => (each.kind === 'compare' ? [each.value] : []));
  return { ...causes, keys };
}

function listWritten(effect: Effect): readonly Value[] {
  switch (effect.kind) {
    case 'insert':
      return effect.values.map(({ value }) => value);
    case 'update':
      return effect.assignments.map(({ value }) => value);
    default:
      return [];
  }
}

/** Are the columns of an answer those of one table, by the names that they have there? */
export function isRowRead(effect: Effect): boolean {
  return (
    effect.kind === 'read' &&
    effect.aggregate === undefined &&
    effect.outputs === undefined &&
    effect.joined === undefined &&
    effect.related === undefined
  );
}
