import type { Location } from '../model/location.ts';

/** A comment that switches rules off, in ESLint's syntax; oxlint's own prefix counts too. */
export interface Directive {
  readonly kind: 'disable' | 'enable' | 'line' | 'next line';
  /** Rule names as written, without the plugin's prefix; none means all rules. */
  readonly rules: readonly string[];
  /** Offset in the text at which the comment begins. */
  readonly offset: number;
  /** The line that a `line` or `next line` comment speaks of, 1-based. */
  readonly line: number;
  /** What follows `--`. */
  readonly justification: string;
}

const directivePattern = /^\s*(?:eslint|oxlint)-(disable-next-line|disable-line|disable|enable)(?:\s+([^]*))?$/;

/** Whether a text can hold any directive; most don't, and need no look at their comments. */
export function mayHaveDirectives(text: string): boolean {
  return /(?:eslint|oxlint)-disable/.test(text);
}

/**
 * The directives of a file, in order.
 *
 * @param path only its extension matters: it tells how the text is parsed
 */
export async function findDirectives(path: string, text: string): Promise<Directive[]> {
  const { parseSync } = await import('oxc-parser');
  const lineOf = countLines(text);
  return parseSync(path, text).comments.flatMap((comment) => {
    const [, word, rest = ''] = directivePattern.exec(comment.value) ?? [];
    if (word === undefined) return [];
    const isBlockWord = word === 'disable' || word === 'enable';
    if (isBlockWord && comment.type === 'Line' && !/^\s*oxlint/.test(comment.value)) return [];
    const [names = '', ...justification] = rest.split(/\s-{2,}\s/);
    const line = word === 'disable-next-line' ? lineOf(comment.end) + 1 : lineOf(comment.start);
    const kind = isBlockWord ? word : word === 'disable-line' ? 'line' : 'next line';
    const rules = names.split(',').map((name) =>
      name
        .trim()
        .replace(/^race-lint(?:\/|\((?=.*\)$))/, '')
        .replace(/\)$/, ''),
    );
    return [
      {
        kind,
        rules: rules.filter((name) => name !== ''),
        offset: comment.start,
        line,
        justification: justification.join(' -- ').trim(),
      },
    ];
  });
}

/** The directive that switches a rule off at a place, or undefined. */
export function findSuppression(
  directives: readonly Directive[],
  rule: string,
  location: Location,
): Directive | undefined {
  let block: Directive | undefined;
  for (const directive of directives) {
    if (directive.rules.length > 0 && !directive.rules.includes(rule)) continue;
    if (directive.kind === 'line' || directive.kind === 'next line') {
      if (directive.line === location.start.line) return directive;
    } else if (directive.offset <= location.range[0]) {
      block = directive.kind === 'disable' ? directive : undefined;
    }
  }
  return block;
}

function countLines(text: string): (offset: number) => number {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? starts.length : next;
  };
}
