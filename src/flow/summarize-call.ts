import { listValueParts } from '../model/list-value-parts.ts';
import type { FunctionSummary } from '../model/sketch.ts';
import type { Value } from '../model/value.ts';
import { abstractArgument, spellInstance } from './abstract-argument.ts';
import { invoke, isInert } from './call-function.ts';
import { canAct } from './can-act.ts';
import { mergeTouches } from './list-touches.ts';
import type { FunctionRecord } from './records.ts';
import { createRun } from './run.ts';
import type { Run } from './run.ts';
import { listSketch } from './sketch.ts';

/** Calls inside calls that are followed; beyond them a summary is open. */
const deepest = 24;

const nothing: FunctionSummary = { touches: [], isOpen: false, acts: false, isFresh: false };

const anything: FunctionSummary = { touches: [], isOpen: true, acts: false, isFresh: false };

/**
 * What a call touches. A function is interpreted once for all calls that hand it the same clients, with the calls it
 * makes summarized in turn, so that the work grows with the code and not with the ways through it.
 *
 * @returns undefined where the call can't be told apart from its caller: closures, objects that the caller made
 */
export function summarizeCall(run: Run, record: FunctionRecord, args: readonly Value[]): FunctionSummary | undefined {
  const { analyzer } = run;
  let key = spellFunction(run, record);
  if (key === undefined) return undefined;
  const values: Value[] = [];
  for (const arg of args) {
    const abstract = abstractArgument(analyzer, arg);
    if (abstract === undefined) return undefined;
    values.push(abstract.value);
    key += `|${abstract.key}`;
  }
  const known = analyzer.summaries.get(key);
  if (known !== undefined) return known;
  if (isInert(run, record, args)) return nothing;
  const active = analyzer.summarizing.findIndex((each) => each.key === key);
  if (active >= 0) {
    // what the function touches is counted by itself; those in between know only a part of it so far
    for (const each of analyzer.summarizing.slice(active + 1)) each.isPartial = true;
    return nothing;
  }
  if (analyzer.summarizing.length >= deepest) {
    for (const each of analyzer.summarizing) each.isPartial = true;
    return anything;
  }
  const state = { key, isPartial: false };
  analyzer.summarizing.push(state);
  try {
    const summary = interpret(run, record, values);
    if (!state.isPartial) analyzer.summaries.set(key, summary);
    return summary;
  } finally {
    analyzer.summarizing.pop();
  }
}

function interpret(run: Run, record: FunctionRecord, args: readonly Value[]): FunctionSummary {
  const inner = createRun(run.analyzer, false, { kind: 'sketch', file: undefined, marks: [], stubs: new Map() });
  const result = invoke(inner, record, args);
  const events = listSketch(inner);
  return {
    touches: mergeTouches(events.map((event) => event.touches)),
    isOpen: events.some((event) => event.isOpen),
    acts: canAct(run.analyzer, result),
    isFresh: holdsFresh(result, new Set()),
  };
}

/** A name for a function that means the same in every run: of module level, or a method of an object that does. */
function spellFunction(run: Run, record: FunctionRecord): string | undefined {
  if (run.analyzer.functions.has(record.id)) return record.id;
  const { self } = record;
  if (self === undefined || record.scope !== record.module.scope) return undefined;
  if (self.kind === 'class') return record.id;
  if (self.kind !== 'instance') return undefined;
  const object = spellInstance(run.analyzer, self);
  return object === undefined ? undefined : `${object}.${record.id.slice(self.id.length)}`;
}

function holdsFresh(value: Value, seen: Set<Value>): boolean {
  if (seen.has(value)) return false;
  seen.add(value);
  return value.kind === 'fresh' || listValueParts(value).some((part) => holdsFresh(part, seen));
}
