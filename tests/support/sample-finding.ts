import type { Finding } from '../../src/model/finding.ts';
import type { Location } from '../../src/model/location.ts';

/** A place in a text, found by the text that stands there. */
export function locate(file: string, source: string, excerpt: string): Location {
  const start = source.indexOf(excerpt);
  if (start < 0) throw new Error(`"${excerpt}" is not in ${file}`);
  return spanOf(file, source, start, start + excerpt.length);
}

function spanOf(file: string, source: string, start: number, end: number): Location {
  const position = (offset: number): Location['start'] => {
    const before = source.slice(0, offset).split('\n');
    return { line: before.length, column: before.at(-1)!.length };
  };
  return { file, start: position(start), end: position(end), range: [start, end] };
}

export const seatSource = `export async function bookSeat(seatId: string) {
  const seat = await db.seat.findUnique({ where: { id: seatId } });
  if (seat.free < 1) throw new Error('sold out');
  await db.seat.update({ where: { id: seatId }, data: { free: seat.free - 1 } });
}
`;

/** The lost update of `seatSource`, as the engine would report it. */
export function sampleSeatFinding(file: string, changes: Partial<Finding> = {}): Finding {
  const act = locate(file, seatSource, 'db.seat.update({ where: { id: seatId }, data: { free: seat.free - 1 } })');
  const check = locate(file, seatSource, 'db.seat.findUnique({ where: { id: seatId } })');
  return {
    rule: 'no-lost-update',
    anomaly: 'lost update',
    confidence: 'proven',
    location: act,
    functionName: 'bookSeat',
    related: [{ label: 'the read', location: check }],
    summary: 'Lost update: two bookings of one seat both succeed, and only one is counted.',
    witness: {
      anomaly: 'lost update',
      engine: 'postgresql',
      isolation: 'autocommit',
      mode: 'two requests',
      steps: [
        { actor: 'A', operation: 'read', label: 'SELECT seat', outcome: 'free 1', waits: false },
        { actor: 'B', operation: 'read', label: 'SELECT seat', outcome: 'free 1', waits: false },
        { actor: 'A', operation: 'write', label: 'UPDATE seat', outcome: '1 row', waits: false },
        { actor: 'B', operation: 'write', label: 'UPDATE seat', outcome: '1 row', waits: false },
      ],
      final: ['free 0 in seat after two bookings'],
      serial: ['the second booking is refused'],
      errors: [],
      switches: 3,
    },
    places: { read: check, write: act },
    because: 'Because the new value comes from the read, and nothing holds the row between the two.',
    assumptions: [],
    invariant: 'free counts every booking',
    measure: 'bookings of a seat against its free column',
    fingerprint: '0123456789abcdef',
    suggestions: [
      {
        title: 'Use one conditional UPDATE (free must be numeric)',
        edits: [
          { range: [act.range[0], act.range[0] + 'db.seat.update'.length], text: 'db.seat.updateMany' },
          { range: [act.range[1] - ' } })'.length, act.range[1]], text: ' /* … */ } })' },
        ],
      },
    ],
    ...changes,
  };
}
