import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import type { Trace } from '../../model/trace.ts';
import { walkSyntax } from '../../flow/walk-syntax.ts';
import type { Candidate } from '../find-candidates.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import type { CallContext, LibraryEdits } from './library-edits.ts';
import { isSameRow } from './plan-conditional-write.ts';
import type { PairSite } from './locate-pair.ts';
import { findReceiver, indentNode } from './print-pinned-transaction.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, textOf } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { findReferences, isFunction, isInside, mayAct, pickName } from './syntax-nodes.ts';

/** The statements that a transaction goes around. */
interface Region {
  /** From the read to the write. */
  readonly inside: readonly TSESTree.Statement[];
  /** What follows and needs what the statements before have declared, up to the end of the function. */
  readonly rest: readonly TSESTree.Statement[];
}

/**
 * For values that no one statement can compute: the read locks the row until the write is committed. Inside a transaction
 * only the read changes; elsewhere one is put around both.
 *
 * Safe where read and write select one row by the same conditions: then there is a row to lock, or nothing to write.
 */
export function planRowLock(
  site: PairSite,
  candidate: Candidate,
  trace: Trace,
  library: LibraryEdits,
  context: CallContext,
): Suggestion | undefined {
  const { check, act } = candidate;
  if (!site.isCheckDirect || !isSameRow(candidate) || (check.effect.joined ?? []).length > 0) return undefined;
  if (check.effect.mode !== 'plain' || check.effect.client.library !== act.effect.client.library) return undefined;
  const locked = library.lockRead?.(site.check, context);
  if (locked === undefined) return undefined;
  if (check.transaction !== undefined && check.transaction === act.transaction)
    return composeSuggestion(
      site.source,
      'Lock the row when it is read (needs runs that may wait for each other)',
      locked,
      [],
    );
  if (check.transaction !== undefined || act.transaction !== undefined) return undefined;
  const edits = wrapInTransaction(site, candidate, trace, library, locked);
  return edits === undefined
    ? undefined
    : composeSuggestion(
        site.source,
        'Read and write in one transaction that locks the row (needs runs that may wait for each other)',
        edits,
        [],
      );
}

function wrapInTransaction(
  site: PairSite,
  { check, act }: Candidate,
  trace: Trace,
  library: LibraryEdits,
  locked: readonly Edit[],
): readonly Edit[] | undefined {
  const { source, around } = site;
  const receivers = [findReceiver(site.check), findReceiver(site.act)];
  const [receiver, other] = receivers;
  if (receiver === undefined || other === undefined || textOf(source, receiver) !== textOf(source, other))
    return undefined;
  const between = trace.steps.slice(trace.steps.indexOf(check) + 1, trace.steps.indexOf(act));
  const region = between.length > 0 || check.loops.length > 0 ? undefined : findRegion(site);
  const [first] = region?.inside ?? [];
  if (region === undefined || first === undefined) return undefined;
  const renamed = (name: string): readonly Edit[] => [
    ...locked,
    ...[receiver, other].map((node): Edit => ({ range: node.range, text: name })),
  ];
  const all = [...region.inside, ...region.rest];
  const range = [first.range[0], (all.at(-1) ?? first).range[1]] as const;
  const indentation = indentationAt(source, first.range[0]);
  const inner = `${indentation}${indentUnit(source)}`;
  const end = semicolonOf(source, first);
  const handle = textOf(source, receiver);
  const client = check.effect.client;
  if (library.transactionMethod !== undefined && client.connection === 'pool') {
    const name = pickName(source, around, ['tx', 'transaction']);
    const keyword = all.some(mayReturn) ? 'return' : 'await';
    const body = printStatements(site, all, renamed(name));
    const text = `${keyword} ${handle}.${library.transactionMethod}(async (${name}) => {\n${inner}${body}\n${indentation}})${end}`;
    return [{ range, text }];
  }
  const { pinned } = library;
  // a way out before COMMIT would give the connection back with its transaction open
  if (pinned === undefined || client.shared !== 'pool' || region.inside.some(mayReturn)) return undefined;
  const name = pickName(source, around, pinned.names);
  const error = pickName(source, around, ['error', 'failure']);
  const lines = [
    `const ${name} = await ${pinned.open(handle)}${end}`,
    'try {',
    `${indentUnit(source)}await ${pinned.begin(name)}${end}`,
    `${indentUnit(source)}${printStatements(site, region.inside, renamed(name))}`,
    `${indentUnit(source)}await ${pinned.commit(name)}${end}`,
    ...(region.rest.length === 0 ? [] : [`${indentUnit(source)}${printStatements(site, region.rest, [])}`]),
    `} catch (${error}) {`,
    `${indentUnit(source)}await ${pinned.rollback(name)}${end}`,
    `${indentUnit(source)}throw ${error}${end}`,
    '} finally {',
    `${indentUnit(source)}${pinned.release(name)}${end}`,
    '}',
  ];
  return [{ range, text: lines.join(`\n${indentation}`) }];
}

/** Undefined where something else waits between read and write, and where what follows can't come along. */
function findRegion(site: PairSite): Region | undefined {
  const { checkStatement, around } = site;
  const home = checkStatement.parent;
  if (home?.type !== 'BlockStatement') return undefined;
  const from = home.body.indexOf(checkStatement);
  const to = home.body.findIndex((statement) => isInside(site.act, statement));
  if (from < 0 || to < from || !isAwaited(site)) return undefined;
  const inside = home.body.slice(from, to + 1);
  const after = home.body.slice(to + 1);
  if (inside.some((statement) => waitsElsewhere(statement, site))) return undefined;
  const needsRest =
    inside.some(mayReturn) || findReferences(home, listNames(inside), [...inside]).some(isAfter(inside));
  if (!needsRest) return { inside, rest: [] };
  return home === around.body && after.every((statement) => !mayAct(statement)) ? { inside, rest: after } : undefined;
}

/** Is the write waited for, so that COMMIT comes after it? */
function isAwaited({ actWhole, actStatement }: PairSite): boolean {
  if (actStatement.type === 'ReturnStatement' && actStatement.argument === actWhole) return true;
  return actWhole.type === 'AwaitExpression';
}

const isAfter =
  (statements: readonly TSESTree.Statement[]) =>
  (node: TSESTree.Node): boolean =>
    node.range[0] >= (statements.at(-1)?.range[1] ?? 0);

function listNames(statements: readonly TSESTree.Statement[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id } of statement.declarations)
      walkSyntax(id, (node) => {
        if (node.type === 'Identifier') names.add(node.name);
        return true;
      });
  }
  return names;
}

function mayReturn(statement: TSESTree.Statement): boolean {
  let returns = false;
  walkSyntax(statement, (node) => {
    if (isFunction(node)) return false;
    if (['ReturnStatement', 'BreakStatement', 'ContinueStatement'].includes(node.type)) returns = true;
    return true;
  });
  return returns;
}

/** Something besides read and write that takes time, while the row would be locked. */
function waitsElsewhere(statement: TSESTree.Statement, { check, act }: PairSite): boolean {
  let waits = false;
  walkSyntax(statement, (node) => {
    if (isFunction(node)) return false;
    const isOwn = node.type === 'AwaitExpression' && (isInside(check, node) || isInside(act, node));
    if ((node.type === 'AwaitExpression' || node.type === 'ForOfStatement') && !isOwn) waits = true;
    return true;
  });
  return waits;
}

/** Statements one level further in, with what stands between them. */
function printStatements(
  { source }: PairSite,
  statements: readonly TSESTree.Statement[],
  edits: readonly Edit[],
): string {
  const unit = indentUnit(source);
  return statements
    .map((statement, index) => {
      const before = statements[index - 1];
      const gap = before === undefined ? '' : source.text.slice(before.range[1], statement.range[0]);
      const text = renderWithEdits(source, statement.range, [
        ...edits.filter(isWithin(statement)),
        ...indentNode(source, statement, unit),
      ]);
      return `${gap.replace(/\n(?=[^\n])/g, `\n${unit}`)}${text}`;
    })
    .join('');
}

const isWithin =
  (statement: TSESTree.Statement) =>
  ({ range }: Edit): boolean =>
    statement.range[0] <= range[0] && range[1] <= statement.range[1];
