import type { Condition, ReadAction, Selector } from '../../model/effect.ts';
import type { EffectDraft } from '../../model/recognition.ts';
import { describe, lowerConditions } from './lower-conditions.ts';
import { lowerExpression, resolveColumn } from './lower-expression.ts';
import { findAggregate, isAggregate, listColumns, listOutputs, renameColumns } from './lower-projection.ts';
import { lowerLockCalls } from './lower-locks.ts';
import { enterQuery, enterRelations, lowerRelations, makeTable, type RelationItem } from './lower-relations.ts';
import { findNode, findText, listNodes, readVariant, walkExpressions, type SqlNode } from './sql-node.ts';
import { readIdentifier, readName, readNameParts, type SqlScope } from './sql-scope.ts';

/** Functions that a SELECT without FROM may call: they compute, or concern this session alone. */
const harmlessFunctions =
  /^(pg_(?!\w*advisory)\w+|unnest|generate_series|regexp_\w+|now|current_\w+|localtime\w*|version|clock_timestamp|statement_timestamp|transaction_timestamp|txid_current|nextval|currval|setval|lastval|set_config|gen_random_uuid|uuid\w*|random\w*|rand|sleep|last_insert_id|last_insert_rowid|changes|total_changes|row_count|found_rows|connection_id|database|user|coalesce|ifnull|nullif|greatest|least|concat\w*|lower|upper|length|char_length|trim|substr\w*|replace|round|floor|ceil|abs|mod|date\w*|time\w*|strftime|julianday|unixepoch|unix_timestamp|from_unixtime|to_\w+|json\w*|row_to_json|array\w*|cardinality|hashtext\w*|md5|sha\w*|encode|decode|digest|crypt|gen_salt|make_interval|age|extract|format|quote_\w+|row|sqlite_\w+|if|cast|convert|hex|unhex|inet\w*|host)$/;

/** What becomes of a query: the effects, the last one being the one that answers. */
export interface LoweredQuery {
  readonly drafts: readonly EffectDraft[];
  /** Index of the draft whose rows the statement returns; undefined when they come from nowhere. */
  readonly answers?: number;
}

/** Lowers a query that only reads; `lowerQuery` of the caller handles the rest (CTEs that write). */
export function lowerSelectQuery(query: SqlNode, scope: SqlScope, before: number): LoweredQuery {
  const [kind, content] = readVariant(findNode(query, 'body'));
  if (kind === 'Query') return lowerSelectQuery(content, scope, before);
  if (kind === 'Values') return { drafts: [] };
  if (kind === 'SetOperation') return lowerUnion(content, scope, before);
  if (kind !== 'Select') {
    scope.report('SQL query is not modelled', kind);
    return { drafts: [] };
  }
  const named = enterNamedQueries(query, scope);
  return lowerSelect(content, query, named, before);
}

/** Makes the read-only common table expressions of a query known by name. */
export function enterNamedQueries(query: SqlNode, scope: SqlScope): SqlScope {
  const tables = listNodes(query, 'with', 'cte_tables');
  if (tables.length === 0) return scope;
  const queries = new Map(scope.queries);
  for (const table of tables) {
    const name = readIdentifier(findNode(table, 'alias', 'name'), scope);
    if (!queries.has(name)) queries.set(name, { kind: 'query', query: findNode(table, 'query') });
  }
  return { ...scope, queries };
}

/** LIMIT and ORDER BY of a query. */
export function lowerExtent(query: SqlNode, scope: SqlScope): Pick<Selector, 'limit' | 'order'> {
  const limitNode =
    findNode(query, 'limit_clause', 'LimitOffset', 'limit') ??
    findNode(query, 'limit_clause', 'OffsetCommaLimit', 'limit') ??
    findNode(query, 'fetch', 'quantity') ??
    findNode(query, 'limit');
  const limit = limitNode === undefined ? undefined : lowerExpression(limitNode, scope);
  const expressions = [...listNodes(query, 'order_by', 'kind', 'Expressions'), ...listNodes(query, 'order_by')];
  const order = expressions.map((item) => {
    const expression = findNode(item, 'expr');
    const [kind] = readVariant(expression);
    const named = kind === 'Identifier' || kind === 'CompoundIdentifier';
    return `${named ? resolveColumn(expression, scope).name : describe(expression, scope)}${findNode(item, 'options', 'asc') === false ? ' desc' : ''}`;
  });
  return {
    ...(limit?.kind === 'constant' && typeof limit.value === 'number' && { limit: limit.value }),
    ...(order.length > 0 && { order }),
  };
}

function lowerUnion(content: SqlNode, scope: SqlScope, before: number): LoweredQuery {
  const drafts: EffectDraft[] = [];
  let answers: number | undefined;
  for (const side of ['left', 'right']) {
    const lowered = lowerSelectQuery({ body: findNode(content, side) }, scope, before + drafts.length);
    drafts.push(...lowered.drafts);
    // What a union returns is the rows of all sides; the last one that reads a table stands for them.
    answers = lowered.answers ?? answers;
  }
  return { drafts, ...(answers !== undefined && { answers }) };
}

function lowerSelect(select: SqlNode, query: SqlNode, scope: SqlScope, before: number): LoweredQuery {
  const relations = lowerRelations(listNodes(select, 'from'), scope);
  const projection = listNodes(select, 'projection');
  const locks = lowerLockCalls(projection, scope);
  if (locks.length > 0) return { drafts: locks, answers: before + locks.length - 1 };
  if (relations.items.length === 0) return lowerWithoutFrom(projection, scope, before);

  const mainIndex = relations.items.findIndex((item) => item.source.kind !== 'none');
  const main = relations.items[mainIndex];
  if (main === undefined) return { drafts: [] };
  const inner = enterRelations(scope, relations.items, mainIndex);
  const conditions = [...lowerConditions(findNode(select, 'selection'), inner), ...relations.conditions];
  const having = findNode(select, 'having');
  if (having !== undefined) conditions.push({ kind: 'opaque', text: describe(having, inner), values: [] });

  if (main.source.kind === 'written') return { drafts: [], answers: main.source.draft };
  if (main.source.kind === 'query') {
    const lowered = lowerSelectQuery(main.source.query, enterQuery(scope, main), before);
    return { ...lowered, drafts: lowered.drafts.map((draft) => addConditions(draft, conditions)) };
  }
  if (main.source.kind !== 'table') return { drafts: [] };

  const aggregate = findAggregate(projection, inner, listNodes(select, 'group_by', 'Expressions', '0').length > 0);
  const joined = relations.items.flatMap((item, index) => (index === mainIndex ? [] : listTables(item, scope)));
  const columns = listColumns(projection, inner);
  const outputs = listOutputs(projection, inner);
  const lockings = listNodes(query, 'locks');
  const modeOf = (item: RelationItem): ReadAction['mode'] => findLockMode(item, lockings, scope);
  const extent = lowerExtent(query, inner);
  const label = (name: string, mode: ReadAction['mode']): string =>
    `SELECT ${name}${mode === 'plain' ? '' : mode === 'share' ? ' FOR SHARE' : ' FOR UPDATE'}`;
  // Joined tables whose rows are locked along.
  const drafts: EffectDraft[] = relations.items.flatMap((item, index) => {
    const mode = modeOf(item);
    if (index === mainIndex || item.source.kind !== 'table' || mode === 'plain') return [];
    const own = lowerConditions(findNode(select, 'selection'), enterRelations(scope, relations.items, index));
    const action: ReadAction = {
      kind: 'read',
      resource: makeTable(item.source.name, scope),
      selector: { conditions: own },
      mode,
    };
    return [{ action, answer: { kind: 'rows' }, label: label(item.source.name, mode) }];
  });
  const mode = modeOf(main);
  drafts.push({
    action: {
      kind: 'read',
      resource: makeTable(main.source.name, scope),
      selector: { conditions, ...extent },
      mode,
      ...(aggregate && { aggregate }),
      ...(joined.length > 0 && { joined }),
      ...(columns && { columns }),
      ...(outputs && { outputs }),
    },
    answer: { kind: 'rows', ...(!aggregate && outputs && renameColumns(outputs)) },
    label: label(main.source.name, mode),
  });
  return { drafts, answers: before + drafts.length - 1 };
}

/** `SELECT EXISTS (SELECT …)`, `SELECT (SELECT count(*) FROM …) AS n`, `SELECT now()`. */
function lowerWithoutFrom(projection: readonly SqlNode[], scope: SqlScope, before: number): LoweredQuery {
  const drafts: EffectDraft[] = [];
  for (const item of projection) {
    for (const node of walkExpressions(item)) {
      const [kind, content] = readVariant(node);
      if (kind === 'Function' && !isHarmless(content, scope))
        scope.report('SQL function is not known', readName(findNode(content, 'name'), scope));
      const subquery = kind === 'Exists' ? findNode(content, 'subquery') : kind === 'Subquery' ? content : undefined;
      if (subquery === undefined) continue;
      const lowered = lowerSelectQuery(subquery, scope, before + drafts.length);
      drafts.push(...lowered.drafts.map((draft) => (kind === 'Exists' ? markExists(draft) : draft)));
    }
  }
  return { drafts, ...(drafts.length > 0 && { answers: before + drafts.length - 1 }) };
}

function isHarmless(content: SqlNode, scope: SqlScope): boolean {
  const name = readName(findNode(content, 'name'), scope).toLowerCase();
  return harmlessFunctions.test(name) || isAggregate(name);
}

function markExists(draft: EffectDraft): EffectDraft {
  if (draft.action.kind !== 'read') return draft;
  const { columns: _columns, outputs: _outputs, ...action } = draft.action;
  return { ...draft, action: { ...action, aggregate: { kind: 'exists' } } };
}

function addConditions(draft: EffectDraft, conditions: readonly Condition[]): EffectDraft {
  if (draft.action.kind !== 'read' || conditions.length === 0) return draft;
  const extra = conditions.map((condition): Condition =>
    condition.kind === 'elsewhere' ? condition : { kind: 'opaque', text: 'a condition on the outer query', values: [] },
  );
  return {
    ...draft,
    action: {
      ...draft.action,
      selector: { ...draft.action.selector, conditions: [...draft.action.selector.conditions, ...extra] },
    },
  };
}

function findLockMode(item: RelationItem, locks: readonly SqlNode[], scope: SqlScope): ReadAction['mode'] {
  for (const lock of locks) {
    const targets = listNodes(lock, 'of');
    const of = targets.length > 0 ? targets : findNode(lock, 'of') === undefined ? [] : [findNode(lock, 'of')];
    const names = of.map((target) =>
      Array.isArray(target) ? readName(target, scope) : readNameParts([target], scope).at(-1),
    );
    if (names.length > 0 && !names.includes(item.alias)) continue;
    if (findText(lock, 'lock_type') === 'Share') return 'share';
    const nonblock = findText(lock, 'nonblock');
    return nonblock === 'Nowait' ? 'nowait' : nonblock === 'SkipLocked' ? 'skip locked' : 'update';
  }
  return 'plain';
}

function listTables(item: RelationItem, scope: SqlScope): readonly string[] {
  if (item.source.kind === 'table') return [item.source.name];
  if (item.source.kind !== 'query') return [];
  return lowerSelectQuery(item.source.query, enterQuery(scope, item), 0).drafts.flatMap((draft) =>
    draft.action.kind === 'read' && draft.action.resource.kind === 'table'
      ? [draft.action.resource.name, ...(draft.action.joined ?? [])]
      : [],
  );
}
