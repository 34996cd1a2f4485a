import type { PlanCommand } from './plan.ts';
import { evaluateCode } from './predicates.ts';
import type { Entry, State } from './state.ts';
import { setConnection } from './state.ts';
import { applyFunction, isSymbolic, type Value } from './values.ts';

/** What a command answers: a value, the members of a set or hash, or an error of the wrong type. */
export interface Reply {
  readonly value: Value;
  readonly count: number;
  readonly fields?: ReadonlyMap<Value, Value>;
  readonly fails?: boolean;
}

const absent: Reply = { value: null, count: 0 };

function answer(value: Value): Reply {
  return { value, count: value === null || value === 0 || value === false ? 0 : 1 };
}

function put(state: State, key: Value, entry: Entry | undefined): void {
  const keys = new Map(state.keys);
  if (entry) keys.set(key, entry);
  else keys.delete(key);
  state.keys = keys;
  state.connections.forEach((connection, index) => {
    if (connection.watched.includes(key) && !connection.watchBroken) setConnection(state, index, { watchBroken: true });
  });
}

function readText(entry: Entry | undefined): Value {
  return entry?.kind === 'text' ? entry.value : null;
}

/**
 * Executes one command; an indivisible step (https://redis.io/docs/latest/develop/using-commands/transactions/). SET and
 * GETSET drop a time to live, INCR keeps it (measured, R6…).
 */
export function runCommand(state: State, planned: PlanCommand, slots: readonly Value[]): Reply {
  const { command } = planned;
  const keys = planned.keys.map((key) => evaluateCode(key, slots));
  const values = planned.values.map((value) => evaluateCode(value, slots));
  const key = keys[0] ?? null;
  const value = values[0] ?? null;
  const entry = state.keys.get(key);
  const old = readText(entry);
  switch (command.kind) {
    case 'get':
      return entry && entry.kind !== 'text' ? { value: null, count: 0, fails: true } : answerPresent(entry, old);
    case 'getdel':
      if (entry) put(state, key, undefined);
      return answerPresent(entry, old);
    case 'exists':
      return answer(entry ? 1 : 0);
    case 'ttl':
      return { value: entry ? (entry.expires ? makeRemaining() : -1) : -2, count: entry?.expires ? 1 : 0 };
    case 'smembers':
      return entry?.kind === 'set' ? { value: applyFunction('', entry.members), count: entry.members.length } : absent;
    case 'hgetall':
      return entry?.kind === 'hash'
        ? { value: applyFunction('', [...entry.fields].flat()), count: entry.fields.size, fields: entry.fields }
        : absent;
    case 'set': {
      if (command.onlyIfAbsent && entry) return absent;
      const expires = command.expiry === 'set' || (command.expiry === 'keep' && entry?.expires === true);
      put(state, key, { kind: 'text', value, expires });
      return answer(`'OK`);
    }
    case 'getset':
      put(state, key, { kind: 'text', value, expires: false });
      return answerPresent(entry, old);
    case 'del':
      if (!entry) return answer(0);
      put(state, key, undefined);
      return answer(1);
    case 'delif':
      if (entry?.kind !== 'text' || entry.value !== value) return answer(0);
      put(state, key, undefined);
      return answer(1);
    case 'expire':
    case 'persist': {
      const expires = command.kind === 'expire';
      if (!entry) return answer(0);
      if (entry.expires !== expires) put(state, key, { ...entry, expires });
      return answer(1);
    }
    case 'incr': {
      if (entry && (entry.kind !== 'text' || (typeof old !== 'number' && !isSymbolic(old))))
        return { value: null, count: 0, fails: true };
      const next = applyFunction('+', [entry ? old : 0, value]);
      put(state, key, { kind: 'text', value: next, expires: entry?.expires ?? false });
      return { value: next, count: 1 };
    }
    case 'sadd': {
      const members = entry?.kind === 'set' ? entry.members : [];
      if (members.includes(value)) return answer(0);
      put(state, key, { kind: 'set', members: [...members, value].sort(), expires: entry?.expires ?? false });
      return answer(1);
    }
    case 'srem': {
      const members = entry?.kind === 'set' ? entry.members : [];
      if (!members.includes(value)) return answer(0);
      const rest = members.filter((member) => member !== value);
      put(state, key, rest.length > 0 ? { kind: 'set', members: rest, expires: entry?.expires ?? false } : undefined);
      return answer(1);
    }
    case 'hset': {
      const fields = new Map(entry?.kind === 'hash' ? entry.fields : []);
      const added = fields.has(value) ? 0 : 1;
      fields.set(value, values[1] ?? null);
      put(state, key, { kind: 'hash', fields, expires: entry?.expires ?? false });
      return answer(added);
    }
    case 'mget': {
      const found = keys.map((each) => readText(state.keys.get(each)));
      return {
        value: applyFunction('', found),
        count: found.filter((each) => each !== null).length,
        fields: new Map(found.map((each, index) => [index, each])),
      };
    }
    case 'mset':
      keys.forEach((each, index) => put(state, each, { kind: 'text', value: values[index] ?? null, expires: false }));
      return answer(`'OK`);
  }
}

function answerPresent(entry: Entry | undefined, value: Value): Reply {
  return entry ? { value, count: 1 } : absent;
}

/** Some time is left; how much is not modelled. */
function makeRemaining(): Value {
  return '~time to live';
}
