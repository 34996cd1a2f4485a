import type { AnswerShape, RenamedColumns } from '../../../model/answer-shape.ts';
import type { ReadAction } from '../../../model/effect.ts';
import type { TemplateValue, Value } from '../../../model/value.ts';
import { isUndefined } from '../../find-entry.ts';
import { normalizeExport } from '../../find-export-steps.ts';
import { findColumn } from './find-table.ts';
import type { StatementScope } from './lower-expression.ts';
import { findSqlTemplate } from './lower-expression.ts';

type Aggregate = NonNullable<ReadAction['aggregate']>;

/** What the object in `select({…})` or `returning({…})` asks for. */
export interface SelectedFields {
  /** Columns of the statement's own table; undefined when more than columns are asked for. */
  readonly columns?: readonly string[];
  readonly renamed?: RenamedColumns;
  /** The aggregate, `other` for several. */
  readonly aggregate?: Aggregate;
  /** The only row of an aggregate without GROUP BY, by field. */
  readonly row: Readonly<Record<string, AnswerShape>>;
}

/** https://orm.drizzle.team/docs/select#aggregations */
const aggregates: Readonly<Record<string, Aggregate['kind']>> = {
  count: 'count',
  countDistinct: 'count',
  max: 'max',
  min: 'min',
  sum: 'sum',
  sumDistinct: 'sum',
  avg: 'other',
  avgDistinct: 'other',
};

/**
 * Reads the fields of a query.
 *
 * @param fields the argument; absent means all columns
 */
export function readFields(fields: Value | undefined, scope: StatementScope): SelectedFields {
  if (fields?.kind !== 'object') return { row: {} };
  const columns: string[] = [];
  const renamed: Record<string, string> = {};
  const found: Aggregate[] = [];
  const row: Record<string, AnswerShape> = {};
  for (const { name, value } of fields.entries) {
    if (isUndefined(value)) continue;
    const aggregate = findAggregate(value);
    if (aggregate !== undefined) {
      found.push(aggregate);
      row[name] =
        aggregate.kind === 'count'
          ? { kind: 'count' }
          : { kind: 'scalar', absent: mayBeAbsent(value) ? 'null' : 'never' };
      continue;
    }
    row[name] = { kind: 'scalar', absent: 'null' };
    const column = findColumn(value);
    if (column?.table.identity !== scope.table) continue;
    columns.push(column.column);
    if (column.column !== name) renamed[name] = column.column;
  }
  const [only] = found;
  const whole = fields.complete && columns.length === fields.entries.length;
  return {
    row,
    ...(whole ? { columns } : {}),
    ...(Object.keys(renamed).length === 0 ? {} : { renamed }),
    ...(only === undefined ? {} : { aggregate: found.length === 1 ? only : { kind: 'other' as const } }),
  };
}

function findAggregate(value: Value): Aggregate | undefined {
  const template = findSqlTemplate(value);
  if (template !== undefined) return findSqlAggregate(template);
  const start = value.kind === 'chain' ? normalizeExport(value) : undefined;
  const [call] = start?.steps ?? [];
  if (start?.package.startsWith('drizzle-orm') !== true || call?.name !== '()') return undefined;
  const kind = aggregates[start.name];
  if (kind === undefined) return undefined;
  const column = call.args?.[0] && findColumn(call.args[0]);
  return column === undefined ? { kind } : { kind, column: column.column };
}

/** `` sql`coalesce(max(${invoices.number}), 0)` ``; with OVER it is no aggregate of the whole. */
function findSqlAggregate(template: TemplateValue): Aggregate | undefined {
  const text = template.quasis.join('?').trim();
  if (/\bover\s*[(\w]/i.test(text)) return undefined;
  const [, name, rest] =
    /^(?:cast\s*\(\s*|coalesce\s*\(\s*)*(count|max|min|sum|avg|exists|bool_or|bool_and)\s*\(([\s\S]*)$/i.exec(text) ??
    [];
  if (name === undefined || rest === undefined) return undefined;
  const kind = /^exists$/i.test(name) ? 'exists' : (aggregates[name.toLowerCase()] ?? 'other');
  if (/^\s*distinct/i.test(rest) && kind !== 'count') return { kind: 'other' };
  const word = /^\s*"?([a-z_]\w*)"?\s*\)/i.exec(rest)?.[1];
  const column = rest.trimStart().startsWith('?') && template.values[0] ? findColumn(template.values[0])?.column : word;
  return column === undefined ? { kind } : { kind, column };
}

function mayBeAbsent(value: Value): boolean {
  return !/coalesce/i.test(findSqlTemplate(value)?.quasis.join('') ?? '');
}
