import type { Resource } from '../../../model/effect.ts';
import type { EngineName } from '../../../model/engine.ts';
import { isSameValue } from '../../../model/is-same-value.ts';
import type { EffectDraft } from '../../../model/recognition.ts';
import type { Value } from '../../../model/value.ts';
import { findEntry, findPossibleEntry, isUndefined, listEntryNames } from '../../find-entry.ts';
import { lowerData } from './lower-data.ts';
import type { LoweredData } from './lower-data.ts';
import { lowerNestedWrites } from './lower-nested-writes.ts';
import { lowerWhere } from './lower-where.ts';

/**
 * Reads an `upsert`. Prisma sends one INSERT … ON CONFLICT … DO UPDATE only under conditions (measured on 6.19 and
 * 7.10, and read in both engines' sources): PostgreSQL, CockroachDB or SQLite; no relation in any part; a `where` whose
 * values all equal those in `create`; an `update` that is not empty. Otherwise it sends SELECT, then INSERT or UPDATE.
 * Where a condition can't be decided from the source (engine unknown, values computed) the single statement is assumed,
 * since a wrong "two statements" would be a false finding.
 *
 * @param args the call's only argument
 * @param label the call's name, for the drafts
 */
export function lowerUpsert(
  args: Value | undefined,
  resource: Resource & { kind: 'table' },
  engine: EngineName | undefined,
  label: string,
): readonly EffectDraft[] {
  const where = findPossibleEntry(args, 'where');
  const create = lowerData(findPossibleEntry(args, 'create'), 'insert');
  const update = lowerData(findPossibleEntry(args, 'update'), 'update');
  const conditions = lowerWhere(where, resource.name, true);
  const target = listKeyColumns(where);
  if (isNative(args, create, update, engine)) {
    return [
      {
        action: {
          kind: 'insert',
          resource,
          values: create.assignments,
          complete: create.complete,
          many: false,
          onConflict: { kind: 'update', ...(target.length === 0 ? {} : { target }), assignments: update.assignments },
        },
        answer: { kind: 'row', absent: 'never' },
        label,
      },
    ];
  }
  const created = lowerNestedWrites(create.nested, resource.name, 2, true);
  const updated = lowerNestedWrites(update.nested, resource.name, 3 + created.drafts.length, false);
  const insert: EffectDraft = {
    action: {
      kind: 'insert',
      resource,
      values: [...create.assignments, ...created.assignments],
      complete: create.complete && created.complete,
      many: false,
      onConflict: { kind: 'fail' },
    },
    answer: { kind: 'row', absent: 'never' },
    label,
  };
  const change: EffectDraft = {
    action: {
      kind: 'update',
      resource,
      selector: { conditions },
      assignments: [...update.assignments, ...updated.assignments],
      complete: update.complete && updated.complete,
    },
    answer: { kind: 'row', absent: 'never' },
    label,
  };
  const writesNothing = update.assignments.length === 0 && update.complete && update.nested.length === 0;
  return [
    {
      action: { kind: 'read', resource, selector: { conditions, limit: 1 }, mode: 'plain' },
      answer: { kind: 'row', absent: 'null' },
      label,
    },
    ...[insert, ...created.drafts].map((draft) => ({ ...draft, when: draft.when ?? { draft: 0, found: false } })),
    ...(writesNothing
      ? []
      : [change, ...updated.drafts].map((draft) => ({ ...draft, when: draft.when ?? { draft: 0, found: true } }))),
  ];
}

function isNative(
  args: Value | undefined,
  create: LoweredData,
  update: LoweredData,
  engine: EngineName | undefined,
): boolean {
  if (engine === 'innodb') return false;
  if (create.nested.length > 0 || update.nested.length > 0 || asksForRelations(args)) return false;
  if (update.complete && update.assignments.length === 0) return false;
  return !hasForeignValue(findEntry(args, 'where'), create);
}

/** Certainly a column in `where` that `create` does not set, or sets to another literal. */
function hasForeignValue(where: Value | undefined, create: LoweredData): boolean {
  if (where?.kind !== 'object') return false;
  return flattenKeys(where).some(({ name, value }) => {
    const written = create.assignments.find((assignment) => assignment.column === name)?.value;
    if (written === undefined) return create.complete;
    return written.kind === 'constant' && value.kind === 'constant' && !isSameValue(written, value);
  });
}

function flattenKeys(where: Value & { kind: 'object' }): readonly { readonly name: string; readonly value: Value }[] {
  return where.entries.flatMap((entry) => {
    if (isUndefined(entry.value)) return [];
    return entry.value.kind === 'object' ? entry.value.entries : [entry];
  });
}

function listKeyColumns(where: Value | undefined): readonly string[] {
  return where?.kind === 'object' ? flattenKeys(where).map((entry) => entry.name) : [];
}

/** `include`, or a `select` of more than scalars. */
function asksForRelations(args: Value | undefined): boolean {
  if (listEntryNames(findEntry(args, 'include')).length > 0) return true;
  const select = findEntry(args, 'select');
  return select?.kind === 'object' && select.entries.some((entry) => entry.value.kind === 'object');
}
