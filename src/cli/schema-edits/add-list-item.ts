import type { SchemaEdit } from '../../model/schema-edit.ts';

/** Something that stands in a text. */
interface Placed {
  getStart(): number;
  getEnd(): number;
}

/**
 * Adds an item to the end of a list (arguments, elements, properties, imported names), laid out as its last item is.
 *
 * @param text of the file
 * @param items the list's
 * @param item what is added
 * @param start where the list begins, for one without items
 */
export function addListItem(
  text: string,
  items: readonly Placed[],
  item: string,
  start = 0,
): SchemaEdit['edits'][number] {
  const last = items.at(-1);
  if (last === undefined) return { range: [start, start], text: item };
  const indent = /(?:^|\n)([ \t]*)$/u.exec(text.slice(0, last.getStart()))?.[1];
  const end = last.getEnd();
  if (indent === undefined) return { range: [end, end], text: `, ${item}` };
  const newline = text.slice(end).startsWith('\r\n') || text.includes('\r\n') ? '\r\n' : '\n';
  // a comment behind the item stays with it
  const [, comma = '', comment = ''] = /^[ \t]*(,?)[ \t]*(\/\/[^\r\n]*)?/u.exec(text.slice(end)) ?? [];
  if (comment === '') return { range: [end, end], text: `,${newline}${indent}${item}` };
  const lineEnd = end + (/^[^\r\n]*/u.exec(text.slice(end))?.[0].length ?? 0);
  return comma === ','
    ? { range: [lineEnd, lineEnd], text: `${newline}${indent}${item},` }
    : { range: [end, lineEnd], text: `, ${comment}${newline}${indent}${item}` };
}
