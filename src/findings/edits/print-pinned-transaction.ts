import type { TSESTree } from '@typescript-eslint/utils';
import type { PinnedConnection, TransactionParts } from './library-edits.ts';
import { walkSyntax } from '../../flow/walk-syntax.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, shiftLines, textOf } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { findStatement, pickName, wrapperOf } from './syntax-nodes.ts';

/** `await Promise.all([…])` as a statement, one after another on one connection between BEGIN and COMMIT. */
export function printPinnedTransaction(
  { source, elements, group, around, loop }: TransactionParts,
  connection: PinnedConnection,
): { readonly edits: readonly Edit[] } | undefined {
  const whole = wrapperOf(group);
  const statement = findStatement(group);
  if (statement?.type !== 'ExpressionStatement' || statement.expression !== whole || whole.type !== 'AwaitExpression')
    return undefined;
  const name = pickName(source, around, connection.names);
  const receivers = elements.map(findReceiver);
  const [receiver] = receivers;
  if (
    receiver === undefined ||
    receivers.some((other) => other === undefined || textOf(source, other) !== textOf(source, receiver))
  )
    return undefined;
  const indentation = indentationAt(source, statement.range[0]);
  const unit = indentUnit(source);
  const end = semicolonOf(source, statement);
  const prefix = loop === undefined ? '' : `for (const ${loop.parameter} of ${loop.collection}) `;
  const operations = elements.map((element, index) => {
    const own = receivers[index];
    const edits: Edit[] = own === undefined ? [] : [{ range: own.range, text: name }];
    return `${prefix}await ${renderWithEdits(source, element.range, edits)}${end}`;
  });
  const inner = (lines: readonly string[]): string => lines.map((line) => `${indentation}${unit}${line}`).join('\n');
  const text = [
    `const ${name} = await ${connection.open(textOf(source, receiver))}${end}`,
    `${indentation}try {`,
    inner([`await ${connection.begin(name)}${end}`, ...operations, `await ${connection.commit(name)}${end}`]),
    `${indentation}} catch (error) {`,
    inner([`await ${connection.rollback(name)}${end}`, `throw error${end}`]),
    `${indentation}} finally {`,
    inner([`${connection.release(name)}${end}`]),
    `${indentation}}`,
  ].join('\n');
  return { edits: [{ range: statement.range, text }] };
}

/** The handle at the start of a chain of calls: `db` of `db.delete(t).where(…)`. */
export function findReceiver(node: TSESTree.Node): TSESTree.Expression | undefined {
  let at: TSESTree.Node = node;
  for (;;) {
    if (at.type === 'CallExpression') at = at.callee;
    else if (at.type === 'TaggedTemplateExpression') at = at.tag;
    else if (at.type === 'MemberExpression' && at.parent.type === 'CallExpression' && at.parent.callee === at) {
      if (at.object.type === 'CallExpression') at = at.object;
      else return at.object;
    } else return at.type === 'Identifier' || at.type === 'MemberExpression' ? at : undefined;
  }
}

/** Template literals below a node, whose lines must not move. */
export function findTemplates(node: TSESTree.Node): readonly TSESTree.Node[] {
  const found: TSESTree.Node[] = [];
  walkSyntax(node, (at) => {
    if (at.type === 'TemplateLiteral') found.push(at);
    return true;
  });
  return found;
}

/** Edits that move a node's lines one level in. */
export function indentNode(source: TransactionParts['source'], node: TSESTree.Node, unit: string): readonly Edit[] {
  return shiftLines(source, node, unit, findTemplates(node));
}
