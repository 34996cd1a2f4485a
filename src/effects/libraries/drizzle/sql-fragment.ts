import type { TemplateValue, Value } from '../../../model/value.ts';

/**
 * A small expression language for the text of Drizzle's `` sql`…` ``: arithmetic, comparisons, AND and OR, function
 * calls, columns. Whole statements are the business of the SQL reader; anything that this does not know makes the
 * fragment opaque.
 */
export type SqlExpression =
  | { readonly kind: 'value'; readonly value: Value }
  /** `stock`, `users.stock`, `excluded.stock`: the parts of a name, unquoted. */
  | { readonly kind: 'name'; readonly parts: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly SqlExpression[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: SqlExpression; readonly right: SqlExpression };

type Token =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'sign'; readonly text: string };

const precedences: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '=': 3,
  '<>': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  is: 3,
  'is not': 3,
  '||': 4,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
};

const literals: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * Parses a fragment.
 *
 * @param template the tagged template; its values become leaves
 * @returns undefined when the text is more than an expression of this language
 */
export function parseSqlFragment(template: TemplateValue): SqlExpression | undefined {
  const tokens = tokenize(template);
  if (tokens === undefined || tokens.length === 0) return undefined;
  let position = 0;
  const expression = parseBinary(0);
  return position === tokens.length ? expression : undefined;

  function parseBinary(minimum: number): SqlExpression | undefined {
    let left = parseOperand();
    for (;;) {
      const operator = peekOperator();
      const precedence = operator === undefined ? undefined : precedences[operator];
      if (left === undefined || operator === undefined || precedence === undefined || precedence <= minimum)
        return left;
      position += operator === 'is not' ? 2 : 1;
      const right = parseBinary(precedence);
      if (right === undefined) return undefined;
      left = { kind: 'binary', operator, left, right };
    }
  }

  function peekOperator(): string | undefined {
    const token = tokens?.[position];
    if (token?.kind === 'sign') return token.text;
    if (token?.kind !== 'word' || token.quoted) return undefined;
    const word = token.text.toLowerCase();
    const next = tokens?.[position + 1];
    return word === 'is' && next?.kind === 'word' && next.text.toLowerCase() === 'not' ? 'is not' : word;
  }

  function parseOperand(): SqlExpression | undefined {
    const token = tokens?.[position++];
    if (token === undefined) return undefined;
    if (token.kind === 'value') return { kind: 'value', value: token.value };
    if (token.kind === 'sign') {
      if (token.text !== '(') return undefined;
      const inner = parseBinary(0);
      return takeSign(')') ? inner : undefined;
    }
    if (!token.quoted && Object.hasOwn(literals, token.text.toLowerCase())) {
      return { kind: 'value', value: { kind: 'constant', value: literals[token.text.toLowerCase()] ?? null } };
    }
    if (!token.quoted && takeSign('(')) return parseArguments(token.text.toLowerCase());
    const parts = [token.text];
    while (takeSign('.')) {
      const part = tokens?.[position++];
      if (part?.kind !== 'word') return undefined;
      parts.push(part.text);
    }
    return { kind: 'name', parts };
  }

  function parseArguments(name: string): SqlExpression | undefined {
    const args: SqlExpression[] = [];
    if (takeSign(')')) return { kind: 'call', name, args };
    if (takeSign('*')) return takeSign(')') ? { kind: 'call', name, args } : undefined;
    for (;;) {
      const argument = parseBinary(0);
      if (argument === undefined) return undefined;
      args.push(argument);
      if (takeSign(')')) return { kind: 'call', name, args };
      if (!takeSign(',')) return undefined;
    }
  }

  function takeSign(text: string): boolean {
    const token = tokens?.[position];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    position += 1;
    return true;
  }
}

/** Keywords after which the text is no plain expression any more. */
const foreignWords = new Set([
  'select',
  'from',
  'case',
  'when',
  'interval',
  'over',
  'filter',
  'cast',
  'between',
  'in',
  'like',
  'ilike',
  'any',
  'all',
  'exists',
  'distinct',
]);

function tokenize(template: TemplateValue): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (const [index, quasi] of template.quasis.entries()) {
    // A cast changes the type, not the value.
    const text = quasi.replace(/::\s*[a-z_]+(\s+precision|\[\]|\(\d+(,\s*\d+)?\))?/gi, ' ');
    const pattern =
      /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|"([^"]+)"|`([^`]+)`|([a-z_]\w*)|(<=|>=|<>|!=|\|\||[-+*/%=<>(),.]))/giy;
    let end = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      end = pattern.lastIndex;
      const [, number, string, quoted, backquoted, word, sign] = match;
      if (number !== undefined) tokens.push({ kind: 'value', value: { kind: 'constant', value: Number(number) } });
      else if (string !== undefined)
        tokens.push({ kind: 'value', value: { kind: 'constant', value: string.replaceAll("''", "'") } });
      else if (quoted !== undefined || backquoted !== undefined)
        tokens.push({ kind: 'word', text: (quoted ?? backquoted) as string, quoted: true });
      else if (word !== undefined) {
        if (foreignWords.has(word.toLowerCase())) return undefined;
        tokens.push({ kind: 'word', text: word, quoted: false });
      } else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    }
    if (text.slice(end).trim() !== '') return undefined;
    const value = template.values[index];
    if (value !== undefined) tokens.push({ kind: 'value', value });
  }
  return tokens;
}
