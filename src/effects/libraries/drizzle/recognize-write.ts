import type { Assignment, EffectAction, InsertAction, Resource, Selector } from '../../../model/effect.ts';
import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import { databaseStore } from '../../database-store.ts';
import { findEntry, isUndefined } from '../../find-entry.ts';
import { keepWhereUndefined } from '../../keep-where-undefined.ts';
import { listLeaves } from '../../merge-conditions.ts';
import type { InsertedRow } from '../../merge-rows.ts';
import { mergeRows } from '../../merge-rows.ts';
import type { DrizzleDriver } from './drivers.ts';
import type { TableReference } from './find-table.ts';
import { findColumn, findTable } from './find-table.ts';
import { lowerCondition } from './lower-condition.ts';
import type { StatementScope } from './lower-expression.ts';
import { lowerExpression } from './lower-expression.ts';
import type { BuilderCalls } from './read-builder.ts';
import { readBuilder } from './read-builder.ts';
import { readFields } from './read-fields.ts';

/** A write with the shape of its answer, or why it is not understood. */
export type LoweredWrite =
  | {
      readonly kind: 'write';
      readonly action: EffectAction;
      readonly answer: AnswerShape;
      readonly terminal?: ChainStep;
    }
  | { readonly kind: 'pending' }
  | { readonly kind: 'unsupported'; readonly reason: string; readonly detail?: string };

/** The links of each builder. https://orm.drizzle.team/docs/insert, …/update, …/delete */
const links: Readonly<Record<string, ReadonlySet<string>>> = {
  insert: new Set([
    'values',
    'select',
    'ignore',
    'onConflictDoNothing',
    'onConflictDoUpdate',
    'onDuplicateKeyUpdate',
    'returning',
    '$returningId',
  ]),
  update: new Set([
    'set',
    'from',
    'where',
    'returning',
    'orderBy',
    'limit',
    'leftJoin',
    'innerJoin',
    'rightJoin',
    'fullJoin',
  ]),
  delete: new Set(['where', 'returning', 'orderBy', 'limit']),
};

export const writeHeads: ReadonlySet<string> = new Set(Object.keys(links));

type Table = Extract<Resource, { kind: 'table' }>;

/**
 * Reads `insert(table)…`, `update(table)…`, `delete(table)…`.
 *
 * @param steps from the head on
 */
export function lowerWrite(steps: readonly [ChainStep, ...ChainStep[]], driver: DrizzleDriver): LoweredWrite {
  const [head] = steps;
  const calls = readBuilder(steps, links[head.name] ?? new Set());
  if ('unknown' in calls) return { kind: 'unsupported', reason: 'unknown Drizzle member', detail: calls.unknown };
  const table = head.args?.[0] && findTable(head.args[0]);
  if (table === undefined) return { kind: 'unsupported', reason: 'Drizzle table does not resolve', detail: head.name };
  const scope: StatementScope = {
    table: table.identity,
    ...(calls.placeholders === undefined ? {} : { placeholders: calls.placeholders }),
  };
  const resource: Table = { kind: 'table', store: databaseStore, name: table.name };
  const action = lowerAction(calls, resource, table, scope);
  if (action === undefined) return { kind: 'pending' };
  if ('reason' in action) return { kind: 'unsupported', ...action };
  return {
    kind: 'write',
    action,
    answer: shapeAnswer(calls, scope, driver),
    ...(calls.terminal === undefined ? {} : { terminal: calls.terminal }),
  };
}

interface Unsupported {
  readonly reason: string;
  readonly detail?: string;
}

function lowerAction(
  calls: BuilderCalls,
  resource: Table,
  table: TableReference,
  scope: StatementScope,
): EffectAction | Unsupported | undefined {
  switch (calls.head.name) {
    case 'insert':
      if (calls.links.has('select'))
        return { reason: 'INSERT … SELECT of a builder is not modelled', detail: table.name };
      return calls.links.has('values') ? lowerInsert(calls, resource, scope) : undefined;
    case 'update': {
      const set = calls.links.get('set')?.args?.[0];
      if (set === undefined) return undefined;
      const { assignments, complete } = lowerSet(set, scope);
      return { kind: 'update', resource, selector: readSelector(calls, scope), assignments, complete };
    }
    default:
      return { kind: 'delete', resource, selector: readSelector(calls, scope) };
  }
}

function readSelector(calls: BuilderCalls, scope: StatementScope): Selector {
  const limit = calls.links.get('limit')?.args?.[0];
  const others = calls.ordered.filter((step) => step.name === 'from' || /Join$/.test(step.name));
  return {
    conditions: [
      ...lowerCondition(calls.links.get('where')?.args?.[0], scope),
      ...others.map((step) => ({ kind: 'elsewhere' as const, text: step.name })),
    ],
    ...(limit?.kind === 'constant' && typeof limit.value === 'number' ? { limit: limit.value } : {}),
  };
}

/** The columns of `.set({…})`; one that is `undefined` is left out, as Drizzle does. */
function lowerSet(set: Value, scope: StatementScope): InsertedRow {
  if (set.kind !== 'object') return { assignments: [], complete: false };
  const assignments = set.entries.flatMap(({ name, value }): readonly Assignment[] =>
    isUndefined(value)
      ? []
      : [{ column: name, value: keepWhereUndefined(name, lowerExpression(value, scope), (given) => given) }],
  );
  return { assignments, complete: set.complete };
}

function lowerInsert(calls: BuilderCalls, resource: Table, scope: StatementScope): InsertAction {
  const argument = calls.links.get('values')?.args?.[0];
  const row =
    argument?.kind === 'array'
      ? mergeRows(
          argument.elements.map((element) => lowerRow(element, scope)),
          argument.complete,
        )
      : { ...lowerRow(argument, scope), many: argument?.kind !== 'object' };
  return {
    kind: 'insert',
    resource,
    values: row.assignments,
    complete: row.complete,
    many: row.many,
    onConflict: lowerConflict(calls, row.assignments, scope),
  };
}

function lowerRow(value: Value | undefined, scope: StatementScope): InsertedRow {
  if (value?.kind !== 'object') return { assignments: [], complete: false };
  const given = value.entries.filter((entry) => !isUndefined(entry.value));
  return {
    assignments: given.map((entry) => ({ column: entry.name, value: lowerExpression(entry.value, scope) })),
    complete: value.complete,
  };
}

function lowerConflict(
  calls: BuilderCalls,
  inserted: readonly Assignment[],
  scope: StatementScope,
): InsertAction['onConflict'] {
  const nothing = calls.links.get('onConflictDoNothing');
  if (nothing !== undefined) return { kind: 'ignore', ...readTarget(nothing.args?.[0]) };
  if (calls.links.has('ignore')) return { kind: 'ignore' };
  const update = calls.links.get('onConflictDoUpdate') ?? calls.links.get('onDuplicateKeyUpdate');
  if (update === undefined) return { kind: 'fail' };
  const [config] = update.args ?? [];
  const set = lowerSet(findEntry(config, 'set') ?? { kind: 'unknown', reason: 'set' }, { ...scope, inserted });
  const guard = findEntry(config, 'setWhere') ?? findEntry(config, 'where');
  const assignments =
    guard === undefined ? set.assignments : set.assignments.map((assignment) => guardAssignment(assignment, guard));
  return { kind: 'update', ...(update.name === 'onConflictDoUpdate' ? readTarget(config) : {}), assignments };
}

/** DO UPDATE … WHERE keeps the row as it is when the condition does not hold. */
function guardAssignment(assignment: Assignment, guard: Value): Assignment {
  const condition: Value = {
    kind: 'apply',
    operator: 'sql',
    operands: [{ kind: 'constant', value: 'setWhere' }, ...listLeaves(guard)],
  };
  return {
    ...assignment,
    value: {
      kind: 'choice',
      condition,
      then: assignment.value,
      otherwise: { kind: 'current', column: assignment.column },
    },
  };
}

function readTarget(config: Value | undefined): { readonly target?: readonly string[] } {
  const target = findEntry(config, 'target');
  const items = target?.kind === 'array' ? target.elements : target === undefined ? [] : [target];
  const columns = items.map((item) => findColumn(item)?.column).filter((column) => column !== undefined);
  return columns.length > 0 && columns.length === items.length ? { target: columns } : {};
}

function shapeAnswer(calls: BuilderCalls, scope: StatementScope, driver: DrizzleDriver): AnswerShape {
  const returning = calls.links.get('returning') ?? calls.links.get('$returningId');
  if (returning === undefined) return calls.terminal?.name === 'all' ? { kind: 'rows' } : driver.written;
  const { renamed } = readFields(returning.args?.[0], scope);
  const names = renamed === undefined ? {} : { renamed };
  return calls.terminal?.name === 'get' ? { kind: 'row', absent: 'undefined', ...names } : { kind: 'rows', ...names };
}
