import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { Client } from '../../../model/client.ts';
import type { Recognition } from '../../../model/recognition.ts';
import type { ChainStep, TemplateValue, Value } from '../../../model/value.ts';
import type { RecognizeContext } from '../../adapter.ts';
import type { Fragment } from '../../compose-fragments.ts';
import { composeFragments } from '../../compose-fragments.ts';
import { normalizeExport } from '../../find-export-steps.ts';
import type { SqlCall } from '../../sql/recognize-sql-text.ts';
import { recognizeSqlArguments, recognizeSqlText } from '../../sql/recognize-sql-text.ts';
import type { DrizzleDriver } from './drivers.ts';
import { findColumn, findTable } from './find-table.ts';

/** Members of a database that send SQL; all but `execute` exist on SQLite only. */
export const sqlMembers: ReadonlySet<string> = new Set(['execute', 'run', 'all', 'get', 'values']);

/** What `` db.execute(sql`…`) `` and its kin do. */
export function recognizeSql(
  client: Client,
  step: ChainStep,
  driver: DrizzleDriver,
  context: RecognizeContext,
): Recognition {
  const engine = client.engine ?? context.engine;
  const call: SqlCall = {
    client,
    engine,
    sent: client.synchronous === true ? 'on call' : 'on await',
    wrap: (answer) => wrapAnswer(step.name, answer, driver),
    newConnection: context.newConnection,
  };
  const [first] = step.args ?? [];
  if (first === undefined) return { kind: 'pending' };
  if (first.kind !== 'chain') return recognizeSqlArguments(first, undefined, call);
  const whole: TemplateValue = { kind: 'template', quasis: ['', ''], values: [first] };
  const text = composeFragments(
    whole,
    (value) => findFragment(value) ?? (value === first ? { kind: 'computed' } : undefined),
    engine,
  );
  if (text === undefined) return { kind: 'unsupported', reason: 'SQL text is computed', detail: step.name };
  return recognizeSqlText(text, call);
}

function wrapAnswer(member: string, answer: AnswerShape, driver: DrizzleDriver): AnswerShape {
  switch (member) {
    case 'get':
      return { kind: 'row', absent: 'undefined' };
    case 'all':
    case 'values':
      return { kind: 'rows' };
    case 'run':
      return driver.written;
    default:
      return answer.kind === 'rows' ? driver.queried : driver.written;
  }
}

/** What stands for SQL inside `` sql`…` ``. https://orm.drizzle.team/docs/sql */
function findFragment(value: Value): Fragment | undefined {
  if (value.kind !== 'chain') return undefined;
  const start = normalizeExport(value);
  if (start?.package.startsWith('drizzle-orm') !== true) return undefined;
  if (start.name === 'sql') return readSqlMember(start.steps[0]);
  const table = findTable(value);
  if (table !== undefined) return { kind: 'text', text: quote(table.name) };
  const column = findColumn(value);
  if (column !== undefined) return { kind: 'text', text: `${quote(column.table.identity)}.${quote(column.column)}` };
  // An operator (`eq(…)`) or anything else that builds SQL.
  return { kind: 'computed' };
}

function readSqlMember(step: ChainStep | undefined): Fragment | undefined {
  if (step?.template !== undefined) return { kind: 'template', template: step.template };
  const [first, second] = step?.args ?? [];
  switch (step?.name) {
    case 'empty':
      return { kind: 'text', text: '' };
    case 'raw':
      return first?.kind === 'constant' ? { kind: 'text', text: String(first.value) } : { kind: 'computed' };
    case 'identifier':
      return first?.kind === 'constant' ? { kind: 'text', text: quote(String(first.value)) } : { kind: 'computed' };
    case 'param':
      return first && { kind: 'template', template: { kind: 'template', quasis: ['', ''], values: [first] } };
    case 'join':
      return readJoin(first, second);
    default:
      return { kind: 'computed' };
  }
}

function readJoin(items: Value | undefined, separator: Value | undefined): Fragment {
  if (items?.kind !== 'array' || !items.complete) return { kind: 'computed' };
  if (separator === undefined) return { kind: 'list', items: items.elements, separator: '' };
  const between = findFragment(separator);
  const text =
    between?.kind === 'template' && between.template.values.length === 0
      ? between.template.quasis.join('')
      : between?.kind === 'text'
        ? between.text
        : undefined;
  return text === undefined ? { kind: 'computed' } : { kind: 'list', items: items.elements, separator: text };
}

/** Only where it has to be: the same quotes are not right for every engine. */
function quote(name: string): string {
  return /^[a-z_]\w*$/i.test(name) && !reserved.has(name.toLowerCase()) ? name : `"${name}"`;
}

const reserved = new Set([
  'user',
  'order',
  'group',
  'table',
  'select',
  'default',
  'check',
  'references',
  'limit',
  'end',
  'from',
  'to',
]);
