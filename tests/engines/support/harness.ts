import { createPool } from 'mysql2/promise';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { Witness } from '../../../src/model/witness.ts';
import type { MariadbDatabase, PostgresDatabase, RedisKeyspace } from './engine-test.ts';
import { createGate } from './gate.ts';
import type { RunOptions, ScheduleRun, ScheduleStep } from './gate.ts';
import { createGatedIoredis } from './gated-ioredis.ts';
import { createGatedMysql2 } from './gated-mysql2.ts';
import { createGatedPg } from './gated-pg.ts';
import { loadSource } from './load-source.ts';
import type { LoadedSource } from './load-source.ts';

/** Runs source text against real servers, statement by statement in a given order. */
export interface Harness {
  /**
   * Compiles sources; what they import from `pg`, `mysql2/promise` and `ioredis` is gated and goes to the test's own
   * schema, database and keys.
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
  readonly mariadb?: MariadbDatabase;
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
  const mariadbMonitor = options.mariadb && createPool({ ...options.mariadb.options, connectionLimit: 2 });
  const gatedMysql2 =
    options.mariadb && mariadbMonitor && createGatedMysql2(gate, options.mariadb.options, mariadbMonitor);
  const gatedIoredis = options.redis && createGatedIoredis(gate, options.redis.target);
  const loaded: LoadedSource[] = [];
  const packages = {
    ...(gatedPg && { pg: gatedPg.exports }),
    ...(gatedMysql2 && { 'mysql2/promise': gatedMysql2.exports }),
    ...(gatedIoredis && { ioredis: gatedIoredis.exports }),
    ...options.packages,
  };
  // The end of the database cuts connections that a failed test left open.
  monitor?.on('error', () => undefined);
  onTestFinished(async () => {
    const gated = [gatedPg, gatedMysql2, gatedIoredis];
    await Promise.all([...gated.map((each) => each?.close()), ...loaded.map((source) => source.remove())]);
    await Promise.all([monitor?.end(), mariadbMonitor?.end()]);
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
