import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineName, IsolationLevel } from '../../src/model/engine.ts';
import type { Filter, Operation, Program, Term, World } from '../../src/model/program.ts';
import type { Verdict } from '../../src/model/witness.ts';
import { findDialect } from '../../src/schedules/dialects/find-dialect.ts';
import { postgresql } from '../../src/schedules/dialects/postgresql.ts';
import { enumerateSchedules } from '../../src/schedules/enumerate.ts';
import { explorePair } from '../../src/schedules/explore-pair.ts';
import { explore } from '../../src/schedules/explore.ts';

const symbol = (name: string): Term => ({ kind: 'symbol', name });
const constant = (value: number): Term => ({ kind: 'constant', value });
const seat = (name: string): Filter => ({ kind: 'compare', column: 'id', comparison: '=', value: symbol(name) });

/** One operation of a random program about two seats and their bookings; `index` names it. */
type Make = (index: number, earlier: readonly string[]) => Operation;

const makeRead =
  (row: string, mode: 'plain' | 'update' | 'share'): Make =>
  (index) => ({
    id: `read${index}`,
    label: 'SELECT seat',
    kind: 'read',
    relation: 'seat',
    where: [seat(row)],
    mode,
    into: `read${index}`,
  });

const makeAdd =
  (row: string): Make =>
  (index) => ({
    id: `add${index}`,
    label: 'UPDATE seat',
    kind: 'update',
    relation: 'seat',
    where: [seat(row)],
    set: { free: { kind: 'apply', name: '-', operands: [{ kind: 'current', column: 'free' }, constant(1)] } },
  });

/** Writes a function of the last answer, or a constant where there is none. */
const makeSet =
  (row: string): Make =>
  (index, earlier) => {
    const read = earlier.filter((name) => name.startsWith('read')).at(-1);
    const free: Term =
      read === undefined
        ? constant(7)
        : { kind: 'apply', name: 'f', operands: [{ kind: 'variable', read, column: 'free' }] };
    return {
      id: `set${index}`,
      label: 'UPDATE seat',
      kind: 'update',
      relation: 'seat',
      where: [seat(row)],
      set: { free },
    };
  };

const makeFind: Make = (index) => ({
  id: `find${index}`,
  label: 'SELECT booking',
  kind: 'read',
  relation: 'booking',
  where: [{ kind: 'compare', column: 'seat', comparison: '=', value: symbol('s1') }],
  mode: 'plain',
  into: `find${index}`,
});

/** Inserts a booking, only if a look-up before found none. */
const makeBook =
  (ignore: boolean): Make =>
  (index, earlier) => {
    const read = earlier.filter((name) => name.startsWith('find')).at(-1);
    const base = {
      id: `book${index}`,
      label: 'INSERT booking',
      kind: 'insert',
      relation: 'booking',
      row: { seat: symbol('s1') },
      onDuplicate: ignore ? 'ignore' : 'fail',
    } as const;
    return read === undefined
      ? base
      : { ...base, when: { kind: 'not', check: { kind: 'found', read } }, otherwise: 'stop' };
  };

const rows = fc.constantFrom('s1', 's2');
const makers: fc.Arbitrary<Make> = fc.oneof(
  fc
    .tuple(rows, fc.constantFrom('plain' as const, 'update' as const, 'share' as const))
    .map(([row, mode]) => makeRead(row, mode)),
  rows.map(makeAdd),
  rows.map(makeSet),
  fc.constant(makeFind),
  fc.boolean().map(makeBook),
);

function makeOperations(list: readonly Make[]): readonly Operation[] {
  const operations: Operation[] = [];
  for (const make of list) {
    const earlier = operations.flatMap((operation) => (operation.kind === 'read' ? [operation.into] : []));
    operations.push(make(operations.length, earlier));
  }
  return operations;
}

function wrap(operations: readonly Operation[], isolation: IsolationLevel): Program {
  if (isolation === 'autocommit') return { name: 'request', operations };
  return {
    name: 'request',
    operations: [
      { id: 'begin', label: 'BEGIN', kind: 'begin', isolation },
      ...operations,
      { id: 'commit', label: 'COMMIT', kind: 'commit' },
    ],
  };
}

function makeWorld(unique: boolean): World {
  return {
    relations: [
      {
        name: 'seat',
        rows: [
          { id: symbol('s1'), free: symbol('v1') },
          { id: symbol('s2'), free: symbol('v2') },
        ],
        unique: [['id']],
        checks: [],
        foreignKeys: [],
        surrogate: [],
        indexed: [],
      },
      {
        name: 'booking',
        rows: [],
        unique: unique ? [['id'], ['seat']] : [['id']],
        checks: [],
        foreignKeys: [],
        surrogate: ['id'],
        indexed: [],
      },
    ],
    keys: [],
  };
}

const bookIfFree = fc.boolean().map((ignore): readonly Make[] => [makeFind, makeBook(ignore)]);
const readThenSet = fc.constantFrom('s1', 's2').map((row): readonly Make[] => [makeRead(row, 'plain'), makeSet(row)]);
const programs = fc
  .array(
    fc.oneof(
      makers.map((make): readonly Make[] => [make]),
      bookIfFree,
      readThenSet,
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((lists) => makeOperations(lists.flat()));
const settings: readonly (readonly [EngineName, IsolationLevel])[] = [
  ['postgresql', 'autocommit'],
  ['postgresql', 'read committed'],
  ['postgresql', 'repeatable read'],
  ['postgresql', 'serializable'],
  ['innodb', 'autocommit'],
  ['innodb', 'read committed'],
  ['innodb', 'repeatable read'],
  ['innodb', 'serializable'],
  ['sqlite', 'autocommit'],
  ['sqlite', 'deferred'],
  ['sqlite', 'immediate'],
];
const runs = { numRuns: 60, seed: 20 };

function describeVerdict(verdict: Verdict): readonly unknown[] {
  return verdict.kind === 'witness' ? [verdict.witness.anomaly, verdict.witness.switches] : [verdict.kind];
}

describe('laws of the explorer', () => {
  test.each([1, 2, 3, 4, 5])('%i independent operations a side have C(2n, n) schedules', (n) => {
    const touch = (index: number): Operation => ({
      id: `set${index}`,
      label: 'UPDATE',
      kind: 'update',
      relation: 'seat',
      where: [seat('s1')],
      set: { free: constant(index) },
    });
    const program: Program = { name: 'request', operations: Array.from({ length: n }, (_, index) => touch(index)) };
    let choose = 1;
    for (let k = 1; k <= n; k += 1) choose = (choose * (n + k)) / k;
    const schedules = enumerateSchedules([program, program], makeWorld(false), postgresql);
    expect(schedules).toHaveLength(choose);
    expect(new Set(schedules).size).toBe(choose);
  });

  test.each(settings)('%s at %s: leaving out executions never changes a verdict', (engine, isolation) => {
    const dialect = findDialect(engine);
    fc.assert(
      fc.property(programs, programs, fc.boolean(), fc.boolean(), (first, second, same, unique) => {
        const a = wrap(first, isolation);
        const b = same ? a : wrap(second, isolation);
        const question = {
          a,
          b,
          mode: 'two requests',
          world: makeWorld(unique),
          dialect,
          budget: { operations: 12, states: 200_000 },
        } as const;
        expect(explorePair(question, true).kind).toBe(explorePair(question, false).kind);
      }),
      { ...runs, numRuns: 25 },
    );
  });

  test('the random programs are neither all safe nor all racy', () => {
    const seen = new Map<unknown, number>();
    for (const [engine, isolation] of settings) {
      for (const [first, unique] of fc.sample(fc.tuple(programs, fc.boolean()), { numRuns: 60, seed: 20 })) {
        const program = wrap(first, isolation);
        const [name] = describeVerdict(
          explore({
            a: program,
            b: program,
            mode: 'two requests',
            world: makeWorld(unique),
            dialect: findDialect(engine),
          }),
        );
        seen.set(name, (seen.get(name) ?? 0) + 1);
      }
    }
    for (const name of ['safe', 'duplicate row', 'lost update', 'unhandled conflict']) {
      expect(seen.get(name) ?? 0, String(name)).toBeGreaterThan(10);
    }
  });

  test.each(settings)('%s at %s: swapping the requests mirrors the witness', (engine, isolation) => {
    const dialect = findDialect(engine);
    fc.assert(
      fc.property(programs, programs, fc.boolean(), (first, second, unique) => {
        const [a, b] = [wrap(first, isolation), wrap(second, isolation)];
        const ask = (x: Program, y: Program) =>
          explore({ a: x, b: y, mode: 'two requests', world: makeWorld(unique), dialect });
        expect(describeVerdict(ask(b, a))).toEqual(describeVerdict(ask(a, b)));
      }),
      runs,
    );
  });

  test.each(
    settings.filter(
      ([, isolation]) => isolation === 'serializable' || isolation === 'deferred' || isolation === 'immediate',
    ),
  )('%s at %s: no silent witness', (engine, isolation) => {
    const dialect = findDialect(engine);
    fc.assert(
      fc.property(programs, programs, fc.boolean(), (first, second, unique) => {
        const verdict = explore({
          a: wrap(first, isolation),
          b: wrap(second, isolation),
          mode: 'two requests',
          world: makeWorld(unique),
          dialect,
        });
        expect(['safe', 'unhandled conflict']).toContain(describeVerdict(verdict)[0]);
      }),
      { ...runs, numRuns: 150 },
    );
  });

  test.each(settings)('%s at %s: what runs one after the other is safe', (engine, isolation) => {
    const dialect = findDialect(engine);
    const name = symbol('lock');
    const alone = (operations: readonly Operation[]): Program => ({
      name: 'request',
      operations: [
        { id: 'lock', label: 'lock', kind: 'lock', name, scope: 'session', attempt: false },
        ...wrap(operations, isolation).operations,
        { id: 'unlock', label: 'unlock', kind: 'unlock', name },
      ],
    });
    fc.assert(
      fc.property(programs, programs, fc.boolean(), (first, second, unique) => {
        const verdict = explore({
          a: alone(first),
          b: alone(second),
          mode: 'two requests',
          world: makeWorld(unique),
          dialect,
        });
        expect(verdict).toEqual({ kind: 'safe' });
      }),
      runs,
    );
  });
});
