/** A word, number, text, placeholder or sign of an SQL statement, with its place in the text. */
export interface SqlToken {
  readonly kind: 'word' | 'number' | 'string' | 'parameter' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Parentheses around it. */
  readonly depth: number;
}

/** A stretch of the text that is not SQL: an interpolation of a template. */
export interface SqlHole {
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [SqlToken['kind'], RegExp])[] = [
  ['string', /'(?:[^']|'')*'/y],
  ['word', /"(?:[^"]|"")*"|`[^`]*`|[A-Za-z_][\w$]*/y],
  ['parameter', /\$\d+|\?|[:@]\w+/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['sign', /::|<>|<=|>=|!=|\|\||./sy],
];

/** The tokens of a statement; undefined for what has comments or a second statement in it. */
export function tokenizeStatement(text: string, holes: readonly SqlHole[] = []): readonly SqlToken[] | undefined {
  const tokens: SqlToken[] = [];
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const hole = holes.find(({ start }) => start === at);
    if (hole !== undefined) {
      tokens.push({
        kind: 'parameter',
        text: text.slice(hole.start, hole.end),
        start: hole.start,
        end: hole.end,
        depth,
      });
      at = hole.end;
      continue;
    }
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    if (text.startsWith('--', at) || text.startsWith('/*', at)) return undefined;
    const start = at;
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match === null) continue;
      const end = at + match[0].length;
      if (holes.some((other) => other.start > at && other.start < end)) return undefined;
      if (match[0] === ')') depth -= 1;
      tokens.push({ kind, text: match[0], start: at, end, depth });
      if (match[0] === '(') depth += 1;
      at = end;
      break;
    }
    if (at === start) return undefined;
  }
  const last = tokens.at(-1);
  if (last?.text === ';') tokens.pop();
  return tokens.some((token) => token.text === ';') ? undefined : tokens;
}

/** `UPDATE table SET column = value, … WHERE condition [RETURNING …]`, taken apart. */
export interface UpdateStatement {
  readonly assignments: readonly {
    readonly column: string;
    readonly columnText: string;
    readonly value: readonly SqlToken[];
  }[];
  readonly where: readonly SqlToken[];
  /** Where a condition can be added. */
  readonly whereEnd: number;
  readonly isReturning: boolean;
}

/** Undefined for statements with joins, limits, several tables or an OR at the top of their WHERE. */
export function readUpdateStatement(tokens: readonly SqlToken[]): UpdateStatement | undefined {
  const is = (index: number, word: string): boolean =>
    tokens[index]?.kind === 'word' && tokens[index].depth === 0 && tokens[index].text.toUpperCase() === word;
  if (!is(0, 'UPDATE')) return undefined;
  const find = (word: string): number => tokens.findIndex((_, index) => is(index, word));
  const [set, where, returning] = [find('SET'), find('WHERE'), find('RETURNING')];
  if (set < 0 || where < set || (returning >= 0 && returning < where)) return undefined;
  if (tokens.slice(1, set).some((token) => token.text === ',' || /^(JOIN|AS)$/i.test(token.text)) || set > 4)
    return undefined;
  if (find('FROM') >= 0 && find('FROM') < where) return undefined;
  const conditions = tokens.slice(where + 1, returning < 0 ? undefined : returning);
  if (conditions.some((token) => token.depth === 0 && /^(OR|LIMIT|ORDER)$/i.test(token.text))) return undefined;
  const assignments: UpdateStatement['assignments'][number][] = [];
  for (const part of splitAtCommas(tokens.slice(set + 1, where))) {
    const [column, equals, ...value] = part;
    if (column?.kind !== 'word' || equals?.text !== '=' || value.length === 0) return undefined;
    assignments.push({ column: unquote(column.text), columnText: column.text, value });
  }
  const last = conditions.at(-1);
  return last === undefined
    ? undefined
    : { assignments, where: conditions, whereEnd: last.end, isReturning: returning >= 0 };
}

/** `INSERT INTO table (columns) VALUES (…) [RETURNING …]`, taken apart. */
export interface InsertStatement {
  readonly columns: readonly string[];
  readonly columnTexts: readonly string[];
  /** Where ON CONFLICT belongs. */
  readonly valuesEnd: number;
  readonly isReturning: boolean;
  /** The columns after RETURNING, `*` among them; undefined where there is none, or where it has more than names. */
  readonly returning: readonly string[] | undefined;
}

/** Undefined for anything but one row of values without a conflict clause. */
export function readInsertStatement(tokens: readonly SqlToken[]): InsertStatement | undefined {
  const words = tokens.map((token) => (token.kind === 'word' && token.depth === 0 ? token.text.toUpperCase() : ''));
  if (words[0] !== 'INSERT' || words[1] !== 'INTO') return undefined;
  const values = words.indexOf('VALUES');
  if (values < 0 || tokens[values + 1]?.text !== '(') return undefined;
  const close = tokens.findIndex((token, index) => index > values && token.text === ')' && token.depth === 0);
  const rest = tokens.slice(close + 1);
  const closing = tokens[close];
  if (closing === undefined || (rest.length > 0 && words[close + 1] !== 'RETURNING')) return undefined;
  const columns = tokens.slice(2, values).filter((token) => token.depth === 1 && token.kind === 'word');
  if (columns.length === 0) return undefined;
  return {
    columns: columns.map(({ text }) => unquote(text)),
    columnTexts: columns.map(({ text }) => text),
    valuesEnd: closing.end,
    isReturning: rest.length > 0,
    returning: readNames(rest.slice(1)),
  };
}

function readNames(tokens: readonly SqlToken[]): readonly string[] | undefined {
  const parts = splitAtCommas(tokens);
  if (tokens.length === 0 || parts.some((part) => part.length !== 1)) return undefined;
  return parts.flatMap(([only]) => (only === undefined ? [] : [unquote(only.text)]));
}

function splitAtCommas(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.text === ',' && token.depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function unquote(name: string): string {
  return /^["`]/.test(name) ? name.slice(1, -1) : name;
}
