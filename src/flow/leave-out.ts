import { findMentions } from '../model/find-mentions.ts';
import type { Location } from '../model/location.ts';
import type { FunctionSummary } from '../model/sketch.ts';
import type { AnswerValue, Value } from '../model/value.ts';
import { findSite } from './find-site.ts';
import type { FunctionRecord } from './records.ts';
import type { Run } from './run.ts';
import { keepCauses, markRefusal } from './sketch.ts';
import { summarizeCall } from './summarize-call.ts';
import { apply } from './values.ts';

/**
 * Leaves a call out, where the run's reading allows it, and notes it in a sketch.
 *
 * @returns what stands for the call's result; undefined where the call has to be followed
 */
export function leaveOut(
  run: Run,
  record: FunctionRecord,
  args: readonly Value[],
  location: Location,
): Value | undefined {
  const { reading } = run;
  if (reading.kind === 'whole' || reading.file === record.module.file.path) return undefined;
  const summary = summarizeCall(run, record, args);
  if (summary === undefined || summary.acts) return undefined;
  const constant = typeof summary.result === 'object' ? summary.result : undefined;
  if (reading.kind === 'selective') {
    if (isWanted(run, reading, summary, args, location)) return undefined;
    const operands = args.filter((arg) => arg.kind !== 'function');
    return constant ?? apply(`call:${record.name}`, operands);
  }
  const inputs = keepCauses(run, [...args, ...listParts(run, record)]);
  if (summary.touches.length === 0 && !summary.isOpen) {
    if (summary.refuses) markRefusal(run, inputs, location);
    return constant ?? apply(`call:${record.name}`, inputs);
  }
  const answer = `call ${String(reading.marks.length)}`;
  const stub: Value = { ...(summary.row ?? opaqueAnswer), effect: answer };
  reading.stubs.set(stub, reading.marks.length);
  const { calls, parallel, guards } = run;
  const conditions = reading.file === undefined ? [] : guards.map(({ condition }) => condition);
  reading.marks.push({ kind: 'call', summary, answer, conditions, inputs, location, calls, parallel });
  if (summary.refuses) markRefusal(run, [stub, ...inputs], location);
  return stub;
}

/** Does a call have to be followed: may a race turn on what it does, or on what it makes of an answer? */
function isWanted(
  run: Run,
  reading: Extract<Run['reading'], { kind: 'selective' }>,
  summary: FunctionSummary,
  args: readonly Value[],
  location: Location,
): boolean {
  if (summary.isOpen || summary.isFresh) return true;
  if (summary.touches.length === 0) return summary.refuses || summary.result === undefined;
  if (summary.refuses && args.some(holdsAnswer)) return true;
  return !reading.isBeside(summary, findSite(reading.file, location, run.calls).site);
}

const opaqueAnswer: AnswerValue = {
  kind: 'answer',
  effect: '',
  shape: { kind: 'scalar', absent: 'null' },
  columns: [],
};

/** What the object was made of that a method belongs to. */
function listParts(run: Run, { self }: FunctionRecord): readonly Value[] {
  return (self?.kind === 'instance' ? run.analyzer.instances.get(self.id)?.args : undefined) ?? [];
}

function holdsAnswer(value: Value): boolean {
  return findMentions(value).size > 0;
}
