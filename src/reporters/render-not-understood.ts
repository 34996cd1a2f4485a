import type { Bailout } from '../model/bailout.ts';
import { countOf } from './count-words.ts';
import { renderPlace } from './render-place.ts';
import type { Style } from './style.ts';

/** More reasons than this are summed up in one line. */
const mostReasons = 12;

/**
 * What a run did not understand, equal reasons counted together, the most frequent first, each with one example. A
 * defect of race-lint itself and unreadable input are listed by themselves, before this.
 */
export function renderNotUnderstood(bailouts: readonly Bailout[], style: Style): string[] {
  const groups = new Map<string, { readonly first: Bailout; count: number }>();
  for (const bailout of bailouts) {
    const group = groups.get(bailout.reason);
    if (group === undefined) groups.set(bailout.reason, { first: bailout, count: 1 });
    else group.count++;
  }
  if (groups.size === 0) return [];
  const sorted = [...groups].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1));
  const digits = String(sorted[0]?.[1].count ?? 0).length;
  const { colors } = style;
  const lines = [colors.bold('Not understood') + colors.dim(' (race-lint is silent there)')];
  for (const [reason, { first, count }] of sorted.slice(0, mostReasons)) {
    const example = first.location === undefined ? '' : `  ${renderPlace(first.location, style.cwd)}`;
    const detail = first.detail === undefined ? '' : ` (${firstLine(first.detail)})`;
    const room = style.width - digits - 5 - example.length;
    lines.push(`  ${String(count).padStart(digits)} × ${cut(`${reason}${detail}`, room)}${colors.dim(example)}`);
  }
  const rest = sorted.slice(mostReasons);
  if (rest.length > 0) {
    const sum = rest.reduce((total, [, group]) => total + group.count, 0);
    lines.push(`  ${String(sum).padStart(digits)} × ${countOf(rest.length, 'other reason')}`);
  }
  return lines;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function cut(text: string, room: number): string {
  const width = Math.max(24, room);
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
