import type { ComparisonOperator, Condition } from '../../../model/effect.ts';
import type { ObjectValue, Value } from '../../../model/value.ts';
import { isUndefined, listEntryNames, mayBeUndefined } from '../../find-entry.ts';
import { listLeaves, mergeConditions } from '../../merge-conditions.ts';

const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  equals: '=',
  in: 'in',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

const patterns = new Set(['contains', 'startsWith', 'endsWith']);
const relationFilters = new Set(['is', 'isNot', 'some', 'every', 'none']);

/** Filters on JSON columns, lists and full text: known, but no comparison of a column. */
const otherFilters = new Set([
  'path',
  'string_contains',
  'string_starts_with',
  'string_ends_with',
  'array_contains',
  'array_starts_with',
  'array_ends_with',
  'has',
  'hasSome',
  'hasEvery',
  'isEmpty',
  'isSet',
  'search',
]);

/**
 * The conditions of a Prisma `where`.
 *
 * @param where the argument; `undefined` selects every row, as in Prisma
 * @param model the model's name, for the text of conditions on relations
 * @param unique true where Prisma demands a unique key, so that a nested object may be a composite key of any name
 */
export function lowerWhere(where: Value | undefined, model: string, unique = false): readonly Condition[] {
  if (where === undefined || isUndefined(where)) return [];
  if (where.kind === 'choice')
    return mergeConditions(
      where.condition,
      lowerWhere(where.then, model, unique),
      lowerWhere(where.otherwise, model, unique),
    );
  if (where.kind !== 'object') return [opaque('where', [where])];
  // Without another plain column the nested object must be the unique key that Prisma demands.
  const keyed = unique && !where.entries.some((entry) => isPlain(entry.value) && !isLogical(entry.name));
  const conditions = where.entries.flatMap((entry) => lowerEntry(entry.name, entry.value, model, keyed));
  return where.complete ? conditions : [...conditions, opaque('...', where.spreads)];
}

/** How many of the top-level entries are conditions; a composite key counts as one. */
export function countConditions(where: Value | undefined): number {
  return listEntryNames(where).length;
}

function isLogical(name: string): boolean {
  return name === 'AND' || name === 'OR' || name === 'NOT';
}

function isPlain(value: Value): boolean {
  return value.kind !== 'object' && !isUndefined(value);
}

function lowerEntry(name: string, value: Value, model: string, keyed: boolean): readonly Condition[] {
  if (isUndefined(value)) return [];
  switch (name) {
    case 'AND':
      return lowerAll(value, model);
    case 'OR':
      return [lowerAny(value, model)];
    case 'NOT':
      return (
        listItems(value)?.map((item) => ({ kind: 'not', conditions: lowerWhere(item, model) })) ?? [
          opaque(name, [value]),
        ]
      );
    default:
      return lowerColumn(name, value, model, keyed);
  }
}

function lowerAll(value: Value, model: string): readonly Condition[] {
  const items = value.kind === 'array' ? value.elements : [value];
  const conditions = items.flatMap((item) => lowerWhere(item, model));
  return value.kind === 'array' && !value.complete ? [...conditions, opaque('AND', [value])] : conditions;
}

function lowerAny(value: Value, model: string): Condition {
  const items = listItems(value);
  if (items === undefined) return opaque('OR', [value]);
  return { kind: 'any', branches: items.map((item) => lowerWhere(item, model)) };
}

/** Prisma takes one object or a list of them; undefined where the length of the list is not known. */
function listItems(value: Value): readonly Value[] | undefined {
  if (value.kind === 'array') return value.complete ? value.elements : undefined;
  return value.kind === 'object' ? [value] : undefined;
}

function lowerColumn(column: string, value: Value, model: string, keyed: boolean): readonly Condition[] {
  if (value.kind === 'unknown' || mayBeUndefined(value)) return [opaque(column, [value])];
  if (value.kind !== 'object') return [compare(column, '=', value)];
  if (!value.complete) return [opaque(column, [value])];
  const names = value.entries.map((entry) => entry.name);
  if (names.length > 0 && names.every((name) => isScalarFilter(name))) return lowerFilters(column, value);
  if (names.some((name) => otherFilters.has(name))) return [opaque(column, [value])];
  if (names.some((name) => relationFilters.has(name))) return [elsewhere(model, column, names)];
  if (names.join('_') === column || keyed) {
    return value.entries.flatMap((entry) => lowerColumn(entry.name, entry.value, model, false));
  }
  return [elsewhere(model, column, names)];
}

function isScalarFilter(name: string): boolean {
  return name in comparisons || patterns.has(name) || name === 'not' || name === 'notIn' || name === 'mode';
}

function lowerFilters(column: string, filters: ObjectValue): readonly Condition[] {
  const insensitive = filters.entries.some((entry) => entry.name === 'mode' && !isUndefined(entry.value));
  return filters.entries.flatMap(({ name, value }): readonly Condition[] => {
    if (name === 'mode' || isUndefined(value)) return [];
    if (mayBeUndefined(value) || value.kind === 'unknown') return [opaque(column, [value])];
    if (name === 'not') return lowerNegation(column, value);
    if (name === 'notIn') return [{ kind: 'not', conditions: [compare(column, 'in', value)] }];
    // A comparison that ignores case matches more than equal values.
    if (patterns.has(name) || insensitive) {
      return [compare(column, 'like', { kind: 'apply', operator: name, operands: [value] })];
    }
    const operator = comparisons[name];
    return operator === undefined ? [opaque(column, [value])] : [compare(column, operator, value)];
  });
}

function lowerNegation(column: string, value: Value): readonly Condition[] {
  if (isNull(value)) return [{ kind: 'compare', column, operator: 'is not null', value }];
  if (value.kind === 'object') return [{ kind: 'not', conditions: lowerColumn(column, value, '', false) }];
  return [compare(column, '!=', value)];
}

function compare(column: string, operator: ComparisonOperator, value: Value): Condition {
  if (operator === '=' && isNull(value)) return { kind: 'compare', column, operator: 'is null', value };
  return { kind: 'compare', column, operator, value: lowerOperand(value) };
}

/** `prisma.seat.fields.sold` is the row's own column. */
function lowerOperand(value: Value): Value {
  if (value.kind !== 'chain' || value.root.kind !== 'client') return value;
  const [, fields, column] = value.steps;
  return fields?.name === 'fields' && column ? { kind: 'current', column: column.name } : value;
}

function isNull(value: Value): boolean {
  return value.kind === 'constant' && value.value === null;
}

function elsewhere(model: string, relation: string, names: readonly string[]): Condition {
  return { kind: 'elsewhere', text: `${model}.${relation} { ${names.join(', ')} }` };
}

function opaque(text: string, values: readonly Value[]): Condition {
  return { kind: 'opaque', text, values: values.flatMap(listLeaves) };
}
