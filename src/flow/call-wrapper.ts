import type { Location } from '../model/location.ts';
import type { FunctionValue, Value } from '../model/value.ts';
import { awaitValue } from './await-value.ts';
import { callFunction, inputArguments } from './call-function.ts';
import type { Run } from './run.ts';
import { findFunction } from './run.ts';
import { keepCauses } from './sketch.ts';
import { apply } from './values.ts';

/** Callees that keep a closure for later: what it does is another execution. */
const registrars = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'on',
  'once',
  'addListener',
  'addEventListener',
  'subscribe',
  'nextTick',
  'useEffect',
  'useCallback',
  'useMemo',
  'useMutation',
  'useQuery',
  'useAction',
  'useOptimisticAction',
  'memo',
  'forwardRef',
]);

/** Callees whose name says that only one closure runs at a time; a name is enough for silence, never for a report. */
const serializers = /lock|mutex|semaphore|exclusive|serializ|singleflight|dedupe|queue|throttle|limit/i;

const lockPackages = /(^|[^bc])lock|mutex|semaphore/i;

/**
 * A call of something that is not understood. Closures among the arguments run in place, once (`retry(() => …)`,
 * `withLock(key, () => …)`); the result is what the only closure returns, else an uninterpreted value. Where nobody waits
 * for the call (`server.registerTool('book', async () => …)`), what its closures do is another execution.
 *
 * Misses: wrappers that run the closure never, twice or later.
 *
 * @param call `dropped` when the call is a statement of its own, not awaited
 */
export function callWrapper(
  run: Run,
  call: {
    readonly name: string;
    readonly subject: Value;
    readonly args: readonly Value[];
    readonly location: Location;
    readonly dropped: boolean;
  },
): Value {
  const short = call.name.split('.').at(-1) ?? call.name;
  // a global function is named already; `x.trim()` is a function of x
  const isGlobal = call.subject.kind === 'apply' && call.subject.operator.startsWith('global:');
  const plain = keepCauses(run, [
    ...(isGlobal ? [] : [call.subject]),
    ...call.args.filter((arg) => arg.kind !== 'function'),
  ]);
  if (call.dropped || registrars.has(short)) return apply(`call:${call.name}`, plain);
  const closures = call.args.filter((arg) => arg.kind === 'function');
  let result: Value | undefined;
  for (const closure of closures) {
    const id = serializes(short, call.subject) ? `wrapper:${call.name}@${String(call.location.range[0])}` : undefined;
    if (id !== undefined) run.locks.set(id, apply(`call:${call.name}`, plain));
    const value = awaitValue(
      run,
      callFunction(run, closure, makeArguments(run, closure, short), call.location),
      call.location,
    );
    if (id !== undefined) run.locks.delete(id);
    result = closures.length === 1 ? value : undefined;
  }
  return result ?? apply(`call:${call.name}`, plain);
}

/** `withLock(key, () => …)`, and `redlock.using([key], 5000, () => …)`, where only the package is called after it. */
function serializes(name: string, subject: Value): boolean {
  if (serializers.test(name)) return true;
  return subject.kind === 'chain' && subject.root.kind === 'export' && lockPackages.test(subject.root.package);
}

/** What a wrapper hands to a closure: inputs of their own names, with what their declared types tell. */
function makeArguments(run: Run, closure: FunctionValue, wrapper: string): readonly Value[] {
  const record = findFunction(run, closure);
  if (record === undefined) return [];
  return inputArguments(run, record).map((value) =>
    value.kind === 'input' ? { ...value, name: `${wrapper}.${value.name}` } : value,
  );
}
