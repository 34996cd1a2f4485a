import type { KeyFacts, TableFacts } from '../model/schema-facts.ts';
import type { Trace } from '../model/trace.ts';
import { ask, nameColumn } from './ask-engines.ts';
import type { JudgeContext } from './ask-engines.ts';
import type { Candidate } from './find-candidates.ts';
import { mentionsEffect } from '../model/find-mentions.ts';
import type { TakenValue } from './find-taken-value.ts';
import { describePartialKey } from './describe-partial-key.ts';
import type { Judgement } from './judge-candidate.ts';

/**
 * A value that nobody has, given to a row: without a unique key two rows get it, with one the loser ends with the
 * database's error.
 */
export function judgeTakenValue(
  trace: Trace,
  candidate: Candidate,
  taken: TakenValue,
  context: JudgeContext,
  base: Pick<Judgement, 'candidate' | 'table' | 'isInTransaction' | 'assumptions'>,
): Judgement | undefined {
  const { table, isInTransaction, assumptions } = base;
  const silentRule = isInTransaction ? 'no-weak-isolation' : 'no-check-then-insert';
  const columns = taken.assignments.map(({ column }) => nameColumn(table, column));
  // that the value must be free is said by a key, or by a request that is refused for it
  const { check, act } = candidate;
  const isRefused = act.guards.some(
    (guard) => guard.refuses === true && mentionsEffect(guard.condition, check.effect.id),
  );
  if (table?.complete !== true) {
    const silent = ask(trace, candidate, context, table, []);
    if (!isRefused || silent === undefined || silent.anomaly === 'unhandled conflict') return undefined;
    if (ask(trace, candidate, context, table, [columns]) === undefined) return undefined;
    return { ...base, rule: silentRule, witness: silent, key: undefined, isKeyUnknown: true };
  }
  const keys = findKeys(table, candidate, columns);
  if (keys === undefined) return undefined;
  const witness = ask(
    trace,
    candidate,
    context,
    table,
    keys.map((key) => key.columns),
  );
  if (witness === undefined) return undefined;
  const isLoud = witness.anomaly === 'unhandled conflict';
  if (!isLoud && !isRefused) return undefined;
  const partial = keys.filter((key) => key.where !== undefined || key.expression !== undefined).map(describePartialKey);
  return {
    ...base,
    assumptions: isLoud ? [...assumptions, ...partial] : assumptions,
    rule: isLoud ? 'require-conflict-handling' : silentRule,
    witness,
    key: keys[0],
    isKeyUnknown: false,
  };
}

/**
 * The keys over a column that gets the value. Undefined where one of them has a column that the check does not look at:
 * whether the rows agree in it is not known.
 */
function findKeys(
  table: TableFacts,
  { check }: Candidate,
  columns: readonly string[],
): readonly KeyFacts[] | undefined {
  const looked = new Set(
    check.effect.selector.conditions.flatMap((condition) =>
      condition.kind === 'compare' && condition.operator === '=' ? [nameColumn(table, condition.column)] : [],
    ),
  );
  const keys = table.keys.filter((key) => key.columns.some((column) => columns.includes(column)));
  const isCovered = keys.every((key) => key.columns.every((column) => columns.includes(column) || looked.has(column)));
  return isCovered ? keys : undefined;
}
