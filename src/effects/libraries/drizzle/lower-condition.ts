import type { ComparisonOperator, Condition } from '../../../model/effect.ts';
import type { ChainValue, Value } from '../../../model/value.ts';
import { isUndefined } from '../../find-entry.ts';
import { normalizeExport } from '../../find-export-steps.ts';
import { listLeaves, mergeConditions } from '../../merge-conditions.ts';
import { findColumn } from './find-table.ts';
import type { StatementScope } from './lower-expression.ts';
import { findSqlTemplate, lowerExpression, lowerSql } from './lower-expression.ts';
import type { SqlExpression } from './sql-fragment.ts';
import { parseSqlFragment } from './sql-fragment.ts';

/** https://orm.drizzle.team/docs/operators */
const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  inArray: 'in',
};

const mirrored: Partial<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/**
 * The conditions of a `where`: Drizzle's operators and `` sql`…` `` of comparisons.
 *
 * @param value the argument; `undefined` selects every row, as in Drizzle
 */
export function lowerCondition(value: Value | undefined, scope: StatementScope): readonly Condition[] {
  if (value === undefined || isUndefined(value)) return [];
  if (value.kind === 'function') return [opaque('callback', [])];
  if (value.kind === 'choice') {
    return mergeConditions(value.condition, lowerCondition(value.then, scope), lowerCondition(value.otherwise, scope));
  }
  if (value.kind === 'apply' && value.operator === 'spread' && value.operands[0])
    return lowerList(value.operands[0], scope);
  if (value.kind !== 'chain') return [opaque('computed condition', [value])];
  const template = findSqlTemplate(value);
  if (template !== undefined) {
    const expression = parseSqlFragment(template);
    return (
      (expression && lowerSqlCondition(expression, scope)) ?? [
        opaque(
          template.quasis.join('?'),
          template.values.map((part) => lowerExpression(part, scope)),
        ),
      ]
    );
  }
  return lowerOperator(value, scope) ?? [opaque('computed condition', [value])];
}

/** `and(...conditions)`: the list may have been pushed to on some paths only. */
function lowerList(list: Value, scope: StatementScope): readonly Condition[] {
  if (list.kind === 'choice')
    return mergeConditions(list.condition, lowerList(list.then, scope), lowerList(list.otherwise, scope));
  // Of a list made by `map` it is not known whether there is any element.
  if (list.kind !== 'array' || list.elements.some(isMapped)) return [opaque('computed condition', [list])];
  return list.elements.flatMap((element) => lowerCondition(element, scope));
}

function isMapped(value: Value): boolean {
  return (
    value.kind === 'element' || (value.kind === 'chain' && value.steps.some((step) => (step.args ?? []).some(isMapped)))
  );
}

function lowerOperator(chain: ChainValue, scope: StatementScope): readonly Condition[] | undefined {
  const start = normalizeExport(chain);
  const [call, ...more] = start?.steps ?? [];
  if (start === undefined || !start.package.startsWith('drizzle-orm') || call?.name !== '()' || more.length > 0)
    return undefined;
  const args = call.args ?? [];
  const [first, second, third] = args;
  switch (start.name) {
    case 'and':
      return args.flatMap((argument) => lowerCondition(argument, scope));
    case 'or': {
      const branches = args
        .filter((argument) => !isUndefined(argument))
        .map((argument) => lowerCondition(argument, scope));
      return branches.length === 0 ? [] : [{ kind: 'any', branches }];
    }
    case 'not':
      return first && [{ kind: 'not', conditions: lowerCondition(first, scope) }];
    case 'exists':
      return [{ kind: 'elsewhere', text: 'exists' }];
    case 'notExists':
      return [{ kind: 'elsewhere', text: 'not exists' }];
    default:
      return first && lowerComparison(start.name, first, second, third, scope);
  }
}

function lowerComparison(
  name: string,
  left: Value,
  right: Value | undefined,
  high: Value | undefined,
  scope: StatementScope,
): readonly Condition[] | undefined {
  // `eq(kind === 'app' ? t.appId : t.siteId, id)`
  if (left.kind === 'choice') {
    const [then, otherwise] = [left.then, left.otherwise].map((side) =>
      lowerComparison(name, side, right, high, scope),
    );
    return then && otherwise && mergeConditions(left.condition, then, otherwise);
  }
  const operator = comparisons[name];
  if (operator !== undefined && right !== undefined) return [compare(left, operator, right, scope)];
  const nothing: Value = { kind: 'constant', value: null };
  switch (name) {
    case 'isNull':
      return [compare(left, 'is null', nothing, scope)];
    case 'isNotNull':
      return [compare(left, 'is not null', nothing, scope)];
    case 'like':
    case 'ilike':
      return right && [compare(left, 'like', pattern(name, right), scope)];
    case 'notLike':
    case 'notIlike':
      return right && [{ kind: 'not', conditions: [compare(left, 'like', pattern(name, right), scope)] }];
    case 'notInArray':
      return right && [{ kind: 'not', conditions: [compare(left, 'in', right, scope)] }];
    case 'between':
    case 'notBetween': {
      if (right === undefined || high === undefined) return undefined;
      const conditions = [compare(left, '>=', right, scope), compare(left, '<=', high, scope)];
      return name === 'between' ? conditions : [{ kind: 'not', conditions }];
    }
    default:
      return undefined;
  }
}

function pattern(name: string, value: Value): Value {
  return { kind: 'apply', operator: name, operands: [value] };
}

function compare(left: Value, operator: ComparisonOperator, right: Value, scope: StatementScope): Condition {
  if (right.kind === 'chain' && right.root.kind === 'client') return { kind: 'elsewhere', text: 'subquery' };
  return compareValues(lowerExpression(left, scope), operator, lowerExpression(right, scope));
}

/** A comparison whose sides are lowered already; one that has no column of the table on either side is opaque. */
function compareValues(left: Value, operator: ComparisonOperator, right: Value): Condition {
  if (isOtherColumn(left) || isOtherColumn(right))
    return { kind: 'elsewhere', text: `${nameSide(left)} ${operator} ${nameSide(right)}` };
  if (left.kind === 'current') return { kind: 'compare', column: left.column, operator, value: right };
  const opposite = mirrored[operator];
  if (right.kind === 'current' && opposite !== undefined)
    return { kind: 'compare', column: right.column, operator: opposite, value: left };
  // A table constant that was not found may be anything imported; on the left it is a column of a joined table.
  if (findColumn(left) !== undefined)
    return { kind: 'elsewhere', text: `${nameSide(left)} ${operator} ${nameSide(right)}` };
  return opaque(operator, [left, right]);
}

/** A column of a joined table, as `lowerExpression` leaves it. */
function isOtherColumn(value: Value): boolean {
  return value.kind === 'apply' && value.operator === 'column';
}

function nameSide(value: Value): string {
  if (value.kind === 'current') return value.column;
  const column = findColumn(value);
  if (column !== undefined) return `${column.table.identity}.${column.column}`;
  const name = isOtherColumn(value) && value.kind === 'apply' ? value.operands[0] : undefined;
  return name?.kind === 'constant' ? String(name.value) : '?';
}

const sqlOperators = new Set<string>(['=', '!=', '<', '<=', '>', '>=']);

function lowerSqlCondition(expression: SqlExpression, scope: StatementScope): readonly Condition[] | undefined {
  if (expression.kind === 'value') return lowerCondition(expression.value, scope);
  if (expression.kind !== 'binary') return undefined;
  const { operator, left, right } = expression;
  switch (operator) {
    case 'and': {
      const sides = [lowerSqlCondition(left, scope), lowerSqlCondition(right, scope)];
      return sides.includes(undefined) ? undefined : sides.flatMap((side) => side ?? []);
    }
    case 'or': {
      const [a, b] = [lowerSqlCondition(left, scope), lowerSqlCondition(right, scope)];
      return a && b && [{ kind: 'any', branches: [a, b] }];
    }
    case 'is':
    case 'is not': {
      const column = lowerSql(left, scope);
      if (
        column.kind !== 'current' ||
        right.kind !== 'value' ||
        right.value.kind !== 'constant' ||
        right.value.value !== null
      )
        return undefined;
      return [
        {
          kind: 'compare',
          column: column.column,
          operator: operator === 'is' ? 'is null' : 'is not null',
          value: right.value,
        },
      ];
    }
    default: {
      const name = operator === '<>' ? '!=' : operator;
      if (!sqlOperators.has(name)) return undefined;
      return [compareValues(lowerSql(left, scope), name as ComparisonOperator, lowerSql(right, scope))];
    }
  }
}

function opaque(text: string, values: readonly Value[]): Condition {
  return { kind: 'opaque', text, values: values.flatMap(listLeaves) };
}
