import type { AnswerShape } from '../model/answer-shape.ts';
import type { Effect, InsertAction } from '../model/effect.ts';
import type { Touch } from '../model/sketch.ts';

/** What one effect touches: a read of joined tables touches each of them. */
export function listTouches(effect: Effect): readonly Touch[] {
  const touches = listPlainTouches(effect);
  return effect.client.synchronous === true ? touches.map((touch) => ({ ...touch, isSynchronous: true })) : touches;
}

function listPlainTouches(effect: Effect): readonly Touch[] {
  const name = effect.resource.kind === 'table' ? effect.resource.name : effect.resource.store;
  switch (effect.kind) {
    case 'read': {
      const columns = effect.selector.conditions.flatMap((condition) =>
        condition.kind === 'compare' && (condition.operator === '=' || condition.operator === 'is null')
          ? [condition.column]
          : [],
      );
      const joined = (effect.joined ?? []).map((table): Touch => ({ access: 'read', name: table }));
      const tables: readonly Touch[] = [{ access: 'read', name, columns }, ...joined];
      return effect.mode === 'plain' ? tables : [...tables, { access: 'order', name }];
    }
    case 'insert':
      return [listInsert(effect.onConflict, name)];
    case 'update': {
      const columns = effect.assignments.map(({ column }) => column);
      const update: Touch = { access: 'update', name, ...(effect.complete ? { columns } : {}) };
      // how many rows it met may decide what follows, as a look-up does
      return tellsCount(effect.answer) ? [{ access: 'read', name }, update] : [update];
    }
    case 'delete':
      return [{ access: 'delete', name }];
    case 'command':
      return [{ access: 'command', name: effect.client.library }];
    case 'external':
      return [{ access: effect.action === 'read' ? 'look' : effect.action === 'send' ? 'send' : 'change', name }];
    case 'begin':
      return [{ access: effect.client.shared === undefined ? 'order' : 'share', name }];
    case 'block':
    case 'lock':
    case 'unlock':
    case 'commit':
    case 'rollback':
      return [{ access: 'order', name }];
  }
}

function listInsert(onConflict: InsertAction['onConflict'], name: string): Touch {
  if (onConflict.kind === 'fail') return { access: 'insert', name };
  return { access: 'upsert', name, ...(onConflict.target === undefined ? {} : { columns: onConflict.target }) };
}

function tellsCount(answer: AnswerShape): boolean {
  switch (answer.kind) {
    case 'count':
    case 'rows':
    case 'success':
      return true;
    case 'row':
      return answer.absent === 'null' || answer.absent === 'undefined';
    case 'object':
      return Object.values(answer.fields).some(tellsCount);
    case 'tuple':
      return answer.items.some(tellsCount);
    case 'scalar':
    case 'error':
    case 'none':
      return false;
  }
}

/** Each touch once. */
export function mergeTouches(lists: Iterable<readonly Touch[]>): readonly Touch[] {
  const merged = new Map<string, Touch>();
  for (const touches of lists) {
    for (const touch of touches) {
      const { access, name, columns, isSynchronous } = touch;
      merged.set(`${access} ${name} ${columns?.join(',') ?? '*'} ${String(isSynchronous)}`, touch);
    }
  }
  return [...merged.values()];
}
