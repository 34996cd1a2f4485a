import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { Client } from '../../../model/client.ts';
import type { EngineName } from '../../../model/engine.ts';
import type { Recognition } from '../../../model/recognition.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import type { RecognizeContext } from '../../adapter.ts';
import type { Fragment, SqlText } from '../../compose-fragments.ts';
import { composeFragments } from '../../compose-fragments.ts';
import type { SqlCall } from '../../sql/recognize-sql-text.ts';
import { recognizeSqlArguments, recognizeSqlText } from '../../sql/recognize-sql-text.ts';
import { findNamespaceSteps } from './prisma-namespace.ts';

/** Members that send SQL text, and what they answer. */
export const rawMembers: Readonly<Record<string, AnswerShape>> = {
  $queryRaw: { kind: 'rows' },
  $queryRawUnsafe: { kind: 'rows' },
  $executeRaw: { kind: 'count' },
  $executeRawUnsafe: { kind: 'count' },
};

/** What raw SQL through Prisma does: the tagged forms, `Prisma.sql` arguments, and text with positional parameters. */
export function recognizeRawSql(
  client: Client,
  step: ChainStep,
  answer: AnswerShape,
  context: RecognizeContext,
): Recognition {
  const engine = client.engine ?? context.engine;
  const call: SqlCall = { client, engine, sent: 'on await', wrap: () => answer, newConnection: context.newConnection };
  const [first, ...values] = step.args ?? [];
  // The text of the unsafe forms may be put together; what is computed in it becomes a hole.
  if (step.name.endsWith('Unsafe'))
    return recognizeSqlArguments(first, { kind: 'array', elements: values, complete: true }, call);
  const sql = readText(step, engine);
  if (sql === undefined) return { kind: 'unsupported', reason: 'SQL text is computed', detail: step.name };
  return recognizeSqlText(sql, call);
}

function readText(step: ChainStep, engine: EngineName | undefined): SqlText | undefined {
  if (step.template !== undefined) return composeFragments(step.template, findFragment, engine);
  const [first] = step.args ?? [];
  if (first === undefined) return undefined;
  return composeFragments(
    { kind: 'template', quasis: ['', ''], values: [first] },
    (value) => findFragment(value) ?? (value === first ? { kind: 'computed' } : undefined),
    engine,
  );
}

/** Members of the namespace `Prisma` that stand for SQL. https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/raw-queries */
function findFragment(value: Value): Fragment | undefined {
  const [step] = findNamespaceSteps(value) ?? [];
  if (step === undefined) return undefined;
  const [first, second] = step.args ?? [];
  switch (step.name) {
    case 'sql':
      return step.template === undefined ? { kind: 'computed' } : { kind: 'template', template: step.template };
    case 'empty':
      return { kind: 'text', text: '' };
    case 'raw':
      return first?.kind === 'constant' ? { kind: 'text', text: String(first.value) } : { kind: 'computed' };
    case 'join':
      if (second !== undefined && second.kind !== 'constant') return { kind: 'computed' };
      // A list of unknown length: one placeholder stands for all of it.
      if (first?.kind !== 'array' || !first.complete) {
        return first === undefined
          ? { kind: 'computed' }
          : { kind: 'template', template: { kind: 'template', quasis: ['', ''], values: [first] } };
      }
      return { kind: 'list', items: first.elements, separator: second === undefined ? ', ' : String(second.value) };
    default:
      return undefined;
  }
}
