import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue, Value } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { spellChain } from '../spell-chain.ts';
import { composeSqlText } from '../sql/compose-sql-text.ts';
import { recognizeSqlArguments, recognizeSqlText, type SqlCall } from '../sql/recognize-sql-text.ts';

/** Constructions and declared types of each package, spelled by `spellChain`. */
const clients: Readonly<Record<string, ReadonlySet<string>>> = {
  'better-sqlite3': new Set([
    'default.new()',
    'default()',
    '*.new()',
    '*()',
    'Database',
    'default.Database',
    '*.Database',
  ]),
  'node:sqlite': new Set([
    'DatabaseSync.new()',
    'default.DatabaseSync.new()',
    '*.DatabaseSync.new()',
    'DatabaseSync',
    '*.DatabaseSync',
    'default.DatabaseSync',
  ]),
};

/** Members of the database that touch no rows. */
const nothing = new Set([
  'pragma',
  'close',
  'open',
  'function',
  'aggregate',
  'table',
  'backup',
  'loadExtension',
  'enableLoadExtension',
  'serialize',
  'defaultSafeIntegers',
  'unsafeMode',
  'location',
  'isTransaction',
  'isOpen',
  'applyChangeset',
  'createSession',
]);

/** Members that give back the statement. */
const links = new Set([
  'pluck',
  'raw',
  'expand',
  'safeIntegers',
  'bind',
  'setReadBigInts',
  'setAllowBareNamedParameters',
  'setAllowUnknownNamedParameters',
  'setReturnArrays',
]);

const terminals: Readonly<Record<string, AnswerShape>> = {
  run: { kind: 'object', fields: { changes: { kind: 'count' }, lastInsertRowid: { kind: 'scalar', absent: 'never' } } },
  get: { kind: 'row', absent: 'undefined' },
  all: { kind: 'rows' },
  iterate: { kind: 'rows' },
};

/** `db.transaction(fn)` is deferred unless told otherwise; `exclusive` locks out others as `immediate` does, readers too. */
const transactionForms: Readonly<Record<string, 'deferred' | 'immediate'>> = {
  '()': 'deferred',
  default: 'deferred',
  deferred: 'deferred',
  immediate: 'immediate',
  exclusive: 'immediate',
};

/**
 * better-sqlite3 and node:sqlite: every call returns when it is done, so that nothing else of the process runs between
 * two calls without an await. Another process on the same file still can, outside a transaction.
 */
export const betterSqlite3Adapter: LibraryAdapter = {
  name: 'better-sqlite3',
  documentation: [
    'https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md',
    'https://nodejs.org/api/sqlite.html',
  ],
  checkedAgainst: { 'better-sqlite3': '12.11.1' },
  handlesImport: (specifier) => clients[specifier] !== undefined,
  identify: identifySqlite,
  recognize: recognizeSqlite,
};

function identifySqlite(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client' || clients[root.package]?.has(spellChain(chain)) !== true) return undefined;
  // `import { Database }` of a package without such an export is only a type.
  if (root.kind === 'export' && chain.steps.length === 0) return undefined;
  return {
    library: 'better-sqlite3',
    role: 'connection',
    connection: 'single connection',
    engine: 'sqlite',
    synchronous: true,
  };
}

function recognizeSqlite(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a SQLite client' };
  const { client } = chain.root;
  const [step, ...more] = chain.steps;
  if (step?.args === undefined) return { kind: 'pending' };
  const call: SqlCall = {
    client,
    engine: 'sqlite',
    sent: 'on call',
    wrap: (answer) => answer,
    newConnection: context.newConnection,
  };
  switch (step.name) {
    case 'prepare':
      return recognizeStatement(step, more, call);
    case 'exec':
      return recognizeSqlArguments(step.args[0], undefined, { ...call, wrap: () => ({ kind: 'none' }) });
    case 'transaction':
      return recognizeTransaction(step, more, client);
    default:
      return nothing.has(step.name)
        ? { kind: 'nothing' }
        : { kind: 'unsupported', reason: 'unknown member of the database', detail: step.name };
  }
}

/** `db.prepare(text).pluck().bind(…).get(…)`. */
function recognizeStatement(prepare: ChainStep, more: readonly ChainStep[], call: SqlCall): Recognition {
  const bound: Value[] = [];
  const shaped = new Set<string>();
  for (const [index, step] of more.entries()) {
    if (step.args === undefined) return { kind: 'pending' };
    if (links.has(step.name)) {
      if (step.name === 'bind') bound.push(...step.args);
      else if (step.args[0]?.kind !== 'constant' || step.args[0].value !== false) shaped.add(step.name);
      continue;
    }
    const terminal = terminals[step.name];
    if (terminal === undefined || index < more.length - 1)
      return { kind: 'unsupported', reason: 'unknown member of a statement', detail: step.name };
    const composed = composeSqlText(prepare.args?.[0] ?? { kind: 'unknown', reason: 'no text' });
    if (composed === undefined) return { kind: 'unsupported', reason: 'SQL text is computed' };
    return recognizeSqlText(
      { ...composed, values: orderParameters([...bound, ...step.args]) },
      { ...call, wrap: (answer) => wrapAnswer(answer, terminal, shaped) },
    );
  }
  return { kind: 'pending' };
}

/** Parameters may be given as arguments, as an array, or as an object of named ones; a spread has no known positions. */
function orderParameters(args: readonly Value[]): readonly Value[] {
  const named = args.filter(({ kind }) => kind === 'object');
  const positional = args.flatMap((argument) =>
    argument.kind === 'object' ? [] : argument.kind === 'array' ? argument.elements : [argument],
  );
  const spread = positional.findIndex((value) => value.kind === 'apply' && value.operator === 'spread');
  const known = spread < 0 ? positional : positional.slice(0, spread);
  const [only] = named;
  // The binder looks for names in the first value.
  return only !== undefined && known.length === 0 ? [only] : known;
}

function wrapAnswer(answer: AnswerShape, terminal: AnswerShape, shaped: ReadonlySet<string>): AnswerShape {
  if (terminal.kind === 'object' || (answer.kind !== 'rows' && answer.kind !== 'count')) return terminal;
  const row = terminal.kind === 'row';
  if (shaped.has('pluck')) return row ? { kind: 'scalar', absent: 'undefined' } : { kind: 'none' };
  if (shaped.has('raw') || shaped.has('expand') || shaped.has('setReturnArrays')) return { kind: 'none' };
  return terminal;
}

/** `db.transaction(fn)` makes a function; calling it, or its `immediate`, runs `fn` with the caller's arguments. */
function recognizeTransaction(step: ChainStep, more: readonly ChainStep[], client: Client): Recognition {
  const [form, ...rest] = more;
  if (form?.args === undefined || rest.length > 0) return { kind: 'pending' };
  const isolation = transactionForms[form.name];
  const callback = step.args?.[0];
  if (isolation === undefined || callback === undefined)
    return { kind: 'unsupported', reason: 'unknown member of a transaction', detail: form.name };
  return {
    kind: 'transaction',
    callback,
    handle: client,
    handleAt: form.args.length,
    args: form.args,
    isolation,
    label: `db.transaction ${isolation}`,
  };
}
