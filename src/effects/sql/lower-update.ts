import type { Condition, DeleteAction, InsertAction, Selector, UpdateAction } from '../../model/effect.ts';
import type { EffectDraft } from '../../model/recognition.ts';
import { lowerAssignments, pairRow } from './lower-assignments.ts';
import { lowerConditions } from './lower-conditions.ts';
import { lowerExpression } from './lower-expression.ts';
import {
  enterQuery,
  enterRelations,
  lowerRelations,
  makeTable,
  type RelationItem,
  type Relations,
} from './lower-relations.ts';
import { lowerExtent, lowerSelectQuery } from './lower-select.ts';
import { findNode, findText, listNodes, readVariant, type SqlNode } from './sql-node.ts';
import { readName, type SqlScope } from './sql-scope.ts';

/**
 * UPDATE. A locking subquery that claims rows of the same table (`WHERE id = (SELECT id … FOR UPDATE SKIP LOCKED)`, or
 * the same through a CTE) is part of the selector: the rows that it chose stay locked, so the statement decides and writes
 * in one step.
 */
export function lowerUpdate(update: SqlNode, scope: SqlScope, partial: boolean): EffectDraft {
  const [fromKind, from] = readVariant(findNode(update, 'from'));
  const relations = lowerRelations([findNode(update, 'table'), ...(fromKind === '' ? [] : listNodes(from))], scope);
  const table = findTarget(relations, 0, scope);
  const inner = enterRelations(scope, relations.items, 0);
  const action: UpdateAction = {
    kind: 'update',
    resource: makeTable(table, scope),
    selector: lowerSelector(update, relations, 0, table, inner),
    assignments: lowerAssignments(listNodes(update, 'assignments'), inner),
    complete: !partial,
  };
  return {
    action,
    answer: { kind: listNodes(update, 'returning').length > 0 ? 'rows' : 'count' },
    label: `UPDATE ${table}`,
  };
}

/** DELETE; MySQL's form over joined tables deletes from the ones it names. */
export function lowerDelete(statement: SqlNode, scope: SqlScope): readonly EffectDraft[] {
  const [, from] = readVariant(findNode(statement, 'from'));
  const relations = lowerRelations([...listNodes(from), ...listNodes(statement, 'using')], scope);
  const names = listNodes(statement, 'tables').map((name) => readName(name, scope));
  const targets =
    names.length === 0 ? [0] : names.map((name) => relations.items.findIndex((item) => item.alias === name));
  return targets.map((target) => {
    const table = findTarget(relations, target, scope);
    const inner = enterRelations(scope, relations.items, target);
    const action: DeleteAction = {
      kind: 'delete',
      resource: makeTable(table, scope),
      selector: lowerSelector(statement, relations, target, table, inner),
    };
    return {
      action,
      answer: { kind: listNodes(statement, 'returning').length > 0 ? 'rows' : 'count' },
      label: `DELETE ${table}`,
    };
  });
}

/** TRUNCATE: every row goes. */
export function lowerTruncate(statement: SqlNode, scope: SqlScope): readonly EffectDraft[] {
  return listNodes(statement, 'table_names').map((entry) => {
    const table = readName(findNode(entry, 'name'), scope);
    return {
      action: { kind: 'delete', resource: makeTable(table, scope), selector: { conditions: [] } },
      answer: { kind: 'none' },
      label: `TRUNCATE ${table}`,
    };
  });
}

/**
 * MERGE: the update of matched rows, then the insert if there was none. PostgreSQL's MERGE does not close the window
 * between the two: concurrent ones can both insert (PostgreSQL manual, MERGE, notes).
 */
export function lowerMerge(merge: SqlNode, scope: SqlScope): readonly EffectDraft[] {
  const relations = lowerRelations(
    [{ relation: findNode(merge, 'table') }, { relation: findNode(merge, 'source') }],
    scope,
  );
  const table = findTarget(relations, 0, scope);
  const inner = enterMergeSource(enterRelations(scope, relations.items, 0), relations.items[1]);
  const selector: Selector = { conditions: lowerConditions(findNode(merge, 'on'), inner) };
  return listNodes(merge, 'clauses').flatMap((clause): readonly EffectDraft[] => {
    const kind = findText(clause, 'clause_kind') ?? '';
    const [actionKind, action] = readVariant(findNode(clause, 'action'));
    const resource = makeTable(table, scope);
    const conditions = [...selector.conditions, ...lowerConditions(findNode(clause, 'predicate'), inner)];
    if (actionKind === 'Update' && kind === 'Matched') {
      const assignments = lowerAssignments(listNodes(action, 'assignments'), inner);
      return [
        {
          action: { kind: 'update', resource, selector: { conditions }, assignments, complete: true },
          answer: { kind: 'count' },
          label: `MERGE ${table}`,
        },
      ];
    }
    if (actionKind === 'Delete')
      return [
        {
          action: { kind: 'delete', resource, selector: { conditions } },
          answer: { kind: 'count' },
          label: `MERGE ${table}`,
        },
      ];
    const rows = listNodes(action, 'kind', 'Values', 'rows');
    if (actionKind !== 'Insert' || rows.length !== 1) {
      if (actionKind !== 'DoNothing') scope.report('MERGE clause is not modelled', actionKind);
      return [];
    }
    const columns = listNodes(action, 'columns').map((column) => readName(column, scope));
    const [row] = rows;
    const insert: InsertAction = {
      kind: 'insert',
      resource,
      values: pairRow(columns, Array.isArray(row) ? row : listNodes(row, 'content'), inner),
      complete: columns.length > 0,
      many: false,
      onConflict: { kind: 'fail' },
      source: { resource, selector, absent: true },
    };
    return [{ action: insert, answer: { kind: 'count' }, label: `MERGE ${table}` }];
  });
}

/** Columns of a one-row source (`USING (SELECT $1 AS id) s`) are the values in it. */
function enterMergeSource(scope: SqlScope, item: RelationItem | undefined): SqlScope {
  const [kind, select] =
    item?.source.kind === 'query' ? readVariant(findNode(item.source.query, 'body')) : ['', undefined];
  if (item === undefined || kind !== 'Select' || listNodes(select, 'from').length > 0) return scope;
  const entries = listNodes(select, 'projection').flatMap((entry) => {
    const alias = findNode(entry, 'ExprWithAlias', 'alias');
    if (alias === undefined) return [];
    return [
      {
        name: readName([alias], scope),
        value: lowerExpression(findNode(entry, 'ExprWithAlias', 'expr'), { ...scope, own: [], others: [] }),
      },
    ];
  });
  return {
    ...scope,
    proposed: { names: [item.alias.toLowerCase()], row: { kind: 'object', entries, spreads: [], complete: true } },
  };
}

function findTarget(relations: Relations, index: number, scope: SqlScope): string {
  const item = relations.items[index];
  if (item?.source.kind === 'table') return item.source.name;
  scope.report('SQL statement writes to no table', item?.alias);
  return '';
}

function lowerSelector(
  statement: SqlNode,
  relations: Relations,
  target: number,
  table: string,
  scope: SqlScope,
): Selector {
  const selection = findNode(statement, 'selection');
  const extent = lowerExtent(statement, scope);
  const claim = findClaim(selection, relations.items, table, scope);
  if (claim !== undefined) return { ...claim, conditions: [...claim.conditions, ...relations.conditions] };
  const conditions: Condition[] = [...lowerConditions(selection, scope), ...relations.conditions];
  // A FROM or USING without a condition of its own still depends on the other table's rows.
  const others = relations.items.filter((item, index) => index !== target && item.source.kind !== 'none');
  if (
    others.length > 0 &&
    !conditions.some((condition) => condition.kind === 'elsewhere' || condition.kind === 'opaque')
  ) {
    conditions.push({ kind: 'elsewhere', text: others.map((item) => item.alias).join(', ') });
  }
  return { conditions, ...extent };
}

/** The selector of the locking query that chooses the rows, if that is what the whole WHERE does. */
function findClaim(
  selection: SqlNode,
  items: readonly RelationItem[],
  table: string,
  scope: SqlScope,
): Selector | undefined {
  const [kind, content] = readVariant(selection);
  if (kind === 'Nested') return findClaim(content, items, table, scope);
  if (kind === 'InSubquery' && findNode(content, 'negated') !== true)
    return readClaim(findNode(content, 'subquery'), table, scope);
  if (kind !== 'BinaryOp' || findText(content, 'op') !== 'Eq') return undefined;
  for (const side of ['left', 'right']) {
    const [sideKind, sideContent] = readVariant(findNode(content, side));
    if (sideKind === 'Subquery') return readClaim(sideContent, table, scope);
  }
  // … FROM claimed WHERE jobs.id = claimed.id
  const [other, more] = items.filter((item) => item.source.kind !== 'table' || item.source.name !== table);
  return other?.source.kind === 'query' && more === undefined && items.length === 2
    ? readClaim(other.source.query, table, enterQuery(scope, other))
    : undefined;
}

function readClaim(query: SqlNode, table: string, scope: SqlScope): Selector | undefined {
  const lowered = lowerSelectQuery(query, { ...scope, own: [], others: [] }, 0);
  const read = lowered.drafts.at(-1)?.action;
  if (read?.kind !== 'read' || read.mode === 'plain' || read.mode === 'share' || lowered.drafts.length !== 1)
    return undefined;
  return read.resource.kind === 'table' && read.resource.name === table ? read.selector : undefined;
}
