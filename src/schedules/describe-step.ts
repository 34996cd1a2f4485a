import type { Machine } from './machine.ts';
import type { PlanCommand, PlanOperation } from './plan.ts';
import type { Found } from './statements.ts';
import { renderValue, type Value } from './values.ts';

/** What a statement saw or did, in the words of a timeline: `finds none`, `stock 10`, `1 row`. */
export function describeFound(machine: Machine, operation: PlanOperation, found: Found): string {
  const { action, bind } = operation;
  switch (action.kind) {
    case 'read': {
      if (action.aggregate) {
        const name = action.aggregate.kind === 'count' ? 'count' : `${action.aggregate.kind}`;
        return `${name} ${renderValue(found.aggregate ?? null)}`;
      }
      if (found.count === 0) return 'finds none';
      const first = found.first;
      const columns = machine.tables[action.table]?.columns ?? [];
      const shown = first
        ? bind.columns
            .filter(([column]) => column >= 0)
            .map(([column]) => `${columns[column] ?? ''} ${renderValue(first[column] ?? null)}`)
        : [];
      const rows = found.count === 1 ? 'finds it' : `finds ${renderValue(found.count)}`;
      return shown.length > 0 && shown.length <= 3 ? shown.join(', ') : rows;
    }
    case 'insert':
      if (found.count === 0) return 'inserts nothing';
      return found.yielded ? 'updates the row that is there' : '1 row';
    case 'update': {
      if (found.count === 0) return 'affects no row';
      const first = found.first;
      const columns = machine.tables[action.table]?.columns ?? [];
      const shown = first
        ? action.set.map(([column]) => `${columns[column] ?? ''} becomes ${renderValue(first[column] ?? null)}`)
        : [];
      return found.count === 1 && shown.length === 1 ? (shown[0] ?? '') : countRows(found.count);
    }
    case 'delete':
      return found.count === 0 ? 'finds nothing to delete' : countRows(found.count);
    case 'lock':
      return found.count === 0 ? 'not available' : 'locked';
    case 'unlock':
      return found.count === 0 ? 'was not held' : '';
    case 'commands':
      return 'does nothing: a watched key has changed';
    default:
      return '';
  }
}

function countRows(count: Value): string {
  return count === 1 ? '1 row' : `${renderValue(count)} rows`;
}

/** What the last command of a step answered. */
export function describeReply(planned: PlanCommand | undefined, value: Value, count: number): string {
  if (!planned) return '';
  switch (planned.command.kind) {
    case 'get':
    case 'getdel':
    case 'getset':
    case 'smembers':
    case 'hgetall':
    case 'mget':
      return count === 0 ? 'finds none' : renderValue(value);
    case 'set':
      return planned.command.onlyIfAbsent ? (count > 0 ? 'set' : 'is there already') : '';
    case 'exists':
      return count > 0 ? 'yes' : 'no';
    case 'del':
    case 'delif':
    case 'srem':
      return count > 0 ? 'removed' : 'nothing to remove';
    case 'incr':
      return `becomes ${renderValue(value)}`;
    case 'ttl':
      return count > 0 ? 'has a time to live' : 'has none';
    case 'sadd':
      return count > 0 ? 'added' : 'is there already';
    case 'expire':
    case 'persist':
      return count > 0 ? '' : 'no such key';
    case 'hset':
    case 'mset':
      return '';
  }
}
