import type { Effect, InsertAction } from '../model/effect.ts';
import type { EngineName, IsolationLevel } from '../model/engine.ts';
import type { Check, Operation, Program, Term, World } from '../model/program.ts';
import type { TableFacts } from '../model/schema-facts.ts';
import type { ErrorHandling, Guard, Step, Trace } from '../model/trace.ts';
import { createOthers, createRelation } from './create-relation.ts';
import { findNewestColumn } from './derive-number.ts';
import { excludeEachOther } from './find-candidates.ts';
import type { ActEffect, Candidate } from './find-candidates.ts';
import { findConfirmedGuards } from './find-confirmed-guards.ts';
import { findGivenOnce, findHandedOut } from './find-handed-out.ts';
import { findImpliedGuards } from './find-implied-guards.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import { chooseCell, chooseRowCount, readRequirements, substitute } from './choose-world.ts';
import type { Requirement } from './choose-world.ts';
import { decideChoices, settleAsLookedFor } from './decide-choices.ts';
import { encloseOperations } from './enclose-operations.ts';
import { lowerConsequence } from './lower-consequence.ts';
import { lowerAct, lowerRead, nameOf } from './lower-statement.ts';
import { isSameGuard } from './is-same-guard.ts';
import { renderValue } from './render-value.ts';
import { createSlice, dependsOnSlice, lowerCheck } from './lower-value.ts';
import type { NameColumn, SliceEffects } from './lower-value.ts';
import { settleLastOfSet } from './settle-last-of-set.ts';
import { settleTwoRows } from './settle-two-rows.ts';

/** One program and one world for a pair, ready for the model checker. */
export interface PairQuestion {
  readonly program: Program;
  /** The second request's program, where it is not the same as the first one's. */
  readonly other?: Program;
  readonly world: World;
  /** Checks that only ask whether the read found something: the read's own line of a timeline says so already. */
  readonly plainChecks: readonly string[];
}

/** What a question needs to know besides the trace. */
export interface QuestionContext {
  readonly engine: EngineName;
  /** The level of a transaction that names none. */
  readonly defaultIsolation: IsolationLevel;
  readonly nameColumn: NameColumn;
  readonly findTable: (name: string) => TableFacts | undefined;
  /**
   * Take only this one of the act's conditions on the check: a quota and a name may both be checked on one list, and no
   * world of few rows fits both. The others were checked on the same stale rows and stop nobody, except those that want
   * a row to be there: they say which world it is.
   */
  readonly onlyGuard?: number;
  /** Unique keys assumed for the table, by column name. */
  readonly uniqueKeys: readonly (readonly string[])[];
}

/**
 * The slice of a trace that matters for a pair: the check, the act, their transactions and locks, and what else happens
 * once the check has passed; with the smallest world in which the first run passes.
 *
 * @returns undefined where no world is small enough, or none fits
 */
export function buildQuestion(trace: Trace, candidate: Candidate, context: QuestionContext): PairQuestion | undefined {
  const { check, act } = candidate;
  const relation = nameOf(act.effect);
  const slice = createSlice([check.effect], context.nameColumn);
  const inserted = readWritten(candidate, context);
  const implied = findImpliedGuards(trace, act, check.effect.id);
  const confirmed =
    candidate.taken === undefined ? findConfirmedGuards(act, check.effect.id, context.nameColumn) : new Set<Guard>();
  const guards = [...act.guards, ...candidate.elements]
    .filter((guard) => !implied.has(guard) && !confirmed.has(guard))
    .filter((guard) => dependsOnSlice(guard.condition, slice));
  const { onlyGuard } = context;
  if (candidate.kind === 'insert after check' && (onlyGuard ?? 0) >= guards.length) return undefined;
  const lowered = guards.flatMap((guard, index) => {
    const condition = lowerGuard(guard, slice);
    if (condition === undefined) return [];
    const isLeftOut = onlyGuard !== undefined && onlyGuard !== index && !wantsRow(guard, check.effect.id);
    return isLeftOut ? [] : [{ guard, condition }];
  });
  const read = lowerRead(check.effect, relation, slice, context.nameColumn, inserted, findNewestColumn(candidate));
  const effect = completeAct(candidate, inserted);
  const write = lowerAct(effect, relation, slice, context.nameColumn);
  // a condition whose other side refuses ends the request there; any other one only skips what depends on it
  const refusals = lowered
    .filter(({ guard }) => guard.refuses === true)
    .map(({ guard, condition }, index): Operation => ({
      id: `check/${String(index)}`,
      label: renderGuard(guard, check.effect),
      kind: 'check',
      when: condition,
      otherwise: 'stop',
    }));
  const conditions = lowered.filter(({ guard }) => guard.refuses !== true).map(({ condition }) => condition);
  const when: Check | undefined = conditions.length > 1 ? { kind: 'and', checks: conditions } : conditions[0];
  const guarded: Operation = when === undefined ? write : { ...write, when, otherwise: 'skip' };
  const caught: Operation = act.onError === undefined ? guarded : { ...guarded, ...lowerHandling(act.onError) };
  const consequences =
    candidate.kind === 'insert after check' ||
    candidate.kind === 'value after check' ||
    candidate.kind === 'last of a set'
      ? []
      : [
          ...findConsequences(trace, candidate).flatMap((step) =>
            lowerConsequence(trace, act, step, when, context.findTable),
          ),
          ...lowerHandedOut(trace, candidate, when),
        ];

  const operations = encloseOperations(trace, candidate, context.defaultIsolation, refusals, [
    read,
    caught,
    ...consequences,
  ]);
  const requirements = lowered.flatMap(({ condition }) => readRequirements(condition, true));
  const program: Program = { name: trace.root.name, operations };
  const plainChecks = refusals.flatMap(({ id, when: condition }) =>
    condition !== undefined && isPlain(condition) ? [id] : [],
  );
  const { last, taken } = candidate;
  if (last === undefined && taken === undefined)
    return { ...settleWorld(program, candidate, requirements, relation, context), plainChecks };
  const settled =
    last === undefined
      ? taken && settleTwoRows(program, candidate, taken, requirements, slice)
      : settleLastOfSet(program, candidate, last, requirements, slice);
  if (settled === undefined) return undefined;
  const rows = { ...createRelation(relation, [], context.uniqueKeys), ...settled.relation };
  const world: World = { relations: [rows, ...createOthers(operations, relation)], keys: [] };
  return { program, other: settled.other, world, plainChecks };
}

/** What a handler around the act does; one that only knows conflicts of transactions lets a unique violation through. */
function lowerHandling({ catches, then, leaves }: ErrorHandling): Pick<Operation, 'catches' | 'onCaught'> {
  return {
    catches: catches === 'conflict' && then !== 'throws other' ? ['conflict', 'lock'] : ['any'],
    onCaught: leaves || then !== 'continues' ? 'ends' : catches === 'all' ? 'ignores' : 'answers',
  };
}

/** The columns that the act writes for sure, where the check must find them again: of an inserted row, of a value taken. */
function readWritten(candidate: Candidate, context: QuestionContext): InsertAction['values'] | undefined {
  return candidate.act.effect.kind === 'insert' ? completeValues(candidate, context) : candidate.taken?.assignments;
}

/** The act as far as the schedules look at it, with all that it writes. */
function completeAct({ check, act, taken }: Candidate, written: InsertAction['values'] | undefined): ActEffect {
  if (act.effect.kind === 'update' && taken === undefined) {
    const given = findGivenOnce(act.effect, check.effect);
    return given === undefined ? act.effect : { ...act.effect, assignments: [given.assignment] };
  }
  if (written === undefined || act.effect.kind === 'delete') return act.effect;
  if (act.effect.kind === 'insert') return { ...act.effect, values: written };
  return taken === undefined ? act.effect : { ...act.effect, assignments: written };
}

/** `if (!row) throw`, and nothing else: the row that was read has to be there. */
function wantsRow({ condition, holds }: Guard, read: string): boolean {
  let wanted = holds;
  let value = condition;
  while (value.kind === 'apply' && value.operator === '!' && value.operands[0] !== undefined) {
    wanted = !wanted;
    value = value.operands[0];
  }
  return wanted && value.kind === 'answer' && value.effect === read && value.columns.length === 0;
}

function isPlain(check: Check): boolean {
  return check.kind === 'found' || (check.kind === 'not' && isPlain(check.check));
}

/**
 * The columns of the inserted row. Where the insert spreads an object that can't be seen through, a column that the check
 * looks by has the value that it looks for: the row that the request inserts is the one that it looked for. A column that
 * the database makes up has not: `upsert({ where: { id: row?.id ?? -1 } })` makes a row with another id.
 */
function completeValues(
  { check, act, elements }: Candidate,
  { nameColumn, findTable }: QuestionContext,
): InsertAction['values'] {
  if (act.effect.kind !== 'insert') return [];
  const { complete } = act.effect;
  const values = settleAsLookedFor(decideChoices(act.effect.values, [...act.guards, ...elements]), check.effect);
  if (complete) return values;
  const known = new Set(values.map((assignment) => nameColumn(assignment.column)));
  for (const { name, generated } of findTable(nameOf(act.effect))?.columns ?? [])
    if (generated !== undefined) known.add(name);
  const looked = check.effect.selector.conditions.flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '=' && !known.has(nameColumn(condition.column))
      ? [{ column: condition.column, value: condition.value }]
      : [],
  );
  return [...values, ...looked];
}

function renderGuard(guard: Guard, read: Effect): string {
  const row = nameOf(read);
  // `not (!(a && b))` takes two readings
  const { condition } = guard;
  const inner = condition.kind === 'apply' && condition.operator === '!' ? condition.operands[0] : undefined;
  const holds = inner === undefined ? guard.holds : !guard.holds;
  const text = renderValue(inner ?? condition, (effect) =>
    effect === read.id ? `${row.charAt(0).toLowerCase()}${row.slice(1)}` : effect,
  );
  const short = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  return `check ${holds ? short : `not (${short})`}`;
}

function lowerGuard(guard: Guard, slice: SliceEffects): Check | undefined {
  const check = lowerCheck(guard.condition, slice);
  return check === undefined || guard.holds ? check : { kind: 'not', check };
}

/**
 * Other effects that happen under the very conditions of the act: they happen twice when both requests pass. Of a row that
 * is deleted only what happens before the deletion counts: what follows it (a log entry) tells of it.
 */
export function findConsequences(trace: Trace, candidate: Candidate): readonly Step[] {
  const { check, act } = candidate;
  const decisive = act.guards.filter((guard) => mentionsEffect(guard.condition, check.effect.id));
  const from = trace.steps.indexOf(check) + 1;
  const to = act.effect.kind === 'delete' ? trace.steps.indexOf(act) : trace.steps.length;
  const found = trace.steps.slice(from, to).filter((step) => {
    const { effect } = step;
    if (step === act) return false;
    const isLasting =
      effect.kind === 'insert'
        ? effect.onConflict.kind === 'fail'
        : effect.kind === 'external' &&
          (effect.action === 'create' || effect.action === 'send') &&
          step.onError === undefined;
    if (!isLasting || excludeEachOther(act.guards, step.guards)) return false;
    if (decisive.length === 0) return candidate.elements.length > 0 && isBeside(step, act);
    return decisive.every((guard) => step.guards.some((other) => isSameGuard(guard, other)));
  });
  return found.slice(0, 2);
}

/** Is it done for the same element of a loop, wherever the act is? */
function isBeside(step: Step, act: Step): boolean {
  return (
    step.loops.join() === act.loops.join() &&
    step.guards.every((guard) => act.guards.some((other) => isSameGuard(guard, other)))
  );
}

/** A new key or token in the answer is one more thing that is done once. */
function lowerHandedOut(trace: Trace, candidate: Candidate, when: Check | undefined): readonly Operation[] {
  const column = findHandedOut(trace, candidate);
  if (column === undefined || when === undefined) return [];
  const name = `answer with a new ${column}`;
  const key: Term = { kind: 'symbol', name };
  return [{ id: 'handed out', label: name, kind: 'effect', name, key, deduplicated: false, when, otherwise: 'skip' }];
}

/** The initial rows, and numbers for limits and quantities. */
function settleWorld(
  program: Program,
  candidate: Candidate,
  requirements: readonly Requirement[],
  relation: string,
  context: QuestionContext,
): Pick<PairQuestion, 'program' | 'world'> {
  const { check, act } = candidate;
  const { nameColumn } = context;
  const counted = new Set(['#', '*', check.effect.aggregate?.column ?? '*']);
  const isCounted = check.effect.aggregate === undefined || check.effect.aggregate.kind === 'count';
  const count = isCounted ? chooseRowCount(requirements, check.effect.id, counted) : undefined;
  const operations = program.operations;
  const readOperation = operations.find((operation) => operation.id === check.effect.id);
  const writeOperation = operations.find((operation) => operation.id === act.effect.id);
  const keyed: Record<string, Term> = {};
  if (readOperation?.kind === 'read') {
    for (const filter of readOperation.where)
      if (filter.kind === 'compare' && filter.comparison === '=') keyed[filter.column] = filter.value;
  }
  if (writeOperation?.kind === 'update' || writeOperation?.kind === 'delete') {
    for (const filter of writeOperation.where) {
      if (
        filter.kind === 'compare' &&
        filter.comparison === '=' &&
        filter.value.kind !== 'variable' &&
        !(filter.column in keyed)
      )
        keyed[filter.column] = filter.value;
    }
  }
  const columns = new Set<string>([
    ...Object.keys(keyed),
    ...readVariables(program, check.effect.id).map(nameColumn),
    'id',
  ]);
  const assigned: Readonly<Record<string, Term>> = writeOperation?.kind === 'update' ? writeOperation.set : {};
  for (const column of Object.keys(assigned)) columns.add(column);
  const wantsRow = act.effect.kind !== 'insert' || candidate.kind === 'number from read';
  const rowCount = count?.rows ?? (wantsRow ? 1 : 0);
  const rows = Array.from({ length: wantsRow ? Math.max(rowCount, 1) : rowCount }, (_, index) => {
    const row: Record<string, Term> = {};
    for (const column of columns) {
      const cell =
        keyed[column] ??
        chooseCell(
          column,
          requirements.filter((requirement) => requirement.read === check.effect.id),
          assigned[column],
        );
      row[column] =
        index > 0 && cell.kind === 'symbol' && !(column in keyed)
          ? { kind: 'symbol', name: `${cell.name}#${String(index)}` }
          : cell;
    }
    return row;
  });
  const numbers = chooseNumbers(writeOperation, rows[0] ?? {});
  const limit = count?.limit;
  const replaced = substitute(program, (term) => {
    if (limit !== undefined && isSameTerm(term, limit.term)) return { kind: 'constant', value: limit.value };
    return term.kind === 'symbol' ? numbers.get(term.name) : undefined;
  });
  const numbered = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, term]) => [
        column,
        (term.kind === 'symbol' ? numbers.get(term.name) : undefined) ?? term,
      ]),
    ),
  );
  const relations = [createRelation(relation, numbered, context.uniqueKeys), ...createOthers(operations, relation)];
  return { program: replaced, world: { relations, keys: [] } };
}

function isSameTerm(a: Term, b: Term): boolean {
  return a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);
}

/** Columns of a read that checks and terms of the program use. */
function readVariables(program: Program, read: string): readonly string[] {
  const found = new Set<string>();
  JSON.stringify(program, (_, part: unknown) => {
    if (
      typeof part === 'object' &&
      part !== null &&
      'kind' in part &&
      part.kind === 'variable' &&
      'read' in part &&
      part.read === read &&
      'column' in part
    ) {
      if (typeof part.column === 'string' && part.column !== '#' && part.column !== '*') found.add(part.column);
    }
    return part;
  });
  return [...found];
}

/** Small numbers for `stock - qty`: the timeline is easier to read with 10 and 6 than with symbols. */
function chooseNumbers(write: Operation | undefined, row: Readonly<Record<string, Term>>): ReadonlyMap<string, Term> {
  const numbers = new Map<string, Term>();
  if (write?.kind !== 'update') return numbers;
  for (const [column, term] of Object.entries(write.set)) {
    const cell = row[column];
    if (term.kind !== 'apply' || (term.name !== '+' && term.name !== '-') || cell?.kind !== 'symbol') continue;
    const [left, right] = term.operands;
    if (left?.kind !== 'variable' || left.column !== column || right === undefined) continue;
    if (right.kind === 'constant' && typeof right.value !== 'number') continue;
    if (right.kind !== 'constant' && right.kind !== 'symbol') continue;
    numbers.set(cell.name, { kind: 'constant', value: 10 });
    // six and six of ten: the second must be refused; where the write is only skipped, one skipped looks like one lost
    if (right.kind === 'symbol') {
      numbers.set(right.name, { kind: 'constant', value: write.when === undefined ? 6 : 4 });
    }
  }
  return numbers;
}
