import { readRecords } from './matrix/read-records.ts';
import type { MeasuredRecord } from './matrix/record.ts';
import { replayRecord } from './matrix/replay-record.ts';

/** Replays measured schedules in the model: `npm run matrix -- FILE`. Prints those that differ; exit code 1 if any does. */
function main(files: readonly string[]): number {
  let total = 0;
  let differing = 0;
  for (const file of files) {
    for (const record of readRecords<MeasuredRecord>(file)) {
      total += 1;
      let differences: readonly string[];
      try {
        differences = replayRecord(record);
      } catch (error) {
        differences = [`not understood: ${error instanceof Error ? error.message : String(error)}`];
      }
      if (differences.length === 0) continue;
      differing += 1;
      console.log(`${record.id}\n  ${differences.join('\n  ')}`);
    }
  }
  console.log(`${total} records, ${total - differing} agree, ${differing} differ`);
  return differing > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
