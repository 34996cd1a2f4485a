import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { Client } from '../../../model/client.ts';
import type { EffectAction, ReadAction, RelatedRows, Resource, Selector } from '../../../model/effect.ts';
import type { EffectDraft, Recognition } from '../../../model/recognition.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import type { RecognizeContext } from '../../adapter.ts';
import { databaseStore } from '../../database-store.ts';
import { findConstantEntry, findEntry, findPossibleEntry, isUndefined, listEntryNames } from '../../find-entry.ts';
import { lowerData, lowerRows } from './lower-data.ts';
import { lowerNestedWrites } from './lower-nested-writes.ts';
import { lowerUpsert } from './lower-upsert.ts';
import { countConditions, lowerWhere } from './lower-where.ts';
import type { ModelMethod } from './model-methods.ts';
import { modelMethods } from './model-methods.ts';

type Table = Extract<Resource, { kind: 'table' }>;

/** The effects of one call, and which of them the answer belongs to. */
interface Lowered {
  readonly drafts: readonly EffectDraft[];
  readonly answers?: number;
  /** Where the arguments shape the answer. */
  readonly answer?: AnswerShape;
}

/**
 * What `prisma.<model>.<method>(args)` does. A call with several effects runs them in a transaction of its own, unless
 * it is in one already.
 *
 * @param model the property of the client, e.g. `userProfile` for the model `UserProfile`
 */
export function recognizeModelCall(
  client: Client,
  model: string,
  step: ChainStep,
  context: RecognizeContext,
): Recognition {
  const method = modelMethods[step.name];
  if (method === undefined)
    return { kind: 'unsupported', reason: 'unknown Prisma model method', detail: `${model}.${step.name}` };
  const label = `prisma.${model}.${step.name}`;
  const table: Table = { kind: 'table', store: databaseStore, name: model.charAt(0).toUpperCase() + model.slice(1) };
  // Of arguments that are computed the table and the kind of effect are known, and nothing else.
  const args = step.args?.[0];
  const lowered = lower(method, args, table, label, client.engine ?? context.engine);
  const answer = lowered.answer ?? method.answer;
  const index = lowered.answers ?? 0;
  const drafts = lowered.drafts.map((draft, at) => (at === index ? { ...draft, answer } : draft));
  if (drafts.length < 2 || client.connection !== 'pool') {
    return { kind: 'effects', sent: 'on await', effects: drafts, answer, answers: index };
  }
  const handle: Client = { ...client, role: 'transaction', connection: context.newConnection() };
  return {
    kind: 'effects',
    sent: 'on await',
    effects: wrapInTransaction(drafts, handle, label),
    answer,
    answers: index + 1,
  };
}

function wrapInTransaction(drafts: readonly EffectDraft[], handle: Client, label: string): readonly EffectDraft[] {
  const resource: Resource = {
    kind: 'lock',
    store: handle.library,
    key: { kind: 'constant', value: handle.connection },
  };
  const edge = (kind: 'begin' | 'commit'): EffectDraft => ({
    action: { kind, resource },
    answer: { kind: 'none' },
    label,
    client: handle,
  });
  return [
    edge('begin'),
    ...drafts.map((draft) => ({
      ...draft,
      client: handle,
      ...(draft.when === undefined ? {} : { when: { ...draft.when, draft: draft.when.draft + 1 } }),
    })),
    edge('commit'),
  ];
}

function lower(
  method: ModelMethod,
  args: Value | undefined,
  table: Table,
  label: string,
  engine: Client['engine'],
): Lowered {
  const draft = (action: EffectAction): EffectDraft => ({ action, answer: method.answer, label });
  switch (method.form) {
    case 'read':
      return { drafts: [draft(lowerRead(method, args, table))] };
    case 'count':
      return lowerCount(args, table, draft);
    case 'aggregate':
      return lowerAggregate(args, table, draft);
    case 'groupBy':
      return { drafts: [draft({ ...lowerRead(method, args, table), aggregate: { kind: 'other' } })] };
    case 'create':
      return lowerCreate(args, table, draft);
    case 'createMany': {
      const { assignments, complete, many } = lowerRows(findPossibleEntry(args, 'data'));
      const ignores = findConstantEntry(args, 'skipDuplicates') === true;
      return {
        drafts: [
          draft({
            kind: 'insert',
            resource: table,
            values: assignments,
            complete,
            many,
            onConflict: { kind: ignores ? 'ignore' : 'fail' },
          }),
        ],
      };
    }
    case 'update':
    case 'updateMany':
      return lowerUpdate(method, args, table, draft, engine);
    case 'upsert': {
      const drafts = lowerUpsert(args, table, engine, label);
      return { drafts };
    }
    case 'delete':
    case 'deleteMany':
      return { drafts: [draft({ kind: 'delete', resource: table, selector: lowerSelector(method, args, table) })] };
  }
}

function lowerSelector(method: ModelMethod, args: Value | undefined, table: Table): Selector {
  const conditions = [...lowerWhere(findPossibleEntry(args, 'where'), table.name, method.unique === true)];
  if (findEntry(args, 'cursor') !== undefined) {
    conditions.push({ kind: 'opaque', text: 'cursor', values: [] });
  }
  const limit = method.one ? 1 : (findConstantEntry(args, 'take') ?? findConstantEntry(args, 'limit'));
  const order = lowerOrder(findEntry(args, 'orderBy'));
  return {
    conditions,
    ...(typeof limit === 'number' ? { limit: Math.abs(limit) } : {}),
    ...(order.length === 0 ? {} : { order }),
  };
}

function lowerOrder(value: Value | undefined): readonly string[] {
  const items = value?.kind === 'array' ? value.elements : value === undefined ? [] : [value];
  return items.flatMap((item) =>
    item.kind !== 'object' ? [] : item.entries.map((entry) => `${entry.name} ${directionOf(entry.value)}`),
  );
}

function directionOf(value: Value): string {
  const direction =
    value.kind === 'object' ? findConstantEntry(value, 'sort') : value.kind === 'constant' ? value.value : undefined;
  return direction === 'desc' ? 'desc' : direction === 'asc' ? 'asc' : '?';
}

function lowerRead(method: ModelMethod, args: Value | undefined, table: Table): ReadAction {
  const select = findEntry(args, 'select');
  const include = findEntry(args, 'include');
  const joined = [...listRelations(select), ...listRelations(include, true)].map(
    (relation) => `${table.name}.${relation}`,
  );
  const columns = select?.kind === 'object' && select.complete ? listScalars(select) : undefined;
  const related = [...listRelated(select, table), ...listRelated(include, table, true)];
  return {
    kind: 'read',
    resource: table,
    selector: lowerSelector(method, args, table),
    mode: 'plain',
    ...(joined.length === 0 ? {} : { joined }),
    ...(related.length === 0 ? {} : { related }),
    ...(columns === undefined ? {} : { columns }),
  };
}

/** The relations of the row itself, and which of their rows are asked for. */
function listRelated(value: Value | undefined, table: Table, all = false): readonly RelatedRows[] {
  if (value?.kind !== 'object') return [];
  return value.entries.flatMap(({ name, value: asked }): readonly RelatedRows[] => {
    if (isUndefined(asked) || isFalse(asked)) return [];
    const describe = (relation: string, path: readonly string[], args: Value): readonly RelatedRows[] => {
      if (args.kind !== 'object' && !isTrue(args)) return [];
      const model: Table = { ...table, name: `${table.name}.${relation}` };
      const selector: Selector =
        args.kind === 'object'
          ? lowerSelector({ form: 'read', answer: { kind: 'rows' } }, args, model)
          : { conditions: [] };
      return [{ relation, path, counts: path.length > 1, selector }];
    };
    if (name !== '_count') return all || asked.kind === 'object' ? describe(name, [name], asked) : [];
    const counted = findEntry(asked, 'select');
    return counted?.kind !== 'object'
      ? []
      : counted.entries
          .filter((entry) => !isUndefined(entry.value) && !isFalse(entry.value))
          .flatMap((entry) => describe(entry.name, [name, entry.name], entry.value));
  });
}

/** Relations asked for by a `select` or an `include`; `_count` names those that it counts. */
function listRelations(value: Value | undefined, all = false): readonly string[] {
  if (value?.kind !== 'object') return [];
  return value.entries.flatMap((entry) => {
    if (isUndefined(entry.value) || isFalse(entry.value)) return [];
    if (entry.name === '_count') return listEntryNames(findEntry(entry.value, 'select'));
    if (entry.value.kind !== 'object') return all ? [entry.name] : [];
    const deeper = [
      ...listRelations(findEntry(entry.value, 'select')),
      ...listRelations(findEntry(entry.value, 'include'), true),
    ];
    return [entry.name, ...deeper.map((name) => `${entry.name}.${name}`)];
  });
}

function listScalars(select: Value & { kind: 'object' }): readonly string[] {
  return select.entries
    .filter((entry) => entry.value.kind !== 'object' && !isFalse(entry.value) && !isUndefined(entry.value))
    .map((entry) => entry.name);
}

function isTrue(value: Value): boolean {
  return value.kind === 'constant' && value.value === true;
}

function isFalse(value: Value): boolean {
  return value.kind === 'constant' && value.value === false;
}

function lowerCount(args: Value | undefined, table: Table, draft: (action: EffectAction) => EffectDraft): Lowered {
  const selector = lowerSelector({ form: 'count', answer: { kind: 'count' } }, args, table);
  const drafts = [draft({ kind: 'read', resource: table, selector, mode: 'plain', aggregate: { kind: 'count' } })];
  const counted = listEntryNames(findEntry(args, 'select'));
  if (counted.length === 0) return { drafts };
  return {
    drafts,
    answer: { kind: 'object', fields: Object.fromEntries(counted.map((name) => [name, { kind: 'count' }])) },
  };
}

const aggregates: Readonly<Record<string, 'max' | 'min' | 'sum' | 'other'>> = {
  _max: 'max',
  _min: 'min',
  _sum: 'sum',
  _avg: 'other',
};

function lowerAggregate(args: Value | undefined, table: Table, draft: (action: EffectAction) => EffectDraft): Lowered {
  const selector = lowerSelector({ form: 'aggregate', answer: { kind: 'none' } }, args, table);
  const fields: Record<string, AnswerShape> = {};
  const asked: NonNullable<ReadAction['aggregate']>[] = [];
  for (const name of listEntryNames(args)) {
    const kind = aggregates[name];
    const columns = listEntryNames(findEntry(args, name));
    if (kind !== undefined) {
      fields[name] = {
        kind: 'object',
        fields: Object.fromEntries(columns.map((column) => [column, { kind: 'scalar', absent: 'null' }])),
      };
      asked.push(...columns.map((column) => ({ kind, column })));
    } else if (name === '_count') {
      fields[name] =
        columns.length === 0
          ? { kind: 'count' }
          : { kind: 'object', fields: Object.fromEntries(columns.map((column) => [column, { kind: 'count' }])) };
      asked.push({ kind: 'count' });
    }
  }
  const [only] = asked;
  const aggregate = only !== undefined && asked.length === 1 ? only : { kind: 'other' as const };
  return {
    drafts: [draft({ kind: 'read', resource: table, selector, mode: 'plain', aggregate })],
    answer: { kind: 'object', fields },
  };
}

function lowerCreate(args: Value | undefined, table: Table, draft: (action: EffectAction) => EffectDraft): Lowered {
  const data = lowerData(findPossibleEntry(args, 'data'), 'insert');
  const nesting = lowerNestedWrites(data.nested, table.name, 1, true);
  const insert = draft({
    kind: 'insert',
    resource: table,
    values: [...data.assignments, ...nesting.assignments],
    complete: data.complete && nesting.complete,
    many: false,
    onConflict: { kind: 'fail' },
  });
  return { drafts: [insert, ...nesting.drafts] };
}

function lowerUpdate(
  method: ModelMethod,
  args: Value | undefined,
  table: Table,
  draft: (action: EffectAction) => EffectDraft,
  engine: Client['engine'],
): Lowered {
  const data = lowerData(findPossibleEntry(args, 'data'), 'update');
  const selector = lowerSelector(method, args, table);
  // On MySQL and MariaDB `update` is SELECT, guarded UPDATE, SELECT: who loses a compare-and-set still gets the row
  // (measured with 7.10 on MariaDB 10.11). The window is only there when `where` holds more than the key.
  const reads = engine === 'innodb' && method.form === 'update' && countConditions(findEntry(args, 'where')) > 1;
  const nesting = lowerNestedWrites(data.nested, table.name, reads ? 2 : 1, false);
  const assignments = [...data.assignments, ...nesting.assignments];
  const complete = data.complete && nesting.complete;
  // A call that only writes related rows looks its own row up.
  if (complete && assignments.length === 0 && nesting.drafts.length > 0) {
    return {
      drafts: [
        draft({ kind: 'read', resource: table, selector, mode: 'plain' }),
        ...lowerNestedWrites(data.nested, table.name, 1, false).drafts,
      ],
    };
  }
  const update = draft({ kind: 'update', resource: table, selector, assignments, complete });
  if (!reads) return { drafts: [update, ...nesting.drafts] };
  const read = draft({ kind: 'read', resource: table, selector: { ...selector, limit: 1 }, mode: 'plain' });
  return {
    drafts: [
      read,
      ...[update, ...nesting.drafts].map((each) => ({ ...each, when: each.when ?? { draft: 0, found: true } })),
    ],
  };
}
