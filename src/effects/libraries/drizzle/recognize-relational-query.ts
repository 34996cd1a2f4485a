import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { ComparisonOperator, Condition, RelatedRows } from '../../../model/effect.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import type { RecognizeContext } from '../../adapter.ts';
import { databaseStore } from '../../database-store.ts';
import { findConstantEntry, findEntry, isUndefined, listEntryNames, mayBeUndefined } from '../../find-entry.ts';
import { lowerCondition } from './lower-condition.ts';
import type { StatementScope } from './lower-expression.ts';
import { lowerExpression } from './lower-expression.ts';
import { readBuilder } from './read-builder.ts';
import type { LoweredRead } from './recognize-select.ts';
import { nameOrder } from './recognize-select.ts';

const methods: Readonly<Record<string, AnswerShape>> = {
  findFirst: { kind: 'row', absent: 'undefined' },
  findMany: { kind: 'rows' },
};

/**
 * Reads `db.query.<table>.findFirst({…})`. The table is named by its key in the schema, which is the name of the
 * exported constant. https://orm.drizzle.team/docs/rqb
 *
 * @param steps after `query`
 * @param call runs the callbacks that `where` and `orderBy` may be
 */
export function lowerRelationalQuery(steps: readonly ChainStep[], call?: RecognizeContext['call']): LoweredRead {
  const [table, method, ...rest] = steps;
  if (table === undefined || method?.args === undefined) return { kind: 'pending' };
  const answer = methods[method.name];
  const calls = readBuilder([method, ...rest], new Set());
  if (answer === undefined || 'unknown' in calls) {
    return {
      kind: 'unsupported',
      reason: 'unknown Drizzle member',
      detail: 'unknown' in calls ? calls.unknown : `query.${table.name}.${method.name}`,
    };
  }
  if (table.name === '[]') return { kind: 'unsupported', reason: 'Drizzle table is computed', detail: 'query' };
  const [config] = method.args;
  const scope: StatementScope = {
    table: table.name,
    relational: true,
    ...(calls.placeholders === undefined ? {} : { placeholders: calls.placeholders }),
  };
  const find = (name: string): Value | undefined => {
    const entry = findEntry(config, name);
    return entry?.kind === 'function' && call !== undefined ? call(entry, [nameRows(table.name), operators]) : entry;
  };
  const where = find('where');
  const computed = config !== undefined && config.kind !== 'object' && !isUndefined(config);
  const conditions: readonly Condition[] = computed
    ? [{ kind: 'opaque', text: 'computed options', values: [config] }]
    : where?.kind === 'object'
      ? lowerObject(where, scope)
      : lowerCondition(where, scope);
  const joined = listRelations(findEntry(config, 'with')).map((path) => `${table.name}.${path}`);
  const related = listRelated(findEntry(config, 'with'), table.name);
  const order = listOrder(find('orderBy'));
  const limit = method.name === 'findFirst' ? 1 : findConstantEntry(config, 'limit');
  const columns = findEntry(config, 'columns');
  return {
    kind: 'read',
    action: {
      kind: 'read',
      resource: { kind: 'table', store: databaseStore, name: table.name },
      selector: {
        conditions,
        ...(typeof limit === 'number' ? { limit } : {}),
        ...(order.length === 0 ? {} : { order }),
      },
      mode: 'plain',
      ...(joined.length === 0 ? {} : { joined }),
      ...(related.length === 0 ? {} : { related }),
      ...(columns === undefined || !onlyIncludes(columns) ? {} : { columns: listEntryNames(columns) }),
    },
    answer,
    ...(calls.terminal === undefined ? {} : { terminal: calls.terminal }),
  };
}

/** `where: (users, { eq }) => …`: what stands for the columns of the table, whose members they are. */
function nameRows(table: string): Value {
  return { kind: 'chain', root: { kind: 'export', package: '(schema)', name: table }, steps: [] };
}

const operators: Value = { kind: 'chain', root: { kind: 'export', package: 'drizzle-orm', name: '*' }, steps: [] };

/** `columns: { id: true }` names the columns asked for; `{ secret: false }` all others. */
function onlyIncludes(columns: Value): boolean {
  return (
    columns.kind === 'object' &&
    columns.complete &&
    columns.entries.every((entry) => entry.value.kind === 'constant' && entry.value.value === true)
  );
}

function listRelations(value: Value | undefined): readonly string[] {
  if (value?.kind !== 'object') return [];
  return value.entries.flatMap((entry) => {
    if (isUndefined(entry.value) || (entry.value.kind === 'constant' && entry.value.value === false)) return [];
    return [entry.name, ...listRelations(findEntry(entry.value, 'with')).map((name) => `${entry.name}.${name}`)];
  });
}

/** The relations of the row itself, each with the rows that its own `where` leaves. */
function listRelated(value: Value | undefined, table: string): readonly RelatedRows[] {
  if (value?.kind !== 'object') return [];
  return value.entries.flatMap(({ name, value: config }): readonly RelatedRows[] => {
    if (isUndefined(config) || (config.kind === 'constant' && config.value === false)) return [];
    const scope: StatementScope = { table: `${table}.${name}`, relational: true };
    const where = findEntry(config, 'where');
    if (config.kind !== 'object' && !(config.kind === 'constant' && config.value === true)) return [];
    const conditions = where?.kind === 'object' ? lowerObject(where, scope) : lowerCondition(where, scope);
    const limit = findConstantEntry(config, 'limit');
    return [
      {
        relation: name,
        path: [name],
        counts: false,
        selector: { conditions, ...(typeof limit === 'number' ? { limit } : {}) },
      },
    ];
  });
}

function listOrder(value: Value | undefined): readonly string[] {
  // The 1.x line: { orderBy: { createdAt: 'desc' } }
  if (value?.kind === 'object') {
    return value.entries.map(
      (entry) => `${entry.name} ${entry.value.kind === 'constant' ? String(entry.value.value) : '?'}`,
    );
  }
  const items = value?.kind === 'array' ? value.elements : value === undefined ? [] : [value];
  return items.map((item) => nameOrder(item)).filter((text) => text !== undefined);
}

/** Filters of the 1.x line's object form. https://orm.drizzle.team/docs/rqb-v2#select-filters */
const filters: Readonly<Record<string, ComparisonOperator>> = {
  eq: '=',
  ne: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  in: 'in',
  like: 'like',
  ilike: 'like',
  isNull: 'is null',
  isNotNull: 'is not null',
};

function lowerObject(where: Value, scope: StatementScope): readonly Condition[] {
  if (where.kind !== 'object') return [{ kind: 'opaque', text: 'where', values: [where] }];
  const conditions = where.entries.flatMap(({ name, value }): readonly Condition[] => {
    if (isUndefined(value)) return [];
    switch (name) {
      case 'AND':
        return value.kind === 'array' && value.complete
          ? value.elements.flatMap((item) => lowerObject(item, scope))
          : [opaque(name, value)];
      case 'OR':
        return value.kind === 'array' && value.complete
          ? [{ kind: 'any', branches: value.elements.map((item) => lowerObject(item, scope)) }]
          : [opaque(name, value)];
      case 'NOT':
        return [{ kind: 'not', conditions: lowerObject(value, scope) }];
      case 'RAW':
        return [opaque(name, value)];
      default:
        return lowerFilter(name, value, scope);
    }
  });
  return where.complete ? conditions : [...conditions, { kind: 'opaque', text: '...', values: where.spreads }];
}

function lowerFilter(column: string, value: Value, scope: StatementScope): readonly Condition[] {
  if (mayBeUndefined(value) || value.kind === 'unknown') return [opaque(column, value)];
  if (value.kind !== 'object')
    return [{ kind: 'compare', column, operator: '=', value: lowerExpression(value, scope) }];
  if (value.entries.some((entry) => !(entry.name in filters))) {
    return value.entries.some(
      (entry) => entry.name === 'notIn' || entry.name === 'OR' || entry.name === 'NOT' || entry.name === 'AND',
    )
      ? [opaque(column, value)]
      : [{ kind: 'elsewhere', text: `${scope.table}.${column}` }];
  }
  return value.entries.flatMap((entry): readonly Condition[] => {
    const operator = filters[entry.name];
    return operator === undefined || isUndefined(entry.value)
      ? []
      : [{ kind: 'compare', column, operator, value: lowerExpression(entry.value, scope) }];
  });
}

function opaque(text: string, value: Value): Condition {
  return { kind: 'opaque', text, values: [value] };
}
