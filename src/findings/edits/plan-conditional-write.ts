import type { TSESTree } from '@typescript-eslint/utils';
import { isSameValue } from '../../model/is-same-value.ts';
import type { Suggestion } from '../../model/finding.ts';
import type { Step } from '../../model/trace.ts';
import type { Candidate } from '../find-candidates.ts';
import { findAnswerPart } from './answer-names.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import { findGuards } from './find-guards.ts';
import type { ExitGuard } from './find-guards.ts';
import type { RewrittenCall, UpdateCall, WriteChange } from './library-edits.ts';
import { hasLastingBetween } from './locate-pair.ts';
import type { PairSite } from './locate-pair.ts';
import { mentionsAnswer, readGuard } from './read-guard.ts';
import type { FindConstant, GuardPart, RowCondition } from './read-guard.ts';
import { printCountedStatement, printEnclosing } from './print-counted-write.ts';
import { readArithmetic } from './read-arithmetic.ts';
import { textOf, wholeLines } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { createConstantFinder, findReferences, findStatement, isInside, mayAct, unwrap } from './syntax-nodes.ts';

/** A conditional write that is ready to be printed. */
interface Plan {
  readonly change: WriteChange;
  /** The guard whose branch answers the request that comes too late; absent for plain arithmetic. */
  readonly guard: ExitGuard | undefined;
  /** The read and its guard go away: one statement does everything. */
  readonly dropsRead: boolean;
  /** Constants that only fed the write. */
  readonly unused: readonly TSESTree.Statement[];
}

/**
 * `read, check, write` as one statement with the check in its WHERE and the arithmetic in the database; no affected row
 * leads to the branch that the check had. The read stays where the code uses the row for more than that.
 */
export function planConditionalWrite(
  site: PairSite,
  candidate: Candidate,
  update: UpdateCall,
  steps: readonly Step[],
): Suggestion | undefined {
  const { effect } = candidate.act;
  if (effect.kind !== 'update' || !isSameRow(candidate)) return undefined;
  const findConstant = createConstantFinder(site.around);
  const written = new Set(effect.assignments.map((assignment) => assignment.column));
  if (!effect.complete || update.assigned.length !== written.size) return undefined;
  const plan = choosePlan(site, candidate, update, written, findConstant);
  if (plan === undefined || comesTooLate(plan, candidate, steps)) return undefined;
  const rewritten = update.rewrite(plan.change);
  if (rewritten === undefined) return undefined;
  const edits = printPlan(site, plan, rewritten);
  return edits === undefined ? undefined : composeSuggestion(site.source, nameChange(plan), edits, rewritten.imports);
}

/** The branch after the write must not come after something that stays, unless a transaction takes that back. */
function comesTooLate({ guard }: Plan, { check, act }: Candidate, steps: readonly Step[]): boolean {
  if (guard === undefined || !hasLastingBetween(steps, check, act)) return false;
  const last = guard.exit?.type === 'BlockStatement' ? guard.exit.body.at(-1) : guard.exit;
  return act.transaction === undefined || last?.type !== 'ThrowStatement';
}

function choosePlan(
  site: PairSite,
  candidate: Candidate,
  update: UpdateCall,
  written: ReadonlySet<string>,
  findConstant: FindConstant,
): Plan | undefined {
  const arithmetic: WriteChange['arithmetic'][number][] = [];
  const absorbed: TSESTree.Node[] = [];
  for (const { column, node } of update.assigned) {
    if (node === undefined) continue;
    const constant =
      unwrap(node).type === 'Identifier' ? findConstant((unwrap(node) as TSESTree.Identifier).name) : undefined;
    const isDerived =
      mentionsAnswer(node, site.answer) || (constant !== undefined && mentionsAnswer(constant, site.answer));
    if (!isDerived) continue;
    const computed = readArithmetic(node, column, site.answer, findConstant);
    if (computed === undefined) return undefined;
    arithmetic.push({ column, ...computed });
    absorbed.push(node);
  }
  const guards = findGuards(site);
  if (guards === undefined) return undefined;
  const conditions: RowCondition[] = [];
  const decisive: ExitGuard[] = [];
  let isWhole = true;
  for (const guard of guards) {
    const parts = readGuard(guard.test, guard.passes, site.answer, findConstant);
    let isDecisive = false;
    for (const part of parts) {
      const read = readPart(part, update, written);
      if (read === 'impossible') return undefined;
      if (read === 'left') isWhole = false;
      else if (read !== 'implied') {
        conditions.push(read);
        isDecisive ||= written.has(read.column);
      }
    }
    if (isDecisive) decisive.push(guard);
  }
  if (decisive.length > 1 || (decisive.length === 0 && arithmetic.length === 0)) return undefined;
  const [guard] = decisive;
  const usage = findUsage(site, guards, absorbed, written, findConstant);
  if (usage === undefined) return undefined;
  if (guard === undefined) {
    const isGuarded = guards.length > 0;
    return {
      change: { arithmetic, conditions: [] },
      guard: undefined,
      dropsRead:
        !isGuarded &&
        !usage.usesRow &&
        site.isCheckDirect &&
        !update.selects.some((node) => mentionsAnswer(node, site.answer)),
      unused: usage.unused,
    };
  }
  const dropsRead =
    isWhole &&
    !usage.usesRow &&
    guards.length === 1 &&
    site.isCheckDirect &&
    isSameSelection(candidate) &&
    !throwsWithoutRow(candidate) &&
    (guard.exit === undefined || !mentionsAnswer(guard.exit, site.answer)) &&
    !update.selects.some((node) => mentionsAnswer(node, site.answer)) &&
    areStatementsBetweenPure(site, guard);
  if (guard.kind === 'enclosing' && (!isWhole || update.selects.some((node) => mentionsAnswer(node, site.answer))))
    return undefined;
  return {
    change: { arithmetic, conditions },
    guard,
    dropsRead,
    unused: [...usage.unused, ...(dropsRead ? usage.forGuards : [])],
  };
}

/** A guard's part as a condition; `implied` by the row being there, `left` where the guard stays, or `impossible`. */
function readPart(
  part: GuardPart,
  update: UpdateCall,
  written: ReadonlySet<string>,
): RowCondition | 'implied' | 'left' | 'impossible' {
  switch (part.kind) {
    case 'row': {
      const { condition } = part;
      // NOT (column = NULL) is no comparison, it is a test for NULL, and only these two have it
      if (
        condition.value.kind === 'constant' &&
        condition.value.value === null &&
        condition.comparison !== '=' &&
        condition.comparison !== '!='
      )
        return 'impossible';
      return condition;
    }
    case 'existence':
      return part.exists ? 'implied' : 'impossible';
    case 'truth': {
      if (!written.has(part.column)) return 'left';
      const assigned = update.assigned.find(({ column }) => column === part.column);
      const value = assigned?.node === undefined ? undefined : unwrap(assigned.node);
      const isBoolean =
        value === undefined
          ? assigned?.constant === 'true' || assigned?.constant === 'false'
          : value.type === 'Literal' && typeof value.value === 'boolean';
      if (isBoolean) return { column: part.column, comparison: '=', value: { kind: 'constant', value: part.truthy } };
      const isMoment =
        assigned?.constant === 'moment' ||
        (value?.type === 'NewExpression' && value.callee.type === 'Identifier' && value.callee.name === 'Date');
      return isMoment
        ? { column: part.column, comparison: part.truthy ? '!=' : '=', value: { kind: 'constant', value: null } }
        : 'impossible';
    }
    case 'other':
      return 'left';
    case 'unclear':
      return 'impossible';
  }
}

/** Does the write select the very row that was read? */
export function isSameRow({ check, act }: Candidate): boolean {
  if (
    act.effect.kind === 'insert' ||
    act.effect.selector.conditions.length === 0 ||
    check.effect.aggregate !== undefined
  )
    return false;
  return act.effect.selector.conditions.every((condition) => {
    if (condition.kind !== 'compare' || condition.operator !== '=') return false;
    const { column, value } = condition;
    if (value.kind === 'answer' && value.effect === check.effect.id)
      return value.columns.length === 1 && value.columns[0] === column;
    return check.effect.selector.conditions.some(
      (other) =>
        other.kind === 'compare' &&
        other.operator === '=' &&
        other.column === column &&
        isSameValue(other.value, value),
    );
  });
}

/** Are the read's own conditions all in the write, so that the read adds nothing? */
function isSameSelection({ check, act }: Candidate): boolean {
  if (act.effect.kind === 'insert') return false;
  const own = act.effect.selector.conditions;
  return check.effect.selector.conditions.every(
    (condition) =>
      condition.kind === 'compare' &&
      own.some(
        (other) =>
          other.kind === 'compare' &&
          other.column === condition.column &&
          other.operator === condition.operator &&
          isSameValue(other.value, condition.value),
      ),
  );
}

/** A read that throws for a missing row has an error of its own, which the guard's branch is not. */
function throwsWithoutRow({ check }: Candidate): boolean {
  return check.effect.answer.kind === 'row' && check.effect.answer.absent === 'throws';
}

interface Usage {
  readonly usesRow: boolean;
  /** Constants that only feed the write. */
  readonly unused: readonly TSESTree.Statement[];
  /** Constants that only feed the guards and the write. */
  readonly forGuards: readonly TSESTree.Statement[];
}

/** What else uses the row. Undefined when a use would see an old value, or can't be followed. */
function findUsage(
  site: PairSite,
  guards: readonly ExitGuard[],
  absorbed: readonly TSESTree.Node[],
  written: ReadonlySet<string>,
  findConstant: FindConstant,
): Usage | undefined {
  const { answer, around } = site;
  const covered: readonly TSESTree.Node[] = [
    site.checkStatement,
    ...site.aliases,
    ...absorbed,
    ...guards.map((guard): TSESTree.Node => (guard.kind === 'enclosing' ? guard.test : guard.statement)),
  ];
  const unused: TSESTree.Statement[] = [];
  const forGuards: TSESTree.Statement[] = [];
  let usesRow = false;
  for (const use of findReferences(around, new Set(answer.parts.keys()), covered)) {
    const statement = findStatement(use);
    const declarator =
      statement?.type === 'VariableDeclaration' && statement.declarations.length === 1
        ? statement.declarations[0]
        : undefined;
    if (declarator?.id === use || (statement !== undefined && declarator !== undefined && isInside(use, declarator.id)))
      continue;
    if (statement !== undefined && declarator?.id.type === 'Identifier' && declarator.init != null) {
      const { name } = declarator.id;
      if (answer.parts.has(name)) continue;
      if (findConstant(name) === declarator.init) {
        const others = findReferences(around, new Set([name]), [statement]);
        const inWrite = others.filter((other) => absorbed.some((node) => isInside(other, node)));
        const inGuards = others.filter((other) => guards.some((guard) => isInside(other, guard.test)));
        if (others.length > 0 && inWrite.length + inGuards.length === others.length) {
          if (inGuards.length === 0) unused.push(statement);
          else forGuards.push(statement);
          continue;
        }
      }
    }
    const whole = outermostMember(use);
    const part = findAnswerPart(whole, answer);
    if (part === undefined) return undefined;
    if (part.kind === 'column' ? written.has(part.column) : part.shape.kind !== 'count') return undefined;
    usesRow = true;
  }
  return { usesRow, unused: [...new Set(unused)], forGuards: [...new Set(forGuards)] };
}

function outermostMember(node: TSESTree.Node): TSESTree.Node {
  let at = node;
  while (
    at.parent !== undefined &&
    ((at.parent.type === 'MemberExpression' && at.parent.object === at) ||
      at.parent.type === 'TSNonNullExpression' ||
      at.parent.type === 'ChainExpression')
  )
    at = at.parent;
  return at;
}

/** Nothing with effects stands between the guard and the act, so that the guard may move behind it. */
function areStatementsBetweenPure(site: PairSite, guard: ExitGuard): boolean {
  if (guard.kind === 'enclosing') return true;
  const block = site.actStatement.parent;
  if (block !== guard.statement.parent || (block.type !== 'BlockStatement' && block.type !== 'Program')) return false;
  const statements = block.body as readonly TSESTree.Statement[];
  return statements
    .slice(statements.indexOf(guard.statement) + 1, statements.indexOf(site.actStatement))
    .every((statement) => !mayAct(statement));
}

function nameChange({ change, guard }: Plan): string {
  const columns = change.arithmetic.map(({ column }) => column).join(', ');
  if (guard === undefined) return `Let the database compute ${columns} (needs a numeric ${columns})`;
  if (columns !== '') return `Use one conditional UPDATE (needs a numeric ${columns})`;
  const tested = [...new Set(change.conditions.map(({ column }) => column))].join(', ');
  return `Use one conditional UPDATE (needs ${tested} to change only through such updates)`;
}

function printPlan(site: PairSite, plan: Plan, rewritten: RewrittenCall): readonly Edit[] | undefined {
  const { source, actStatement } = site;
  const removed = [...plan.unused, ...(plan.dropsRead ? [site.checkStatement, ...site.aliases] : [])];
  const edits: Edit[] = removed.map((statement) => ({ range: wholeLines(source, statement), text: '' }));
  const { guard } = plan;
  if (guard === undefined) return [...edits, ...rewritten.edits];
  if (guard.kind === 'enclosing') {
    const enclosing = printEnclosing(site, guard, rewritten);
    return enclosing === undefined ? undefined : [...edits, ...enclosing];
  }
  if (guard.exit === undefined) return undefined;
  if (plan.dropsRead) edits.push({ range: wholeLines(source, guard.statement), text: '' });
  const written = printCountedStatement(
    site,
    rewritten,
    (test) => `if (${test}) ${textOf(source, guard.exit as TSESTree.Node)}`,
  );
  if (written === undefined) return undefined;
  return [...edits, { range: actStatement.range, text: written }];
}
