import type { TransactionParts } from './library-edits.ts';
import { findReceiver } from './print-pinned-transaction.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, textOf } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { findStatement, pickName, wrapperOf } from './syntax-nodes.ts';

/**
 * `Promise.all([…])` as `handle.transaction(async (tx) => { … })`, one statement after another; where the results are
 * used, the callback returns them as a tuple.
 *
 * @param method the handle's method that takes the callback
 */
export function printCallbackTransaction(
  { source, elements, group, around, loop }: TransactionParts,
  method: string,
): { readonly edits: readonly Edit[] } | undefined {
  const receivers = elements.map(findReceiver);
  const [receiver] = receivers;
  if (
    receiver === undefined ||
    receivers.some((other) => other === undefined || textOf(source, other) !== textOf(source, receiver))
  )
    return undefined;
  const whole = wrapperOf(group);
  const statement = findStatement(group);
  if (statement === undefined || whole.type !== 'AwaitExpression') return undefined;
  const name = pickName(source, around, ['tx', 'transaction']);
  const indentation = indentationAt(source, statement.range[0]);
  const unit = indentUnit(source);
  const end = semicolonOf(source, statement);
  const isUsed = !(statement.type === 'ExpressionStatement' && statement.expression === whole);
  const prefix = loop === undefined ? '' : `for (const ${loop.parameter} of ${loop.collection}) `;
  if (isUsed && loop !== undefined) return undefined;
  const operations = elements.map((element, index) => {
    const own = receivers[index];
    return `${prefix}await ${renderWithEdits(source, element.range, own === undefined ? [] : [{ range: own.range, text: name }])}`;
  });
  const body = isUsed
    ? [`return [`, ...operations.map((operation) => `${unit}${operation},`), `] as const${end}`]
    : operations.map((operation) => `${operation}${end}`);
  const lines = body.map((line) => `${indentation}${unit}${line}`);
  const text = `${textOf(source, receiver)}.${method}(async (${name}) => {\n${lines.join('\n')}\n${indentation}})`;
  return { edits: [{ range: group.range, text }] };
}
