import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findScenarioCode } from '../../scripts/matrix/guards.ts';
import { compileScenario } from '../../scripts/matrix/reach-record.ts';
import { readRecords } from '../../scripts/matrix/read-records.ts';
import type { MeasuredRecord, ReachableRecord } from '../../scripts/matrix/record.ts';
import type { Operation, Program } from '../../src/model/program.ts';
import { explore } from '../../src/schedules/explore.ts';

const find = (name: string) => fileURLToPath(new URL(`records/${name}`, import.meta.url));
const schedules = readRecords<MeasuredRecord>(find('schedules.json'));
const reachable = readRecords<ReachableRecord & { readonly serial: Readonly<Record<string, string>> }>(
  find('reachable.json'),
);

/**
 * Where the comparison with serial orders, which knows no invariant, says something else than the measured invariant.
 */
const explained: Readonly<Record<string, string>> = {
  'S3g/mariadb/REPEATABLE READ': 'the row that the second request cannot see is no part of what it answers',
  'S3g/mariadb/REPEATABLE READ + innodb_snapshot_isolation=ON': 'as above',
  'S6/postgresql/autocommit':
    'the statement overlaps with itself: measured under load (Z-S6), not statement by statement',
  'S6m/postgresql/autocommit': 'as above (Z-S6m)',
  'W1c/postgresql/autocommit': 'as above: the subquery reads before the row is locked',
  'W3i/postgresql/autocommit': 'as above (Z-W3)',
  'P1-L4/pglite/BEGIN/COMMIT through db.query, one instance':
    'here the refused request rolls back, and with it the other one, whose transaction it had joined',
  'P3-L4/postgresql/BEGIN/COMMIT through pool.query, no pinned client': 'as above',
};

/** In a question a check that says no refuses the request; where the measured code looked at a count, so does a check. */
function refuse(program: Program, checksCounts: boolean): Program {
  return {
    ...program,
    operations: program.operations.flatMap((operation): readonly Operation[] => {
      const guarded: Operation = operation.when ? { ...operation, otherwise: 'stop' } : operation;
      const isCounted =
        operation.kind === 'update' ||
        operation.kind === 'delete' ||
        operation.kind === 'block' ||
        (operation.kind === 'command' && operation.command.kind !== 'get');
      if (!checksCounts || !isCounted || operation.into === undefined) return [guarded];
      const check: Operation = {
        id: `${operation.id} check`,
        label: 'affected?',
        kind: 'check',
        when: { kind: 'found', read: operation.into },
        otherwise: 'stop',
      };
      return [guarded, check];
    }),
  };
}

test(
  'asking for any outcome that no serial order has finds the measured races, by their names, and no others',
  { timeout: 300_000 },
  () => {
    const byId = new Map(schedules.map((record) => [record.id, record]));
    const differing: string[] = [];
    let races = 0;
    for (const measured of reachable) {
      const record = byId.get(measured.id);
      if (!record) throw new Error(`no schedule ${measured.id}`);
      const compiled = compileScenario(record, schedules);
      // a world has no hashes
      if (compiled.hashes.length > 0) continue;
      const { claimsByCount = false } = findScenarioCode(record.scenario);
      const [a, b] = compiled.programs;
      const verdict = explore({
        a: refuse(a, claimsByCount),
        b: refuse(b, claimsByCount),
        mode: /^(O|R7)/.test(record.scenario) ? 'request and reader' : 'two requests',
        world: compiled.world,
        dialect: compiled.dialect,
      });
      expect(verdict.kind).not.toBe('inconclusive');
      const isRace =
        measured.anomalyReachable &&
        Object.values(measured.serial).every((outcome) => ['safe', 'error', 'blocked-then-ok'].includes(outcome));
      const silent =
        verdict.kind === 'witness' && verdict.witness.anomaly !== 'unhandled conflict'
          ? verdict.witness.anomaly
          : undefined;
      if (isRace) races += 1;
      if (silent?.replaceAll(' ', '-') !== (isRace ? measured.anomalies[0] : undefined)) differing.push(measured.id);
    }
    expect(races).toBe(239);
    expect(differing).toEqual(Object.keys(explained));
  },
);
