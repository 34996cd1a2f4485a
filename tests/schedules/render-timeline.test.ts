import { describe, expect, test } from 'vitest';
import type { Operation, Program, World } from '../../src/model/program.ts';
import type { Witness } from '../../src/model/witness.ts';
import { postgresql } from '../../src/schedules/dialects/postgresql.ts';
import { explore } from '../../src/schedules/explore.ts';
import { renderTimeline } from '../../src/schedules/render-timeline.ts';

const seat = [{ kind: 'compare', column: 'id', comparison: '=', value: { kind: 'symbol', name: 'seat' } }] as const;
const free = { kind: 'variable', read: 'read', column: 'free' } as const;
const operations: readonly Operation[] = [
  { id: 'begin', label: 'BEGIN', kind: 'begin', isolation: 'read committed' },
  { id: 'show', label: 'SELECT show', kind: 'read', relation: 'show', where: [], mode: 'plain', into: 'show' },
  { id: 'read', label: 'SELECT seat', kind: 'read', relation: 'seat', where: seat, mode: 'plain', into: 'read' },
  {
    id: 'take',
    label: 'UPDATE seat',
    kind: 'update',
    relation: 'seat',
    where: seat,
    set: { free: { kind: 'apply', name: '-', operands: [free, { kind: 'constant', value: 1 }] } },
    when: { kind: 'compare', comparison: '>', left: free, right: { kind: 'constant', value: 0 } },
    otherwise: 'stop',
  },
  { id: 'commit', label: 'COMMIT', kind: 'commit' },
];
const bookSeat: Program = { name: 'bookSeat', operations };
const world: World = {
  relations: ['seat', 'show'].map((name) => ({
    name,
    rows: [{ id: { kind: 'symbol', name }, free: { kind: 'constant', value: 5 } }],
    unique: [['id']],
    checks: [],
    foreignKeys: [],
    surrogate: ['id'],
    indexed: [],
  })),
  keys: [],
};
const places: Readonly<Record<string, string>> = { read: 'src/book.ts:11', take: 'src/booking/seats/take-seat.ts:27' };

function findWitness(): Witness {
  const verdict = explore({ a: bookSeat, b: bookSeat, mode: 'two requests', world, dialect: postgresql });
  if (verdict.kind !== 'witness') throw new Error(`expected a witness, not ${verdict.kind}`);
  return verdict.witness;
}

const waiting: Witness = {
  ...findWitness(),
  steps: [
    { actor: 'A', operation: 'read', label: 'SELECT seat', outcome: 'free 5', waits: false },
    { actor: 'B', operation: 'take', label: 'UPDATE seat', outcome: 'waits for A', waits: true },
    { actor: 'A', operation: 'commit', label: 'COMMIT', outcome: '', waits: false },
    {
      actor: 'B',
      operation: 'take',
      label: 'UPDATE seat',
      outcome: 'goes on: free becomes 4, and three more columns change as well',
      waits: false,
    },
  ],
};

describe('the timeline of a witness', () => {
  test.each([60, 80, 100, 120])('at %i columns', (width) => {
    const text = renderTimeline(findWitness(), { width, place: (operation) => places[operation] });
    expect(text).toMatchSnapshot();
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  test.each([60, 80])('waiting and long outcomes at %i columns', (width) => {
    const text = renderTimeline(waiting, { width, place: (operation) => places[operation] });
    expect(text).toMatchSnapshot();
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  test('a crash has one column', () => {
    const verdict = explore({
      a: {
        name: 'transfer',
        operations: operations
          .filter((operation) => operation.id !== 'begin' && operation.id !== 'commit')
          .flatMap((operation) =>
            operation.id === 'take'
              ? [
                  operation,
                  {
                    ...operation,
                    id: 'again',
                    label: 'UPDATE seat again',
                    set: { sold: { kind: 'constant', value: 1 } },
                  },
                ]
              : [operation],
          ),
      },
      b: { name: '', operations: [] },
      mode: 'request and crash',
      world,
      dialect: postgresql,
    });
    expect(
      verdict.kind === 'witness' &&
        renderTimeline(verdict.witness, { width: 100, place: (operation) => places[operation] }),
    ).toMatchSnapshot();
  });
});

test('of many checks in a row that let a request go on, the first is told and the rest are counted', () => {
  const check = (actor: 'A' | 'B', name: string): Witness['steps'][number] => ({
    actor,
    operation: `check/${name}`,
    label: `check ${name}`,
    outcome: 'goes on',
    waits: false,
  });
  const witness: Witness = {
    ...waiting,
    steps: [check('A', 'one'), check('A', 'two'), check('A', 'three'), check('B', 'one'), check('B', 'two')],
  };
  const told = renderTimeline(witness, { width: 60, place: () => undefined });
  expect(told.split('\n').slice(0, 4)).toEqual([
    '  1 A  check one  goes on',
    '  2 A  2 more checks  go on',
    '  3 B  check one  goes on',
    '  4 B  check two  goes on',
  ]);
});
