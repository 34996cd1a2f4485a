import type { Location } from '../model/location.ts';
import type { Style } from './style.ts';

/** Longest excerpt, in lines; of a longer act only the beginning is shown. */
const longestFrame = 7;

/**
 * The lines of a place with the line before and after, numbered, the place's own marked:
 *
 * ```
 *     10 │ const seat = await findSeat(id);
 *   › 11 │ await db.seat.update({ where: { id } });
 *        │ ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
 * ```
 */
export function renderCodeFrame(text: string, location: Location, style: Style): string[] {
  const { colors, width } = style;
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/);
  const first = Math.max(1, location.start.line - 1);
  const last = Math.min(lines.length, location.end.line + 1, first + longestFrame - 1);
  const digits = String(last).length;
  const room = Math.max(20, width - digits - 7);
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const source = lines[number - 1] ?? '';
    const isMarked = number >= location.start.line && number <= location.end.line;
    const gutter = `  ${isMarked ? colors.red('›') : ' '} ${colors.dim(`${String(number).padStart(digits)} │`)} `;
    frame.push((gutter + showLine(source, room)).trimEnd());
    if (isMarked && location.start.line === location.end.line) {
      const before = showLine(source.slice(0, location.start.column), room).length;
      const marked = Math.min(showLine(source.slice(0, location.end.column), room).length, room) - before;
      const blank = `    ${' '.repeat(digits)} ${colors.dim('│')} `;
      if (marked > 0) frame.push(`${blank}${' '.repeat(before)}${colors.red('^'.repeat(marked))}`);
    }
  }
  return frame;
}

/** A source line as it may be printed: tabs widened, control characters made visible, cut at `room` columns. */
export function showLine(line: string, room: number): string {
  const plain = line.replaceAll('\t', '  ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
  return plain.length > room ? `${plain.slice(0, room - 1)}…` : plain;
}
