import path from 'node:path';
import type { Finding } from '../model/finding.ts';
import { renderTimeline } from '../schedules/render-timeline.ts';

/**
 * A finding as plain text: what goes wrong, the timeline, why, and what it rests on.
 *
 * @param options.width columns for the timeline
 * @param options.root places are written relative to this folder
 */
export function renderMessage(finding: Finding, options: { readonly width: number; readonly root: string }): string {
  const timeline = renderTimeline(finding.witness, {
    width: options.width,
    place: (operation) => {
      const location = finding.places[operation];
      if (location === undefined) return undefined;
      return `${path.relative(options.root, location.file)}:${String(location.start.line)}`;
    },
  });
  const parts = [finding.summary, timeline, finding.because];
  if (finding.assumptions.length > 0) parts.push(`Assumes: ${finding.assumptions.join('; ')}.`);
  return parts.join('\n\n');
}
