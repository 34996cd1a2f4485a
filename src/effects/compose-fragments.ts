import type { EngineName } from '../model/engine.ts';
import type { TemplateValue, Value } from '../model/value.ts';

/** SQL text with the values of its placeholders, in order. */
export interface SqlText {
  readonly text: string;
  readonly values: readonly Value[];
}

/** A piece of SQL that a library's own fragment stands for: plain text, or a template that may hold more of them. */
export type Fragment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'template'; readonly template: TemplateValue }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly separator: string }
  /** A fragment whose text does not show. */
  | { readonly kind: 'computed' };

/**
 * Puts the SQL of a tagged template together: fragments (`Prisma.sql`, Drizzle's `sql`, tables, columns) become text,
 * everything else a placeholder of the dialect.
 *
 * @param template the tagged template
 * @param findFragment what a value stands for in the library's own language, undefined for a plain value
 * @returns undefined when some of the text is computed
 */
export function composeFragments(
  template: TemplateValue,
  findFragment: (value: Value) => Fragment | undefined,
  engine: EngineName | undefined,
): SqlText | undefined {
  const values: Value[] = [];
  const text = append({ kind: 'template', template });
  return text === undefined ? undefined : { text, values };

  function append(fragment: Fragment): string | undefined {
    switch (fragment.kind) {
      case 'text':
        return fragment.text;
      case 'template':
        return joinParts(
          fragment.template.quasis.flatMap((quasi, index) => {
            const value = fragment.template.values[index];
            return value === undefined ? [quasi] : [quasi, appendValue(value)];
          }),
          '',
        );
      case 'list':
        return joinParts(fragment.items.map(appendValue), fragment.separator);
      case 'computed':
        return undefined;
    }
  }

  function appendValue(value: Value): string | undefined {
    const fragment = findFragment(value);
    if (fragment !== undefined) return append(fragment);
    values.push(value);
    return engine === 'innodb' || engine === 'sqlite' ? '?' : `$${values.length}`;
  }
}

function joinParts(parts: readonly (string | undefined)[], separator: string): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(separator);
}
