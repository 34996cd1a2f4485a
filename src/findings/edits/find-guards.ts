import type { TSESTree } from '@typescript-eslint/utils';
import type { PairSite } from './locate-pair.ts';
import { mentionsAnswer } from './read-guard.ts';
import { alwaysLeaves, findReferences, isInside } from './syntax-nodes.ts';

/** A test of what was read, on the way from the check to the act. */
export interface ExitGuard {
  /** `exit`: `if (taken) return …;` before the act. `enclosing`: `if (free) { act }`. */
  readonly kind: 'exit' | 'enclosing';
  readonly statement: TSESTree.IfStatement;
  readonly test: TSESTree.Expression;
  /** The test's truth on the way to the act. */
  readonly passes: boolean;
  /** What happens instead of the act, if anything. */
  readonly exit: TSESTree.Statement | undefined;
}

/**
 * The guards between check and act, in order. Undefined where the way from one to the other has anything but blocks and
 * `if` in it (loops, try, switch), or where a name of the answer is assigned to.
 */
export function findGuards(site: PairSite): readonly ExitGuard[] | undefined {
  const names = new Set([...site.answer.parts.keys()]);
  const isAssigned = findReferences(site.around, names).some((use) => {
    const { parent } = use;
    return (
      (parent.type === 'AssignmentExpression' && parent.left === use) ||
      parent.type === 'UpdateExpression' ||
      (parent.type === 'MemberExpression' &&
        parent.parent.type === 'AssignmentExpression' &&
        parent.parent.left === parent)
    );
  });
  if (isAssigned) return undefined;
  const home = site.checkStatement.parent;
  const guards: ExitGuard[] = [];
  let at: TSESTree.Node = site.actStatement;
  for (;;) {
    const parent: TSESTree.Node | undefined = at.parent;
    if (parent === undefined) return undefined;
    if (parent.type === 'BlockStatement') {
      const before = parent.body.slice(
        parent === home ? parent.body.indexOf(site.checkStatement) + 1 : 0,
        parent.body.indexOf(at as TSESTree.Statement),
      );
      for (const statement of before.toReversed()) {
        if (statement.type !== 'IfStatement') continue;
        const { test, consequent, alternate } = statement;
        if (!mentionsAnswer(test, site.answer) && !mentionsThroughConstant(test, site)) continue;
        if (alternate !== null || !alwaysLeaves(consequent)) return undefined;
        guards.unshift({ kind: 'exit', statement, test, passes: false, exit: consequent });
      }
      if (parent === home) return guards;
    } else if (parent.type === 'IfStatement') {
      const passes = parent.consequent === at;
      const { test } = parent;
      if (mentionsAnswer(test, site.answer) || mentionsThroughConstant(test, site)) {
        if (isInside(site.check, test)) return undefined;
        guards.unshift({
          kind: 'enclosing',
          statement: parent,
          test,
          passes,
          exit: (passes ? parent.alternate : parent.consequent) ?? undefined,
        });
      }
    } else return undefined;
    at = parent;
  }
}

function mentionsThroughConstant(test: TSESTree.Node, site: PairSite): boolean {
  const block = site.checkStatement.parent;
  if (block?.type !== 'BlockStatement') return false;
  return block.body.some((statement) => {
    if (statement.type !== 'VariableDeclaration' || statement === site.checkStatement) return false;
    return statement.declarations.some(
      (declarator) =>
        declarator.id.type === 'Identifier' &&
        declarator.init !== null &&
        mentionsAnswer(declarator.init, site.answer) &&
        findReferences(test, new Set([declarator.id.name])).length > 0,
    );
  });
}
