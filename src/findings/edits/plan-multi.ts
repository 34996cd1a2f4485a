import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import { areNeighbours, isPlain, isPositive } from './plan-cache-update.ts';
import type { CommandPair, FoundCommand } from './plan-cache-update.ts';
import { indentationAt, semicolonOf, textOf, wholeLines } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import { pickName } from './syntax-nodes.ts';

/**
 * `await a; await b;` as one MULTI. What the old code threw, the new one throws: a command that Redis refuses to queue
 * makes EXEC fail in every client; one that fails while EXEC runs is thrown here where the client only answers with it.
 */
export function planMulti(pair: CommandPair): Suggestion | undefined {
  const { source, first, second, edits } = pair;
  if (!isPlain(first) || !isPlain(second) || !areNeighbours(pair)) return undefined;
  const spell = ({ call, receiver }: FoundCommand): string => source.text.slice(receiver.range[1], call.range[1]);
  const text = `${textOf(source, first.receiver)}.multi()${spell(first)}${spell(second)}.exec()`;
  const throws = edits.failedCommand === 'answers' && (mayFail(first) || mayFail(second));
  const changed: Edit = throws
    ? { range: first.statement.range, text: throwFailure(pair, text) }
    : { range: first.call.range, text };
  return composeSuggestion(
    source,
    `Send both in one MULTI (needs ${describeNeeds(source, first, second)})`,
    [changed, { range: wholeLines(source, second.statement), text: '' }],
    [],
  );
}

function throwFailure({ source, around, first }: CommandPair, text: string): string {
  const replies = pickName(source, around, ['replies', 'answers']);
  const error = pickName(source, around, ['error', 'failure']);
  const end = semicolonOf(source, first.statement);
  const indentation = indentationAt(source, first.statement.range[0]);
  return `const ${replies} = await ${text}${end}\n${indentation}for (const [${error}] of ${replies} ?? []) if (${error}) throw ${error}${end}`;
}

/** What must be true for the new code to mean the same; a MULTI runs its second command also after the first failed. */
function describeNeeds(source: SourceText, first: FoundCommand, second: FoundCommand): string {
  const hasTwoKeys = textOf(source, first.args[0] ?? first.call) !== textOf(source, second.args[0] ?? second.call);
  const needs = [
    ...(hasTwoKeys ? ['both keys in one slot of a cluster'] : []),
    ...(mayFail(first)
      ? [`${second.method.toUpperCase()} to be harmless after a failed ${first.method.toUpperCase()}`]
      : []),
  ];
  return needs.length === 0 ? 'nothing else' : needs.join(', and ');
}

/**
 * May Redis refuse the command while EXEC runs it? SET and DEL take any key and any text; others want a type of
 * key, or a number: https://redis.io/docs/latest/develop/using-commands/transactions/#errors-inside-a-transaction
 */
function mayFail({ method, args }: FoundCommand): boolean {
  switch (method.toLowerCase()) {
    case 'del':
    case 'unlink':
      return false;
    case 'set':
      return !args.slice(2).every(isFixed);
    case 'expire':
    case 'pexpire': {
      const [, time, ...more] = args;
      return time === undefined || more.length > 0 || !isPositive(time);
    }
    default:
      return true;
  }
}

/** Is it an option that stands in the source as a whole, with times above zero? */
function isFixed(option: TSESTree.Expression): boolean {
  if (option.type === 'Literal') return typeof option.value !== 'number' || isPositive(option);
  return (
    option.type === 'ObjectExpression' &&
    option.properties.every(
      (property) =>
        property.type === 'Property' &&
        !property.computed &&
        property.value.type === 'Literal' &&
        isFixed(property.value),
    )
  );
}
