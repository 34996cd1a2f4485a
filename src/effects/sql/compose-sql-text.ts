import type { Value } from '../../model/value.ts';

/** SQL text as a program builds it: holes stand in the text as `:__i0`, `:__i1`, …. */
export interface ComposedSql {
  readonly text: string;
  /** What goes into the holes, by their numbers. */
  readonly holes: readonly Value[];
}

/**
 * Puts together the text of a literal, a template literal or a concatenation. What is not constant becomes a hole; whether
 * a hole can be a value is for the parser to say.
 *
 * @param value the argument that holds the SQL text
 * @returns the text with its holes, or undefined when no part of it is constant
 */
export function composeSqlText(value: Value): ComposedSql | undefined {
  const holes: Value[] = [];
  const text = appendText(value, holes);
  return text === undefined || text.replace(/:__i\d+/g, '').trim() === '' ? undefined : { text, holes };
}

/** The mark of a hole. */
export function nameHole(index: number): string {
  return `:__i${index}`;
}

function appendText(value: Value, holes: Value[]): string | undefined {
  if (value.kind === 'constant') return String(value.value);
  if (value.kind === 'template') {
    let text = value.quasis[0] ?? '';
    for (const [index, part] of value.values.entries())
      text += appendPart(part, holes) + (value.quasis[index + 1] ?? '');
    return text;
  }
  if (value.kind === 'apply' && value.operator === '+' && value.operands.length > 1) {
    return value.operands.map((operand) => appendPart(operand, holes)).join('');
  }
  return undefined;
}

function appendPart(part: Value, holes: Value[]): string {
  const text = appendText(part, holes);
  if (text !== undefined) return text;
  holes.push(part);
  return nameHole(holes.length - 1);
}
