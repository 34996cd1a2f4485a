import type { ComparisonOperator, Condition } from '../../model/effect.ts';
import type { ChainStep, Value } from '../../model/value.ts';
import { composeSqlText } from '../sql/compose-sql-text.ts';
import { splitItems } from './supabase-columns.ts';

/** Filters that compare a column with a value. */
const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  eq: '=',
  neq: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  in: 'in',
  like: 'like',
  ilike: 'like',
};

/** Filters that are understood only as "some condition on this column". */
const opaque = new Set([
  'contains',
  'containedBy',
  'overlaps',
  'textSearch',
  'rangeGt',
  'rangeGte',
  'rangeLt',
  'rangeLte',
  'rangeAdjacent',
  'likeAllOf',
  'likeAnyOf',
  'ilikeAllOf',
  'ilikeAnyOf',
  'regexMatch',
  'regexIMatch',
  'isDistinct',
]);

const compound = new Set(['is', 'not', 'or', 'match', 'filter', 'notIn']);

/** Is it a link that restricts the rows? */
export function isFilter(name: string): boolean {
  return Object.hasOwn(comparisons, name) || opaque.has(name) || compound.has(name);
}

/** The conditions that a link adds; none for links that are no filters. */
export function lowerFilter(link: ChainStep): readonly Condition[] {
  const [first, second, third] = link.args ?? [];
  if (!isFilter(link.name)) return [];
  switch (link.name) {
    case 'match':
      if (first?.kind !== 'object')
        return [{ kind: 'opaque', text: 'match', values: first === undefined ? [] : [first] }];
      return first.entries.map((entry) => compareColumn(entry.name, 'eq', entry.value));
    case 'or':
      return [lowerOr(first, link.args?.[1] !== undefined)];
    case 'not':
      return [{ kind: 'not', conditions: [lowerOperator(first, second, third)] }];
    case 'filter':
      return [lowerOperator(first, second, third)];
    case 'notIn':
      return [{ kind: 'not', conditions: [lowerColumn(first, 'in', second)] }];
    default:
      return [lowerColumn(first, link.name, second)];
  }
}

function lowerOperator(column: Value | undefined, operator: Value | undefined, value: Value | undefined): Condition {
  const name = operator?.kind === 'constant' ? String(operator.value) : 'filter';
  if (name !== 'in' || value?.kind === 'array') return lowerColumn(column, name, value);
  // `not('id', 'in', '(1,2)')`: PostgREST's own list syntax.
  return { kind: 'opaque', text: `${describe(column)} in`, values: value === undefined ? [] : [value] };
}

function lowerColumn(column: Value | undefined, operator: string, value: Value | undefined): Condition {
  if (column?.kind !== 'constant' || typeof column.value !== 'string') {
    return { kind: 'opaque', text: operator, values: [column, value].filter((part) => part !== undefined) };
  }
  return compareColumn(column.value, operator, value ?? { kind: 'constant', value: undefined });
}

function compareColumn(column: string, operator: string, value: Value): Condition {
  // A path into a JSON column, or a column of an embedded table.
  if (column.includes('->'))
    return {
      kind: 'opaque',
      text: `${column} ${operator}`,
      values: [{ kind: 'current', column: column.split('-')[0] ?? column }, value],
    };
  if (column.includes('.')) return { kind: 'elsewhere', text: `${column} ${operator}` };
  if (operator === 'is') {
    const nothing = value.kind === 'constant' && (value.value === null || value.value === 'null');
    return nothing
      ? { kind: 'compare', column, operator: 'is null', value: { kind: 'constant', value: null } }
      : { kind: 'compare', column, operator: '=', value };
  }
  const comparison = comparisons[operator];
  if (comparison === undefined)
    return { kind: 'opaque', text: `${column} ${operator}`, values: [{ kind: 'current', column }, value] };
  return { kind: 'compare', column, operator: comparison, value };
}

/** `or('email.eq.a@b.c,id.eq.7')`, also as a template; nested groups stay opaque. */
function lowerOr(value: Value | undefined, onEmbedded: boolean): Condition {
  const composed = value === undefined ? undefined : composeSqlText(value);
  if (composed === undefined || onEmbedded)
    return { kind: 'opaque', text: 'or', values: value === undefined ? [] : [value] };
  const branches = splitItems(composed.text).map((item): readonly Condition[] => {
    const match = /^(\w+)\.(not\.)?(\w+)\.([\s\S]*)$/.exec(item);
    const [, column = '', negated, operator = '', text = ''] = match ?? [];
    if (match === null || operator === 'in' || ['and', 'or'].includes(column)) {
      return [{ kind: 'opaque', text: item.replace(/:__i\d+/g, '?'), values: composed.holes }];
    }
    const hole = /^:__i(\d+)$/.exec(text);
    const known: Value =
      hole === null
        ? readLiteral(text, composed.holes)
        : (composed.holes[Number(hole[1])] ?? { kind: 'unknown', reason: 'interpolation' });
    const condition = compareColumn(column, operator, known);
    return [negated === undefined ? condition : { kind: 'not', conditions: [condition] }];
  });
  return { kind: 'any', branches };
}

function readLiteral(text: string, holes: readonly Value[]): Value {
  if (/:__i\d+/.test(text)) return { kind: 'apply', operator: 'call:filter', operands: holes };
  if (text === 'true' || text === 'false') return { kind: 'constant', value: text === 'true' };
  if (text === 'null') return { kind: 'constant', value: null };
  return { kind: 'constant', value: /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text };
}

function describe(column: Value | undefined): string {
  return column?.kind === 'constant' ? String(column.value) : 'a column';
}
