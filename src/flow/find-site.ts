import type { Location } from '../model/location.ts';
import type { SketchEvent } from '../model/sketch.ts';
import type { CallSite } from '../model/trace.ts';

/**
 * Where a file does what happens at some place of the code: that place itself, or the innermost call in the file that
 * leads to it.
 */
export function findSite(
  file: string | undefined,
  location: Location,
  calls: readonly CallSite[],
): Pick<SketchEvent, 'site' | 'isDirect'> {
  const isDirect = location.file === file;
  const place = isDirect ? location : calls.findLast((call) => call.location.file === file)?.location;
  return { site: place === undefined ? '' : String(place.range[0]), isDirect };
}
