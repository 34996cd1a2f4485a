import type { RenamedColumns } from '../../model/answer-shape.ts';
import type { Condition, ReadAction } from '../../model/effect.ts';
import type { Value } from '../../model/value.ts';

/** What the text of a PostgREST `select` asks for. https://docs.postgrest.org/en/stable/references/api/tables_views.html */
export interface ColumnList {
  /** Absent for all columns. */
  readonly columns?: readonly string[];
  readonly renamed?: RenamedColumns;
  /** Embedded tables. */
  readonly joined: readonly string[];
  /** Those of them that come as rows, by the name in the answer. */
  readonly embedded: Readonly<Record<string, string>>;
  /** What `!inner` embedding asks of the rows. */
  readonly conditions: readonly Condition[];
  readonly aggregate?: NonNullable<ReadAction['aggregate']>;
}

const aggregates: Readonly<Record<string, NonNullable<ReadAction['aggregate']>['kind']>> = {
  count: 'count',
  max: 'max',
  min: 'min',
  sum: 'sum',
  avg: 'other',
};

/**
 * @param value the argument of `select`; without one, or computed, it means all columns
 */
export function readColumnList(value: Value | undefined): ColumnList {
  if (value?.kind !== 'constant' || typeof value.value !== 'string')
    return { joined: [], embedded: {}, conditions: [] };
  const columns: string[] = [];
  const renamed: Record<string, string> = {};
  const joined: string[] = [];
  const embedded: Record<string, string> = {};
  const conditions: Condition[] = [];
  const found: NonNullable<ReadAction['aggregate']>[] = [];
  let all = false;
  for (const item of splitItems(value.value)) {
    const match = /^(?:(\w+)\s*:\s*)?(\*|[\w.]+)(![\w]+)*(?:::(\w+))?\s*(\([\s\S]*\))?$/.exec(
      item.replace(/^\.\.\./, ''),
    );
    const name = match?.[2];
    if (match === null || name === undefined) {
      all = true;
    } else if (match[5] !== undefined) {
      const call = /^(?:(\w+)\.)?(count|sum|avg|max|min)$/.exec(name);
      if (call !== null && match[5] === '()')
        found.push({ kind: aggregates[call[2] ?? ''] ?? 'other', ...(call[1] !== undefined && { column: call[1] }) });
      else {
        joined.push(name);
        // a count, or columns spread into the row itself, are no rows
        if (!item.startsWith('...') && !/\bcount\b/.test(match[5])) embedded[match[1] ?? name] = name;
      }
      if (item.includes('!inner')) conditions.push({ kind: 'elsewhere', text: item });
    } else if (name === '*') {
      all = true;
    } else {
      columns.push(name);
      if (match[1] !== undefined && match[1] !== name) renamed[match[1]] = name;
    }
  }
  const [aggregate, another] = found;
  return {
    joined,
    embedded,
    conditions,
    ...(!all && columns.length > 0 && { columns }),
    ...(Object.keys(renamed).length > 0 && { renamed }),
    ...(aggregate && { aggregate: another === undefined && columns.length === 0 ? aggregate : { kind: 'other' } }),
  };
}

/** Splits at the commas outside parentheses. */
export function splitItems(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    if (character === '(' || character === '{') depth += 1;
    else if (character === ')' || character === '}') depth -= 1;
    else if (character === undefined || (character === ',' && depth === 0)) {
      items.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  return items.filter((item) => item !== '');
}
