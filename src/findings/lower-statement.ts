import type { Condition, Effect, InsertAction, Selector } from '../model/effect.ts';
import type { Filter, Operation, Term } from '../model/program.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { ActEffect, ReadEffect } from './find-candidates.ts';
import type { NameColumn, SliceEffects } from './lower-value.ts';
import { lowerTerm } from './lower-value.ts';
import { settleKeptValue } from './settle-kept-value.ts';

/**
 * The rows that a statement selects, in the model's language. What is not understood becomes `opaque`: it passes the
 * initial rows and no row that somebody else has inserted.
 *
 * @param inserted the columns that the act inserts: of an OR the branch that the inserted row satisfies is taken
 */
export function lowerSelector(
  selector: Selector,
  slice: SliceEffects,
  nameColumn: NameColumn,
  inserted?: InsertAction['values'],
): readonly Filter[] {
  const filters = selector.conditions.flatMap((condition) => lowerCondition(condition, slice, nameColumn, inserted));
  // a request that looks for a key which it then inserts finds its own row again, whatever else it asks of the row
  const isFoundAgain =
    inserted !== undefined && selector.conditions.some((condition) => isSatisfiedBy(condition, inserted, nameColumn));
  return isFoundAgain ? filters.filter((filter) => filter.kind !== 'opaque') : filters;
}

function lowerCondition(
  condition: Condition,
  slice: SliceEffects,
  nameColumn: NameColumn,
  inserted: InsertAction['values'] | undefined,
): readonly Filter[] {
  const nothing: Term = { kind: 'constant', value: null };
  switch (condition.kind) {
    case 'compare': {
      const column = nameColumn(condition.column);
      const own = inserted?.find((assignment) => nameColumn(assignment.column) === column);
      switch (condition.operator) {
        case 'is null':
          return [{ kind: 'compare', column, comparison: '=', value: nothing }];
        case 'is not null':
          return [{ kind: 'compare', column, comparison: '!=', value: nothing }];
        case 'in':
        case 'like':
          // the inserted row is found again when the request looks for the very value that it inserts
          return own === undefined
            ? [{ kind: 'opaque', site: condition.operator, columns: [column] }]
            : [{ kind: 'compare', column, comparison: '=', value: lowerTerm(own.value, slice) }];
        default:
          return [
            { kind: 'compare', column, comparison: condition.operator, value: lowerTerm(condition.value, slice) },
          ];
      }
    }
    case 'any': {
      if (inserted === undefined) return [{ kind: 'opaque', site: 'or', columns: [] }];
      const fitting = condition.branches.find((branch) =>
        branch.every((part) => isSatisfiedBy(part, inserted, nameColumn)),
      );
      return fitting === undefined
        ? [{ kind: 'opaque', site: 'or', columns: [] }]
        : fitting.flatMap((part) => lowerCondition(part, slice, nameColumn, inserted));
    }
    case 'not': {
      const excludesInserted =
        inserted !== undefined && condition.conditions.some((part) => isSatisfiedBy(part, inserted, nameColumn));
      return excludesInserted ? [{ kind: 'opaque', site: 'not', columns: [] }] : [];
    }
    case 'elsewhere':
    case 'opaque':
      return [{ kind: 'opaque', site: condition.text, columns: [] }];
  }
}

function isSatisfiedBy(condition: Condition, inserted: InsertAction['values'], nameColumn: NameColumn): boolean {
  if (condition.kind !== 'compare' || condition.operator !== '=') return false;
  const own = inserted.find((assignment) => nameColumn(assignment.column) === nameColumn(condition.column));
  return own !== undefined && isSameValue(own.value, condition.value);
}

/**
 * A read as an operation.
 *
 * @param newest a column of which only the largest value is looked at, by way of an order
 */
export function lowerRead(
  effect: ReadEffect,
  relation: string,
  slice: SliceEffects,
  nameColumn: NameColumn,
  inserted?: InsertAction['values'],
  newest?: string,
): Operation {
  const aggregate: ReadEffect['aggregate'] = newest === undefined ? effect.aggregate : { kind: 'max', column: newest };
  return {
    id: effect.id,
    label: renderRead(effect),
    kind: 'read',
    relation,
    where: lowerSelector(effect.selector, slice, nameColumn, inserted),
    mode: effect.mode,
    ...(aggregate === undefined || aggregate.kind === 'exists' || aggregate.kind === 'other'
      ? {}
      : { aggregate: { kind: aggregate.kind, column: nameColumn(aggregate.column ?? '*') } }),
    into: effect.id,
  };
}

/** The act as an operation. */
export function lowerAct(effect: ActEffect, relation: string, slice: SliceEffects, nameColumn: NameColumn): Operation {
  const record = (assignments: InsertAction['values']): Record<string, Term> =>
    Object.fromEntries(
      assignments.map((assignment) => [
        nameColumn(assignment.column),
        lowerWritten(lowerTerm(assignment.value, slice)),
      ]),
    );
  switch (effect.kind) {
    case 'insert':
      return {
        id: effect.id,
        label: renderAct(effect),
        kind: 'insert',
        relation,
        row: record(effect.values),
        // an upsert that is an act looks for its row by another key than those that count here
        onDuplicate: 'fail',
        into: effect.id,
      };
    case 'update': {
      const written = new Set(effect.assignments.map(({ column }) => nameColumn(column)));
      return {
        id: effect.id,
        label: renderAct(effect),
        kind: 'update',
        relation,
        where: lowerSelector(effect.selector, slice, nameColumn),
        set: record(
          effect.assignments.map((each) => ({ column: each.column, value: settleKeptValue(each, written, slice) })),
        ),
        into: effect.id,
      };
    }
    case 'delete':
      return {
        id: effect.id,
        label: renderAct(effect),
        kind: 'delete',
        relation,
        where: lowerSelector(effect.selector, slice, nameColumn),
        into: effect.id,
      };
  }
}

/** Functions that make a text or a document of the old one: no amount is taken from anything. */
const appending = /^call:(concat|jsonb?_\w+|array_\w+)$/;

/**
 * A written value: arithmetic on one column stays as it is, everything else that was computed from the row read is one
 * uninterpreted function of the columns that it uses, `f(settings)`.
 */
function lowerWritten(term: Term): Term {
  if (term.kind !== 'apply' || isArithmetic(term)) return term;
  const [document, part] = term.operands;
  if (term.name === 'merge' && document !== undefined && part !== undefined && listVariables(part).length === 0)
    return { ...term, operands: [lowerDocument(document), part] };
  const variables = listVariables(term);
  const name = appending.test(term.name) ? 'concat' : 'f';
  return variables.length === 0 ? term : { kind: 'apply', name, operands: variables };
}

/** What a part is put into; a fallback for a column that is null stays one. */
function lowerDocument(term: Term): Term {
  if (term.kind === 'apply' && term.name === '??') return { ...term, operands: term.operands.map(lowerWritten) };
  return lowerWritten(term);
}

function isArithmetic(term: Term): boolean {
  if (term.kind !== 'apply') return true;
  if (term.name !== '+' && term.name !== '-') return false;
  return term.operands.every(
    (operand) => operand.kind !== 'apply' && (operand.kind !== 'constant' || typeof operand.value === 'number'),
  );
}

function listVariables(term: Term): readonly Term[] {
  if (term.kind === 'variable' || term.kind === 'current') return [term];
  if (term.kind !== 'apply') return [];
  const found = new Map(term.operands.flatMap(listVariables).map((variable) => [JSON.stringify(variable), variable]));
  return [...found.values()];
}

/** `SELECT User by email`, the statement in the timeline's words. */
export function renderRead(effect: ReadEffect): string {
  const what = effect.aggregate === undefined ? '' : `${effect.aggregate.kind.toUpperCase()} `;
  // the rows that an UPDATE has met
  if (effect.within !== undefined && effect.mode === 'update')
    return `UPDATE ${nameOf(effect)}${renderColumns(effect)}`;
  const lock = effect.mode === 'plain' ? '' : ` FOR ${effect.mode.toUpperCase()}`;
  return `SELECT ${what}${nameOf(effect)}${renderColumns(effect)}${lock}`;
}

export function renderAct(effect: ActEffect): string {
  switch (effect.kind) {
    case 'insert':
      return `INSERT ${nameOf(effect)}`;
    case 'update':
      return `UPDATE ${nameOf(effect)} SET ${effect.assignments
        .slice(0, 2)
        .map((assignment) => assignment.column)
        .join(', ')}${effect.assignments.length > 2 ? ', …' : ''}`;
    case 'delete':
      return `DELETE ${nameOf(effect)}`;
  }
}

function renderColumns(effect: ReadEffect): string {
  const columns = effect.selector.conditions.flatMap((condition) =>
    condition.kind === 'compare' ? [condition.column] : [],
  );
  return columns.length === 0 ? '' : ` by ${[...new Set(columns)].slice(0, 3).join(', ')}`;
}

/** The table or key that an effect touches, as its adapter names it. */
export function nameOf(effect: Effect): string {
  const { resource } = effect;
  return resource.kind === 'table' || resource.kind === 'external' ? resource.name : resource.kind;
}
