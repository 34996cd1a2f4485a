import type { ObjectValue, TemplateValue, Value } from '../../model/value.ts';
import { unknownColumn } from '../sql/bind-sql-text.ts';
import { nameHole } from '../sql/compose-sql-text.ts';
import type { SqlText } from '../sql/read-sql-effects.ts';

/** The text so far, and what fills its holes. */
interface Draft {
  text: string;
  readonly holes: Value[];
  partial: boolean;
}

/** Keywords that decide what an object helper becomes: the last one before it. */
const keywords = /\b(values|in|select|as|returning|update|set|insert|where|and|or|from|into|by|join|on)\b/gi;

/**
 * The SQL of a tagged template: nested templates are inlined, `sql(…)` helpers written out as the library would, other
 * interpolations are parameters.
 *
 * @returns undefined when some of the text is computed
 */
export function composePostgresJs(template: TemplateValue): SqlText | undefined {
  const draft: Draft = { text: '', holes: [], partial: false };
  return appendTemplate(template, draft)
    ? { text: draft.text, values: [], holes: draft.holes, partial: draft.partial }
    : undefined;
}

function appendTemplate(template: TemplateValue, draft: Draft): boolean {
  draft.text += template.quasis[0] ?? '';
  for (const [index, value] of template.values.entries()) {
    if (!appendValue(value, draft)) return false;
    draft.text += template.quasis[index + 1] ?? '';
  }
  return true;
}

function appendValue(value: Value, draft: Draft): boolean {
  if (value.kind === 'chain' && value.root.kind === 'client' && value.root.client.library === 'postgres-js') {
    const [step, ...more] = value.steps;
    if (step?.template !== undefined && more.length === 0) return appendTemplate(step.template, draft);
    if (step?.name === '()' && step.args !== undefined && more.length === 0) return appendHelper(step.args, draft);
    return false;
  }
  // A condition on which fragment to use makes the text itself depend on it.
  if (value.kind === 'choice' && (isFragment(value.then) || isFragment(value.otherwise))) return false;
  if (value.kind === 'apply' && value.operands.some(isFragment)) return false;
  draft.text += hole(value, draft);
  return true;
}

function isFragment(value: Value): boolean {
  return value.kind === 'chain' && value.root.kind === 'client' && value.root.client.library === 'postgres-js';
}

/** `sql('users')`, `sql(['id', 'name'])`, `sql(user, 'name', 'email')`, `sql(users)`, `sql([1, 2])` after IN. */
function appendHelper(args: readonly Value[], draft: Draft): boolean {
  const [first, ...rest] = args;
  if (first === undefined) return false;
  if (first.kind === 'constant' && typeof first.value === 'string') {
    draft.text += quote(first.value);
    return true;
  }
  const keyword = [...draft.text.matchAll(keywords)].at(-1)?.[1]?.toLowerCase();
  const opened = /\(\s*$/.test(draft.text);
  if (keyword === 'in') {
    const list = hole(first, draft);
    draft.text += opened ? list : `(${list})`;
    return true;
  }
  const names = readNames(first, rest);
  if (keyword === 'insert' || keyword === 'into' || keyword === 'values')
    return appendRows(first, rest, keyword === 'values', draft);
  if (keyword === 'update' || keyword === 'set') {
    const row = readRow(first, rest);
    const entries = row.entries.map((entry) => `${quote(entry.name)} = ${hole(entry.value, draft)}`);
    draft.partial ||= !row.complete;
    draft.text += entries.length > 0 ? entries.join(', ') : `${unknownColumn} = ${hole(first, draft)}`;
    return true;
  }
  if (names === undefined) return false;
  draft.text += names.map(quote).join(', ');
  return true;
}

function appendRows(first: Value, rest: readonly Value[], afterValues: boolean, draft: Draft): boolean {
  if (first.kind === 'array' && afterValues) return false;
  const many = first.kind === 'array' && (first.elements.length > 1 || !first.complete);
  const rows =
    first.kind === 'array' ? first.elements.map((element) => readRow(element, rest)) : [readRow(first, rest)];
  const [row] = rows;
  if (row === undefined) return false;
  draft.partial ||= rows.some(({ complete }) => !complete);
  const columns = row.entries.map(({ name }) => name);
  const lists = rows.map((each) => `(${columns.map((column) => hole(findValue(each, column), draft)).join(', ')})`);
  // An array whose length does not show has at least two rows for all that is known.
  if (many && lists.length === 1)
    lists.push(`(${columns.map(() => hole({ kind: 'unknown', reason: 'another row' }, draft)).join(', ')})`);
  draft.text +=
    columns.length === 0
      ? ' default values'
      : afterValues
        ? lists.join(', ')
        : `(${columns.map(quote).join(', ')}) values ${lists.join(', ')}`;
  return true;
}

function findValue(row: ObjectValue, column: string): Value {
  return row.entries.findLast((entry) => entry.name === column)?.value ?? { kind: 'unknown', reason: 'no such entry' };
}

/** A row as the helper takes it: with columns named, only those; the members of an unknown object keep their identity. */
function readRow(value: Value, rest: readonly Value[]): ObjectValue {
  const columns = readColumns(rest);
  if (value.kind === 'object') {
    if (columns === undefined)
      return { ...value, complete: value.complete && value.spreads.every(({ kind }) => kind === 'object') };
    return { ...value, entries: columns.map((name) => ({ name, value: findValue(value, name) })), complete: true };
  }
  const entries = (columns ?? []).map((name) => ({
    name,
    value: { kind: 'apply', operator: `member:${name}`, operands: [value] } as const,
  }));
  return { kind: 'object', entries, spreads: [], complete: columns !== undefined };
}

function readColumns(rest: readonly Value[]): readonly string[] | undefined {
  const flat = rest.flatMap((argument) => (argument.kind === 'array' ? argument.elements : [argument]));
  const names = flat.flatMap((argument) =>
    argument.kind === 'constant' && typeof argument.value === 'string' ? [argument.value] : [],
  );
  return flat.length > 0 && names.length === flat.length ? names : undefined;
}

/** A list of column names: `sql(['id', 'name'])`, or the keys of an object after SELECT. */
function readNames(first: Value, rest: readonly Value[]): readonly string[] | undefined {
  if (first.kind === 'array' && first.complete) return readColumns([first, ...rest]);
  return first.kind === 'object' && first.complete ? first.entries.map(({ name }) => name) : undefined;
}

function quote(name: string): string {
  return name
    .split('.')
    .map((part) => (part === '*' ? part : `"${part}"`))
    .join('.');
}

function hole(value: Value, draft: Draft): string {
  draft.holes.push(value);
  return nameHole(draft.holes.length - 1);
}
