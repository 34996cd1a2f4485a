import type { RuleName } from '../model/finding.ts';
import type { KeyFacts, TableFacts } from '../model/schema-facts.ts';
import type { Step, Trace } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import type { Witness } from '../model/witness.ts';
import { ask, nameColumn } from './ask-engines.ts';
import type { JudgeContext } from './ask-engines.ts';
import { findConsequences } from './build-question.ts';
import { describePartialKey } from './describe-partial-key.ts';
import type { Candidate } from './find-candidates.ts';
import { findMentions, mentionsEffect, mentionsFresh } from '../model/find-mentions.ts';
import { isRefusedBeside } from './is-refused-beside.ts';
import { isSameAgain } from './is-same-again.ts';
import { isForMissingRow, settleMissingRow } from './settle-missing-row.ts';
import { judgeTakenValue } from './judge-taken-value.ts';
import { followsUnreadStatement, isSerializedElsewhere, leavesEarlier } from './look-beyond-slice.ts';

/** A pair that has a witness, and everything that the wording needs to know about it. */
export interface Judgement {
  readonly rule: RuleName;
  readonly witness: Witness;
  readonly candidate: Candidate;
  readonly table: TableFacts | undefined;
  /** The key that makes the loser fail, if one is known. */
  readonly key: KeyFacts | undefined;
  /** True when no schema told which keys exist, and the worlds with and without the key both have a witness. */
  readonly isKeyUnknown: boolean;
  readonly isInTransaction: boolean;
  readonly assumptions: readonly string[];
}

/** Asks the model checker about a pair, in every world that the schema leaves open and on every engine that it may run on. */
export function judgeCandidate(trace: Trace, candidate: Candidate, context: JudgeContext): Judgement | undefined {
  const { check, act } = candidate;
  if (isSerializedElsewhere(trace, candidate)) return undefined;
  if (followsUnreadStatement(trace, candidate)) return undefined;
  const resource = act.effect.resource;
  if (resource.kind !== 'table') return undefined;
  const table = context.findTable(resource.name);
  const isInTransaction = act.transaction !== undefined && act.transaction === check.transaction;
  const assumptions =
    act.transaction === 'caller' ? ['the caller’s transaction has the default isolation level and no lock'] : [];
  const base = { candidate, table, isInTransaction, assumptions };

  if (candidate.last !== undefined) return judgeLastOfSet(trace, candidate, context, base);
  if (act.effect.kind === 'delete') return judgeSingleUse(trace, candidate, context, base);
  if (candidate.taken !== undefined) return judgeTakenValue(trace, candidate, candidate.taken, context, base);
  if (act.effect.kind !== 'insert') {
    if (leavesEarlier(trace, candidate)) return undefined;
    const witness = ask(trace, candidate, context, table, []);
    if (witness === undefined || witness.anomaly === 'unhandled conflict') return undefined;
    return {
      ...base,
      rule: isInTransaction ? 'no-weak-isolation' : 'no-lost-update',
      witness,
      key: undefined,
      isKeyUnknown: false,
    };
  }

  const keys = findCoveringKeys(trace, table, candidate);
  const hasFacts = table?.complete === true;
  if (hasFacts) {
    const witness = ask(
      trace,
      candidate,
      context,
      table,
      keys.map((key) => key.columns),
    );
    if (witness === undefined) return undefined;
    const isLoud = witness.anomaly === 'unhandled conflict';
    if (!isLoud && (mayHitUnseenKey(table, candidate) || isRefusedBeside(trace, candidate, context.findTable)))
      return undefined;
    if (isLoud && (isSettled(act) || isMadeOnce(keys, candidate, table))) return undefined;
    const shared = isLoud && act.effect.many ? ['the lists that two requests bring have an element in common'] : [];
    const partial = isLoud
      ? keys.filter((key) => key.where !== undefined || key.expression !== undefined).map(describePartialKey)
      : [];
    const rule: RuleName = isLoud
      ? 'require-conflict-handling'
      : isInTransaction
        ? 'no-weak-isolation'
        : 'no-check-then-insert';
    return {
      ...base,
      assumptions: [...assumptions, ...shared, ...partial],
      rule,
      witness,
      key: findCheckedKey(keys, candidate, table) ?? keys[0],
      isKeyUnknown: false,
    };
  }
  const silent = ask(trace, candidate, context, table, []);
  if (silent === undefined || silent.anomaly === 'unhandled conflict') return undefined;
  const columns = readCheckedColumns(candidate, table);
  const isQuota = silent.anomaly === 'limit exceeded';
  if (columns.length > 0 && !isQuota && ask(trace, candidate, context, table, [columns]) === undefined)
    return undefined;
  return {
    ...base,
    rule: isInTransaction ? 'no-weak-isolation' : 'no-check-then-insert',
    witness: silent,
    key: undefined,
    isKeyUnknown: true,
  };
}

/**
 * Is it the one row with that key, made where it is missing? Then one request in the life of the database may fail, and
 * nobody ever after. A row whose being there refuses the request is another thing: it comes and goes.
 */
function isMadeOnce(keys: readonly KeyFacts[], { check, act }: Candidate, table: TableFacts | undefined): boolean {
  const { effect } = act;
  if (
    effect.kind !== 'insert' ||
    act.guards.some((guard) => guard.refuses && mentionsEffect(guard.condition, check.effect.id))
  )
    return false;
  const constant = new Set(
    effect.values.flatMap(({ column, value }) => (value.kind === 'constant' ? [nameColumn(table, column)] : [])),
  );
  return keys.length > 0 && keys.every((key) => key.columns.every((column) => constant.has(column)));
}

/** Does a Promise.allSettled around it take its error? */
function isSettled({ parallel, around = [] }: Step): boolean {
  return [parallel, ...around].some((position) => position?.kind === 'allSettled');
}

/** Rows that leave a set of which some must stay, each of them because there are others. */
function judgeLastOfSet(
  trace: Trace,
  candidate: Candidate,
  context: JudgeContext,
  base: Pick<Judgement, 'candidate' | 'table' | 'isInTransaction' | 'assumptions'>,
): Judgement | undefined {
  const witness = ask(trace, candidate, context, base.table, []);
  if (witness?.anomaly !== 'write skew') return undefined;
  const rule: RuleName = base.isInTransaction ? 'no-weak-isolation' : 'no-lost-update';
  return { ...base, rule, witness, key: undefined, isKeyUnknown: false };
}

/** A row that is found, judged, used for an insert and deleted, with nobody looking at whether the deletion won. */
function judgeSingleUse(
  trace: Trace,
  candidate: Candidate,
  context: JudgeContext,
  base: Pick<Judgement, 'candidate' | 'table' | 'isInTransaction' | 'assumptions'>,
): Judgement | undefined {
  const uses = findConsequences(trace, candidate);
  const [used] = uses;
  if (used === undefined) return undefined;
  const { transaction } = candidate.act;
  // the check may well stand before the transaction: it is the deletion that tells who was first
  const isTakenBack =
    transaction !== undefined &&
    uses.every((step) => step.effect.kind === 'insert' && step.transaction === transaction);
  if (isTakenBack && stopsSecond(trace, candidate.act)) return undefined;
  const witness = ask(trace, candidate, context, base.table, []);
  if (witness === undefined || witness.anomaly === 'unhandled conflict') return undefined;
  const rule: RuleName = base.isInTransaction
    ? 'no-weak-isolation'
    : used.effect.kind === 'insert'
      ? 'no-check-then-insert'
      : 'no-lost-update';
  return { ...base, rule, witness, key: undefined, isKeyUnknown: false };
}

/** Does the transaction end without COMMIT where its deletion finds no row: by an error of its own, or by a test? */
function stopsSecond(trace: Trace, { effect, transaction, onError }: Step): boolean {
  if (effect.answer.kind === 'row' && effect.answer.absent === 'throws' && onError === undefined) return true;
  const commits = trace.steps.filter((step) => step.effect.kind === 'commit' && step.transaction === transaction);
  return (
    commits.length > 0 &&
    commits.every(({ guards }) => guards.some(({ condition }) => mentionsEffect(condition, effect.id)))
  );
}

/** Unique keys that an inserted row can collide in: all their columns are set by the insert, none of them to NULL. */
function findCoveringKeys(
  trace: Trace,
  table: TableFacts | undefined,
  { check, act, elements }: Candidate,
): readonly KeyFacts[] {
  const { effect } = act;
  if (table === undefined || effect.kind !== 'insert') return [];
  const looked = new Set(
    check.effect.selector.conditions.flatMap((condition) =>
      condition.kind === 'compare' ? [nameColumn(table, condition.column)] : [],
    ),
  );
  // rows that were read as a list are searched in code, by columns that the query does not name
  const isSearched = [...act.guards, ...elements].some(
    (guard) => findMentions(guard.condition).has(check.effect.id) && isSearch(guard.condition),
  );
  const isMissing = isForMissingRow(act.guards, check.effect.id);
  return table.keys.filter((key) =>
    key.columns.every((column) => {
      const assignment = effect.values.find((candidate) => nameColumn(table, candidate.column) === column);
      // what is not seen of the row does not name what the database makes up: `where: { id: row?.id ?? -1 }`
      if (assignment === undefined) return !effect.complete && looked.has(column) && !isMadeUp(table, column);
      const value = isMissing ? settleMissingRow(assignment.value, check.effect.id) : assignment.value;
      // `id: input.id ?? uuid()`: two requests that bring no id can't collide in it
      if (looked.has(column) ? mentionsFresh(value) : mayBeFresh(value)) return false;
      // two requests that pass one check may differ in what it does not look at: two guests of one team; not in what
      // they read
      const isSame =
        isSearched ||
        looked.has(column) ||
        value.kind === 'constant' ||
        findMentions(value).has(check.effect.id) ||
        (findMentions(value).size > 0 && isSameAgain(value, trace));
      if (!isSame) return false;
      const isNull = value.kind === 'constant' && (value.value === null || value.value === undefined);
      return !isNull || key.nullsEqual === true;
    }),
  );
}

function mayBeFresh(value: Value): boolean {
  return value.kind === 'choice' ? mayBeFresh(value.then) || mayBeFresh(value.otherwise) : mentionsFresh(value);
}

/**
 * Rows of which nothing is seen, for a list that is searched in code: the search may well be for what a unique key holds,
 * and then the second row is refused.
 */
function mayHitUnseenKey(table: TableFacts, { check, act: { effect } }: Candidate): boolean {
  if (effect.kind !== 'insert' || effect.complete || check.effect.selector.conditions.length > 0) return false;
  const seen = new Set(effect.values.map(({ column }) => nameColumn(table, column)));
  return table.keys.some((key) => key.columns.every((column) => !seen.has(column) && !isMadeUp(table, column)));
}

function isMadeUp({ columns }: TableFacts, name: string): boolean {
  return columns.some((column) => column.name === name && column.generated !== undefined);
}

const searches = /^call:(.*\.)?(has|get|find|some|every|includes|indexOf|findIndex|filter)$/;

/** Does a condition look something up in a list, set or map? */
function isSearch(condition: Value): boolean {
  return condition.kind === 'apply' && (searches.test(condition.operator) || condition.operands.some(isSearch));
}

/** The key that the check looks by: the one that the code means to keep unique. */
function findCheckedKey(
  keys: readonly KeyFacts[],
  { check }: Candidate,
  table: TableFacts | undefined,
): KeyFacts | undefined {
  const looked = new Set(
    check.effect.selector.conditions.flatMap((condition) =>
      condition.kind === 'compare' ? [nameColumn(table, condition.column)] : [],
    ),
  );
  return keys.find((key) => key.columns.every((column) => looked.has(column)));
}

/** The columns by which the check looks, as far as the insert sets them, and those that it computes from the rows. */
function readCheckedColumns({ kind, check, act }: Candidate, table: TableFacts | undefined): readonly string[] {
  if (act.effect.kind !== 'insert') return [];
  const computed =
    kind === 'insert after check'
      ? []
      : act.effect.values.flatMap(({ column, value }) =>
          mentionsEffect(value, check.effect.id) ? [nameColumn(table, column)] : [],
        );
  const set = new Set(act.effect.values.map((assignment) => nameColumn(table, assignment.column)));
  const columns = check.effect.selector.conditions.flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '=' ? [nameColumn(table, condition.column)] : [],
  );
  return [...new Set([...columns, ...computed])].filter(
    (column) => set.has(column) || (act.effect.kind === 'insert' && !act.effect.complete),
  );
}
