import type { Suggestion } from '../../model/finding.ts';
import type { Step, Trace } from '../../model/trace.ts';
import { walkSyntax } from '../../flow/walk-syntax.ts';
import type { Candidate } from '../find-candidates.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import { findGuards } from './find-guards.ts';
import type { ExitGuard } from './find-guards.ts';
import type { RewrittenCall } from './library-edits.ts';
import type { PairSite } from './locate-pair.ts';
import { isSameRow } from './plan-conditional-write.ts';
import { printCountedStatement } from './print-counted-write.ts';
import { mentionsAnswer, readGuard } from './read-guard.ts';
import { indentationAt, textOf, wholeLines } from './source-text.ts';
import { findReferences } from './syntax-nodes.ts';

/**
 * A row that is looked up, used and deleted: the deletion tells who was first, and no deleted row leads to the branch of
 * the look-up that found none. In a transaction the deletion stays where it is, since a branch that throws takes the use
 * back; elsewhere it moves before the use.
 *
 * @param deletion the deletion in the form whose answer tells how many rows it deleted
 */
export function planSingleUse(
  site: PairSite,
  candidate: Candidate,
  trace: Trace,
  deletion: RewrittenCall,
): Suggestion | undefined {
  const { check, act } = candidate;
  const { source, actStatement, actWhole } = site;
  const isPlain = actStatement.type === 'ExpressionStatement' && actStatement.expression === actWhole;
  if (!isPlain || actWhole.type !== 'AwaitExpression' || !isSameRow(candidate)) return undefined;
  const guards = findGuards(site);
  const missing = guards?.find((guard) => isExistenceOnly(site, guard));
  const last = guards?.at(-1);
  if (guards?.some(({ kind }) => kind !== 'exit') !== false || missing?.exit === undefined || last === undefined)
    return undefined;
  const { exit } = missing;
  if (mentionsAnswer(exit, site.answer)) return undefined;
  const text = printCountedStatement(site, deletion, (isNone) => `if (${isNone}) ${textOf(source, exit)}`);
  if (text === undefined) return undefined;
  if (check.transaction !== undefined && check.transaction === act.transaction) {
    if (!throws(exit) || actsOutside(trace, check, act)) return undefined;
    const title = 'Go on only if the row was there to delete (needs nothing else)';
    return composeSuggestion(source, title, [{ range: actStatement.range, text }], deletion.imports);
  }
  if (check.transaction !== undefined || act.transaction !== undefined) return undefined;
  const { statement } = last;
  const block = statement.parent;
  if (block !== actStatement.parent || block.type !== 'BlockStatement' || usesBetween(site, statement))
    return undefined;
  const indentation = indentationAt(source, statement.range[0]);
  return composeSuggestion(
    source,
    'Delete the row first, and go on only if it was there (needs a row that may be gone when what follows fails)',
    [
      { range: [statement.range[1], statement.range[1]], text: `\n${indentation}${text}` },
      { range: wholeLines(source, actStatement), text: '' },
    ],
    deletion.imports,
  );
}

/** `if (!row) …`: the branch for a row that is not there. */
function isExistenceOnly(site: PairSite, { test, passes }: ExitGuard): boolean {
  return readGuard(test, passes, site.answer, () => undefined).some((part) => part.kind === 'existence' && part.exists);
}

function throws(exit: NonNullable<ExitGuard['exit']>): boolean {
  const last = exit.type === 'BlockStatement' ? exit.body.at(-1) : exit;
  return last?.type === 'ThrowStatement';
}

/** Something that no transaction takes back. */
function actsOutside(trace: Trace, check: Step, act: Step): boolean {
  return trace.steps
    .slice(trace.steps.indexOf(check) + 1, trace.steps.indexOf(act))
    .some(
      ({ effect, transaction }) =>
        ['external', 'command', 'block'].includes(effect.kind) ||
        (['insert', 'update', 'delete'].includes(effect.kind) && transaction !== act.transaction),
    );
}

/** Does the deletion need a name that is declared after its new place? */
function usesBetween(
  { around, actStatement }: PairSite,
  place: { readonly range: readonly [number, number] },
): boolean {
  const names = new Set<string>();
  walkSyntax(around, (node) => {
    if (node.type === 'VariableDeclarator' && node.range[0] > place.range[1] && node.range[1] < actStatement.range[0])
      walkSyntax(node.id, (part) => {
        if (part.type === 'Identifier') names.add(part.name);
        return true;
      });
    return true;
  });
  return findReferences(actStatement, names).length > 0;
}
