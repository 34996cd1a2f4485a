import type { AnswerShape } from '../../model/answer-shape.ts';
import type { Client } from '../../model/client.ts';
import type { EngineName } from '../../model/engine.ts';
import type { EffectDraft, Recognition } from '../../model/recognition.ts';
import type { Value } from '../../model/value.ts';
import { databaseStore } from '../database-store.ts';
import { composeSqlText } from './compose-sql-text.ts';
import { readSqlEffects, type SqlText } from './read-sql-effects.ts';

/** How a driver sends a text. */
export interface SqlCall {
  readonly client: Client;
  readonly engine: EngineName | undefined;
  readonly sent: 'on call' | 'on await';
  /** The driver's answer around the generic one: `rows` → `{ rows, rowCount }`. */
  readonly wrap: (answer: AnswerShape) => AnswerShape;
  readonly newConnection: () => string;
}

/**
 * @param text the argument with the SQL text
 * @param values the argument with the parameters, as the driver takes them; absent when there is none
 */
export function recognizeSqlArguments(text: Value | undefined, values: Value | undefined, call: SqlCall): Recognition {
  const composed = text === undefined ? undefined : composeSqlText(text);
  if (composed === undefined) return { kind: 'unsupported', reason: 'SQL text is computed' };
  return recognizeSqlText({ ...composed, values: listParameters(values) }, call);
}

/** What a driver call does that sends this text. */
export function recognizeSqlText(sql: SqlText, call: SqlCall): Recognition {
  const read = readSqlEffects(sql, { dialect: call.engine, store: databaseStore });
  if (read.kind === 'unsupported') return read;
  if (read.drafts.length === 0) return { kind: 'nothing' };
  const answers = read.answers;
  const answer: AnswerShape =
    answers === undefined ? { kind: 'none' } : call.wrap(read.drafts[answers]?.answer ?? { kind: 'none' });
  const effects = read.drafts.map((draft, index): EffectDraft => (index === answers ? { ...draft, answer } : draft));
  const at = answers ?? effects.length - 1;
  if (!read.atomic || call.client.connection !== 'pool')
    return { kind: 'effects', sent: call.sent, effects, answer, answers: at };
  // One statement with several effects is a transaction of its own; through a pool nothing else can be around it.
  const client: Client = { ...call.client, connection: call.newConnection() };
  const bracket = (kind: 'begin' | 'commit'): EffectDraft => ({
    action: { kind, resource: { kind: 'table', store: databaseStore, name: '' } },
    answer: { kind: 'none' },
    label: kind === 'begin' ? 'BEGIN (one statement)' : 'COMMIT (one statement)',
    client,
  });
  return {
    kind: 'effects',
    sent: call.sent,
    effects: [bracket('begin'), ...effects.map((draft) => ({ ...draft, client })), bracket('commit')],
    answer,
    answers: at + 1,
  };
}

/** Parameters by position. Of an array that does not show, the members are unknown but keep their identity. */
export function listParameters(values: Value | undefined): readonly Value[] {
  if (values === undefined || (values.kind === 'constant' && values.value === undefined)) return [];
  if (values.kind === 'array') return values.complete ? values.elements : [];
  if (values.kind === 'object') return [values];
  // No statement has more than a few parameters; each is a member of the unknown array.
  return Array.from({ length: 20 }, (_, index): Value => ({
    kind: 'apply',
    operator: `member:${index}`,
    operands: [values],
  }));
}
