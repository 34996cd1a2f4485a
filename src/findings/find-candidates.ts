import type { DeleteAction, Effect, EffectBase, InsertAction, ReadAction, UpdateAction } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { Guard, Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { findMentions, forEachAnswer, mentionsEffect, mentionsFresh } from '../model/find-mentions.ts';
import { findFreeValue } from './decide-choices.ts';
import { addsRow, isAskedOnce } from './adds-row.ts';
import { derivesNumber } from './derive-number.ts';
import { isNow } from './is-now.ts';
import { marksFirst } from './marks-first.ts';
import { findGivenOnce } from './find-handed-out.ts';
import { endsSelectedState, readLoopGuards } from './find-selected-state.ts';
import { findLastOfSet } from './find-last-of-set.ts';
import type { LastOfSet } from './find-last-of-set.ts';
import { findTakenValue } from './find-taken-value.ts';
import type { TakenValue } from './find-taken-value.ts';

export type ReadEffect = EffectBase & ReadAction;
export type ActEffect = EffectBase & (InsertAction | UpdateAction | DeleteAction);

/** A check and an act on one table, where the act happens (or writes what it writes) because of what the check saw. */
export interface Candidate {
  /** What must hold for the act besides its guards: an element that passed a filter over what the check read. */
  readonly elements: readonly Guard[];
  readonly kind:
    | 'insert after check'
    | 'update from read'
    | 'update after check'
    | 'value after check'
    | 'number from read'
    | 'mark from read'
    | 'delete after check'
    | 'last of a set';
  readonly check: Step & { readonly effect: ReadEffect };
  readonly act: Step & { readonly effect: ActEffect };
  /** Of a 'value after check': what the check looks for and the update writes. */
  readonly taken?: TakenValue;
  /** Of a 'last of a set': which row leaves it. */
  readonly last?: LastOfSet;
}

/**
 * Pairs worth asking the model checker about. That there is a pair proves nothing; that there is none proves only that
 * race-lint saw no dependence.
 *
 * @param isSameTable do two names mean one table (a model and its table in SQL)?
 */
export function findCandidates(trace: Trace, isSameTable: (a: string, b: string) => boolean): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const inserted = new Set(
    trace.steps
      .filter((step) => step.effect.kind === 'insert' && step.effect.onConflict.kind === 'fail')
      .map((step) => step.effect.id),
  );
  trace.steps.forEach((act, at) => {
    if (!isAct(act) || isOwnRow(act.effect, inserted)) return;
    const mentioned = findStepMentions(act);
    if (mentioned.size === 0) return;
    for (const check of trace.steps.slice(0, at).toReversed()) {
      if (!mentioned.has(check.effect.id) || !isRead(check) || !isSameResource(check.effect, act.effect, isSameTable))
        continue;
      if (excludeEachOther(check.guards, act.guards) || !mayDecide(check.effect, act)) continue;
      if (mentionsOf(check.effect.selector.conditions, inserted)) continue;
      const taken =
        act.effect.kind === 'update' && isDecidedBy(act, check)
          ? findTakenValue(check.effect, act.effect, trace.steps.slice(0, at))
          : undefined;
      if (taken !== undefined) candidates.push({ kind: 'value after check', check, act, taken, elements: [] });
      const last = findLastOfSet(check, act);
      if (last !== undefined) candidates.push({ kind: 'last of a set', check, act, last, elements: [] });
      const kind = findDependence(check.effect, act);
      if (kind !== undefined) candidates.push({ kind, check, act, elements: listElementGuards(act, check.effect) });
    }
  });
  return candidates;
}

function listElementGuards(act: Candidate['act'], read: ReadEffect): readonly Guard[] {
  const given = act.effect.kind === 'update' ? findGivenOnce(act.effect, read) : undefined;
  if (given !== undefined) return [given.guard];
  return act.effect.kind === 'update' && endsSelectedState(read, act.effect)
    ? readLoopGuards(act, read)
    : readElementGuards(act, read);
}

/** All effects whose answers decide whether a step happens, or are in what it writes. */
function findStepMentions({ guards, effect }: Candidate['act']): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = (value: Value): void => forEachAnswer(value, (answer) => ids.add(answer.effect));
  for (const guard of guards) visit(guard.condition);
  if (effect.kind === 'insert') for (const assignment of effect.values) visit(assignment.value);
  if (effect.kind === 'update') {
    for (const assignment of effect.assignments) visit(assignment.value);
    for (const condition of effect.selector.conditions) if (condition.kind === 'compare') visit(condition.value);
  }
  return ids;
}

function isAct(step: Step): step is Candidate['act'] {
  return step.effect.kind === 'insert' || step.effect.kind === 'update' || step.effect.kind === 'delete';
}

function isRead(step: Step): step is Candidate['check'] {
  return step.effect.kind === 'read';
}

function isSameResource(read: ReadEffect, act: ActEffect, isSameTable: (a: string, b: string) => boolean): boolean {
  const { resource } = act;
  if (resource.kind !== 'table' || read.resource.kind !== 'table') return false;
  return (
    isSameTable(read.resource.name, resource.name) ||
    (read.joined ?? []).some((name) => isSameTable(name, resource.name))
  );
}

/** A row that this execution has just made, and that nobody else can know yet, cannot race. */
function isOwnRow(act: ActEffect, inserted: ReadonlySet<string>): boolean {
  return act.kind !== 'insert' && mentionsOf(act.selector.conditions, inserted);
}

function mentionsOf(
  conditions: Extract<Effect, { kind: 'read' }>['selector']['conditions'],
  ids: ReadonlySet<string>,
): boolean {
  return conditions.some(
    (condition) =>
      condition.kind === 'compare' &&
      (mentionsFresh(condition.value) || [...findMentions(condition.value)].some((id) => ids.has(id))),
  );
}

/**
 * Of rows that came inside another row: a row that the other one refers to is not what is inserted, and a function that is
 * not known (does the list equal another one?) may ask anything of them.
 */
function mayDecide({ id, within }: ReadEffect, act: Candidate['act']): boolean {
  if (within === undefined) return true;
  if (act.effect.kind !== 'insert') return true;
  return within.isOwned && act.guards.every(({ condition }) => !mentionsEffect(condition, id) || asksOf(condition, id));
}

const questions =
  /^(!|&&|\|\||\?\?|[=!]==?|[<>]=?|member:(length|size|\d+|\w+)|new:?.*|call:(.*\.)?(some|find|findLast|findIndex|includes|indexOf|has|get|filter|every|map|flatMap|Set|Map|Boolean|Number))$/;

/** Is it a question that is understood: how many, is there one, is there one with this? */
function asksOf(value: Value, id: string): boolean {
  switch (value.kind) {
    case 'answer':
    case 'element':
    case 'template':
    case 'array':
      return true;
    case 'apply':
      return (
        questions.test(value.operator) && value.operands.every((part) => !mentionsEffect(part, id) || asksOf(part, id))
      );
    case 'choice':
      return [value.condition, value.then, value.otherwise].every(
        (part) => !mentionsEffect(part, id) || asksOf(part, id),
      );
    default:
      return false;
  }
}

function isDecidedBy(act: Step, check: Step): boolean {
  return act.guards.some((guard) => mentionsEffect(guard.condition, check.effect.id));
}

/** Can two steps not both happen, because one condition would have to be true and false? */
export function excludeEachOther(a: readonly Guard[], b: readonly Guard[]): boolean {
  return (
    a.some((guard) =>
      b.some((other) => guard.holds !== other.holds && isSameValue(guard.condition, other.condition)),
    ) ||
    deniesAll(a, b) ||
    deniesAll(b, a)
  );
}

/** Does a path rule out that all of another path's conditions hold: what follows `if (a) { if (b) return; }`? */
function deniesAll(denying: readonly Guard[], guards: readonly Guard[]): boolean {
  const denied = denying.filter(({ condition, holds }) => !holds && listConjuncts(condition).length > 1);
  if (denied.length === 0) return false;
  const facts = guards.flatMap(({ condition, holds }) => (holds ? listConjuncts(condition) : []));
  return denied.some(({ condition }) =>
    listConjuncts(condition).every((part) => facts.some((fact) => isSameValue(fact, part))),
  );
}

function listConjuncts(condition: Value): readonly Value[] {
  return condition.kind === 'apply' && condition.operator === '&&'
    ? condition.operands.flatMap(listConjuncts)
    : [condition];
}

function findDependence(read: ReadEffect, act: Step & { readonly effect: ActEffect }): Candidate['kind'] | undefined {
  const { effect } = act;
  const guards = act.guards.filter((guard) => mentionsEffect(guard.condition, read.id));
  switch (effect.kind) {
    case 'insert':
      if (!addsRow(effect, read) || effect.source !== undefined) return undefined;
      if (effect.values.some((assignment) => derivesNumber(assignment, read))) return 'number from read';
      if (!isAskedOnce({ ...act, effect }, read)) return undefined;
      if (guards.length > 0 || readElementGuards(act, read).length > 0) return 'insert after check';
      return effect.values.some(({ value }) => marksFirst(value, read)) ? 'mark from read' : undefined;
    case 'update': {
      if (effect.assignments.some((assignment) => derivesFrom(assignment.value, assignment.column, read)))
        return 'update from read';
      const written = new Set(effect.assignments.map((assignment) => assignment.column));
      const isAboutWritten = guards.some(
        (guard) =>
          listParts(guard).some(
            (part) => mentionsColumns(part.condition, read.id, written) && !isPastRefused(part, effect, read),
          ) || isAboutSet(guard.condition, read),
      );
      return isAboutWritten || endsSelectedState(read, effect) || findGivenOnce(effect, read) !== undefined
        ? 'update after check'
        : undefined;
    }
    case 'delete': {
      // a single-use row: found, judged, deleted; a collection that is tidied up is none
      const isSingleUse =
        guards.some((guard) => guard.refuses === true) && mentionsOf(effect.selector.conditions, new Set([read.id]));
      return isSingleUse || (guards.some((guard) => guard.refuses === true) && isSameSelection(read, effect))
        ? 'delete after check'
        : undefined;
    }
  }
}

/** `wanted.filter((each) => !existing.has(each.id)).map((each) => insert(each))`: the filter is the check. */
function readElementGuards({ effect }: { readonly effect: ActEffect }, read: ReadEffect): readonly Guard[] {
  if (effect.kind !== 'insert') return [];
  const predicates: Value[] = [];
  const visit = (value: Value): void => {
    if (value.kind === 'element' && value.of.kind === 'apply' && value.of.operator === 'call:filter') {
      const [list, predicate] = value.of.operands;
      const isAboutRead =
        list !== undefined &&
        predicate !== undefined &&
        !mentionsEffect(list, read.id) &&
        mentionsEffect(predicate, read.id);
      if (isAboutRead && !predicates.some((known) => isSameValue(known, predicate))) predicates.push(predicate);
    }
    if (value.kind === 'apply') value.operands.forEach(visit);
    if (value.kind === 'choice') [value.then, value.otherwise].forEach(visit);
    if (value.kind === 'template') value.values.forEach(visit);
  };
  for (const assignment of effect.values) visit(assignment.value);
  const { location } = effect;
  const free = effect.values.flatMap((assignment) => findFreeValue(assignment, read) ?? []);
  return [
    ...predicates.map((condition) => ({ condition, holds: true, location })),
    ...free.map((each) => ({ ...each, location })),
  ];
}

function isSameSelection(read: ReadEffect, act: EffectBase & DeleteAction): boolean {
  return act.selector.conditions.every(
    (condition) =>
      condition.kind === 'compare' &&
      read.selector.conditions.some(
        (other) =>
          other.kind === 'compare' && other.column === condition.column && isSameValue(other.value, condition.value),
      ),
  );
}

/** Is the written value computed from the same column's old value (and not just the old value again)? */
export function derivesFrom(value: Value, column: string, read: ReadEffect): boolean {
  if (value.kind === 'answer') return false;
  if (value.kind === 'choice')
    return derivesFrom(value.then, column, read) || derivesFrom(value.otherwise, column, read);
  let derives = false;
  forEachAnswer(value, (answer) => {
    if (answer.effect === read.id && (answer.columns[0] === column || answer.columns.length === 0)) derives = true;
  });
  return derives;
}

/** The conditions that all hold, or all don't, where `a && b` holds or `a || b` doesn't. */
function listParts(guard: Guard): readonly Guard[] {
  const { condition, holds } = guard;
  return condition.kind === 'apply' && condition.operator === (holds ? '&&' : '||')
    ? condition.operands.flatMap((part) => listParts({ ...guard, condition: part }))
    : [guard];
}

/**
 * `if (task.due < now) throw`, and `SET due = input`: a request that brings a time that is past is no claim. A lease is
 * another thing: what it brings lies ahead, and refuses the next one.
 */
function isPastRefused(
  { condition, holds }: Guard,
  { assignments }: Extract<ActEffect, { kind: 'update' }>,
  read: ReadEffect,
): boolean {
  const isNegated = condition.kind === 'apply' && condition.operator === '!';
  const asked = isNegated ? condition.operands[0] : condition;
  if (asked?.kind !== 'apply' || !/^[<>]=?$/.test(asked.operator)) return false;
  const [left, right] = asked.operands;
  const isLeft = left?.kind === 'answer' && left.effect === read.id;
  const [column, other] = isLeft ? [left, right] : [right, left];
  if (column?.kind !== 'answer' || column.effect !== read.id || other === undefined || !isNow(other)) return false;
  const written = assignments.find((assignment) => assignment.column === column.columns[0])?.value;
  const isEarlier = asked.operator.startsWith('<') === isLeft;
  return written?.kind === 'input' && column.columns.length === 1 && isEarlier === (isNegated ? holds : !holds);
}

function mentionsColumns(condition: Value, read: string, columns: ReadonlySet<string>): boolean {
  let mentions = false;
  forEachAnswer(condition, (answer) => {
    if (answer.effect === read && answer.columns[0] !== undefined && columns.has(answer.columns[0])) mentions = true;
  });
  return mentions;
}

/** Is the condition about how many rows there are, as in "not the last owner"? */
function isAboutSet(condition: Value, read: ReadEffect): boolean {
  if (read.aggregate?.kind === 'count') return true;
  let counts = false;
  forEachAnswer(condition, (answer) => {
    if (answer.effect === read.id && answer.shape.kind === 'count') counts = true;
  });
  return counts;
}
