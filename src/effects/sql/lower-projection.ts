import type { RenamedColumns } from '../../model/answer-shape.ts';
import type { ReadAction } from '../../model/effect.ts';
import type { Value } from '../../model/value.ts';
import { listArguments, lowerExpression, resolveColumn } from './lower-expression.ts';
import { findNode, findText, readVariant, walkExpressions, type SqlNode } from './sql-node.ts';
import { readIdentifier, readName, type SqlScope } from './sql-scope.ts';

type Aggregate = NonNullable<ReadAction['aggregate']>;

const aggregates: Readonly<Record<string, Aggregate['kind']>> = { count: 'count', max: 'max', min: 'min', sum: 'sum' };
const otherAggregates =
  /^(avg|total|array_agg|string_agg|group_concat|(json|jsonb)_(agg|object_agg|group_array|group_object)|json_arrayagg|json_objectagg|bool_(and|or)|every|bit_(and|or|xor)|stddev\w*|var\w*|mode|percentile_\w+)$/;

/** Is it the name (in lower case) of a function that makes one value of many rows? */
export function isAggregate(name: string): boolean {
  return Object.hasOwn(aggregates, name) || otherAggregates.test(name);
}

/** The aggregate of a query without (or, as `other`, with) GROUP BY. */
export function findAggregate(
  projection: readonly SqlNode[],
  scope: SqlScope,
  grouped: boolean,
): Aggregate | undefined {
  const found: Aggregate[] = [];
  for (const node of projection.flatMap((item) => [...walkExpressions(item)])) {
    const [kind, content] = readVariant(node);
    if (kind !== 'Function' || findNode(content, 'over') !== undefined) continue;
    const name = readName(findNode(content, 'name'), scope).toLowerCase();
    const [argument, second] = listArguments(content);
    // SQLite's max(a, b) of two arguments is no aggregate.
    const known = second === undefined && Object.hasOwn(aggregates, name) ? aggregates[name] : undefined;
    const [argumentKind] = readVariant(argument);
    const column =
      argumentKind === 'Identifier' || argumentKind === 'CompoundIdentifier'
        ? resolveColumn(argument, scope).name
        : undefined;
    const distinct = findText(content, 'args', 'List', 'duplicate_treatment') === 'Distinct';
    const filtered = findNode(content, 'filter') !== undefined;
    if (known !== undefined)
      found.push({ kind: distinct || filtered ? 'other' : known, ...(column !== undefined && { column }) });
    else if (otherAggregates.test(name)) found.push({ kind: 'other' });
  }
  if (grouped) return { kind: 'other' };
  return found.length > 1 ? { kind: 'other' } : found[0];
}

/** The own columns that the query names, if it names them all. */
export function listColumns(projection: readonly SqlNode[], scope: SqlScope): readonly string[] | undefined {
  const columns: string[] = [];
  for (const item of projection) {
    const [kind, content] = readVariant(item);
    const expression = kind === 'UnnamedExpr' ? content : findNode(content, 'expr');
    const [expressionKind] = readVariant(expression);
    if (expressionKind !== 'Identifier' && expressionKind !== 'CompoundIdentifier') return undefined;
    const column = resolveColumn(expression, scope);
    if (column.kind === 'own') columns.push(column.name);
  }
  return columns.length === 0 ? undefined : columns;
}

/** Answer columns that are not own columns under their own names: `COALESCE(MAX(seq), 0) + 1 AS next`. */
export function listOutputs(
  projection: readonly SqlNode[],
  scope: SqlScope,
): Readonly<Record<string, Value>> | undefined {
  const outputs: Record<string, Value> = {};
  for (const item of projection) {
    const [kind, content] = readVariant(item);
    if (kind !== 'ExprWithAlias') {
      const [expressionKind, expression] = readVariant(content);
      if (kind === 'UnnamedExpr' && expressionKind === 'Function') {
        const name = readName(findNode(expression, 'name'), scope).toLowerCase();
        outputs[name] = lowerOutput(content, scope);
      }
      continue;
    }
    const alias = readIdentifier(findNode(content, 'alias'), scope);
    const expression = findNode(content, 'expr');
    const [expressionKind] = readVariant(expression);
    if (expressionKind === 'Identifier' && resolveColumn(expression, scope).name === alias) continue;
    outputs[alias] = lowerOutput(expression, scope);
  }
  return Object.keys(outputs).length === 0 ? undefined : outputs;
}

/** The outputs that are plain columns under another name. */
export function renameColumns(outputs: Readonly<Record<string, Value>>): { readonly renamed?: RenamedColumns } {
  const renamed = Object.entries(outputs).flatMap(([name, value]) =>
    value.kind === 'current' ? [[name, value.column] as const] : [],
  );
  return renamed.length === 0 ? {} : { renamed: Object.fromEntries(renamed) };
}

/** An aggregate call stands for itself as `current` of the aggregated column; `#` for count(*). */
function lowerOutput(expression: SqlNode, scope: SqlScope): Value {
  const value = lowerExpression(expression, scope);
  return seeThroughAggregates(value);
}

function seeThroughAggregates(value: Value): Value {
  if (value.kind !== 'apply') return value;
  const name = value.operator.replace(/^call:/, '');
  if (value.operator.startsWith('call:') && Object.hasOwn(aggregates, name)) {
    const [operand] = value.operands;
    return operand?.kind === 'current' ? operand : { kind: 'current', column: '#' };
  }
  return { ...value, operands: value.operands.map(seeThroughAggregates) };
}
