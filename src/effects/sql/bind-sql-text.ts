import type { Value } from '../../model/value.ts';
import type { SqlDialect } from './parse-sql.ts';

/** One statement of a text, its placeholders renamed. */
export interface BoundStatement {
  /** Without comments; each placeholder is `:vN`, unique in the statement's text and a key of `bindings`. */
  readonly text: string;
  /** The first word, in upper case. */
  readonly keyword: string;
  readonly bindings: ReadonlyMap<string, Value>;
  /** True when an object was expanded (`SET ?`) that may have more entries. */
  readonly partial: boolean;
  /** True when an identifier (`??`) is only known at run time. */
  readonly computed: boolean;
}

/** Stands in the text for columns that an object sets but that don't show; never in an effect. */
export const unknownColumn = 'race_lint_unknown_column';

const openQuotes = new Set(["'", '"', '`']);

/**
 * Cuts a text into statements and gives every placeholder its value, whatever its style: `$1` by number, `?` by its
 * position, `?1`, and `:name`, `@name`, `$name` from an object. Holes of composed text (`:__i0`) are placeholders too.
 * Spellings that the parser does not know are put into those that it does, where the meaning stays the same.
 *
 * @param text SQL text
 * @param values the driver's parameters: by position, or one object for named ones
 * @param holes values of the holes
 */
export function bindSqlText(
  text: string,
  values: readonly Value[],
  holes: readonly Value[],
  dialect: SqlDialect,
): readonly BoundStatement[] {
  const statements: BoundStatement[] = [];
  let bindings = new Map<string, Value>();
  let out = '';
  let partial = false;
  let computed = false;
  let position = 0;
  const bind = (value: Value | undefined): string => {
    const name = `:v${bindings.size}`;
    bindings.set(name, value ?? { kind: 'unknown', reason: 'a placeholder without a value' });
    return name;
  };
  const finish = (): void => {
    const rewritten = rewriteSpellings(out, dialect).trim();
    const keyword = /^[\s(]*([A-Za-z]+)/.exec(rewritten)?.[1]?.toUpperCase() ?? '';
    if (rewritten !== '') statements.push({ text: rewritten, keyword, bindings, partial, computed });
    bindings = new Map();
    out = '';
    partial = computed = false;
  };

  for (let index = 0; index < text.length;) {
    const rest = text.slice(index, index + 80);
    const character = rest[0] ?? '';
    let match: RegExpExecArray | null;
    if (rest.startsWith('--') || (character === '#' && dialect === 'mysql')) {
      const end = text.indexOf('\n', index);
      index = end < 0 ? text.length : end;
    } else if (rest.startsWith('/*')) {
      const end = text.indexOf('*/', index + 2);
      index = end < 0 ? text.length : end + 2;
      out += ' ';
    } else if (openQuotes.has(character)) {
      const escapes = dialect === 'mysql' ? character !== '`' : /(^|[^\w])[eE]$/.test(out);
      const end = findQuoteEnd(text, index, escapes);
      out += text.slice(index, end);
      index = end;
    } else if (dialect === 'postgresql' && (match = /^\$(\w*)\$/.exec(rest)) && !/^\d/.test(match[1] ?? '')) {
      const end = text.indexOf(match[0], index + match[0].length);
      const stop = end < 0 ? text.length : end + match[0].length;
      out += text.slice(index, stop);
      index = stop;
    } else if (character === ';') {
      finish();
      index += 1;
    } else if (rest.startsWith('::')) {
      out += '::';
      index += 2;
    } else if ((match = /^:__i(\d+)/.exec(rest))) {
      out += bind(holes[Number(match[1])]);
      index += match[0].length;
    } else if (dialect === 'postgresql' && (match = /^\$(\d+)/.exec(rest))) {
      out += bind(values[Number(match[1]) - 1]);
      index += match[0].length;
    } else if (dialect !== 'postgresql' && character === '?') {
      match = /^\?(\d+)/.exec(rest);
      const used = match === null ? position++ : Number(match[1]) - 1;
      const value = values[used];
      if (dialect === 'mysql' && rest[1] === '?') {
        const name = value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;
        computed ||= name === undefined;
        out += name === undefined ? bind(value) : `\`${name.replaceAll('.', '`.`')}\``;
        index += 2;
        continue;
      }
      if (dialect === 'mysql' && /\bSET\s*$/i.test(out) && value?.kind === 'object') {
        out += value.entries.map((entry) => `\`${entry.name}\` = ${bind(entry.value)}`).join(', ');
        partial ||= !value.complete || value.spreads.length > 0;
      } else if (dialect === 'mysql' && /\bSET\s*$/i.test(out)) {
        out += `${unknownColumn} = ${bind(value)}`;
        partial = true;
      } else out += bind(value);
      index += match?.[0].length ?? 1;
    } else if (
      dialect !== 'postgresql' &&
      (match = /^(?::|[@$](?!@))([A-Za-z_]\w*)/.exec(rest)) &&
      (dialect === 'sqlite' || character === ':')
    ) {
      out += bind(findNamed(values, match[1] ?? ''));
      index += match[0].length;
    } else {
      match = /^\w+/.exec(rest);
      out += match?.[0] ?? character;
      index += match?.[0].length ?? 1;
    }
  }
  finish();
  return statements;
}

function findQuoteEnd(text: string, start: number, escapes: boolean): number {
  const quote = text[start];
  for (let index = start + 1; index < text.length; index++) {
    if (escapes && text[index] === '\\') index += 1;
    else if (text[index] === quote) {
      if (text[index + 1] !== quote) return index + 1;
      index += 1;
    }
  }
  return text.length;
}

function findNamed(values: readonly Value[], name: string): Value | undefined {
  const named = values[0];
  if (named?.kind !== 'object') return named && { kind: 'apply', operator: `member:${name}`, operands: [named] };
  const entry = named.entries.findLast((candidate) => candidate.name.replace(/^[:@$]/, '') === name);
  return entry?.value;
}

/**
 * - `FOR NO KEY UPDATE` excludes itself and every UPDATE, as FOR UPDATE does; `FOR KEY SHARE` excludes neither, only
 *   DELETE and key changes (PostgreSQL manual, 13.3.2).
 * - `LOCK IN SHARE MODE` is InnoDB's older spelling of FOR SHARE.
 * - The predicate of a conflict target only chooses a partial index.
 */
function rewriteSpellings(text: string, dialect: SqlDialect): string {
  // Quoted parts stay as they are: they are taken out and put back.
  const quoted: string[] = [];
  const bare = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, (part) => `\u0001${quoted.push(part) - 1}\u0001`);
  return rewriteUnquoted(bare, dialect).replace(
    /\u0001(\d+)\u0001/g,
    (_, index: string) => quoted[Number(index)] ?? '',
  );
}

function rewriteUnquoted(text: string, dialect: SqlDialect): string {
  if (dialect === 'mysql') {
    return text
      .replace(/\bLOCK\s+IN\s+SHARE\s+MODE\b/gi, 'FOR SHARE')
      .replace(/\bWITH\s+CONSISTENT\s+SNAPSHOT\b/gi, '')
      .replace(/\bVALUES\s*(:v\d+)/gi, 'VALUES ($1)');
  }
  const conflict = text.replace(
    /\bON\s+CONFLICT\s*\(((?:[^()]|\([^()]*\))*)\)(\s+WHERE\b(?:(?!\bDO\s+(?:NOTHING|UPDATE)\b)[\s\S])*)?/gi,
    (_, target: string) => `ON CONFLICT (${target.replace(/\w+\s*\(\s*(\w+)[^)]*\)/g, '$1')}) `,
  );
  return conflict
    .replace(/\b(UPDATE|FROM|JOIN)\s+ONLY\s+/gi, '$1 ')
    .replace(/\bFOR\s+NO\s+KEY\s+UPDATE\b/gi, 'FOR UPDATE')
    .replace(/\bFOR\s+KEY\s+SHARE\b(\s+OF\s+[\w.]+)?(\s+NOWAIT|\s+SKIP\s+LOCKED)?/gi, '');
}
