import type { ComparisonOperator, Condition } from '../../model/effect.ts';
import type { Value } from '../../model/value.ts';
import { listArguments, listOperands, lowerExpression, resolveColumn } from './lower-expression.ts';
import {
  findNode,
  findText,
  listNodes,
  readVariant,
  sliceNodeText,
  walkExpressions,
  walkNodes,
  type SqlNode,
} from './sql-node.ts';
import { readName, type SqlScope } from './sql-scope.ts';

const comparisons: Readonly<Record<string, ComparisonOperator>> = {
  Eq: '=',
  NotEq: '!=',
  Lt: '<',
  LtEq: '<=',
  Gt: '>',
  GtEq: '>=',
};
const flipped: Readonly<Record<string, ComparisonOperator>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * Functions that give back an already normal text unchanged. `lower(email) = $1` is taken as `email = $1`: that is what
 * it means for every input in normal form, and one such input is enough for a witness.
 */
const normalizers = new Set(['lower', 'upper', 'trim', 'btrim', 'ltrim', 'rtrim', 'unaccent']);

/** Casts that keep equality of the values that are compared in practice. */
const faithfulTypes = /^(text|uuid|varchar|charactervarying|citext|int|integer|bigint)/i;

/**
 * @param node a boolean expression, or nothing
 * @param scope what its names mean
 * @returns the conditions that must all hold
 */
export function lowerConditions(node: SqlNode, scope: SqlScope): readonly Condition[] {
  if (node === undefined) return [];
  const [kind, content] = readVariant(node);
  switch (kind) {
    case 'Nested':
      return lowerConditions(content, scope);
    case 'BinaryOp':
      return lowerBinary(node, content, scope);
    case 'UnaryOp':
      return findText(content, 'op') === 'Not'
        ? [{ kind: 'not', conditions: lowerConditions(findNode(content, 'expr'), scope) }]
        : [lowerOpaque(node, scope)];
    case 'InList': {
      const list = listNodes(content, 'list').map((item) => lowerExpression(item, scope));
      // One placeholder can stand for a whole list (mysql2, postgres.js): the list itself is the value then.
      const [only] = list;
      const value: Value =
        only !== undefined && list.length === 1 && only.kind !== 'constant'
          ? only
          : { kind: 'array', elements: list, complete: true };
      return negateIf(content, lowerComparison(node, findNode(content, 'expr'), 'in', value, scope));
    }
    case 'AnyOp': {
      const value = lowerExpression(findNode(content, 'right'), scope);
      if (findText(content, 'compare_op') !== 'Eq' || mentionsColumns(findNode(content, 'right'), scope))
        return [lowerOpaque(node, scope)];
      return [lowerComparison(node, findNode(content, 'left'), 'in', value, scope)];
    }
    case 'InSubquery':
    case 'Exists':
      return [{ kind: 'elsewhere', text: describe(node, scope) }];
    case 'IsNull':
    case 'IsNotNull':
      return [
        lowerComparison(
          node,
          content,
          kind === 'IsNull' ? 'is null' : 'is not null',
          { kind: 'constant', value: null },
          scope,
        ),
      ];
    case 'IsTrue':
    case 'IsFalse':
      return [lowerComparison(node, content, '=', { kind: 'constant', value: kind === 'IsTrue' }, scope)];
    case 'IsNotDistinctFrom':
    case 'IsDistinctFrom': {
      const [left, right] = listNodes(content);
      const equal = lowerEquality(node, left, '=', right, scope);
      return kind === 'IsNotDistinctFrom' ? equal : [{ kind: 'not', conditions: equal }];
    }
    case 'Between':
      return negateIf(
        content,
        ...lowerEquality(node, findNode(content, 'expr'), '>=', findNode(content, 'low'), scope),
        ...lowerEquality(node, findNode(content, 'expr'), '<=', findNode(content, 'high'), scope),
      );
    case 'Like':
    case 'ILike':
      return negateIf(
        content,
        ...lowerEquality(node, findNode(content, 'expr'), 'like', findNode(content, 'pattern'), scope),
      );
    case 'Identifier':
    case 'CompoundIdentifier':
      return [lowerComparison(node, node, '=', { kind: 'constant', value: true }, scope)];
    case 'Value':
      return findNode(content, 'value', 'Boolean') === true ? [] : [lowerOpaque(node, scope)];
    default:
      return [lowerOpaque(node, scope)];
  }
}

/** The text of an expression as a person reads it: placeholders as `?`. */
export function describe(node: SqlNode, scope: SqlScope): string {
  return sliceNodeText(node, scope.text).replace(/:v\d+/g, '?');
}

function lowerBinary(node: SqlNode, content: SqlNode, scope: SqlScope): readonly Condition[] {
  const left = findNode(content, 'left');
  const right = findNode(content, 'right');
  const operator = findText(content, 'op') ?? '';
  if (operator === 'And') return [...lowerConditions(left, scope), ...lowerConditions(right, scope)];
  if (operator === 'Or') {
    const branches = [left, right].flatMap((side) => {
      const conditions = lowerConditions(side, scope);
      const [only] = conditions;
      return only?.kind === 'any' && conditions.length === 1 ? only.branches : [conditions];
    });
    return branches.some((branch) => branch.length === 0) ? [] : [{ kind: 'any', branches }];
  }
  const comparison = comparisons[operator];
  return comparison === undefined ? [lowerOpaque(node, scope)] : lowerEquality(node, left, comparison, right, scope);
}

/** `left OPERATOR right`, the column on either side; rows of equal length are compared part by part. */
function lowerEquality(
  node: SqlNode,
  left: SqlNode,
  operator: ComparisonOperator,
  right: SqlNode,
  scope: SqlScope,
): readonly Condition[] {
  const leftParts = listTuple(left);
  const rightParts = listTuple(right);
  if (leftParts !== undefined && rightParts?.length === leftParts.length && operator === '=') {
    return leftParts.flatMap((part, index) => lowerEquality(node, part, operator, rightParts[index], scope));
  }
  if (hasSubquery(left) || hasSubquery(right)) return [{ kind: 'elsewhere', text: describe(node, scope) }];
  if (!mentionsColumns(right, scope)) {
    if (mentionsColumns(left, scope)) {
      return [
        lowerComparison(node, left, operator, lowerExpression(stripNormalizer(right, left, scope), scope), scope),
      ];
    }
    const values = [lowerExpression(left, scope), lowerExpression(right, scope)];
    const [first, second] = values;
    // WHERE 1 = 1, the beginning of generated conditions.
    if (operator === '=' && first?.kind === 'constant' && second?.kind === 'constant' && first.value === second.value)
      return [];
    return [lowerOpaque(node, scope)];
  }
  if (!mentionsColumns(left, scope)) {
    return [
      lowerComparison(
        node,
        right,
        flipped[operator] ?? operator,
        lowerExpression(stripNormalizer(left, right, scope), scope),
        scope,
      ),
    ];
  }
  return [lowerOpaque(node, scope)];
}

function lowerComparison(
  node: SqlNode,
  column: SqlNode,
  operator: ComparisonOperator,
  value: Value,
  scope: SqlScope,
): Condition {
  const found = findColumn(column, scope);
  if (found === undefined) return lowerOpaque(node, scope);
  const resolved = resolveColumn(found, scope);
  if (resolved.kind === 'own') return { kind: 'compare', column: resolved.name, operator, value };
  return resolved.kind === 'other' ? { kind: 'elsewhere', text: describe(node, scope) } : lowerOpaque(node, scope);
}

/** The column that an expression is, seen through parentheses, faithful casts and normalizing functions. */
function findColumn(node: SqlNode, scope: SqlScope): SqlNode {
  const [kind, content] = readVariant(node);
  if (kind === 'Identifier' || kind === 'CompoundIdentifier') return node;
  if (kind === 'Nested') return findColumn(content, scope);
  if (kind === 'Collate') return findColumn(findNode(content, 'expr'), scope);
  if (kind === 'Cast') {
    const type = findNode(content, 'data_type');
    const name =
      findNode(type, 'Custom') === undefined ? readVariant(type)[0] : readName(listNodes(type, 'Custom')[0], scope);
    return faithfulTypes.test(name) ? findColumn(findNode(content, 'expr'), scope) : undefined;
  }
  if (kind === 'Trim') return findColumn(findNode(content, 'expr'), scope);
  if (kind === 'Function' && normalizers.has(readName(findNode(content, 'name'), scope).toLowerCase())) {
    return findColumn(listArguments(content)[0], scope);
  }
  return undefined;
}

/** `lower($1)` beside `lower(email)` → `$1`. */
function stripNormalizer(value: SqlNode, column: SqlNode, scope: SqlScope): SqlNode {
  const [kind, content] = readVariant(value);
  const [columnKind, columnContent] = readVariant(column);
  if (kind !== 'Function' || columnKind !== 'Function') return value;
  const name = readName(findNode(content, 'name'), scope).toLowerCase();
  const same = name === readName(findNode(columnContent, 'name'), scope).toLowerCase();
  return same && normalizers.has(name)
    ? stripNormalizer(listArguments(content)[0], listArguments(columnContent)[0], scope)
    : value;
}

function lowerOpaque(node: SqlNode, scope: SqlScope): Condition {
  if (hasSubquery(node)) return { kind: 'elsewhere', text: describe(node, scope) };
  return { kind: 'opaque', text: describe(node, scope), values: listOperands(node, scope) };
}

function listTuple(node: SqlNode): readonly SqlNode[] | undefined {
  const [kind, content] = readVariant(node);
  return kind === 'Tuple' ? listNodes(content) : undefined;
}

function negateIf(content: SqlNode, ...conditions: readonly Condition[]): readonly Condition[] {
  return findNode(content, 'negated') === true ? [{ kind: 'not', conditions }] : conditions;
}

function hasSubquery(node: SqlNode): boolean {
  for (const child of walkNodes(node)) {
    const [kind] = readVariant(child);
    if (kind === 'Subquery' || kind === 'InSubquery' || kind === 'Exists') return true;
  }
  return false;
}

/** True when an expression uses a column of any table; the proposed row of an INSERT is none. */
function mentionsColumns(node: SqlNode, scope: SqlScope): boolean {
  for (const child of walkExpressions(node)) {
    const [kind] = readVariant(child);
    if ((kind === 'Identifier' || kind === 'CompoundIdentifier') && resolveColumn(child, scope).kind !== 'proposed')
      return true;
  }
  return false;
}
