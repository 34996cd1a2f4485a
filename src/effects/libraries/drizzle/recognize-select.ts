import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { Condition, ReadAction } from '../../../model/effect.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import { databaseStore } from '../../database-store.ts';
import { findConstantEntry } from '../../find-entry.ts';
import { normalizeExport } from '../../find-export-steps.ts';
import { findColumn, findTable } from './find-table.ts';
import { lowerCondition } from './lower-condition.ts';
import { findSqlTemplate } from './lower-expression.ts';
import type { StatementScope } from './lower-expression.ts';
import type { BuilderCalls } from './read-builder.ts';
import { readBuilder } from './read-builder.ts';
import { readFields } from './read-fields.ts';

/** A read with the shape of its answer, or why it is not understood. */
export type LoweredRead =
  | { readonly kind: 'read'; readonly action: ReadAction; readonly answer: AnswerShape; readonly terminal?: ChainStep }
  | { readonly kind: 'pending' }
  | { readonly kind: 'unsupported'; readonly reason: string; readonly detail?: string };

const joins = new Set([
  'leftJoin',
  'rightJoin',
  'innerJoin',
  'fullJoin',
  'crossJoin',
  'leftJoinLateral',
  'innerJoinLateral',
  'crossJoinLateral',
]);

const links: ReadonlySet<string> = new Set([
  'from',
  'where',
  'having',
  'groupBy',
  'orderBy',
  'limit',
  'offset',
  'for',
  ...joins,
]);

export const selectHeads: ReadonlySet<string> = new Set(['select', 'selectDistinct', 'selectDistinctOn']);

/**
 * Reads `select(fields).from(table)…`.
 *
 * @param steps from the head on
 */
export function lowerSelect(steps: readonly [ChainStep, ...ChainStep[]]): LoweredRead {
  const calls = readBuilder(steps, links);
  if ('unknown' in calls) return { kind: 'unsupported', reason: 'unknown Drizzle member', detail: calls.unknown };
  const from = calls.links.get('from')?.args?.[0];
  if (from === undefined) return { kind: 'pending' };
  const table = findTable(from);
  if (table === undefined) return lowerFromSubquery(calls, from);
  const scope: StatementScope = {
    table: table.identity,
    ...(calls.placeholders === undefined ? {} : { placeholders: calls.placeholders }),
  };
  const joined = calls.ordered.filter((step) => joins.has(step.name)).map((step) => nameJoined(step.args?.[0]));
  const conditions = [...lowerCondition(calls.links.get('where')?.args?.[0], scope), ...listJoinConditions(calls)];
  return finish(calls, scope, {
    kind: 'read',
    resource: { kind: 'table', store: databaseStore, name: table.name },
    selector: { conditions, ...readLimit(calls), ...readOrder(calls) },
    mode: readMode(calls.links.get('for')),
    ...(joined.length === 0 ? {} : { joined }),
  });
}

function finish(calls: BuilderCalls, scope: StatementScope, action: ReadAction): LoweredRead {
  const argument = calls.head.name === 'selectDistinctOn' ? calls.head.args?.[1] : calls.head.args?.[0];
  const fields = readFields(argument, scope);
  const grouped = calls.links.has('groupBy');
  const whole: ReadAction = {
    ...action,
    ...(fields.aggregate === undefined ? {} : { aggregate: grouped ? { kind: 'other' as const } : fields.aggregate }),
    ...(fields.columns === undefined ? {} : { columns: fields.columns }),
  };
  const renamed = fields.renamed === undefined ? {} : { renamed: fields.renamed };
  const single: AnswerShape | undefined =
    fields.aggregate !== undefined && !grouped ? { kind: 'object', fields: fields.row } : undefined;
  const answer: AnswerShape =
    calls.terminal?.name === 'get'
      ? (single ?? { kind: 'row', absent: 'undefined', ...renamed })
      : // An aggregate of the whole gives exactly one row.
        single
        ? { kind: 'tuple', items: [single] }
        : { kind: 'rows', ...renamed };
  return { kind: 'read', action: whole, answer, ...(calls.terminal === undefined ? {} : { terminal: calls.terminal }) };
}

/** `from(db.select()….as('latest'))`: what is read is the inner query's table, under a condition that is not understood. */
function lowerFromSubquery(calls: BuilderCalls, from: Value): LoweredRead {
  const inner = findSubquery(from);
  if (inner === undefined)
    return { kind: 'unsupported', reason: 'Drizzle table does not resolve', detail: calls.head.name };
  const read = lowerSelect(inner);
  if (read.kind !== 'read')
    return read.kind === 'pending' ? { kind: 'unsupported', reason: 'Drizzle table does not resolve' } : read;
  const outer = calls.links.has('where') || calls.links.has('having');
  const conditions: readonly Condition[] = outer
    ? [{ kind: 'opaque', text: 'condition on a subquery', values: [] }]
    : [];
  const { resource, mode, joined = [], selector } = read.action;
  const names = [
    ...joined,
    ...calls.ordered.filter((step) => joins.has(step.name)).map((step) => nameJoined(step.args?.[0])),
  ];
  return finish(
    calls,
    { table: '' },
    {
      kind: 'read',
      resource,
      selector: { ...selector, conditions: [...selector.conditions, ...conditions, ...listJoinConditions(calls)] },
      mode,
      ...(names.length === 0 ? {} : { joined: names }),
    },
  );
}

/** The SELECT behind `….as('name')` or `db.$with('name').as(query)`. */
function findSubquery(value: Value): readonly [ChainStep, ...ChainStep[]] | undefined {
  if (value.kind !== 'chain' || value.root.kind !== 'client') return undefined;
  const [head, ...rest] = value.steps;
  const last = rest.at(-1);
  if (head === undefined || last?.name !== 'as') return undefined;
  if (head.name === '$with') return findQuery(last.args?.[0]);
  return findQuery({ ...value, steps: value.steps.slice(0, -1) });
}

function findQuery(value: Value | undefined): readonly [ChainStep, ...ChainStep[]] | undefined {
  const [head, ...rest] = value?.kind === 'chain' ? value.steps : [];
  return head !== undefined && selectHeads.has(head.name) ? [head, ...rest] : undefined;
}

function nameJoined(value: Value | undefined): string {
  return (value && findTable(value)?.name) ?? 'subquery';
}

/** All joins but the left one drop rows that have no match. */
function listJoinConditions(calls: BuilderCalls): readonly Condition[] {
  return calls.ordered
    .filter((step) => joins.has(step.name) && step.name !== 'leftJoin' && step.name !== 'leftJoinLateral')
    .map((step) => ({ kind: 'elsewhere', text: `${step.name} ${nameJoined(step.args?.[0])}` }));
}

function readLimit(calls: BuilderCalls): { readonly limit?: number } {
  const limit = calls.links.get('limit')?.args?.[0];
  if (limit?.kind === 'constant' && typeof limit.value === 'number') return { limit: limit.value };
  return calls.terminal?.name === 'get' ? { limit: 1 } : {};
}

function readOrder(calls: BuilderCalls): { readonly order?: readonly string[] } {
  const order = (calls.links.get('orderBy')?.args ?? []).flatMap((value) => {
    const text = nameOrder(value);
    return text === undefined ? [] : [text];
  });
  return order.length === 0 ? {} : { order };
}

/** `desc(invoices.number)` → `number desc`; of an expression in SQL only the direction is told. */
export function nameOrder(value: Value): string | undefined {
  const template = findSqlTemplate(value);
  if (template !== undefined)
    return /\bdesc(\s+nulls\s+\w+)?\s*$/i.test(template.quasis.at(-1) ?? '') ? '(expression) desc' : undefined;
  const plain = findColumn(value);
  if (plain !== undefined) return `${plain.column} asc`;
  const start = value.kind === 'chain' ? normalizeExport(value) : undefined;
  const argument = start?.steps[0]?.args?.[0];
  const column = argument && findColumn(argument);
  return column && (start?.name === 'asc' || start?.name === 'desc') ? `${column.column} ${start.name}` : undefined;
}

/** https://orm.drizzle.team/docs/select#locking: FOR NO KEY UPDATE excludes itself and UPDATE, FOR KEY SHARE only key changes. */
function readMode(step: ChainStep | undefined): ReadAction['mode'] {
  const [strength, config] = step?.args ?? [];
  if (strength?.kind !== 'constant') return 'plain';
  if (strength.value === 'key share') return 'plain';
  if (findConstantEntry(config, 'skipLocked') === true) return 'skip locked';
  if (findConstantEntry(config, 'noWait') === true) return 'nowait';
  return strength.value === 'share' ? 'share' : 'update';
}
