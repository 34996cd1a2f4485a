import { listValueParts } from '../model/list-value-parts.ts';
import type { Step } from '../model/trace.ts';
import type { Value } from '../model/value.ts';

/**
 * Is it a row that tells people what has been done: a note, a notification, an entry of a feed? It holds a sentence that is
 * put together of words and of what the request brings. Nothing rests on such a row, as nothing rests on a mail.
 */
export function tellsOfIt({ effect }: Step): boolean {
  return effect.kind === 'insert' && effect.values.some(({ value }) => isSentence(value));
}

function isSentence(value: Value): boolean {
  const seen = new Set<Value>();
  const look = (part: Value): boolean => {
    if (seen.has(part)) return false;
    seen.add(part);
    if (part.kind === 'template') return isProse(part.quasis);
    return (part.kind === 'choice' || part.kind === 'array') && listValueParts(part).some(look);
  };
  return look(value);
}

/** Two words or more beside a value: `${name} moved ${title} to the archive`, and no key, path or address. */
function isProse(quasis: readonly string[]): boolean {
  const words = quasis.join(' … ').match(/(?<![^\s"'(])\p{L}{2,}(?=[\s.,:;!?]|$)/gu);
  return words !== null && words.length > 1 && quasis.some((quasi) => quasi.includes(' '));
}
