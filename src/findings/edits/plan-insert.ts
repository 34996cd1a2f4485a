import type { TSESTree } from '@typescript-eslint/utils';
import type { AnswerShape } from '../../model/answer-shape.ts';
import type { EngineName } from '../../model/engine.ts';
import type { Suggestion } from '../../model/finding.ts';
import { isSameValue } from '../../model/is-same-value.ts';
import type { Condition } from '../../model/effect.ts';
import type { Candidate } from '../find-candidates.ts';
import type { Judgement } from '../judge-candidate.ts';
import { nameOf } from '../lower-statement.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import { findGuards } from './find-guards.ts';
import type { ExitGuard } from './find-guards.ts';
import type { ImportNeed, InsertCall } from './library-edits.ts';
import type { PairSite } from './locate-pair.ts';
import { planGetOrCreate } from './plan-get-or-create.ts';
import { printCountedStatement } from './print-counted-write.ts';
import { printCatch } from './print-catch.ts';
import { mentionsAnswer, readGuard } from './read-guard.ts';
import { indentationAt, renderWithEdits, semicolonOf, textOf, wholeLines } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { createConstantFinder, findReferences, mayAct, pickName } from './syntax-nodes.ts';

/** What all rewrites of one check-then-insert share. */
export interface InsertPlan {
  readonly site: PairSite;
  readonly insert: InsertCall;
  /** The keys that make the second row impossible: one for each alternative of the look-up. */
  readonly keys: readonly (readonly string[])[];
  /** `needs a unique key on User.email`. */
  readonly precondition: string;
  /** What the insert answers. */
  readonly created: AnswerShape;
  /** An error inside a transaction of this engine ends the transaction, so that nothing can be caught there. */
  readonly mayCatch: boolean;
}

/** `look up, insert if there is none` as one insert that the unique key decides. */
export function planInsert(
  site: PairSite,
  judgement: Judgement,
  insert: InsertCall,
  engine: EngineName | undefined,
): readonly Suggestion[] {
  const { candidate } = judgement;
  const { effect } = candidate.act;
  if (effect.kind !== 'insert' || effect.many || candidate.kind !== 'insert after check') return [];
  if (judgement.witness.anomaly !== 'duplicate row' && judgement.witness.anomaly !== 'unhandled conflict') return [];
  const keys = readKeys(candidate);
  if (keys === undefined) return [];
  const isAborting = candidate.act.transaction !== undefined && engine !== 'innodb' && engine !== 'sqlite';
  const plan: InsertPlan = {
    site,
    insert,
    keys,
    precondition: namePrecondition(judgement, keys),
    mayCatch: !isAborting,
    created: effect.answer,
  };
  const getOrCreate = planGetOrCreate(plan, candidate);
  if (getOrCreate?.isComplete === true) return getOrCreate.suggestions;
  const guards = findGuards(site);
  const [guard, ...more] = guards ?? [];
  const native = getOrCreate?.suggestions ?? [];
  if (guard === undefined || more.length > 0 || !isExistenceTest(site, guard)) return native;
  // a violation of another key would be answered as if it were this one
  const isAmbiguous = hasOtherKeys(judgement, keys);
  const suggestions = [
    ...native,
    planIgnore(plan, judgement, guard),
    isAmbiguous ? undefined : planCatch(plan, judgement, guard),
  ];
  return suggestions.filter((suggestion) => suggestion !== undefined);
}

/** The columns of the look-up, where it looks for exactly what is inserted. */
function readKeys({ check, act }: Candidate): readonly (readonly string[])[] | undefined {
  const { conditions } = check.effect.selector;
  const { effect } = act;
  if (effect.kind !== 'insert') return undefined;
  const columnOf = (condition: Condition): string | undefined => {
    if (condition.kind !== 'compare' || condition.operator !== '=') return undefined;
    const own = effect.values.find(({ column }) => column === condition.column);
    return own !== undefined && isSameValue(own.value, condition.value) ? condition.column : undefined;
  };
  const [only] = conditions;
  const groups = conditions.length === 1 && only?.kind === 'any' ? only.branches : [conditions];
  const keys = groups.map((group) => group.map(columnOf));
  const isClear = keys.every((key) => key.length > 0 && key.every((column) => column !== undefined));
  return isClear ? keys.map((key) => key.filter((column) => column !== undefined)) : undefined;
}

function namePrecondition({ candidate, key, isKeyUnknown }: Judgement, keys: readonly (readonly string[])[]): string {
  const table = nameOf(candidate.act.effect);
  const names = keys.map((columns) =>
    columns.length === 1 ? `${table}.${columns[0] ?? ''}` : `${table}(${columns.join(', ')})`,
  );
  const listed = `${names.length > 1 ? 'unique keys' : 'a unique key'} on ${names.join(' and ')}`;
  if (key !== undefined) return `rests on ${listed.replace(/^a /, 'the ')}`;
  return isKeyUnknown ? `needs ${listed}` : `add ${listed} first`;
}

function hasOtherKeys({ table, candidate }: Judgement, keys: readonly (readonly string[])[]): boolean {
  const { effect } = candidate.act;
  if (table === undefined || effect.kind !== 'insert') return false;
  const nameColumn = (column: string): string =>
    table.columns.find(({ alias, name }) => alias === column || name === column)?.name ?? column;
  const inserted = new Set(effect.values.map(({ column }) => nameColumn(column)));
  const known = keys.map((key) => key.map(nameColumn).toSorted().join());
  return table.keys.some(
    ({ columns }) => columns.every((column) => inserted.has(column)) && !known.includes([...columns].toSorted().join()),
  );
}

/** Is the guard about nothing but whether there is such a row, and on the way to the insert there is none? */
function isExistenceTest(site: PairSite, guard: ExitGuard): boolean {
  const parts = readGuard(guard.test, guard.passes, site.answer, createConstantFinder(site.around));
  return parts.length > 0 && parts.every((part) => part.kind === 'existence' && !part.exists);
}

/** Is the row used for more than the guard? */
function usesAnswer(site: PairSite, guard: ExitGuard): boolean {
  return (
    findReferences(site.around, new Set(site.answer.parts.keys()), [site.checkStatement, ...site.aliases, guard.test])
      .length > 0
  );
}

/** May the look-up go, so that the insert alone decides? */
function mayDropRead(site: PairSite, guard: ExitGuard): boolean {
  if (!site.isCheckDirect || usesAnswer(site, guard)) return false;
  const block = guard.statement.parent;
  if (block.type !== 'BlockStatement' || block !== site.checkStatement.parent) return false;
  if (guard.kind === 'enclosing') return true;
  if (block !== site.actStatement.parent) return false;
  return block.body
    .slice(block.body.indexOf(guard.statement) + 1, block.body.indexOf(site.actStatement))
    .every((statement) => !mayAct(statement));
}

function removeCheck(site: PairSite): readonly Edit[] {
  return [site.checkStatement, ...site.aliases].map((statement) => ({
    range: wholeLines(site.source, statement),
    text: '',
  }));
}

/** ON CONFLICT DO NOTHING; no row leads to the guard's branch. */
function planIgnore(plan: InsertPlan, judgement: Judgement, guard: ExitGuard): Suggestion | undefined {
  const { site, insert, keys } = plan;
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0) return undefined;
  const rewritten = insert.ignoreDuplicate?.(key);
  if (rewritten === undefined) return undefined;
  // where the row that was there is needed, an insert that skips does not help
  if (guard.exit !== undefined && mentionsAnswer(guard.exit, site.answer)) return undefined;
  const title = `Let the insert skip a duplicate, and answer it (${plan.precondition})`;
  const { source } = site;
  // a statement that names its key fails loudly where there is none, so that nothing is lost with the look-up
  const drops =
    rewritten.namesKey === true && judgement.rule !== 'require-conflict-handling' && mayDropRead(site, guard);
  if (guard.kind === 'exit') {
    const written = printCountedStatement(
      site,
      rewritten,
      (test) => `if (${test}) ${textOf(source, guard.exit as TSESTree.Node)}`,
    );
    if (written === undefined) return undefined;
    const edits: Edit[] = [{ range: site.actStatement.range, text: written }];
    if (drops) edits.push(...removeCheck(site), { range: wholeLines(source, guard.statement), text: '' });
    return composeSuggestion(source, title, edits, rewritten.imports);
  }
  const own = guard.passes ? guard.statement.consequent : guard.statement.alternate;
  const isOnly = own === site.actStatement || (own?.type === 'BlockStatement' && own.body.length === 1);
  if (
    !isOnly ||
    guard.exit !== undefined ||
    site.actStatement.type !== 'ExpressionStatement' ||
    site.actStatement.expression !== site.actWhole
  )
    return undefined;
  if (!drops)
    return composeSuggestion(
      source,
      title,
      rewritten.edits.filter((edit) => edit.text !== '.returning()'),
      [],
    );
  const call = renderWithEdits(source, site.actWhole.range, rewritten.edits);
  const edits: Edit[] = [
    ...removeCheck(site),
    { range: guard.statement.range, text: `${call}${semicolonOf(source, site.actStatement)}` },
  ];
  return composeSuggestion(source, title, edits, rewritten.imports);
}

/**
 * Insert, and let the violation lead to the guard's branch. The look-up stays: without the key there would be no check at
 * all, and nothing would tell.
 */
function planCatch(plan: InsertPlan, judgement: Judgement, guard: ExitGuard): Suggestion | undefined {
  const { site, insert } = plan;
  const { source, around } = site;
  const needsRow = guard.exit !== undefined && mentionsAnswer(guard.exit, site.answer);
  if (insert.answersDuplicate !== undefined) {
    // nothing is thrown, so that the look-up would seem to decide still; with the key known it is not needed
    const isReplaced = judgement.key !== undefined && mayDropRead(site, guard);
    if (needsRow || !isReplaced || guard.kind !== 'exit' || guard.exit === undefined) return undefined;
    const title = `Insert and answer the duplicate (${plan.precondition})`;
    const written = printAnsweredDuplicate(site, insert.answersDuplicate, guard.exit);
    return written === undefined
      ? undefined
      : composeSuggestion(
          source,
          title,
          [
            ...removeCheck(site),
            { range: wholeLines(source, guard.statement), text: '' },
            { range: site.actStatement.range, text: written },
          ],
          [],
        );
  }
  if (!plan.mayCatch || insert.isDuplicate === undefined) return undefined;
  const error = pickName(source, around, ['error', 'failure', 'cause']);
  const duplicate = insert.isDuplicate(error);
  const isReadable =
    site.checkStatement.type === 'VariableDeclaration' && site.checkStatement.parent === guard.statement.parent;
  if (guard.kind === 'exit' && guard.exit !== undefined) {
    if (needsRow && !isReadable) return undefined;
    const written = printCatch(
      site,
      error,
      duplicate.test,
      needsRow ? [site.checkStatement, ...site.aliases, guard.statement] : [],
      needsRow ? undefined : guard.exit,
    );
    if (written === undefined) return undefined;
    const title = needsRow
      ? `Insert, and read the row again on a duplicate (${plan.precondition})`
      : `Insert and answer the duplicate (${plan.precondition})`;
    return composeSuggestion(source, title, [{ range: site.actStatement.range, text: written }], duplicate.imports);
  }
  return planEnclosedCatch(plan, guard, error, duplicate);
}

/** `if (!row) { …; insert }`: a violation does what the other branch does, or nothing. */
function planEnclosedCatch(
  plan: InsertPlan,
  guard: ExitGuard,
  error: string,
  duplicate: { readonly test: string; readonly imports: readonly ImportNeed[] },
): Suggestion | undefined {
  const { site } = plan;
  const { source, actStatement } = site;
  const own = guard.passes ? guard.statement.consequent : guard.statement.alternate;
  if (own?.type !== 'BlockStatement' || own.body.at(-1) !== actStatement || actStatement.type !== 'ExpressionStatement')
    return undefined;
  if (guard.exit !== undefined && (guard.exit.type !== 'BlockStatement' || mentionsAnswer(guard.exit, site.answer)))
    return undefined;
  const written = printCatch(
    site,
    error,
    duplicate.test,
    guard.exit?.type === 'BlockStatement' ? guard.exit.body : [],
    undefined,
  );
  if (written === undefined) return undefined;
  return composeSuggestion(
    source,
    `Insert and answer the duplicate (${plan.precondition})`,
    [{ range: actStatement.range, text: written }],
    duplicate.imports,
  );
}

function printAnsweredDuplicate(
  site: PairSite,
  answers: NonNullable<InsertCall['answersDuplicate']>,
  exit: TSESTree.Statement,
): string | undefined {
  const { source, actStatement, actWhole, around } = site;
  const end = semicolonOf(source, actStatement);
  const indentation = indentationAt(source, actStatement.range[0]);
  const name = pickName(source, around, ['error', 'insertError']);
  const branch = (test: string): string => `${indentation}if (${test}) ${textOf(source, exit)}`;
  if (actStatement.type === 'ExpressionStatement' && actStatement.expression === actWhole) {
    const answer = answers(undefined, name);
    if (answer?.declare === undefined) return undefined;
    return `const ${answer.declare} = ${textOf(source, actWhole)}${end}\n${branch(answer.test)}\n${indentation}if (${answer.error}) throw ${answer.error}${end}`;
  }
  if (actStatement.type !== 'VariableDeclaration') return undefined;
  const [declarator] = actStatement.declarations;
  if (declarator?.init !== actWhole || actStatement.declarations.length > 1) return undefined;
  const answer = answers(declarator.id, name);
  return answer === undefined
    ? undefined
    : `${renderWithEdits(source, actStatement.range, answer.edits)}\n${branch(answer.test)}`;
}
