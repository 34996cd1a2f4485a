import { listValueParts } from '../model/list-value-parts.ts';
import type { FunctionSummary, RowAnswer } from '../model/sketch.ts';
import type { AnswerValue, Value } from '../model/value.ts';
import { abstractArgument, spellInstance } from './abstract-argument.ts';
import { findImportHandlers } from './analyzer.ts';
import type { Analyzer } from './analyzer.ts';
import { invoke, isInert } from './call-function.ts';
import { mayThrow } from './call-inert-import.ts';
import { canAct } from './can-act.ts';
import { mergeTouches } from './list-touches.ts';
import type { FunctionRecord } from './records.ts';
import { createRun } from './run.ts';
import type { Run } from './run.ts';
import { isRowRead, listSketch } from './list-sketch.ts';

/** Calls inside calls that are followed, and functions that are read for the sake of one; beyond them it is open. */
const most = { depth: 24, functions: 300 } as const;

const nothing: FunctionSummary = {
  touches: [],
  isOpen: false,
  acts: false,
  isFresh: false,
  refuses: true,
  row: undefined,
  result: undefined,
};

const anything: FunctionSummary = { ...nothing, isOpen: true };

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
  if (isInert(run, record, args)) return { ...nothing, refuses: mayThrow(analyzer, record.module.file.path) };
  return summarizeOnce(analyzer, key, () => interpret(run, record, values));
}

/**
 * Remembers a summary. Functions that call one another in a circle know only a part of it until the outermost of them is
 * done: what they know so far serves until then.
 */
function summarizeOnce(analyzer: Analyzer, key: string, read: () => FunctionSummary): FunctionSummary {
  const { summarizing, unfinished } = analyzer;
  const rely = (on: number): void => {
    const innermost = summarizing.at(-1);
    if (innermost !== undefined) innermost.reliesOn = Math.min(innermost.reliesOn, on);
  };
  const early = unfinished.get(key);
  if (early !== undefined) {
    rely(early.reliesOn);
    return early.summary;
  }
  const active = summarizing.findIndex((each) => each.key === key);
  if (active >= 0) {
    // what it touches is counted where it is being summarized
    rely(active);
    return nothing;
  }
  const at = summarizing.length;
  if (at === 0) analyzer.summarized = 0;
  analyzer.summarized += 1;
  if (at >= most.depth || analyzer.summarized > most.functions) {
    for (const each of summarizing) each.isLost = true;
    return anything;
  }
  const state = { key, reliesOn: at, isLost: false };
  summarizing.push(state);
  let summary: FunctionSummary;
  try {
    summary = read();
  } finally {
    summarizing.pop();
  }
  if (state.isLost) {
    // to try it again for the next caller would take as long
    summary = anything;
    analyzer.summaries.set(key, summary);
  } else if (state.reliesOn < at) {
    unfinished.set(key, { summary, reliesOn: state.reliesOn });
    rely(state.reliesOn);
  } else {
    analyzer.summaries.set(key, summary);
    for (const [other, { reliesOn }] of unfinished) if (reliesOn >= at) unfinished.delete(other);
  }
  if (at === 0) unfinished.clear();
  return summary;
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
    // what is left of the guards when a function ends are those of its throws
    refuses: inner.guards.length > 0,
    row: readRow(inner, result),
    result: readResult(run.analyzer, result),
  };
}

/** The result, where it says nothing that the call itself does not. */
function readResult(analyzer: Analyzer, result: Value): FunctionSummary['result'] {
  if (result.kind === 'constant') return result;
  const isForeign =
    result.kind === 'chain' &&
    result.root.kind !== 'client' &&
    findImportHandlers(analyzer, result.root.package).length === 0;
  return isForeign ? 'opaque' : undefined;
}

/** The result, where it is a row, or rows, as a read or another call gave them. */
function readRow(inner: Run, result: Value): RowAnswer | undefined {
  if (result.kind !== 'answer' || result.columns.length > 0 || !isRowAnswer(result)) return undefined;
  const step = inner.steps.find(({ effect }) => effect.id === result.effect);
  return step === undefined || isRowRead(step.effect) ? result : undefined;
}

function isRowAnswer(value: AnswerValue): value is RowAnswer {
  return value.shape.kind === 'row' || value.shape.kind === 'rows';
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
