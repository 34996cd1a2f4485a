import pc from 'picocolors';
import { expect, it } from 'vitest';
import { renderCodeFrame } from '../../src/reporters/render-code-frame.ts';
import { locate, seatSource } from '../support/sample-finding.ts';

const style = { colors: pc.createColors(false), width: 60, cwd: '/shop' };

it('marks the place under its line, and cuts what is too wide', () => {
  const frame = renderCodeFrame(
    seatSource,
    locate('a.ts', seatSource, 'db.seat.findUnique({ where: { id: seatId } })'),
    style,
  );
  expect(frame.join('\n')).toMatchInlineSnapshot(`
    "    1 │ export async function bookSeat(seatId: string) {
      › 2 │   const seat = await db.seat.findUnique({ where: { …
          │                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        3 │   if (seat.free < 1) throw new Error('sold out');"
  `);
});

it('marks every line of a place of several lines', () => {
  const frame = renderCodeFrame(seatSource, locate('a.ts', seatSource, seatSource.slice(60, 200)), style);
  expect(frame.filter((line) => line.includes('›'))).toHaveLength(3);
});

it('keeps control characters of the source away from the terminal', () => {
  const source = "act('\u001b[31m');";
  expect(renderCodeFrame(source, locate('a.ts', source, source), style).join('')).not.toContain('\u001b');
});
