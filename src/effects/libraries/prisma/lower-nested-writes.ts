import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { Assignment, Condition, Resource } from '../../../model/effect.ts';
import type { EffectDraft } from '../../../model/recognition.ts';
import type { Value } from '../../../model/value.ts';
import { databaseStore } from '../../database-store.ts';
import { findEntry } from '../../find-entry.ts';
import type { NestedWrite } from './lower-data.ts';
import { lowerData, lowerRows } from './lower-data.ts';
import { lowerWhere } from './lower-where.ts';

const none: AnswerShape = { kind: 'none' };

/** What operations on relations add: effects on other tables, and foreign keys set on the row itself. */
export interface LoweredNesting {
  readonly drafts: readonly EffectDraft[];
  /**
   * A connected row's key, as column `relation.key` (`author.id`): the schema knows which foreign key that is.
   */
  readonly assignments: readonly Assignment[];
  /** False when the row's own foreign keys may be set to something that does not show. */
  readonly complete: boolean;
}

/**
 * Reads the operations on relations inside a `data` object. Related tables are named `Model.relation`, since only the
 * schema knows which model a relation leads to.
 *
 * @param nested the operations, in source order
 * @param model the model (or path of relations) that `data` belongs to
 * @param offset how many drafts of the same call come before these; `when` counts from the first
 * @param isParentNew the row that `data` belongs to is made by the same call, so that no other row refers to it yet
 */
export function lowerNestedWrites(
  nested: readonly NestedWrite[],
  model: string,
  offset: number,
  isParentNew: boolean,
): LoweredNesting {
  const drafts: EffectDraft[] = [];
  const assignments: Assignment[] = [];
  let complete = true;
  for (const write of nested) {
    const path = `${model}.${write.relation}`;
    for (const item of listItems(write)) {
      switch (write.operation) {
        case 'connect':
        case 'disconnect':
          // A single object may be a foreign key of this row, a list never is.
          if (write.value.kind !== 'array') {
            assignments.push(...lowerConnection(write));
            complete = false;
          }
          if (item.kind === 'object' || write.value.kind === 'array')
            drafts.push(lowerLink(path, item, write.operation));
          break;
        default:
          drafts.push(...lowerOperation(write.operation, item, path, offset + drafts.length, isParentNew));
      }
    }
  }
  return { drafts, assignments, complete };
}

/** Every operation takes one object or a list; a list of unknown length stands for any one of its elements. */
function listItems(write: NestedWrite): readonly Value[] {
  if (write.operation === 'set') return [write.value];
  return write.value.kind === 'array' ? write.value.elements : [write.value];
}

function lowerOperation(
  operation: string,
  value: Value,
  path: string,
  offset: number,
  isParentNew: boolean,
): readonly EffectDraft[] {
  switch (operation) {
    case 'create':
      return lowerNestedCreate(value, path, offset, isParentNew);
    case 'createMany': {
      const row = lowerRows(findEntry(value, 'data'));
      const ignores = isTrue(findEntry(value, 'skipDuplicates'));
      return [insertOf(path, row.assignments, row.complete, row.many, ignores)];
    }
    case 'connectOrCreate':
      return [
        readOf(path, findEntry(value, 'where')),
        ...withCondition(lowerNestedCreate(findEntry(value, 'create'), path, offset + 1, isParentNew), {
          draft: offset,
          found: false,
        }),
      ];
    case 'upsert':
      return [
        readOf(path, findEntry(value, 'where')),
        ...withCondition(lowerNestedCreate(findEntry(value, 'create'), path, offset + 1, isParentNew), {
          draft: offset,
          found: false,
        }),
        ...withCondition([updateOf(path, findEntry(value, 'where'), findEntry(value, 'update'))], {
          draft: offset,
          found: true,
        }),
      ];
    case 'update':
    case 'updateMany': {
      // A to-one relation takes the columns themselves, a to-many one { where, data }.
      const data = findEntry(value, 'data');
      return [updateOf(path, data === undefined ? undefined : findEntry(value, 'where'), data ?? value)];
    }
    case 'delete':
    case 'deleteMany':
      return [
        {
          action: {
            kind: 'delete',
            resource: tableOf(path),
            selector: { conditions: [...lowerWhere(whereOf(value), path), ofParent(path)] },
          },
          answer: none,
          label: `${path} delete`,
        },
      ];
    default:
      // `set` replaces the whole list of related rows.
      return [linkOf(path, [], 'set')];
  }
}

/** What does not show is the foreign key: the parent's, which nothing else has where the parent is new. */
function lowerNestedCreate(
  value: Value | undefined,
  path: string,
  offset: number,
  isParentNew: boolean,
): readonly EffectDraft[] {
  const data = lowerData(value, 'insert');
  const deeper = lowerNestedWrites(data.nested, path, offset + 1, true);
  const complete = isParentNew && data.complete && deeper.complete;
  const own = insertOf(path, [...data.assignments, ...deeper.assignments], complete, false, false);
  return [own, ...deeper.drafts];
}

function lowerConnection(write: NestedWrite): readonly Assignment[] {
  if (write.operation === 'disconnect') return [];
  if (write.value.kind !== 'object') return [];
  return write.value.entries.map((entry) => ({ column: `${write.relation}.${entry.name}`, value: entry.value }));
}

function lowerLink(path: string, value: Value, operation: string): EffectDraft {
  return linkOf(path, lowerWhere(whereOf(value), path), operation);
}

/** The foreign key of related rows is changed, or rows of a join table are; which one only the schema knows. */
function linkOf(path: string, conditions: readonly Condition[], operation: string): EffectDraft {
  return {
    action: {
      kind: 'update',
      resource: tableOf(path),
      selector: { conditions: [...conditions, ofParent(path)] },
      assignments: [],
      complete: false,
    },
    answer: none,
    label: `${path} ${operation}`,
  };
}

function insertOf(
  path: string,
  values: readonly Assignment[],
  complete: boolean,
  many: boolean,
  ignores: boolean,
): EffectDraft {
  return {
    action: {
      kind: 'insert',
      resource: tableOf(path),
      values,
      complete,
      many,
      onConflict: { kind: ignores ? 'ignore' : 'fail' },
    },
    answer: none,
    label: `${path} create`,
  };
}

function readOf(path: string, where: Value | undefined): EffectDraft {
  return {
    action: {
      kind: 'read',
      resource: tableOf(path),
      selector: { conditions: lowerWhere(where, path, true), limit: 1 },
      mode: 'plain',
    },
    answer: { kind: 'row', absent: 'null' },
    label: `${path} find`,
  };
}

function updateOf(path: string, where: Value | undefined, value: Value | undefined): EffectDraft {
  const data = lowerData(value, 'update');
  return {
    action: {
      kind: 'update',
      resource: tableOf(path),
      selector: { conditions: [...lowerWhere(where, path, true), ofParent(path)] },
      assignments: data.assignments,
      complete: data.complete && data.nested.length === 0,
    },
    answer: none,
    label: `${path} update`,
  };
}

/** `delete: true` has no `where`: the parent alone says which row. */
function whereOf(value: Value): Value | undefined {
  return value.kind === 'constant' ? undefined : value;
}

function ofParent(path: string): Condition {
  return { kind: 'elsewhere', text: `${path} of that row` };
}

function withCondition(drafts: readonly EffectDraft[], when: NonNullable<EffectDraft['when']>): readonly EffectDraft[] {
  return drafts.map((draft) => (draft.when === undefined ? { ...draft, when } : draft));
}

function tableOf(name: string): Resource {
  return { kind: 'table', store: databaseStore, name };
}

function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'constant' && value.value === true;
}
