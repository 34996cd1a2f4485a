import type { TSESTree } from '@typescript-eslint/utils';
import type { PairSite } from './locate-pair.ts';
import { indentNode } from './print-pinned-transaction.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, textOf } from './source-text.ts';
import { findFunctionAround, findReferences, pickName } from './syntax-nodes.ts';

/**
 * The insert's statement inside `try`, with a handler for the duplicate.
 *
 * @param test the test that the error is the duplicate
 * @param then statements that handle it; after them the function goes on, or the error is thrown again where `exit` or
 *   a guard among them should have left
 * @param exit one statement that leaves
 */
export function printCatch(
  site: PairSite,
  error: string,
  test: string,
  then: readonly TSESTree.Statement[],
  exit: TSESTree.Statement | undefined,
): string | undefined {
  const { source, actStatement } = site;
  const indentation = indentationAt(source, actStatement.range[0]);
  const unit = indentUnit(source);
  const end = semicolonOf(source, actStatement);
  const body = printBody(site, unit);
  if (body === undefined) return undefined;
  const lines: string[] = [];
  if (body.before !== undefined) lines.push(body.before);
  lines.push('try {', `${unit}${body.inside}`, `} catch (${error}) {`);
  if (exit !== undefined) {
    lines.push(
      `${unit}if (${test}) ${renderWithEdits(source, exit.range, indentNode(source, exit, unit))}`,
      `${unit}throw ${error}${end}`,
    );
  } else {
    lines.push(`${unit}if (!(${test})) throw ${error}${end}`);
    for (const statement of then)
      lines.push(
        `${unit}${renderWithEdits(source, statement.range, isAtSameDepth(site, statement) ? indentNode(source, statement, unit) : [])}`,
      );
    const last = then.at(-1);
    const leaves = last?.type === 'IfStatement';
    if (leaves) lines.push(`${unit}throw ${error}${end}`);
    // without a branch that leaves, the variable would have no value
    if (!leaves && body.before !== undefined) return undefined;
  }
  lines.push('}');
  if (body.after !== undefined) lines.push(body.after);
  return lines.join(`\n${indentation}`);
}

function isAtSameDepth(site: PairSite, statement: TSESTree.Statement): boolean {
  return (
    indentationAt(site.source, statement.range[0]).length <=
    indentationAt(site.source, site.actStatement.range[0]).length
  );
}

/** The statement's parts before, in and after `try`. */
function printBody(
  { source, actStatement, actWhole, around }: PairSite,
  unit: string,
): { readonly before?: string; readonly inside: string; readonly after?: string } | undefined {
  const end = semicolonOf(source, actStatement);
  const shifted = (node: TSESTree.Node): string => renderWithEdits(source, node.range, indentNode(source, node, unit));
  switch (actStatement.type) {
    case 'ExpressionStatement':
      return actWhole.type === 'AwaitExpression' || actStatement.expression === actWhole
        ? { inside: shifted(actStatement) }
        : undefined;
    case 'ReturnStatement': {
      if (actStatement.argument === null) return undefined;
      if (actStatement.argument !== actWhole) return { inside: shifted(actStatement) };
      const isAwaited = actWhole.type === 'AwaitExpression';
      return { inside: `return ${isAwaited ? '' : 'await '}${shifted(actStatement.argument)}${end}` };
    }
    case 'VariableDeclaration': {
      const [declarator, ...more] = actStatement.declarations;
      if (declarator?.init == null || more.length > 0) return undefined;
      const { id } = declarator;
      if (id.type === 'Identifier' && id.typeAnnotation === undefined) {
        const name = id.name;
        if (!isCaptured(around, actStatement, name))
          return { before: `let ${name}${end}`, inside: `${name} = ${shifted(declarator.init)}${end}` };
      }
      const name = pickName(source, around, ['created', 'inserted', 'written']);
      return {
        before: `let ${name}${end}`,
        inside: `${name} = ${shifted(declarator.init)}${end}`,
        after: `${actStatement.kind} ${textOf(source, id)} = ${name}${end}`,
      };
    }
    default:
      return undefined;
  }
}

/** Is a variable used in a closure? Its type can't be inferred there from an assignment that comes later. */
function isCaptured(around: TSESTree.Node, declaration: TSESTree.Node, name: string): boolean {
  return findReferences(around, new Set([name]), [declaration]).some((use) => findFunctionAround(use) !== around);
}
