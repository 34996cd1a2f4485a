import type { TSESTree } from '@typescript-eslint/utils';
import type {
  AssignedColumn,
  InsertCall,
  RewrittenCall,
  UpdateCall,
  WriteChange,
  CountAnswer,
  ImportNeed,
} from './library-edits.ts';
import type { RowCondition } from './read-guard.ts';
import { renderConstant } from './render-constant.ts';
import { textOf } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import { readInsertStatement, readUpdateStatement, tokenizeStatement } from './sql-statement.ts';
import type { SqlHole, SqlToken } from './sql-statement.ts';

/** A call with SQL text in it, as its driver writes text and parameters. */
export interface SqlCall {
  readonly source: SourceText;
  readonly text: string;
  /** Where the text begins in the source. */
  readonly base: number;
  readonly holes: readonly SqlHole[];
  /** The sign around the text in the source: SQL texts can't be added inside the same. */
  readonly quote: string;
  readonly dialect: 'postgresql' | 'mysql' | 'sqlite';
  /** The expression that a placeholder stands for. */
  readonly valueOf: (token: SqlToken) => TSESTree.Node | undefined;
  /** Edits that replace a placeholder's value, with SQL before the placeholder. */
  readonly replaceValue: (token: SqlToken, before: string, value: string) => readonly Edit[];
  /**
   * A collector of new parameters.
   *
   * @returns `add` gives the placeholder's text; `finish` the edits that pass the values
   */
  readonly startAdding: () => {
    readonly add: (value: string) => string;
    readonly finish: () => readonly Edit[] | undefined;
  };
}

/** What differs between drivers in telling how many rows were affected. */
export interface SqlAnswers {
  readonly count: CountAnswer;
  readonly imports: readonly ImportNeed[];
  /** Edits of the call itself, such as type arguments. */
  readonly callEdits: readonly Edit[];
  readonly readBound: (
    pattern: TSESTree.Node,
    isReturning: boolean,
  ) => { readonly edits: readonly Edit[]; readonly isNone: string } | undefined;
}

/** The text of a literal or of a template without interpolations, where source and value are the same. */
export function readSqlLiteral(
  node: TSESTree.Node | undefined,
  source: SourceText,
): { readonly text: string; readonly base: number; readonly quote: string } | undefined {
  if (node === undefined) return undefined;
  const isText =
    (node.type === 'Literal' && typeof node.value === 'string') ||
    (node.type === 'TemplateLiteral' && node.expressions.length === 0);
  if (!isText) return undefined;
  const raw = textOf(source, node);
  const text = raw.slice(1, -1);
  return text.includes('\\') ? undefined : { text, base: node.range[0] + 1, quote: raw.slice(0, 1) };
}

/** Words that make a SELECT of more than the rows of one table, or that lock already. */
const notPlain = /^(FOR|GROUP|HAVING|DISTINCT|UNION|EXCEPT|INTERSECT|JOIN|WINDOW|LOCK|INTO|OFFSET)$/i;

/** FOR UPDATE at the end of a SELECT of one table. */
export function lockSqlSelect(call: SqlCall): readonly Edit[] | undefined {
  const tokens = tokenizeStatement(call.text, call.holes);
  const words = tokens?.filter(({ kind, depth }) => kind === 'word' && depth === 0) ?? [];
  const last = tokens?.at(-1);
  const from =
    tokens?.findIndex(({ kind, depth, text }) => kind === 'word' && depth === 0 && /^FROM$/i.test(text)) ?? -1;
  if (tokens === undefined || last === undefined || from < 0 || !/^SELECT$/i.test(words[0]?.text ?? ''))
    return undefined;
  if (words.some(({ text }) => notPlain.test(text))) return undefined;
  const where = tokens.findIndex(({ text }, index) => index > from && /^WHERE$/i.test(text));
  if (where < 0 || tokens.slice(from, where).some(({ text }) => text === ',' || text === '(')) return undefined;
  const at = call.base + last.end;
  return [{ range: [at, at], text: ' FOR UPDATE' }];
}

/** A DELETE in SQL text: the driver counts its rows anyway. */
export function countSqlDeleted(call: SqlCall, answers: SqlAnswers): RewrittenCall | undefined {
  const [first] = tokenizeStatement(call.text, call.holes) ?? [];
  if (first === undefined || !/^DELETE$/i.test(first.text)) return undefined;
  return { edits: answers.callEdits, imports: answers.imports, count: answers.count };
}

/** An UPDATE in SQL text. */
export function readSqlUpdate(call: SqlCall, answers: SqlAnswers): UpdateCall | undefined {
  const tokens = tokenizeStatement(call.text, call.holes);
  const statement = tokens && readUpdateStatement(tokens);
  if (statement === undefined) return undefined;
  const assigned = statement.assignments.map(({ column, value }): AssignedColumn => {
    const [only, ...more] = value;
    const node = only?.kind === 'parameter' && more.length === 0 ? call.valueOf(only) : undefined;
    return node === undefined ? { column, constant: classifyConstant(value) } : { column, node };
  });
  // a parameter inside an expression could carry what was read into it
  if (statement.assignments.some(({ value }) => value.length > 1 && value.some(({ kind }) => kind === 'parameter')))
    return undefined;
  const selects = statement.where.flatMap((token) => (token.kind === 'parameter' ? (call.valueOf(token) ?? []) : []));
  if (statement.where.some((token) => token.kind === 'parameter' && call.valueOf(token) === undefined))
    return undefined;
  return {
    assigned,
    selects,
    rewrite: (change) => rewriteSqlUpdate(call, answers, statement, change),
  };
}

function classifyConstant(value: readonly SqlToken[]): NonNullable<AssignedColumn['constant']> {
  const text = value.map((token) => token.text.toLowerCase()).join('');
  if (text === 'true' || text === 'false') return text;
  return /^(now\(\)|current_timestamp(\(\))?|datetime\('now'\))$/.test(text) ? 'moment' : 'other';
}

function rewriteSqlUpdate(
  call: SqlCall,
  answers: SqlAnswers,
  statement: NonNullable<ReturnType<typeof readUpdateStatement>>,
  change: WriteChange,
): RewrittenCall | undefined {
  const edits: Edit[] = [...(change.conditions.length > 0 ? answers.callEdits : [])];
  for (const { column, operator, amount } of change.arithmetic) {
    const assignment = statement.assignments.find((candidate) => candidate.column === column);
    const [token, ...more] = assignment?.value ?? [];
    if (assignment === undefined || token?.kind !== 'parameter' || more.length > 0) return undefined;
    const isShared =
      statement.assignments
        .flatMap(({ value }) => value)
        .concat(statement.where)
        .filter(({ text }) => text === token.text && /^\$\d/.test(text)).length > 1;
    if (isShared) return undefined;
    edits.push(...call.replaceValue(token, `${assignment.columnText} ${operator} `, textOf(call.source, amount)));
  }
  const parameters = call.startAdding();
  const conditions: string[] = [];
  for (const condition of change.conditions) {
    const own = statement.assignments.find(({ column }) => column === condition.column)?.columnText;
    const text = renderSqlCondition(call, condition, own, parameters.add);
    if (text === undefined) return undefined;
    conditions.push(text);
  }
  const added = parameters.finish();
  if (added === undefined) return undefined;
  if (conditions.length > 0) {
    const at = call.base + statement.whereEnd;
    edits.push({ range: [at, at], text: ` AND ${conditions.join(' AND ')}` }, ...added);
  }
  return {
    edits,
    imports: change.conditions.length > 0 ? answers.imports : [],
    count: answers.count,
    readBound: (pattern) => answers.readBound(pattern, statement.isReturning),
  };
}

function renderSqlCondition(
  call: SqlCall,
  { column, comparison, value }: RowCondition,
  own: string | undefined,
  add: (value: string) => string,
): string | undefined {
  const name = own ?? quoteColumn(call, column);
  if (name === undefined) return undefined;
  const operator = comparison === '!=' ? '<>' : comparison;
  if (value.kind === 'expression') return `${name} ${operator} ${add(textOf(call.source, value.node))}`;
  const constant = value.value;
  if (constant === null) return `${name} IS ${comparison === '=' ? '' : 'NOT '}NULL`;
  if (typeof constant === 'boolean')
    return `${name} ${operator} ${call.dialect === 'sqlite' ? (constant ? '1' : '0') : constant ? 'TRUE' : 'FALSE'}`;
  if (typeof constant === 'number') return `${name} ${operator} ${String(constant)}`;
  if (call.quote === "'" || /['\\`$]/.test(constant))
    return `${name} ${operator} ${add(renderConstant(call.source, constant))}`;
  return `${name} ${operator} '${constant}'`;
}

/** A column's name as SQL; undefined where its quotes would end the text of the source. */
export function quoteColumn(call: SqlCall, column: string): string | undefined {
  if (/^[a-z_][a-z0-9_]*$/.test(column) || (call.dialect !== 'postgresql' && /^\w+$/.test(column))) return column;
  const quote = call.dialect === 'mysql' ? '`' : '"';
  return call.quote === quote ? undefined : `${quote}${column}${quote}`;
}

/** An INSERT in SQL text. */
export function readSqlInsert(
  call: SqlCall,
  answers: SqlAnswers,
  isDuplicate: NonNullable<InsertCall['isDuplicate']>,
): InsertCall | undefined {
  const tokens = tokenizeStatement(call.text, call.holes);
  const statement = tokens && readInsertStatement(tokens);
  if (statement === undefined) return { isDuplicate };
  const at = call.base + statement.valuesEnd;
  const spell = (key: readonly string[]): readonly string[] | undefined => {
    const names = key.map((column) => statement.columnTexts[statement.columns.indexOf(column)]);
    return names.every((name): name is string => name !== undefined) ? names : undefined;
  };
  if (call.dialect === 'mysql') return { isDuplicate };
  return {
    isDuplicate,
    ignoreDuplicate: (key) => {
      const names = spell(key);
      return names === undefined
        ? undefined
        : {
            edits: [...answers.callEdits, { range: [at, at], text: ` ON CONFLICT (${names.join(', ')}) DO NOTHING` }],
            namesKey: true,
            imports: answers.imports,
            count: answers.count,
            readBound: (pattern) => answers.readBound(pattern, statement.isReturning),
          };
    },
    getOrCreate: (key, { columns }) => {
      const names = spell(key);
      if (names === undefined || !isSameList(statement.returning, columns)) return undefined;
      const set = names.map((name) => `${name} = EXCLUDED.${name}`).join(', ');
      return {
        edits: [{ range: [at, at], text: ` ON CONFLICT (${names.join(', ')}) DO UPDATE SET ${set}` }],
        imports: [],
      };
    },
  };
}

/** Does RETURNING give what the read gave? */
function isSameList(returning: readonly string[] | undefined, columns: readonly string[] | undefined): boolean {
  if (returning === undefined) return false;
  if (columns === undefined) return returning.length === 1 && returning[0] === '*';
  return returning.length === columns.length && columns.every((column) => returning.includes(column));
}

/** Values in an array literal, or as the arguments of a call. */
export interface ValueList {
  readonly elements: readonly (TSESTree.Node | null)[];
  /** Where a further value is written, and what comes before it. */
  readonly end: number;
}

/** The parts of a call whose placeholders are numbered (`$1`) or positional (`?`). */
export function readParameters(
  source: SourceText,
  literal: { readonly text: string; readonly base: number; readonly quote: string },
  values: ValueList | undefined,
  dialect: SqlCall['dialect'],
): SqlCall {
  const elements = values?.elements ?? [];
  const tokens = tokenizeStatement(literal.text) ?? [];
  const positional = tokens.filter(({ text }) => text === '?');
  const indexOf = (token: SqlToken): number =>
    /^\$\d+$/.test(token.text)
      ? Number(token.text.slice(1)) - 1
      : positional.findIndex(({ start }) => start === token.start);
  const valueOf = (token: SqlToken): TSESTree.Node | undefined => {
    const element = elements[indexOf(token)];
    return element == null || element.type === 'SpreadElement' ? undefined : element;
  };
  const replaced = new Map<TSESTree.Node, string>();
  return {
    ...literal,
    source,
    holes: [],
    dialect,
    valueOf,
    replaceValue: (token, before, value) => {
      const node = valueOf(token);
      if (node === undefined) return [];
      replaced.set(node, value);
      const at = literal.base + token.start;
      return [
        { range: [at, at], text: before },
        { range: node.range, text: value },
      ];
    },
    startAdding: () => {
      const added: string[] = [];
      return {
        add: (value) => {
          if (dialect !== 'postgresql') {
            added.push(value);
            return '?';
          }
          const same = elements.findIndex(
            (element) => element !== null && (replaced.get(element) ?? textOf(source, element)) === value,
          );
          if (same >= 0) return `$${String(same + 1)}`;
          const again = added.indexOf(value);
          if (again >= 0) return `$${String(elements.length + again + 1)}`;
          added.push(value);
          return `$${String(elements.length + added.length)}`;
        },
        finish: () => {
          if (added.length === 0) return [];
          const isFixed = elements.every((element) => element !== null && element.type !== 'SpreadElement');
          if (values === undefined || !isFixed || elements.length === 0) return undefined;
          return [{ range: [values.end, values.end], text: `, ${added.join(', ')}` }];
        },
      };
    },
  };
}

/** The elements of an array literal as values. */
export function readValueList(node: TSESTree.Node | undefined): ValueList | undefined {
  if (node?.type !== 'ArrayExpression') return undefined;
  const last = node.elements.at(-1);
  return { elements: node.elements, end: last?.range[1] ?? node.range[0] + 1 };
}
