import type { AnswerShape, RenamedColumns } from '../../model/answer-shape.ts';
import type {
  Assignment,
  EffectAction,
  InsertAction,
  ReadAction,
  RelatedRows,
  Resource,
  Selector,
} from '../../model/effect.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, Value } from '../../model/value.ts';
import { databaseStore } from '../database-store.ts';
import { findConstantEntry, isUndefined } from '../find-entry.ts';
import { keepWhereUndefined } from '../keep-where-undefined.ts';
import { mergeRows, type InsertedRow } from '../merge-rows.ts';
import { isFilter, lowerFilter } from './supabase-filters.ts';
import { readColumnList, type ColumnList } from './supabase-columns.ts';

const verbs = new Set(['select', 'insert', 'upsert', 'update', 'delete']);

/** Links that shape the answer or the request, and touch no other rows. */
const shapers = new Set([
  'order',
  'range',
  'abortSignal',
  'throwOnError',
  'returns',
  'overrideTypes',
  'maxAffected',
  'setHeader',
  'csv',
  'geojson',
  'retry',
]);

/**
 * What a chain that begins with `from('table')` does.
 *
 * @param steps the chain from `from` on
 * @param awaited nothing is sent before
 */
export function recognizeTableQuery(steps: readonly ChainStep[], awaited: boolean): Recognition {
  const [from, verb, ...links] = steps;
  if (!awaited) return { kind: 'pending' };
  const name = from?.args?.[0];
  if (name?.kind !== 'constant' || typeof name.value !== 'string')
    return { kind: 'unsupported', reason: 'table name is computed' };
  if (verb === undefined) return { kind: 'pending' };
  if (!verbs.has(verb.name)) return { kind: 'unsupported', reason: 'unknown member of a query', detail: verb.name };
  const unknown = links.find(
    (link) =>
      !isFilter(link.name) &&
      !shapers.has(link.name) &&
      !['select', 'single', 'maybeSingle', 'limit'].includes(link.name),
  );
  if (unknown !== undefined) return { kind: 'unsupported', reason: 'unknown member of a query', detail: unknown.name };

  const resource: Resource = { kind: 'table', store: databaseStore, name: name.value };
  const columns = readColumns(verb, links);
  const action = lowerVerb(verb, links, resource, columns);
  if (typeof action === 'string') return { kind: 'unsupported', reason: action, detail: `${name.value}.${verb.name}` };
  const answer = wrapAnswer(verb, links, columns);
  return {
    kind: 'effects',
    sent: 'on await',
    effects: [{ action, answer, label: `supabase.from('${name.value}').${verb.name}` }],
    answer,
  };
}

/** The columns that come back: those of `select`, which after a write only shapes the answer. */
function readColumns(verb: ChainStep, links: readonly ChainStep[]): ColumnList | undefined {
  const select = verb.name === 'select' ? verb : links.findLast(({ name }) => name === 'select');
  return select && readColumnList(select.args?.[0]);
}

/** The effect, or the reason why it is not understood. */
function lowerVerb(
  verb: ChainStep,
  links: readonly ChainStep[],
  resource: Resource,
  columns: ColumnList | undefined,
): EffectAction | string {
  const args = verb.args ?? [];
  const selector = lowerSelector(links, columns);
  switch (verb.name) {
    case 'select':
      return lowerRead(verb, links, resource, selector, columns);
    case 'insert':
      return lowerInsert(args[0], resource, { kind: 'fail' });
    case 'upsert':
      return lowerUpsert(args, resource);
    case 'update': {
      const row = readRow(args[0]);
      const assignments = row.assignments.map(({ column, value }) => ({
        column,
        value: keepWhereUndefined(column, value, (given) => given),
      }));
      return { kind: 'update', resource, selector, assignments, complete: row.complete };
    }
    default:
      return { kind: 'delete', resource, selector };
  }
}

function lowerRead(
  verb: ChainStep,
  links: readonly ChainStep[],
  resource: Resource,
  selector: Selector,
  columns: ColumnList | undefined,
): ReadAction {
  // Only the number of rows comes back.
  const counts = findConstantEntry(verb.args?.[1], 'head') === true;
  const related = listRelated(columns, links);
  const aggregate: ReadAction['aggregate'] = counts ? { kind: 'count' } : columns?.aggregate;
  return {
    kind: 'read',
    resource,
    selector,
    mode: 'plain',
    ...(aggregate && { aggregate }),
    ...(columns && columns.joined.length > 0 && { joined: columns.joined }),
    ...(related.length > 0 && !counts && { related }),
    ...(columns?.columns && !counts && { columns: columns.columns }),
  };
}

/** Embedded rows, all of them: where a link says which (`eq('items.sku', …)`, `referencedTable: 'items'`), none. */
function listRelated(columns: ColumnList | undefined, links: readonly ChainStep[]): readonly RelatedRows[] {
  return Object.entries(columns?.embedded ?? {}).flatMap(([name, relation]): readonly RelatedRows[] => {
    const isRestricted = links.some(({ args = [] }) => args.some((value) => isAbout(value, [name, relation])));
    return isRestricted ? [] : [{ relation, path: [name], counts: false, selector: { conditions: [] } }];
  });
}

function isAbout(value: Value, names: readonly string[]): boolean {
  if (value.kind === 'object') return value.entries.some((entry) => isAbout(entry.value, names));
  const text = value.kind === 'constant' && typeof value.value === 'string' ? value.value : '';
  return names.some((name) => text === name || text.startsWith(`${name}.`));
}

function lowerInsert(
  value: Value | undefined,
  resource: Resource,
  onConflict: InsertAction['onConflict'],
): InsertAction {
  const { assignments, complete, many } = readRows(value);
  return { kind: 'insert', resource, values: assignments, complete, many, onConflict };
}

/** Without `onConflict` the primary key decides; `ignoreDuplicates` leaves an existing row alone. */
function lowerUpsert(args: readonly Value[], resource: Resource): InsertAction | string {
  const [value, options] = args;
  if (options !== undefined && options.kind !== 'object' && !isUndefined(options)) return 'upsert options are computed';
  const columns = findConstantEntry(options, 'onConflict');
  const target = typeof columns === 'string' ? { target: columns.split(',').map((column) => column.trim()) } : {};
  const insert = lowerInsert(value, resource, { kind: 'fail' });
  return {
    ...insert,
    onConflict:
      findConstantEntry(options, 'ignoreDuplicates') === true
        ? { kind: 'ignore', ...target }
        : { kind: 'update', ...target, assignments: insert.values },
  };
}

function lowerSelector(links: readonly ChainStep[], columns: ColumnList | undefined): Selector {
  const conditions = [...links.flatMap((link) => lowerFilter(link)), ...(columns?.conditions ?? [])];
  const limit = links.findLast(({ name }) => name === 'limit')?.args?.[0];
  const order = links.flatMap(({ name, args }) => {
    const column = name === 'order' ? args?.[0] : undefined;
    if (column?.kind !== 'constant') return [];
    return [`${String(column.value)}${findConstantEntry(args?.[1], 'ascending') === false ? ' desc' : ''}`];
  });
  return {
    conditions,
    ...(limit?.kind === 'constant' && typeof limit.value === 'number' && { limit: limit.value }),
    ...(order.length > 0 && { order }),
  };
}

/** `{ data, error, count }`: errors are returned, so that a failed call goes on. */
function wrapAnswer(verb: ChainStep, links: readonly ChainStep[], columns: ColumnList | undefined): AnswerShape {
  const options = verb.args?.[verb.name === 'delete' ? 0 : 1];
  const selects = verb.name === 'select' || links.some(({ name }) => name === 'select');
  const renamed: RenamedColumns | undefined = columns?.renamed;
  const one = links.some(({ name }) => name === 'single' || name === 'maybeSingle');
  const silent =
    !selects ||
    findConstantEntry(options, 'head') === true ||
    links.some(({ name }) => name === 'csv' || name === 'geojson');
  const row: AnswerShape = one
    ? { kind: 'row', absent: 'null', ...(renamed && { renamed }) }
    : { kind: 'rows', ...(renamed && { renamed }) };
  return {
    kind: 'object',
    fields: {
      data: silent ? { kind: 'none' } : row,
      error: { kind: 'error' },
      count: findConstantEntry(options, 'count') === undefined ? { kind: 'none' } : { kind: 'count' },
    },
  };
}

function readRows(value: Value | undefined): ReturnType<typeof mergeRows> {
  if (value?.kind === 'array')
    return mergeRows(
      value.elements.map((element) => readRow(element)),
      value.complete,
    );
  return mergeRows([readRow(value)], value?.kind === 'object');
}

/** The entries of a row; an entry that is `undefined` is left out of the request. */
function readRow(value: Value | undefined): InsertedRow {
  if (value?.kind !== 'object') return { assignments: [], complete: false };
  const assignments = value.entries.flatMap((entry): readonly Assignment[] =>
    isUndefined(entry.value) ? [] : [{ column: entry.name, value: entry.value }],
  );
  return { assignments, complete: value.complete };
}
