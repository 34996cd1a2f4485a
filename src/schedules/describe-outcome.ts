import { findDifference } from './classify.ts';
import { describeEffects, describeKey, describeNumbers, describeTable } from './describe-rows.ts';
import type { Question } from './explore.ts';
import type { Machine } from './machine.ts';
import { readOutcome } from './outcome.ts';
import type { State } from './state.ts';
import { renderValue } from './values.ts';

interface Ended {
  readonly order: string;
  readonly state: State;
}

/** The end of a witness and of the serial orders, in plain words, one fact a line. */
export function describeDifference(
  machine: Machine,
  question: Question,
  end: State,
  others: readonly Ended[],
): { readonly final: readonly string[]; readonly expected: readonly string[] } {
  const states = others.map((other) => other.state);
  const isReader = question.mode === 'request and reader';
  const { data } = readOutcome(machine, end);
  // what only differs in who succeeded needs no rows
  const isSame = isReader || states.some((state) => readOutcome(machine, state).data === data);
  const difference = isSame ? { tables: [], keys: [], effects: false } : findDifference(machine, end, states);
  const compared = [end, ...states];
  const shown = (state: State): string[] => [
    ...difference.tables.flatMap((table) => describeTable(machine, table, state, compared)),
    ...difference.keys.map((key) => {
      const lives = new Set(compared.flatMap((each) => each.keys.get(key)?.expires ?? []));
      return describeKey(key, state.keys.get(key), lives.size > 1);
    }),
    ...(difference.effects ? describeEffects(state) : []),
  ];
  const sameData = difference.tables.length === 0 && difference.keys.length === 0 && !difference.effects;
  const describe = (state: State, tellsActors: boolean): string[] => [
    ...shown(state),
    ...(isReader ? describeReader(machine, state) : tellsActors ? describeActors(question, state) : []),
  ];
  const has = (state: State, status: string) => state.actors.some((actor) => actor.status === status);
  const isDouble =
    isSame && question.mode === 'two requests' && end.actors.every(({ status }) => status === 'finished');
  const final = [
    ...describe(end, sameData || has(end, 'failed')),
    // the two of a sold-out product took its stock down once
    ...(isDouble ? machine.tables.flatMap((_, table) => describeNumbers(machine, table, end)) : []),
  ];
  const lines = others.map(({ order, state }) => ({
    order,
    text: describe(state, sameData || has(state, 'refused')).join('; '),
  }));
  const isOne = lines.every((line) => line.text === lines[0]?.text);
  const isSingle = question.mode === 'request and crash' || question.mode === 'redelivery';
  const expected = isOne && !isSingle ? [lines[0]?.text ?? ''] : lines.map((line) => `${line.order}: ${line.text}`);
  return { final, expected: expected.filter((line) => line !== '') };
}

function describeActors(question: Question, state: State): string[] {
  const words = state.actors.slice(0, question.mode === 'request and crash' ? 1 : 2).map((actor, index) => {
    const name = index === 0 ? 'A' : 'B';
    if (actor.status === 'refused') return `${name} is refused`;
    if (actor.status === 'failed') return `${name} fails with ${actor.failure ?? 'an error'}`;
    const replies = actor.replies.map(renderValue).join(', ');
    return replies === '' ? `${name} succeeds` : `${name} answers ${replies}`;
  });
  return words.length === 2 && words.every((word) => word.endsWith('succeeds')) ? ['both requests succeed'] : words;
}

/** What the reader saw: its replies, or else what each of its reads found. */
function describeReader(machine: Machine, state: State): string[] {
  const reader = state.actors[1];
  if (!reader) return [];
  if (reader.replies.length > 0) return [`the reader answers ${reader.replies.map(renderValue).join(', ')}`];
  return (machine.plans[1]?.operations ?? []).flatMap((operation) => {
    const { count, columns } = operation.bind;
    if (count === undefined) return [];
    const found = reader.slots[count] ?? null;
    const values = columns.map(([, slot]) => reader.slots[slot] ?? null);
    const isAbsent = (found === 0 || found === null) && values.every((value) => value === null);
    const seen = isAbsent
      ? 'nothing'
      : columns.length === 1
        ? renderValue(values[0] ?? null)
        : columns.map(([, , name], index) => `${name} ${renderValue(values[index] ?? null)}`).join(', ');
    return [`the reader's ${operation.source.label} finds ${seen}`];
  });
}
