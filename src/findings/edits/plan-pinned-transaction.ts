import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import type { Step } from '../../model/trace.ts';
import { walkSyntax } from '../../flow/walk-syntax.ts';
import type { SharedTransaction } from '../find-shared-transactions.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import type { PinnedConnection } from './library-edits.ts';
import { findLibraryEdits } from './registry.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, textOf } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import {
  findFunctionAround,
  findNodeAt,
  findStatement,
  isFunction,
  isInside,
  pickName,
  unwrap,
} from './syntax-nodes.ts';

/** BEGIN, the statements that are tried after it, and ROLLBACK in their handler, as found in the syntax. */
interface Site {
  readonly source: SourceText;
  readonly receiver: string;
  readonly begin: TSESTree.Statement;
  readonly attempt: TSESTree.TryStatement;
  readonly commit: TSESTree.Node;
}

/**
 * BEGIN … COMMIT through a pool, on one connection taken from it: `try { … } catch { ROLLBACK }` keeps its form, and gets
 * a `finally` that gives the connection back. Nothing where statements of the transaction stand elsewhere, where the pool
 * is used for something else in between, and where a way out leaves the transaction open.
 */
export function planPinnedTransaction(source: SourceText, transaction: SharedTransaction): readonly Suggestion[] {
  const pinned = findLibraryEdits(transaction.begin.effect.client.library)?.pinned;
  if (transaction.through !== 'pool' || pinned === undefined) return [];
  const site = locate(source, transaction);
  const receivers = site && listReceivers(site, pinned);
  const around = site && findFunctionAround(site.begin);
  if (site === undefined || receivers === undefined || around === undefined || leavesOpen(site)) return [];
  const { attempt, begin } = site;
  const name = pickName(source, around, pinned.names);
  const end = semicolonOf(source, begin);
  const indentation = indentationAt(source, attempt.range[0]);
  const inner = `${indentation}${indentUnit(source)}`;
  const open = `const ${name} = await ${pinned.open(site.receiver)}${end}`;
  const renamed = receivers.map((node): Edit => ({ range: node.range, text: name }));
  const edits: Edit[] = renamed.filter(({ range }) => attempt.range[0] <= range[0]);
  if (isInside(begin, attempt))
    edits.push({ range: [attempt.range[0], attempt.range[0]], text: `${open}\n${indentation}` });
  else {
    const [first] = attempt.block.body;
    if (first === undefined) return [];
    edits.push({ range: begin.range, text: open });
    edits.push({
      range: [first.range[0], first.range[0]],
      text: `${renderWithEdits(source, begin.range, renamed)}\n${inner}`,
    });
  }
  const release = ` finally {\n${inner}${pinned.release(name)}${end}\n${indentation}}`;
  edits.push({ range: [attempt.range[1], attempt.range[1]], text: release });
  const title = 'Send the transaction over one connection of the pool (needs nothing else)';
  const suggestion = composeSuggestion(source, title, edits, []);
  return suggestion === undefined ? [] : [suggestion];
}

function locate(source: SourceText, transaction: SharedTransaction): Site | undefined {
  const { begin, inside, commit, rollback } = transaction;
  const found = [begin, commit, rollback, ...inside].map((step) => findCall(source, step));
  const [beginCall, commitCall, rollbackCall] = found;
  if (beginCall === undefined || commitCall === undefined || rollbackCall === undefined) return undefined;
  const around = findFunctionAround(beginCall);
  const statement = findStatement(beginCall);
  if (found.some((call) => call === undefined || findFunctionAround(call) !== around)) return undefined;
  if (statement?.type !== 'ExpressionStatement' || statement.expression.type !== 'AwaitExpression') return undefined;
  if (statement.expression.argument !== beginCall || beginCall.callee.type !== 'MemberExpression') return undefined;
  const attempt = findAttempt(statement);
  if (attempt?.handler == null || attempt.finalizer !== null) return undefined;
  const isWithin = found.every((call) => call === beginCall || (call !== undefined && isInside(call, attempt)));
  if (!isWithin || !isInside(commitCall, attempt.block) || !isInside(rollbackCall, attempt.handler)) return undefined;
  return { source, receiver: textOf(source, beginCall.callee.object), begin: statement, attempt, commit: commitCall };
}

function findCall(source: SourceText, { effect: { location } }: Step): TSESTree.CallExpression | undefined {
  if (location.file !== source.path) return undefined;
  const node = findNodeAt(source, location.range);
  const call = node && unwrap(node);
  return call?.type === 'CallExpression' ? call : undefined;
}

/** The `try` that follows BEGIN, or that BEGIN is the first statement of. */
function findAttempt(begin: TSESTree.Statement): TSESTree.TryStatement | undefined {
  const block = begin.parent;
  if (block.type !== 'BlockStatement') return undefined;
  const at = block.body.indexOf(begin);
  if (at === 0 && block.parent.type === 'TryStatement' && block.parent.block === block) {
    return block.parent.parent.type === 'BlockStatement' ? block.parent : undefined;
  }
  const next = block.body[at + 1];
  return next?.type === 'TryStatement' ? next : undefined;
}

/** Every mention of the pool between BEGIN and the end of the handler; undefined where one of them is no statement. */
function listReceivers(site: Site, pinned: PinnedConnection): readonly TSESTree.Node[] | undefined {
  const { source, receiver } = site;
  const found: TSESTree.Node[] = [];
  let isOdd = false;
  const visit = (node: TSESTree.Node): boolean => {
    const isMention =
      (node.type === 'Identifier' || node.type === 'MemberExpression') && textOf(source, node) === receiver;
    if (!isMention) return true;
    const { parent } = node;
    const isSent =
      parent?.type === 'MemberExpression' &&
      parent.object === node &&
      parent.property.type === 'Identifier' &&
      pinned.statements.includes(parent.property.name) &&
      parent.parent.type === 'CallExpression' &&
      parent.parent.callee === parent &&
      findFunctionAround(node) === findFunctionAround(site.begin);
    if (isSent) found.push(node);
    else isOdd = true;
    return false;
  };
  walkSyntax(site.attempt, visit);
  if (!isInside(site.begin, site.attempt)) walkSyntax(site.begin, visit);
  return isOdd ? undefined : found;
}

/** Does a way out of the block stand before COMMIT? */
function leavesOpen({ attempt, commit }: Site): boolean {
  let leaves = false;
  walkSyntax(attempt.block, (node) => {
    if (isFunction(node)) return false;
    const isExit = ['ReturnStatement', 'BreakStatement', 'ContinueStatement'].includes(node.type);
    if (isExit && node.range[0] < commit.range[0]) leaves = true;
    return true;
  });
  return leaves;
}
