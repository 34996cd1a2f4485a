import type { Condition, Effect, Resource, Selector } from '../model/effect.ts';
import type { Step, Trace } from '../model/trace.ts';
import { renderPlace } from './render-place.ts';
import { type NameAnswer, renderValue } from './render-value.ts';

/** Widest column of what a step does; longer ones push their place to the right. */
const widestAction = 64;

/**
 * What one run of a root does, a line a step:
 *
 * ```
 * bookSeat        root: exported, unbounded
 *   1  read    seat where id = seatId                       → s     src/book.ts:11
 *   2  update  seat where id = seatId  set free = s.free - 1        src/seats.ts:27  via takeSeat   when s.free > 0
 * ```
 *
 * @param cwd absolute folder that places are relative to
 */
export function renderTrace(trace: Trace, cwd: string): string {
  const nameAnswer = nameAnswers(trace.steps);
  const numbers = new Map(trace.steps.map((step, index) => [step.effect.id, index + 1]));
  const rows = trace.steps.map((step, index) => ({
    number: String(index + 1),
    verb: step.effect.kind === 'command' ? step.effect.command : step.effect.kind,
    action: renderAction(step.effect, nameAnswer),
    answer: isAnswerUsed(step.effect) ? `→ ${nameAnswer(step.effect.id)}` : '',
    place: renderPlace(step.effect.location, cwd),
    notes: renderNotes(step, nameAnswer, numbers),
  }));
  const widest = (texts: string[]): number => Math.max(0, ...texts.map((text) => text.length));
  const digits = widest(rows.map((row) => row.number));
  const verbs = widest(rows.map((row) => row.verb));
  const actions = Math.min(widestAction, widest(rows.map((row) => row.action)));
  const answers = widest(rows.map((row) => row.answer));
  const places = widest(rows.map((row) => row.place));
  const lines = [`${trace.root.name.padEnd(14)}  root: ${trace.root.reason}, ${trace.root.bound}`];
  for (const row of rows) {
    const columns = [
      row.number.padStart(digits),
      row.verb.padEnd(verbs),
      row.action.padEnd(actions),
      row.answer.padEnd(answers),
      row.place.padEnd(places),
      row.notes,
    ];
    lines.push(`  ${columns.filter((column) => column !== '').join('  ')}`.trimEnd());
  }
  for (const bailout of trace.bailouts) {
    const where = bailout.location === undefined ? '' : `  ${renderPlace(bailout.location, cwd)}`;
    const detail = bailout.detail === undefined ? '' : `: ${bailout.detail}`;
    lines.push(`  ?  ${bailout.kind}  ${bailout.reason}${detail}${where}`);
  }
  return lines.join('\n');
}

/** `s` for the first answer from `seat`, `s2` for the second. */
function nameAnswers(steps: readonly Step[]): NameAnswer {
  const names = new Map<string, string>();
  const taken = new Map<string, number>();
  for (const { effect } of steps) {
    if (names.has(effect.id)) continue;
    const letter = /[a-z]/i.exec(nameResource(effect.resource))?.[0].toLowerCase() ?? 'r';
    const count = (taken.get(letter) ?? 0) + (isAnswerUsed(effect) ? 1 : 0);
    taken.set(letter, count);
    names.set(effect.id, count > 1 ? `${letter}${String(count)}` : letter);
  }
  return (effect) => names.get(effect) ?? '?';
}

function isAnswerUsed(effect: Effect): boolean {
  return effect.answer.kind !== 'none';
}

function nameResource(resource: Resource): string {
  if (resource.kind === 'table' || resource.kind === 'external') return resource.name;
  return resource.store;
}

function renderResource(resource: Resource, nameAnswer: NameAnswer): string {
  switch (resource.kind) {
    case 'table':
      return resource.name;
    case 'external':
      return `${resource.store} ${resource.name}`;
    case 'key':
    case 'lock':
      return renderValue(resource.key, nameAnswer);
  }
}

function renderAction(effect: Effect, nameAnswer: NameAnswer): string {
  const resource = renderResource(effect.resource, nameAnswer);
  const assign = (
    list: readonly { readonly column: string; readonly value: Parameters<typeof renderValue>[0] }[],
  ): string => list.map(({ column, value }) => `${column} = ${renderValue(value, nameAnswer)}`).join(', ');
  switch (effect.kind) {
    case 'read': {
      const aggregate = effect.aggregate;
      const what = aggregate === undefined ? '' : `${aggregate.kind}(${aggregate.column ?? ''}) of `;
      const mode = effect.mode === 'plain' ? '' : `  for ${effect.mode}`;
      return `${what}${resource}${renderSelector(effect.selector, nameAnswer)}${mode}`;
    }
    case 'insert': {
      const more = effect.complete ? '' : ', …';
      const conflict = effect.onConflict.kind === 'fail' ? '' : `  on conflict ${effect.onConflict.kind}`;
      return `${resource}  ${assign(effect.values)}${more}${effect.many ? '  many rows' : ''}${conflict}`;
    }
    case 'update':
      return `${resource}${renderSelector(effect.selector, nameAnswer)}  set ${assign(effect.assignments)}${effect.complete ? '' : ', …'}`;
    case 'delete':
      return `${resource}${renderSelector(effect.selector, nameAnswer)}`;
    case 'command': {
      const parts = [effect.member, effect.value].flatMap((part) => (part ? [renderValue(part, nameAnswer)] : []));
      const expiry = effect.expiry === undefined ? '' : `  expiry ${effect.expiry}`;
      return `${[resource, ...parts].join('  ')}${expiry}`;
    }
    case 'block':
      return effect.commands
        .map((command) => `${command.command} ${renderResource(command.resource, nameAnswer)}`)
        .join('; ');
    case 'lock':
      return `${resource}  until ${effect.scope} ends${effect.attempt ? '  or not at all' : ''}`;
    case 'begin':
      return effect.isolation ?? 'default isolation';
    case 'external': {
      const key = effect.key === undefined ? '' : `  ${renderValue(effect.key, nameAnswer)}`;
      const idempotent = effect.idempotencyKey === undefined ? '' : '  idempotent';
      return `${effect.action} ${resource}${key}${idempotent}`;
    }
    case 'unlock':
      return resource;
    case 'commit':
    case 'rollback':
      return '';
  }
}

function renderSelector(selector: Selector, nameAnswer: NameAnswer): string {
  const where = selector.conditions.map((condition) => renderCondition(condition, nameAnswer)).join(' and ');
  const order = selector.order === undefined ? '' : `  order by ${selector.order.join(', ')}`;
  const limit = selector.limit === undefined || where !== '' ? '' : `  limit ${String(selector.limit)}`;
  return `${where === '' ? '' : ` where ${where}`}${order}${limit}`;
}

function renderCondition(condition: Condition, nameAnswer: NameAnswer): string {
  const renderAll = (list: readonly Condition[]): string =>
    list.map((part) => renderCondition(part, nameAnswer)).join(' and ');
  switch (condition.kind) {
    case 'compare':
      return condition.operator.startsWith('is')
        ? `${condition.column} ${condition.operator}`
        : `${condition.column} ${condition.operator} ${renderValue(condition.value, nameAnswer)}`;
    case 'any':
      return `(${condition.branches.map(renderAll).join(' or ')})`;
    case 'not':
      return `not (${renderAll(condition.conditions)})`;
    case 'elsewhere':
    case 'opaque':
      return `[${condition.text}]`;
  }
}

function renderNotes(step: Step, nameAnswer: NameAnswer, numbers: ReadonlyMap<string, number>): string {
  const notes: string[] = [];
  const refer = (ids: readonly string[]): string => ids.map((id) => String(numbers.get(id) ?? '?')).join(', ');
  if (step.calls.length > 0) notes.push(`via ${step.calls.map((call) => call.callee).join(' › ')}`);
  if (step.transaction !== undefined) {
    // `caller`: the handle was handed in
    notes.push(
      numbers.has(step.transaction) ? `in transaction ${refer([step.transaction])}` : "in the caller's transaction",
    );
  }
  const [locks, wrappers] = [step.locks.filter((id) => numbers.has(id)), step.locks.filter((id) => !numbers.has(id))];
  if (locks.length > 0) notes.push(`under lock ${refer(locks)}`);
  for (const wrapper of wrappers) notes.push(`inside ${wrapper.replace(/^wrapper:|@.*$/g, '')}`);
  if (step.loops.length > 0) notes.push('in a loop');
  if (step.parallel !== undefined) {
    const branch = step.parallel.mapped ? 'each' : `branch ${String(step.parallel.branch + 1)}`;
    notes.push(`Promise.${step.parallel.kind} ${branch}`);
  }
  if (step.guards.length > 0) {
    const guards = step.guards.map(({ condition, holds }) => {
      const text = renderValue(condition, nameAnswer);
      return holds ? text : /^[\w.]+$/.test(text) ? `!${text}` : `!(${text})`;
    });
    notes.push(`when ${guards.join(' and ')}`);
  }
  if (step.onError !== undefined) {
    const { catches, then } = step.onError;
    const what = catches === 'all' ? 'an error' : `a ${catches}`;
    notes.push(`${what} ${then === 'continues' ? 'is handled' : then === 'retries' ? 'is tried again' : then}`);
  }
  return notes.join('   ');
}
