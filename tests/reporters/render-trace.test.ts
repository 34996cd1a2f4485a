import { expect, it } from 'vitest';
import type { Effect, EffectAction } from '../../src/model/effect.ts';
import type { Location } from '../../src/model/location.ts';
import type { Step, Trace } from '../../src/model/trace.ts';
import type { Value } from '../../src/model/value.ts';
import { renderTrace } from '../../src/reporters/render-trace.ts';

const at = (file: string, line: number): Location => ({
  file: `/shop/${file}`,
  start: { line, column: 2 },
  end: { line, column: 9 },
  range: [0, 7],
});
const client = { library: 'prisma', role: 'root', connection: 'pool' };
const seat = { kind: 'table', store: 'database', name: 'seat' } as const;
const seatId: Value = { kind: 'input', name: 'seatId' };
const byId = { conditions: [{ kind: 'compare', column: 'id', operator: '=', value: seatId }] } as const;
const free: Value = { kind: 'answer', effect: 'e1', shape: { kind: 'row', absent: 'null' }, columns: ['free'] };

function effect(id: string, action: EffectAction, location: Location, answers: boolean): Effect {
  const answer = answers ? ({ kind: 'row', absent: 'null' } as const) : ({ kind: 'none' } as const);
  return { id, location, client, answer, label: id, ...action };
}

function step(of: Effect, changes: Partial<Step> = {}): Step {
  return { effect: of, guards: [], calls: [], loops: [], locks: [], ...changes };
}

const read = effect('e1', { kind: 'read', resource: seat, selector: byId, mode: 'plain' }, at('src/book.ts', 11), true);
const update = effect(
  'e2',
  {
    kind: 'update',
    resource: seat,
    selector: byId,
    assignments: [
      { column: 'free', value: { kind: 'apply', operator: '-', operands: [free, { kind: 'constant', value: 1 }] } },
    ],
    complete: true,
  },
  at('src/seats.ts', 27),
  false,
);

const trace: Trace = {
  root: { name: 'bookSeat', location: at('src/book.ts', 9), bound: 'unbounded', reason: 'POST /book (express)' },
  steps: [
    step(read),
    step(update, {
      calls: [{ callee: 'takeSeat', location: at('src/book.ts', 13) }],
      guards: [
        {
          condition: { kind: 'apply', operator: '>', operands: [free, { kind: 'constant', value: 0 }] },
          holds: true,
          location: at('src/book.ts', 12),
        },
      ],
    }),
  ],
  bailouts: [{ kind: 'unknown', reason: 'SQL text is computed', location: at('src/book.ts', 20) }],
};

it('prints a line a step, with its place, its helper and its guards', () => {
  expect(renderTrace(trace, '/shop')).toMatchInlineSnapshot(`
    "bookSeat        root: POST /book (express), unbounded
      1  read    seat where id = seatId                         → s  src/book.ts:11
      2  update  seat where id = seatId  set free = s.free - 1       src/seats.ts:27  via takeSeat   when s.free > 0
      ?  unknown  SQL text is computed  src/book.ts:20"
  `);
});

it('names two answers from one table apart', () => {
  const second = { ...read, id: 'e3' };
  expect(renderTrace({ ...trace, steps: [step(read), step(second)] }, '/shop')).toMatch(/→ s {2}.*\n.*→ s2/);
});

it('shows transactions, loops and parallel branches', () => {
  const begin = effect('e0', { kind: 'begin', resource: seat }, at('src/book.ts', 10), false);
  const parallel = {
    group: 'p',
    kind: 'all',
    branch: 1,
    mapped: false,
    location: at('src/book.ts', 9),
    inspected: true,
  };
  const text = renderTrace(
    {
      ...trace,
      steps: [step(begin), step(update, { transaction: 'e0', loops: ['l'], parallel: { ...parallel, kind: 'all' } })],
    },
    '/shop',
  );
  expect(text).toContain('in transaction 1   in a loop   Promise.all branch 2');
  expect(text).toContain('begin   default isolation');
});
