/** What a dialect changes in how SQL text is read. `unknown` reads what the others agree on. */
export type SqlDialect = 'postgresql' | 'mysql' | 'sqlite' | 'unknown';

export interface SqlToken {
  /** `quoted` is a quoted identifier; `symbol` any single other character. */
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol';
  /** A word in lower case, an identifier without its quotes; else as written. */
  readonly text: string;
  /** Offsets in the whole text. */
  readonly start: number;
  readonly end: number;
}

const comment = String.raw`--[^\n]*|/\*[^]*?\*/`;
const word = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const dollarQuoted = String.raw`\$(?<tag>[\p{L}_][\p{L}\p{N}_]*|)\$[^]*?\$\k<tag>\$`;
const plainString = String.raw`'(?:[^']|'')*'`;
const escapedString = String.raw`'(?:[^'\\]|\\[^]|'')*'`;

function compile(string: string, comments: string): RegExp {
  const parts = [
    String.raw`(?<skip>\s+|${comments})`,
    `(?<string>[eE]${escapedString}|${string}|${dollarQuoted})`,
    `(?<word>${word})`,
    '(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)',
    String.raw`(?<number>\d+(?:\.\d+)?)`,
    '(?<symbol>[^])',
  ];
  return new RegExp(parts.join('|'), 'uy');
}

/**
 * Splits SQL text into tokens, leaving out comments and white space. Text that is not SQL never fails: what nothing
 * else matches is a symbol.
 *
 * Strings with backslashes follow MySQL only in its own dialect; `#` begins a comment only there, too.
 *
 * @param text the text
 * @param dialect how to read it
 */
export function tokenizeSql(text: string, dialect: SqlDialect): readonly SqlToken[] {
  const pattern =
    dialect === 'mysql' ? compile(escapedString, String.raw`${comment}|#[^\n]*`) : compile(plainString, comment);
  const tokens: SqlToken[] = [];
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    const end = pattern.lastIndex;
    if (groups === undefined || end <= start) break;
    if (groups['skip'] !== undefined) continue;
    if (groups['word'] !== undefined) {
      tokens.push({ kind: 'word', text: groups['word'].toLowerCase(), start, end });
    } else if (groups['quoted'] !== undefined) {
      const quote = groups['quoted'].charAt(0);
      tokens.push({
        kind: 'quoted',
        text: text.slice(start + 1, end - 1).replaceAll(quote + quote, quote),
        start,
        end,
      });
    } else {
      const kind = groups['string'] !== undefined ? 'string' : groups['number'] !== undefined ? 'number' : 'symbol';
      tokens.push({ kind, text: text.slice(start, end), start, end });
    }
  }
  return tokens;
}
