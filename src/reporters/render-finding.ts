import type { Finding } from '../model/finding.ts';
import { renderTimeline } from '../schedules/render-timeline.ts';
import { renderCodeFrame } from './render-code-frame.ts';
import { renderPath, renderPlace } from './render-place.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

/**
 * One finding for a terminal: place and rule, the consequence, the code, the timeline that proves it, why nothing
 * prevents it, and what to do.
 *
 * @param text the file's source
 */
export function renderFinding(finding: Finding, text: string, style: Style): string[] {
  const { colors, cwd } = style;
  const { start } = finding.location;
  const width = Math.min(style.width, 110);
  const paragraph = (content: string): string[] => wrapText(content, width, '  ');
  const place = `${renderPath(finding.location.file, cwd)}:${String(start.line)}:${String(start.column + 1)}`;
  const timeline = renderTimeline(finding.witness, {
    width: width - 2,
    place: (operation) => {
      const location = finding.places[operation];
      return location === undefined ? '' : placeInTimeline(location, finding, cwd);
    },
  });
  const lines = [
    `${colors.bold(place)}  ${colors.red(finding.rule)}  ${colors.dim(`${finding.confidence}, in ${finding.functionName}`)}`,
    ...paragraph(finding.summary),
    '',
    ...renderCodeFrame(text, finding.location, style),
    '',
    ...timeline.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
    '',
    ...paragraph(finding.because),
  ];
  for (const assumption of finding.assumptions) lines.push(...labelled('Assumes', assumption, width, style));
  for (const { label, location } of finding.related) {
    lines.push(...labelled('See', `${renderPlace(location, cwd)} ${label}`, width, style));
  }
  for (const suggestion of finding.suggestions) lines.push(...labelled('Fix', suggestion.title, width, style));
  if (finding.measure !== '') lines.push(...labelled('Count', finding.measure, width, style));
  return lines;
}

/** In the finding's own file the line number is enough. */
function placeInTimeline(location: Finding['location'], finding: Finding, cwd: string): string {
  return location.file === finding.location.file ? `:${String(location.start.line)}` : renderPlace(location, cwd);
}

function labelled(label: string, text: string, width: number, style: Style): string[] {
  const indent = ' '.repeat(11);
  const [first = '', ...rest] = wrapText(text, width, indent);
  return [`  ${style.colors.cyan(label.padEnd(9))}${first.slice(indent.length)}`, ...rest];
}
