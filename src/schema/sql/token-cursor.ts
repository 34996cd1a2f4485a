import type { SqlDialect, SqlToken } from './tokenize-sql.ts';

/** Walks over the tokens of one statement, or of a part of it. */
export class TokenCursor {
  readonly text: string;
  readonly dialect: SqlDialect;
  readonly #tokens: readonly SqlToken[];
  #index = 0;

  /**
   * @param tokens what to walk over
   * @param text the whole text that their offsets refer to
   * @param dialect decides how unquoted names are spelt
   */
  constructor(tokens: readonly SqlToken[], text: string, dialect: SqlDialect) {
    this.#tokens = tokens;
    this.text = text;
    this.dialect = dialect;
  }

  get atEnd(): boolean {
    return this.#index >= this.#tokens.length;
  }

  peek(ahead = 0): SqlToken | undefined {
    return this.#tokens[this.#index + ahead];
  }

  next(): SqlToken | undefined {
    const token = this.#tokens[this.#index];
    this.#index += 1;
    return token;
  }

  /** True when the next tokens are these words (not quoted), and then steps over them. */
  accept(...words: readonly string[]): boolean {
    for (const [offset, word] of words.entries()) {
      const token = this.#tokens[this.#index + offset];
      if (token?.text !== word || (token.kind !== 'word' && token.kind !== 'symbol')) return false;
    }
    this.#index += words.length;
    return true;
  }

  /** Steps over a name and returns it as the database stores it; undefined, without a step, where there is none. */
  acceptName(): string | undefined {
    const token = this.peek();
    if (token?.kind !== 'quoted' && token?.kind !== 'word') return undefined;
    this.#index += 1;
    return this.spellName(token);
  }

  /** A name as the database stores it: PostgreSQL folds unquoted ones to lower case, the others keep them. */
  spellName(token: SqlToken): string {
    const keeps = this.dialect === 'mysql' || this.dialect === 'sqlite';
    return token.kind === 'word' && keeps ? this.text.slice(token.start, token.end) : token.text;
  }

  /** Steps over `( … )` and returns what is inside; undefined, without a step, where there is no bracket. */
  acceptGroup(): TokenCursor | undefined {
    if (this.peek()?.text !== '(' || this.peek()?.kind !== 'symbol') return undefined;
    const inside: SqlToken[] = [];
    let depth = 0;
    for (const token of this.#tokens.slice(this.#index)) {
      if (token.kind === 'symbol' && token.text === '(') depth += 1;
      if (token.kind === 'symbol' && token.text === ')') depth -= 1;
      inside.push(token);
      if (depth > 0) continue;
      this.#index += inside.length;
      return new TokenCursor(inside.slice(1, -1), this.text, this.dialect);
    }
    return undefined;
  }

  /** The rest, cut at commas that are not inside brackets. */
  splitAtCommas(): readonly TokenCursor[] {
    const parts: SqlToken[][] = [];
    let part: SqlToken[] = [];
    let depth = 0;
    for (const token of this.#tokens.slice(this.#index)) {
      if (token.kind === 'symbol') {
        if (token.text === '(' || token.text === '[') depth += 1;
        if (token.text === ')' || token.text === ']') depth -= 1;
        if (token.text === ',' && depth === 0) {
          parts.push(part);
          part = [];
          continue;
        }
      }
      part.push(token);
    }
    return [...parts, part]
      .filter((tokens) => tokens.length > 0)
      .map((tokens) => new TokenCursor(tokens, this.text, this.dialect));
  }

  /** The source text of the rest, white space made single. */
  describeRest(): string {
    const first = this.peek();
    const last = this.#tokens.at(-1);
    if (first === undefined || last === undefined) return '';
    return this.text.slice(first.start, last.end).replaceAll(/\s+/gu, ' ');
  }

  /** The tokens that are left. */
  listRest(): readonly SqlToken[] {
    return this.#tokens.slice(this.#index);
  }
}
