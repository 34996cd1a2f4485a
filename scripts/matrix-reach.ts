import { readRecords } from './matrix/read-records.ts';
import type { MeasuredRecord, ReachableRecord } from './matrix/record.ts';
import { compareReach, reachRecord } from './matrix/reach-record.ts';

/** Explores measured scenarios: `npm run matrix:reach -- SCHEDULES REACHABLE`. */
function main([schedules = '', reachable = '']: readonly string[]): number {
  const records = readRecords<MeasuredRecord>(schedules);
  const byId = new Map(records.map((record) => [record.id, record]));
  const measured = readRecords<ReachableRecord>(reachable);
  let differing = 0;
  for (const each of measured) {
    let differences: readonly string[];
    try {
      const record = byId.get(each.id);
      if (!record) throw new Error('no schedule with this id');
      differences = compareReach(each, reachRecord(record, records));
    } catch (error) {
      differences = [`not understood: ${error instanceof Error ? error.message : String(error)}`];
    }
    if (differences.length === 0) continue;
    differing += 1;
    console.log(`${each.id}\n  ${differences.join('\n  ')}`);
  }
  console.log(`${measured.length} scenarios, ${measured.length - differing} agree, ${differing} differ`);
  return differing > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
