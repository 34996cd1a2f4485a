import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareReach, reachRecord } from '../../scripts/matrix/reach-record.ts';
import { readRecords } from '../../scripts/matrix/read-records.ts';
import type { MeasuredRecord, ReachableRecord } from '../../scripts/matrix/record.ts';
import { replayEnds, replayRecord } from '../../scripts/matrix/replay-record.ts';
import { knownDifferences } from './known-differences.ts';

const find = (name: string) => fileURLToPath(new URL(`records/${name}`, import.meta.url));
const schedules = readRecords<MeasuredRecord>(find('schedules.json'));
const reachable = readRecords<ReachableRecord>(find('reachable.json'));
const byId = new Map(schedules.map((record) => [record.id, record]));

/** Differences by record id, of those that differ. */
function listDifferences<T extends { readonly id: string }>(
  records: readonly T[],
  compare: (record: T) => readonly string[],
): Record<string, readonly string[]> {
  return Object.fromEntries(
    records.map((record) => [record.id, compare(record)] as const).filter(([, differences]) => differences.length > 0),
  );
}

describe('the model against measured engines', () => {
  const engines = [...new Set(schedules.map((record) => record.engine))];

  test.each(engines)('%s: every measured schedule ends as measured', (engine) => {
    const records = schedules.filter((record) => record.engine === engine);
    expect(records.length).toBeGreaterThan(10);
    const differing = Object.keys(listDifferences(records, replayRecord));
    const known = Object.keys(knownDifferences).filter((id) => records.some((record) => record.id === id));
    expect(differing).toEqual(known);
  });

  test.each([...new Set(reachable.map((record) => record.engine))])(
    '%s: exactly the measured anomalies are reachable, and no later',
    { timeout: 300_000 },
    (engine) => {
      const records = reachable.filter((record) => record.engine === engine);
      const differences = listDifferences(records, (each) => {
        const record = byId.get(each.id);
        return record ? compareReach(each, reachRecord(record, schedules)) : ['no schedule with this id'];
      });
      expect(differences).toEqual({});
    },
  );

  test('every measured witness, replayed in its own order, ends in the anomaly and the rows that were measured', () => {
    const witnesses = reachable.filter((each) => each.witness !== null);
    const differing = witnesses.filter((each) => {
      const record = byId.get(each.id);
      if (!record || !each.witness) return true;
      const { schedule, finalState } = each.witness;
      return !replayEnds({ ...record, schedule, finalState }).some(
        (ended) =>
          ended.anomaly !== null &&
          each.anomalies.includes(ended.anomaly) &&
          ended.misfits === 0 &&
          JSON.stringify(ended.finalState) === JSON.stringify(finalState),
      );
    });
    expect(differing.map((each) => each.id)).toEqual([]);
  });

  test('the records are all there', () => {
    expect(schedules).toHaveLength(887);
    expect(reachable).toHaveLength(838);
    expect(reachable.filter((record) => record.anomalyReachable)).toHaveLength(258);
  });
});
