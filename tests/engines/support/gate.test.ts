import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';

/** An actor that writes down the names of its calls in the order in which they are really made. */
function makeCalls(gate: Gate, log: string[]): (label: string) => Promise<string> {
  return (label) =>
    gate.pass({
      label,
      execute: async () => {
        log.push(label);
        await sleep(1);
        return label;
      },
    });
}

test.each([
  [['A', 'A', 'B', 'B'], 'a1 a2 b1 b2'],
  [['A', 'B', 'A', 'B'], 'a1 b1 a2 b2'],
  [['B', 'A', 'A', 'B'], 'b1 a1 a2 b2'],
  [['B', 'B', 'A', 'A'], 'b1 b2 a1 a2'],
])('calls are made in the order %s', async (steps, expected) => {
  const gate = createGate();
  const log: string[] = [];
  const call = makeCalls(gate, log);
  const actor = (name: string) => async () => {
    await call(`${name}1`);
    await call(`${name}2`);
  };
  const run = await gate.run({ steps, actors: { A: actor('a'), B: actor('b') } });
  expect(log.join(' ')).toBe(expected);
  expect(run.deviations).toEqual([]);
});

test('calls that one actor makes at the same time take one turn each', async () => {
  const gate = createGate();
  const log: string[] = [];
  const call = makeCalls(gate, log);
  const run = await gate.run({
    steps: ['A', 'B', 'A'],
    actors: { A: () => Promise.all([call('mail'), call('charge')]), B: () => call('refund') },
  });
  expect(log).toEqual(['mail', 'refund', 'charge']);
  expect(run.actors['A']).toEqual({ status: 'fulfilled', value: ['mail', 'charge'] });
});

test('an actor behind a mutex of the program gets its turn when it is free', async () => {
  const gate = createGate();
  const log: string[] = [];
  const call = makeCalls(gate, log);
  let last: Promise<unknown> = Promise.resolve();
  const book = (name: string) => () => {
    const mine = last.then(async () => {
      await call(`${name} reads`);
      await call(`${name} writes`);
    });
    last = mine;
    return mine;
  };
  const run = await gate.run({ steps: ['A', 'B', 'A', 'B'], actors: { A: book('A'), B: book('B') }, patience: 30 });
  expect(log).toEqual(['A reads', 'A writes', 'B reads', 'B writes']);
  expect(run.deviations).toEqual(['entry 2 (B): waits']);
});

test('a call that fails is the actor’s own to catch', async () => {
  const gate = createGate();
  const charge = () => gate.pass({ label: 'charge', execute: () => Promise.reject(new Error('declined')) });
  const run = await gate.run({ steps: ['A', 'B'], actors: { A: charge, B: () => charge().catch(() => 'refused') } });
  expect(run.actors).toMatchObject({
    A: { status: 'rejected', reason: { message: 'declined' } },
    B: { status: 'fulfilled', value: 'refused' },
  });
  expect(run.calls.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
});

test('after a crash the actor makes no further call', async () => {
  const gate = createGate();
  const log: string[] = [];
  const call = makeCalls(gate, log);
  const run = await gate.run({
    steps: ['A', 'crash'],
    actors: {
      A: async () => {
        await call('delete user');
        await call('delete files');
      },
    },
  });
  expect(log).toEqual(['delete user']);
  expect(run.actors).toEqual({ A: { status: 'crashed' } });
});

test('without a run calls go through at once', async () => {
  const gate = createGate();
  const log: string[] = [];
  expect(await makeCalls(gate, log)('set-up')).toBe('set-up');
});

test('a schedule that names nobody, and one that never ends, fail', async () => {
  const gate = createGate();
  const nothing = () => Promise.resolve();
  await expect(gate.run({ steps: ['C'], actors: { A: nothing } })).rejects.toThrow('an actor that is not there: C');
  const forever = () => new Promise<never>(() => undefined);
  await expect(gate.run({ steps: [], actors: { A: forever }, deadline: 30 })).rejects.toThrow('did not end in time');
});
