import type { Assignment, InsertAction } from '../../model/effect.ts';
import type { EffectDraft } from '../../model/recognition.ts';
import type { ObjectValue, Value } from '../../model/value.ts';
import { mergeRows } from '../merge-rows.ts';
import { lowerAssignments, pairRow } from './lower-assignments.ts';
import { lowerConditions } from './lower-conditions.ts';
import { lowerExpression } from './lower-expression.ts';
import { enterRelations, lowerRelations, makeTable } from './lower-relations.ts';
import { enterNamedQueries, lowerSelectQuery } from './lower-select.ts';
import { findNode, findText, listNodes, readVariant, type SqlNode } from './sql-node.ts';
import { readIdentifier, readName, type SqlScope } from './sql-scope.ts';

/** What an INSERT takes its rows from. */
interface InsertedRows {
  readonly values: readonly Assignment[];
  readonly complete: boolean;
  readonly many: boolean;
  readonly source?: InsertAction['source'];
}

/**
 * INSERT in all its forms; `REPLACE` is an upsert of every given column.
 *
 * @param insert the parser's statement
 * @param partial whether an expanded object may have had more columns
 */
export function lowerInsert(insert: SqlNode, scope: SqlScope, partial: boolean): EffectDraft {
  const table = readName(findNode(insert, 'table', 'TableName'), scope);
  const aliasNode = findNode(insert, 'table_alias', 'alias') ?? findNode(insert, 'table_alias');
  const alias = aliasNode === undefined ? table : readIdentifier(aliasNode, scope);
  const named = enterNamedQueries(findNode(insert, 'source'), scope);
  const rows = lowerRows(insert, named);
  const proposed: ObjectValue = {
    kind: 'object',
    entries: rows.values.map(({ column, value }) => ({ name: column, value })),
    spreads: [],
    complete: rows.complete,
  };
  const rowAlias = listNodes(insert, 'insert_alias', 'row_alias').map((part) =>
    readIdentifier(findNode(part, 'Identifier'), scope).toLowerCase(),
  );
  const own: SqlScope = {
    ...scope,
    own: [alias, table],
    others: [],
    proposed: { names: ['excluded', ...rowAlias], row: proposed },
  };
  const action: InsertAction = {
    kind: 'insert',
    resource: makeTable(table, scope),
    values: rows.values,
    complete: rows.complete && !partial,
    many: rows.many,
    onConflict: lowerConflict(insert, own, rows.values),
    ...(rows.source && { source: rows.source }),
  };
  return {
    action,
    answer: { kind: listNodes(insert, 'returning').length > 0 ? 'rows' : 'count' },
    label: `INSERT ${table}`,
  };
}

function lowerRows(insert: SqlNode, scope: SqlScope): InsertedRows {
  const set = listNodes(insert, 'assignments');
  const bare: SqlScope = { ...scope, own: [], others: [] };
  if (set.length > 0) return { values: lowerAssignments(set, bare), complete: true, many: false };
  const columns = listNodes(insert, 'columns').map((column) =>
    Array.isArray(column) ? readName(column, scope) : readIdentifier(column, scope),
  );
  const source = findNode(insert, 'source');
  if (source === undefined) return { values: [], complete: true, many: false };
  const [kind, content] = readVariant(findNode(source, 'body'));
  if (kind === 'Values') return lowerValues(columns, listNodes(content, 'rows'), bare);
  if (kind === 'Select') return lowerInsertSelect(columns, content, source, scope);
  scope.report('INSERT … SELECT is not understood', kind);
  return { values: [], complete: false, many: true };
}

function lowerValues(columns: readonly string[], rows: readonly SqlNode[], scope: SqlScope): InsertedRows {
  const lists = rows.map((row) => (Array.isArray(row) ? row : listNodes(row, 'content')));
  const [first = []] = lists;
  // `VALUES ?` of mysql2: one parameter, an array of rows.
  const [onlyKind, only] = readVariant(first[0]);
  const bulk =
    lists.length === 1 && first.length === 1 && onlyKind === 'Value'
      ? lowerExpression({ Value: only }, scope)
      : undefined;
  if (bulk?.kind === 'array' && scope.dialect === 'mysql') {
    const [row] = bulk.elements;
    const cells = row?.kind === 'array' ? row.elements : [];
    const values = columns.flatMap((column, index) =>
      cells[index] === undefined ? [] : [{ column, value: cells[index] }],
    );
    return { values, complete: values.length === columns.length, many: true };
  }
  if (columns.length === 0 || (bulk !== undefined && columns.length > 1)) {
    return { values: [], complete: false, many: lists.length > 1 || bulk !== undefined };
  }
  if (lists.length === 1) return { values: pairRow(columns, first, scope), complete: true, many: false };
  // A column that is equal in all rows is itself; else it is any one of the values.
  const all = lists.map((list) => pairRow(columns, list, scope));
  const merged = mergeRows(
    all.map((assignments) => ({ assignments, complete: true })),
    true,
  );
  const values = merged.assignments.map((assignment): Assignment => {
    const own = all.map((row) => row.find(({ column }) => column === assignment.column)?.value);
    const [value] = own;
    return value !== undefined && own.every((other) => stringify(other) === stringify(value))
      ? { ...assignment, value }
      : assignment;
  });
  return { values, complete: merged.complete, many: true };
}

function stringify(value: Value | undefined): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? '';
}

/** `INSERT … SELECT`, in particular `SELECT $1, $2 WHERE NOT EXISTS (…)`: reads first, in the same statement. */
function lowerInsertSelect(columns: readonly string[], select: SqlNode, query: SqlNode, scope: SqlScope): InsertedRows {
  const expressions = listNodes(select, 'projection').map((item) => {
    const [kind, content] = readVariant(item);
    return kind === 'UnnamedExpr' ? content : findNode(content, 'expr');
  });
  const relations = lowerRelations(listNodes(select, 'from'), scope);
  const tables = relations.items.filter((item) => item.source.kind !== 'none');
  const bare: SqlScope = { ...scope, own: [], others: [] };
  const inner = enterRelations(scope, relations.items, -1);
  const values = pairRow(columns, expressions, tables.length === 0 ? bare : inner);
  const complete = columns.length > 0 && values.length === columns.length;
  const selection = findNode(select, 'selection');
  const guard = tables.length === 0 ? findNotExists(selection) : undefined;
  if (guard !== undefined) {
    const [draft] = lowerSelectQuery(guard, bare, 0).drafts;
    if (draft?.action.kind === 'read') {
      return {
        values,
        complete,
        many: false,
        source: { resource: draft.action.resource, selector: draft.action.selector, absent: true },
      };
    }
  }
  if (tables.length === 0) {
    if (selection !== undefined) scope.report('INSERT … SELECT is not understood', 'its condition');
    return { values, complete, many: relations.items.length > 0 };
  }
  const lowered = lowerSelectQuery(query, scope, 0);
  const read = lowered.drafts.at(-1)?.action;
  const rest = { values, complete, many: true };
  if (read?.kind !== 'read') return rest;
  return { ...rest, source: { resource: read.resource, selector: read.selector, absent: false } };
}

/** The subquery of `WHERE NOT EXISTS (…)`. */
function findNotExists(selection: SqlNode): SqlNode {
  const [kind, content] = readVariant(selection);
  if (kind === 'Nested') return findNotExists(content);
  if (kind === 'Exists' && findNode(content, 'negated') === true) return findNode(content, 'subquery');
  if (kind === 'UnaryOp' && findText(content, 'op') === 'Not') {
    const [inner, exists] = readVariant(findNode(content, 'expr'));
    return inner === 'Exists' ? findNode(exists, 'subquery') : undefined;
  }
  return undefined;
}

function lowerConflict(insert: SqlNode, scope: SqlScope, values: readonly Assignment[]): InsertAction['onConflict'] {
  const or = findText(insert, 'or');
  if (findNode(insert, 'ignore') === true || or === 'Ignore') return { kind: 'ignore' };
  if (findNode(insert, 'replace_into') === true || or === 'Replace') return { kind: 'update', assignments: values };
  const [kind, content] = readVariant(findNode(insert, 'on'));
  if (kind === 'DuplicateKeyUpdate')
    return { kind: 'update', assignments: lowerAssignments(listNodes(content), scope) };
  if (kind !== 'OnConflict') return { kind: 'fail' };
  const columns = listNodes(content, 'conflict_target', 'Columns').map((column) => readIdentifier(column, scope));
  const target = columns.length > 0 ? { target: columns } : {};
  const update = findNode(content, 'action', 'DoUpdate');
  if (update === undefined) return { kind: 'ignore', ...target };
  const assignments = lowerAssignments(listNodes(update, 'assignments'), scope);
  const condition = findNode(update, 'selection');
  if (condition === undefined) return { kind: 'update', ...target, assignments };
  // DO UPDATE … WHERE: the row keeps its value where the condition fails.
  const operands = lowerConditions(condition, scope).length === 0 ? [] : [lowerExpression(condition, scope)];
  return {
    kind: 'update',
    ...target,
    assignments: assignments.map(({ column, value }) => ({
      column,
      value: { kind: 'apply', operator: 'call:case', operands: [...operands, value, { kind: 'current', column }] },
    })),
  };
}
