import type { Bailout } from '../model/bailout.ts';
import type { Sieve, SketchEvent } from '../model/sketch.ts';
import type { Root, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Handlers, RootCandidate } from '../project/root-candidate.ts';
import type { Analyzer } from './analyzer.ts';
import { awaitValue } from './await-value.ts';
import { inputArguments, invoke } from './call-function.ts';
import { describeHandled } from './describe-handled.ts';
import { findInstanceMember, findStaticMember, instantiateDeclared } from './class-members.ts';
import { declareInputs, declareThis } from './declare-inputs.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import type { FunctionRecord } from './records.ts';
import type { Run } from './run.ts';
import { createRun, findFunction } from './run.ts';
import { listSketch } from './list-sketch.ts';
import { spellCallee } from './spell-callee.ts';

/** What one file's functions do. */
export interface FileTraces {
  readonly traces: readonly Trace[];
  readonly bailouts: readonly Bailout[];
  readonly functions: number;
  /** Roots that have effects. */
  readonly roots: number;
  /** Effects that stand in the file, and calls of other files' functions that have some. */
  readonly effects: number;
}

/**
 * Traces every root of a file. A defect met in one function is a bailout of that function; the others go on.
 *
 * @param sieve tells from a sketch of a root whether its trace can matter; the others' traces have no steps. Without it
 *   every root is followed through all calls.
 */
export function traceFile(
  analyzer: Analyzer,
  module: ModuleScope,
  candidates: readonly RootCandidate[],
  handlers: Handlers,
  sieve?: Sieve,
): FileTraces {
  const traces: TracedRun[] = [];
  const bailouts: Bailout[] = [];
  const called = new Set<FunctionRecord['node']>();
  /** Ids of functions that wrappers made and that have been traced. */
  const wrappers = new Set<string>();
  const traceCandidate = (candidate: RootCandidate): void => {
    const run = createRun(analyzer, false);
    const wrapped = findWrapped(run, module, candidate);
    if (wrapped !== undefined && wrappers.has(wrapped.id)) return;
    if (wrapped !== undefined) wrappers.add(wrapped.id);
    const record = wrapped ?? findRecord(run, module, candidate);
    if (record === undefined) return;
    const root: Root = {
      name: candidate.name,
      location: locate(candidate.node, module.file.path),
      bound: 'unbounded',
      reason: candidate.reason,
      ...describeHandled(handlers.get(candidate.node)),
    };
    traces.push(...traceRecord(record, root, called, { analyzer, file: module.file.path, handlers, sieve }));
  };
  const guarded = (candidate: RootCandidate): void => {
    try {
      traceCandidate(candidate);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      // what was being summarized when it failed is not
      analyzer.summarizing.length = 0;
      analyzer.unfinished.clear();
      bailouts.push({
        kind: 'invariant',
        reason: 'the analysis of a function failed',
        detail,
        location: locate(candidate.node, module.file.path),
      });
    }
  };
  for (const candidate of candidates) if (!candidate.isHelper) guarded(candidate);
  for (const candidate of candidates) if (candidate.isHelper && !called.has(candidate.node)) guarded(candidate);
  return {
    traces: traces.map(({ trace }) => trace).filter((trace) => trace.steps.length > 0 || trace.bailouts.length > 0),
    bailouts: [...bailouts, ...traces.flatMap(({ trace }) => trace.bailouts)],
    functions: candidates.length,
    roots: traces.filter(({ effects }) => effects > 0).length,
    effects: traces.reduce((sum, { effects }) => sum + effects, 0),
  };
}

/** What all the roots of a file are traced with. */
interface TraceContext {
  readonly analyzer: Analyzer;
  /** The file under analysis: a root may be a function that another file's wrapper made. */
  readonly file: string;
  readonly handlers: Handlers;
  readonly sieve: Sieve | undefined;
}

/** A trace, the run that it was made in, and how many effects there were in it before anything was left out. */
interface TracedRun {
  readonly run: Run;
  readonly trace: Trace;
  readonly effects: number;
}

/** Traces a function and the closures that it makes but never runs (they start executions of their own). */
function traceRecord(
  record: FunctionRecord,
  root: Root,
  called: Set<FunctionRecord['node']>,
  context: TraceContext,
): readonly TracedRun[] {
  called.add(record.node);
  const outer = traceOne(record, root, context, () => undefined);
  const traces: TracedRun[] = [outer];
  const { run } = outer;
  for (const id of run.invoked) {
    const invoked = findFunction(run, { kind: 'function', id, name: '' });
    if (invoked !== undefined) called.add(invoked.node);
  }
  for (const [id, closure] of listHandedFirst(run)) {
    if (run.invoked.has(id) || closure.module !== record.module || called.has(closure.node)) continue;
    if (traces.length > 60) break;
    called.add(closure.node);
    const offset = run.nextId + 1000 * traces.length;
    const made: Root = {
      name: `${root.name}.${nameClosure(closure)}`,
      location: locate(closure.node, closure.module.file.path),
      bound: 'unbounded',
      reason: `made in ${root.name}`,
      ...describeHandled(context.handlers.get(closure.node)),
    };
    const inner = traceOne(closure, made, context, (fresh) => {
      for (const [known, value] of run.closures) fresh.closures.set(known, value);
      fresh.nextId = offset;
    });
    for (const invokedId of inner.run.invoked) {
      const invoked = inner.run.closures.get(invokedId);
      if (invoked !== undefined) called.add(invoked.node);
    }
    traces.push(inner);
  }
  return traces;
}

/** Closures, those with a name of their own last: they may be helpers of the others. */
function listHandedFirst({ closures }: Run): readonly (readonly [string, FunctionRecord])[] {
  const isNamed = ({ node }: FunctionRecord): boolean =>
    node.type === 'FunctionDeclaration' || node.parent.type === 'VariableDeclarator';
  const all = [...closures];
  return [...all.filter(([, closure]) => !isNamed(closure)), ...all.filter(([, closure]) => isNamed(closure))];
}

/** Traces one function: where there is a sieve, only if its sketch passes, and without what has nothing to do with it. */
function traceOne(
  record: FunctionRecord,
  root: Root,
  { analyzer, file, handlers, sieve }: TraceContext,
  prepare: (run: Run) => void,
): TracedRun {
  const follow = (run: Run): Run => {
    prepare(run);
    runRoot(run, record, handlers);
    return run;
  };
  const finish = (run: Run, effects: number): TracedRun => ({
    run,
    trace: {
      root,
      steps: run.steps,
      bailouts: run.bailouts,
      ...(run.returned === undefined ? {} : { returned: run.returned }),
    },
    effects,
  });
  if (sieve === undefined) {
    const run = follow(createRun(analyzer, false));
    return finish(run, run.steps.length);
  }
  const sketch = follow(createRun(analyzer, false, { kind: 'sketch', file, marks: [], stubs: new Map() }));
  const events: readonly SketchEvent[] = listSketch(sketch);
  if (!sieve.mayHoldRace(events)) {
    return { ...finish(sketch, events.length), trace: { root, steps: [], bailouts: sketch.bailouts } };
  }
  const run = createRun(analyzer, false, {
    kind: 'selective',
    file,
    isBeside: sieve.createFilter(events),
  });
  return finish(follow(run), events.length);
}

/**
 * `export const rename = authenticated(async () => …)` where the wrapper is code of the project: what starts executions
 * is the function that the wrapper makes, and the closure runs inside it.
 */
function findWrapped(run: Run, module: ModuleScope, candidate: RootCandidate): FunctionRecord | undefined {
  const binding = module.bindings.get(candidate.name);
  if (candidate.owner !== undefined || binding?.kind !== 'variable' || candidate.node.parent?.type !== 'CallExpression')
    return undefined;
  const value = module.lookup(candidate.name);
  const record = value?.kind === 'function' ? findFunction(run, value) : undefined;
  return record?.node === candidate.node ? undefined : record;
}

/** `registerTool('book')` for a closure that was handed to such a call. */
function nameClosure(closure: FunctionRecord): string {
  const { parent } = closure.node;
  if (closure.name !== '(anonymous)' || parent?.type !== 'CallExpression') return closure.name;
  const [first] = parent.arguments;
  return first?.type === 'Literal' && typeof first.value === 'string'
    ? `${spellCallee(parent.callee)}('${first.value}')`
    : closure.name;
}

/** Whoever calls a root waits for what it returns, so that a lazy call that it hands out is sent. */
function runRoot(run: Run, record: FunctionRecord, handlers: Handlers): void {
  const inputs = handlers.get(record.node)?.inputs ?? [];
  const args = declareInputs(run, record.module, inputArguments(run, record), inputs);
  const self = record.self ?? declareThis(run, record.module, inputs);
  const result = invoke(run, self === undefined ? record : { ...record, self }, args);
  run.returned = awaitValue(run, result, locate(record.node, record.module.file.path));
}

function findRecord(run: Run, module: ModuleScope, candidate: RootCandidate): FunctionRecord | undefined {
  const { node, owner, name } = candidate;
  if (owner !== undefined) {
    const id = `${module.file.path}#${String(owner.node.range[0])}`;
    const className = owner.node.id?.name ?? '(class)';
    if (!run.analyzer.classes.has(id)) {
      run.analyzer.classes.set(id, { id, name: className, node: owner.node, module, scope: module.scope });
    }
    const target = { kind: 'class', id, name: className } as const;
    const member = name.split('.').at(-1) ?? name;
    let value: Value | undefined;
    if (owner.isStatic) value = findStaticMember(run, target, member);
    else {
      const self = instantiateDeclared(run, target);
      const location = locate(node, module.file.path);
      if (self.kind === 'instance') {
        value =
          findInstanceMember(run, self, member, location) ?? findInstanceMember(run, self, `#${member}`, location);
      }
    }
    return value?.kind === 'function' ? findFunction(run, value) : undefined;
  }
  if (node.type === 'FunctionDeclaration' && node.id !== null) {
    const value = module.lookup(node.id.name);
    const known = value?.kind === 'function' ? run.analyzer.functions.get(value.id) : undefined;
    if (known?.node === node) return known;
  }
  return { id: `${module.file.path}#${String(node.range[0])}`, name, node, module, scope: module.scope };
}
