import type { AnswerShape } from '../../../model/answer-shape.ts';
import type { EngineName } from '../../../model/engine.ts';
import type { Recognition } from '../../../model/recognition.ts';
import type { ChainStep, Value } from '../../../model/value.ts';
import type { Fragment, SqlText } from '../../compose-fragments.ts';
import { composeFragments } from '../../compose-fragments.ts';
import { databaseStore } from '../../database-store.ts';
import { readSqlEffects } from '../../sql/read-sql-effects.ts';
import { findNamespaceSteps } from './prisma-namespace.ts';

/** Members that send SQL text, and what they answer. */
export const rawMembers: Readonly<Record<string, AnswerShape>> = {
  $queryRaw: { kind: 'rows' },
  $queryRawUnsafe: { kind: 'rows' },
  $executeRaw: { kind: 'count' },
  $executeRawUnsafe: { kind: 'count' },
};

/** What raw SQL through Prisma does: the tagged forms, `Prisma.sql` arguments, and text with positional parameters. */
export function recognizeRawSql(step: ChainStep, answer: AnswerShape, engine: EngineName | undefined): Recognition {
  const sql = readText(step, engine);
  if (sql === undefined) return { kind: 'unsupported', reason: 'SQL text is computed', detail: step.name };
  const read = readSqlEffects(sql, { dialect: engine, store: databaseStore });
  if ('unsupported' in read) return { kind: 'unsupported', reason: read.unsupported, detail: step.name };
  const effects = read.drafts.map((draft) => ({ ...draft, answer }));
  if (effects.length === 0) return { kind: 'nothing' };
  return { kind: 'effects', sent: 'on await', effects, answer };
}

function readText(step: ChainStep, engine: EngineName | undefined): SqlText | undefined {
  if (step.template !== undefined) return composeFragments(step.template, findFragment, engine);
  const [first, ...values] = step.args ?? [];
  if (first === undefined) return undefined;
  if (first.kind === 'constant' && typeof first.value === 'string') return { text: first.value, values };
  return composeFragments({ kind: 'template', quasis: ['', ''], values: [first] }, (value) => findFragment(value) ?? (value === first ? { kind: 'computed' } : undefined), engine);
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
        return first === undefined ? { kind: 'computed' } : { kind: 'template', template: { kind: 'template', quasis: ['', ''], values: [first] } };
      }
      return { kind: 'list', items: first.elements, separator: second === undefined ? ', ' : String(second.value) };
    default:
      return undefined;
  }
}
