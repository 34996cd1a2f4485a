import type { Location } from '../model/location.ts';
import type { Step } from '../model/trace.ts';

/** The innermost place of a step in a file: the effect itself, or the call through which the file reaches it. */
export function findLocationIn(step: Step, file: string): Location | undefined {
  if (step.effect.location.file === file) return step.effect.location;
  return step.calls.findLast((call) => call.location.file === file)?.location;
}

/**
 * The file of the innermost function that all the steps have in common: the race is that function's, and is reported
 * where that file is analysed.
 */
export function findCommonFile(steps: readonly Step[]): string | undefined {
  const [first, ...rest] = steps;
  if (first === undefined) return undefined;
  let depth = 0;
  for (const call of first.calls) {
    const isShared = rest.every((step) => {
      const other = step.calls[depth];
      return (
        other !== undefined &&
        other.location.file === call.location.file &&
        other.location.range[0] === call.location.range[0]
      );
    });
    if (!isShared) break;
    depth += 1;
  }
  return (first.calls[depth]?.location ?? first.effect.location).file;
}
