import type { Client } from '../model/client.ts';
import type { EffectId } from '../model/effect.ts';
import type { Location } from '../model/location.ts';
import type { EffectDraft, Recognition } from '../model/recognition.ts';
import type { ChainStep, ChainValue, Value } from '../model/value.ts';
import { findImportHandlers } from './analyzer.ts';
import { callFunction } from './call-function.ts';
import { emit, findTransaction } from './emit.ts';
import type { Run } from './run.ts';
import { findAdapter, report } from './run.ts';
import { apply, undefinedValue, unknown } from './values.ts';

/** A chain with one more step; becomes a client where an adapter says that the whole is one. */
export function extendChain(run: Run, chain: ChainValue, step: ChainStep): Value {
  const last = chain.steps.at(-1);
  // a call of a member completes that member's step
  const joins = step.name === '()' && last !== undefined && last.args === undefined && last.template === undefined;
  const steps = joins ? [...chain.steps.slice(0, -1), { ...last, ...step, name: last.name }] : [...chain.steps, step];
  const extended: ChainValue = { kind: 'chain', root: chain.root, steps };
  if (chain.root.kind === 'client') return extended;
  return identify(run, extended);
}

/** The client that a chain is, or the chain itself. */
export function identify(run: Run, chain: ChainValue): Value {
  if (chain.root.kind === 'client') return chain;
  const { engine } = run.analyzer;
  for (const adapter of findImportHandlers(run.analyzer, chain.root.package)) {
    const client = adapter.identify(chain, engine === undefined ? {} : { engine });
    if (client !== undefined)
      return { kind: 'chain', root: { kind: 'client', client: keepOwn(run, chain, client) }, steps: [] };
  }
  return chain;
}

/** A client that this run has made itself serves no other; how many runs have one that a class makes, nobody knows. */
function keepOwn(run: Run, { root, steps }: ChainValue, client: Client): Client {
  const isMade = !run.silent && root.kind === 'export' && steps.length > 0;
  if (!isMade || (run.members.length > 0 && client.shared === 'pool')) return client;
  const { shared: _, ...own } = client;
  return own;
}

/**
 * Lets the adapter look at a chain after a call or when it is awaited, and does what it says.
 *
 * @returns the value of the expression: an answer, another client, or the chain itself while nothing was sent
 */
export function settleChain(run: Run, chain: ChainValue, awaited: boolean, location: Location): Value {
  if (chain.root.kind !== 'client' || chain.steps.length === 0) return chain;
  const { client } = chain.root;
  const adapter = findAdapter(run, client.library);
  if (adapter === undefined) return chain;
  const { engine } = run.analyzer;
  const recognition = adapter.recognize(chain, {
    ...(engine === undefined ? {} : { engine }),
    awaited,
    newConnection: () => `c${String(++run.nextId)}`,
    call: (callback, args) => callFunction(run, callback, args, location),
  });
  // a builder that is awaited elsewhere (`Promise.all(deletions)`) is reported where it is written
  const place = chain.steps.at(-1)?.location ?? location;
  const { calls } = run;
  if (chain.calls !== undefined && chain.calls.length > calls.length) run.calls = chain.calls;
  const value = follow(run, chain, client, recognition, awaited, place);
  run.calls = calls;
  return value;
}

function follow(
  run: Run,
  chain: ChainValue,
  client: Client,
  recognition: Recognition,
  awaited: boolean,
  location: Location,
): Value {
  switch (recognition.kind) {
    case 'pending':
      return chain;
    case 'effects': {
      if (recognition.sent === 'on await' && !awaited) return chain;
      const ids = emitDrafts(run, recognition.effects, client, location);
      const answering = ids[recognition.answers ?? ids.length - 1];
      if (answering === undefined) return unknown('no answer');
      return { kind: 'answer', effect: answering, shape: recognition.answer, columns: [] };
    }
    case 'client':
      return { kind: 'chain', root: { kind: 'client', client: recognition.client }, steps: [] };
    case 'transaction':
      return runTransaction(run, recognition, client, location);
    case 'batch':
      return runBatch(run, recognition, client, location);
    case 'value':
      return recognition.value;
    case 'nothing':
      return undefinedValue;
    case 'unsupported':
      reportStatement(run, client, recognition, location);
      return unknown(recognition.reason);
  }
}

/** A call that is not understood may be a statement that locks rows: where in a transaction it stands matters. */
function reportStatement(
  run: Run,
  client: Client,
  { reason, detail }: Extract<Recognition, { kind: 'unsupported' }>,
  location: Location,
): void {
  const transaction = findTransaction(run, client);
  const within = transaction === undefined ? undefined : { transaction, after: run.steps.length };
  report(run, 'unsupported', reason, location, detail, within);
}

/** Emits effects in order; one that depends on an earlier read of the list gets a guard on what that read finds. */
function emitDrafts(run: Run, drafts: readonly EffectDraft[], client: Client, location: Location): readonly EffectId[] {
  const ids: EffectId[] = [];
  for (const draft of drafts) {
    const guards = run.guards;
    const read = draft.when === undefined ? undefined : ids[draft.when.draft];
    if (draft.when !== undefined && read !== undefined) {
      const condition: Value = { kind: 'answer', effect: read, shape: { kind: 'row', absent: 'null' }, columns: [] };
      run.guards = [...guards, { condition, holds: draft.when.found, location }];
    }
    ids.push(emit(run, draft, client, location));
    run.guards = guards;
  }
  return ids;
}

type TransactionRecognition = Extract<Recognition, { kind: 'transaction' }>;
type BatchRecognition = Extract<Recognition, { kind: 'batch' }>;

function runTransaction(run: Run, recognition: TransactionRecognition, client: Client, location: Location): Value {
  const { callback, handle, handleAt } = recognition;
  const nested = run.transactions.has(handle.connection);
  const begun = nested ? undefined : begin(run, handle, recognition.isolation, recognition.label, location);
  const args: Value[] = [...(recognition.args ?? [])];
  if (recognition.args === undefined)
    args[handleAt] = { kind: 'chain', root: { kind: 'client', client: handle }, steps: [] };
  const result =
    callback.kind === 'function'
      ? callFunction(
          run,
          callback,
          Array.from(args, (arg) => arg ?? undefinedValue),
          location,
        )
      : unknown('the transaction callback does not resolve');
  if (callback.kind !== 'function') report(run, 'unknown', 'the transaction callback does not resolve', location);
  if (begun !== undefined) commit(run, handle, recognition.label, location);
  return result;
}

function runBatch(run: Run, recognition: BatchRecognition, client: Client, location: Location): Value {
  const connection = `c${String(++run.nextId)}`;
  const handle: Client = { ...client, role: 'transaction', connection };
  begin(run, handle, recognition.isolation, recognition.label, location);
  const settle = (item: Value): Value => {
    // `[...deletions, …]` of a mapped array: any number of equal operations
    const many = item.kind === 'apply' && item.operator === 'spread' ? item.operands[0] : undefined;
    if (many?.kind === 'array') {
      const { loops } = run;
      run.loops = [...loops, `${location.file}#${String(location.range[0])}`];
      const elements = many.elements.map(settle);
      run.loops = loops;
      return apply('spread', [{ ...many, elements }]);
    }
    if (item.kind !== 'chain' || item.root.kind !== 'client') return item;
    return settleChain(
      run,
      { ...item, root: { kind: 'client', client: { ...item.root.client, connection } } },
      true,
      location,
    );
  };
  const elements = recognition.items.map(settle);
  commit(run, handle, recognition.label, location);
  return { kind: 'array', elements, complete: true };
}

function begin(
  run: Run,
  handle: Client,
  isolation: TransactionRecognition['isolation'],
  label: string,
  location: Location,
): EffectId {
  const draft: EffectDraft = {
    action: {
      kind: 'begin',
      resource: { kind: 'lock', store: handle.library, key: { kind: 'constant', value: handle.connection } },
      ...(isolation === undefined ? {} : { isolation }),
    },
    answer: { kind: 'none' },
    label,
  };
  return emit(run, draft, handle, location);
}

function commit(run: Run, handle: Client, label: string, location: Location): void {
  emit(
    run,
    {
      action: {
        kind: 'commit',
        resource: { kind: 'lock', store: handle.library, key: { kind: 'constant', value: handle.connection } },
      },
      answer: { kind: 'none' },
      label,
    },
    handle,
    location,
  );
}
