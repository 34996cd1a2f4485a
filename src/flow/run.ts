import type { LibraryAdapter } from '../effects/adapter.ts';
import type { Bailout } from '../model/bailout.ts';
import type { EffectId } from '../model/effect.ts';
import type { Location } from '../model/location.ts';
import type { CallSite, ErrorHandling, Guard, ParallelPosition, Step } from '../model/trace.ts';
import type { FunctionValue, Value } from '../model/value.ts';
import type { Analyzer } from './analyzer.ts';
import type { BranchLog } from './branch-log.ts';
import type { FunctionRecord } from './records.ts';
import { markGap } from './sketch.ts';
import type { Reading } from './sketch.ts';

/** Limits of one interpretation; beyond them the rest is a counted bailout. */
export const limits = { depth: 7, inertDepth: 3, steps: 400, calls: 600 } as const;

/** The state of one interpretation: one root, everything it calls inlined. */
export interface Run {
  readonly analyzer: Analyzer;
  /** A silent run evaluates module-level values: it emits no steps. */
  readonly silent: boolean;
  /** How closely it follows calls. */
  readonly reading: Reading;
  /** Begins the numbers of what it makes, so that runs inside runs don't take one another's. */
  readonly prefix: string;
  readonly steps: Step[];
  readonly bailouts: Bailout[];
  guards: Guard[];
  calls: readonly CallSite[];
  loops: string[];
  parallel: readonly ParallelPosition[];
  handlers: ErrorHandling[];
  readonly transactions: Map<string, EffectId>;
  readonly locks: Map<EffectId, Value>;
  readonly closures: Map<string, FunctionRecord>;
  readonly invoked: Set<string>;
  readonly logs: BranchLog[];
  /** Functions being interpreted, innermost last. */
  readonly stack: FunctionRecord[];
  /** Members of objects that are being looked up, innermost last. */
  readonly members: string[];
  callCount: number;
  /** How many of the functions on the stack, innermost ones, certainly have no effects. */
  inert: number;
  nextId: number;
  nextEffect: number;
  /** How often a call was not followed because it is recursive. */
  recursions: number;
  /** How often one way was not taken, because of what the arguments or the code say. */
  decisions: number;
  /** What the root gives back. */
  returned?: Value;
}

/** @param reading how closely it follows calls; default: all of them */
export function createRun(analyzer: Analyzer, silent: boolean, reading: Reading = { kind: 'whole' }): Run {
  return {
    analyzer,
    silent,
    reading,
    prefix: analyzer.summarizing.length === 0 ? '' : `s${String(analyzer.summarizing.length)}.`,
    steps: [],
    bailouts: [],
    guards: [],
    calls: [],
    loops: [],
    parallel: [],
    handlers: [],
    transactions: new Map(),
    locks: new Map(),
    closures: new Map(),
    invoked: new Set(),
    logs: [],
    stack: [],
    members: [],
    callCount: 0,
    inert: 0,
    nextId: 0,
    nextEffect: 0,
    recursions: 0,
    decisions: 0,
  };
}

/**
 * A number for a function or an object. Those of module level live as long as the analyzer and are numbered there, so
 * that what one factory made twice stays two things.
 */
export function createId(run: Run): string {
  return run.silent ? `m${String(++run.analyzer.lastId)}` : `${run.prefix}${String(++run.nextId)}`;
}

export function report(
  run: Run,
  kind: Bailout['kind'],
  reason: string,
  location: Location,
  detail?: string,
  within?: Bailout['within'],
): void {
  if (run.silent) return;
  if (kind === 'unsupported') markGap(run, location);
  run.bailouts.push({
    kind,
    reason,
    location,
    ...(detail === undefined ? {} : { detail }),
    ...(within === undefined ? {} : { within }),
  });
}

/** Registers a function value; module-level functions live as long as the analyzer, closures as long as the run. */
export function createFunction(run: Run, record: FunctionRecord): FunctionValue {
  const value: FunctionValue = { kind: 'function', id: record.id, name: record.name };
  (run.silent ? run.analyzer.functions : run.closures).set(record.id, record);
  return value;
}

export function findFunction(run: Run, value: FunctionValue): FunctionRecord | undefined {
  return run.closures.get(value.id) ?? run.analyzer.functions.get(value.id);
}

export function findAdapter(run: Run, library: string): LibraryAdapter | undefined {
  return run.analyzer.adapters.find((adapter) => adapter.name === library);
}
