import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Witness } from '../../../src/model/witness.ts';
import type { PostgresDatabase, RedisKeyspace } from './engine-test.ts';
import { createGate } from './gate.ts';
import type { RunOptions, ScheduleRun, ScheduleStep } from './gate.ts';
import { createGatedIoredis } from './gated-ioredis.ts';
import { createGatedPg } from './gated-pg.ts';
import { loadSource } from './load-source.ts';
import type { LoadedSource } from './load-source.ts';

/** Runs source text against real servers, statement by statement in a given order. */
export interface Harness {
  /**
   * Compiles sources; what they import from `pg` and `ioredis` is gated and goes to the test's own schema and keys.
   *
   * @param files texts by relative path; the first is the entry
   */
  readonly load: (files: Readonly<Record<string, string>>) => Promise<LoadedSource>;
  /** Runs actors at the same time, their client calls in the order of the schedule. */
  readonly runSchedule: (options: RunOptions) => Promise<ScheduleRun>;
  /** Makes that many calls at the same time, without any order. */
  readonly runAtOnce: (
    count: number,
    call: (index: number) => Promise<unknown>,
  ) => Promise<readonly PromiseSettledResult<unknown>[]>;
}

export interface HarnessOptions {
  readonly postgres?: PostgresDatabase;
  readonly redis?: RedisKeyspace;
  /** Further packages that the sources import: `{ resend: { Resend: FakeResend } }`. */
  readonly packages?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Makes the harness of one test; it is disposed of when the test has finished.
 *
 * Example:
 * ```
 * const harness = createHarness({ postgres });
 * const signUp = await harness.load({ 'sign-up.ts': source });
 * const call = () => signUp.call('signUp', 'ann@example.com');
 * const run = await harness.runSchedule({ steps: ['A', 'B', 'A', 'B'], actors: { A: call, B: call } });
 * ```
 */
export function createHarness(options: HarnessOptions): Harness {
  const gate = createGate();
  const monitor = options.postgres && new pg.Pool({ ...options.postgres.config, max: 2 });
  const gatedPg = options.postgres && monitor && createGatedPg(gate, options.postgres.config, monitor);
  const gatedIoredis = options.redis && createGatedIoredis(gate, options.redis.target);
  const loaded: LoadedSource[] = [];
  const packages = {
    ...(gatedPg && { pg: gatedPg.exports }),
    ...(gatedIoredis && { ioredis: gatedIoredis.exports }),
    ...options.packages,
  };
  // The end of the database cuts connections that a failed test left open.
  monitor?.on('error', () => undefined);
  onTestFinished(async () => {
    await Promise.all([gatedPg?.close(), gatedIoredis?.close(), ...loaded.map((source) => source.remove())]);
    await monitor?.end();
  });
  return {
    load: async (files) => {
      const source = await loadSource(files, packages);
      loaded.push(source);
      return source;
    },
    runSchedule: gate.run,
    runAtOnce: (count, call) => Promise.allSettled(Array.from({ length: count }, (_, index) => call(index))),
  };
}

/**
 * The schedule of a witness: one entry a client call. A statement that waits is listed once, where it was sent.
 *
 * @param witness as the model checker gives it
 * @param isCall which steps are client calls; by default all
 */
export function listScheduleSteps(
  witness: Witness,
  isCall: (operation: string) => boolean = () => true,
): readonly ScheduleStep[] {
  const seen = new Set<string>();
  return witness.steps.flatMap(({ actor, operation }) => {
    if (actor === 'crash') return ['crash'];
    const key = `${actor} ${operation}`;
    if (seen.has(key) || !isCall(operation)) return [];
    seen.add(key);
    return [actor];
  });
}
