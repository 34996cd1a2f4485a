import type { Value } from '../model/value.ts';
import { renderValue } from './render-value.ts';

const longestPart = 32;
const longestKey = 80;

/** A key as a sentence can hold it: what is computed at length shows as `…`; the code beside the sentence has the rest. */
export function renderKey(key: Value): string {
  const parts = listParts(key);
  const spelled = parts.map((part) => {
    if (typeof part === 'string') return part;
    const text = renderValue(part);
    return `\${${text.length > longestPart ? '…' : text}}`;
  });
  const text = key.kind === 'template' ? spelled.join('') : renderValue(key);
  if (text.length <= longestKey) return text;
  return key.kind === 'template' ? `${text.slice(0, longestKey - 1)}…` : 'one key';
}

/** The text and the values of a key, with those of keys that it begins with. */
function listParts(key: Value): readonly (string | Value)[] {
  if (key.kind !== 'template') return [key];
  return key.quasis.flatMap((quasi, index) => {
    const value = key.values[index];
    return value === undefined ? [quasi] : [quasi, ...listParts(value)];
  });
}
