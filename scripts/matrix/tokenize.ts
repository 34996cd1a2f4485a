export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly upper: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'sign'; readonly text: string };

/** Splits SQL into words, quoted texts, numbers and signs; comments are dropped. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\/\*.*?\*\/|'((?:[^']|'')*)'|[`"]([^`"]+)[`"]|(\d+(?:\.\d+)?)|([A-Za-z_][\w]*)|(>=|<=|<>|!=|[-+*/=<>(),.;])|\s+/gs;
  for (const match of sql.matchAll(pattern)) {
    const [, text, quoted, number, word, sign] = match;
    if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (quoted !== undefined) tokens.push({ kind: 'word', text: quoted, upper: quoted.toUpperCase() });
    else if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, upper: word.toUpperCase() });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

/** A position in a list of tokens, for a recursive-descent parser. */
export class Cursor {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
    this.tokens = tokenize(source);
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  next(): Token {
    const token = this.tokens[this.at];
    if (!token) throw new Error(`unexpected end of ${this.source}`);
    this.at += 1;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === 'word' && token.upper === word;
  }

  isSign(sign: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token?.kind === 'sign' && token.text === sign;
  }

  /** Takes these words if they are next. */
  takeWords(...words: readonly string[]): boolean {
    if (!words.every((word, index) => this.isWord(word, index))) return false;
    this.at += words.length;
    return true;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.at += 1;
    return true;
  }

  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) this.fail(words.join(' '));
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) this.fail(sign);
  }

  expectName(): string {
    const token = this.next();
    if (token.kind !== 'word') this.fail('a name');
    return token.kind === 'word' ? token.text : '';
  }

  isAtEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Skips a bracketed part whose opening bracket has been taken. */
  skipBrackets(): void {
    for (let depth = 1; depth > 0;) {
      const token = this.next();
      if (token.kind === 'sign' && token.text === '(') depth += 1;
      if (token.kind === 'sign' && token.text === ')') depth -= 1;
    }
  }

  fail(expected: string): never {
    throw new Error(`expected ${expected} at token ${this.at} of ${this.source}`);
  }
}
