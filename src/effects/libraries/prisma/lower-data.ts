import type { Assignment } from '../../../model/effect.ts';
import type { ObjectValue, Value } from '../../../model/value.ts';
import { isUndefined, mayBeUndefined } from '../../find-entry.ts';
import { keepWhereUndefined } from '../../keep-where-undefined.ts';
import type { InsertedRow } from '../../merge-rows.ts';
import { mergeRows } from '../../merge-rows.ts';

/** One operation on a relation inside `data`: `orders: { create: {…} }`. */
export interface NestedWrite {
  readonly relation: string;
  readonly operation: string;
  readonly value: Value;
}

/** What a `data` object writes: the row's own columns, and operations on related rows. */
export interface LoweredData {
  readonly assignments: readonly Assignment[];
  readonly complete: boolean;
  readonly nested: readonly NestedWrite[];
}

/** Operators that the database computes from the row's current value. */
const arithmetic: Readonly<Record<string, string>> = {
  increment: '+',
  decrement: '-',
  multiply: '*',
  divide: '/',
  push: 'push',
};

/** Operations on relations. https://www.prisma.io/docs/orm/reference/prisma-client-reference#nested-queries */
const relationOperations = new Set([
  'create',
  'createMany',
  'connect',
  'connectOrCreate',
  'upsert',
  'update',
  'updateMany',
  'delete',
  'deleteMany',
  'disconnect',
  'set',
]);

/**
 * Reads a `data`, `create` or `update` argument. Entries that are `undefined` are left out, as Prisma does; an entry
 * that is only sometimes given keeps the row's own value otherwise.
 *
 * @param data the argument; anything but an object may set any column
 * @param writes whether the row exists already, so that an entry left out keeps its value
 */
export function lowerData(data: Value | undefined, writes: 'insert' | 'update'): LoweredData {
  if (data?.kind !== 'object')
    return { assignments: [], complete: data === undefined || isUndefined(data), nested: [] };
  const assignments: Assignment[] = [];
  const nested: NestedWrite[] = [];
  for (const { name, value } of data.entries) {
    if (isUndefined(value)) continue;
    if (value.kind === 'object' && isRelationWrite(value)) {
      for (const entry of value.entries) {
        if (!isUndefined(entry.value)) nested.push({ relation: name, operation: entry.name, value: entry.value });
      }
    } else {
      assignments.push({ column: name, value: lowerWritten(name, value, writes) });
    }
  }
  return { assignments, complete: data.complete, nested };
}

/** The rows of a `createMany`: one description that holds for each of them, and whether there may be several. */
export function lowerRows(data: Value | undefined): InsertedRow & { readonly many: boolean } {
  if (data?.kind !== 'array') return { ...lowerData(data, 'insert'), many: data?.kind !== 'object' };
  return mergeRows(
    data.elements.map((element) => lowerData(element, 'insert')),
    data.complete,
  );
}

function isRelationWrite(value: ObjectValue): boolean {
  if (value.entries.length === 0 || !value.entries.every((entry) => relationOperations.has(entry.name))) return false;
  const [only] = value.entries;
  // `{ set: 'sold' }` and `{ set: ['a', 'b'] }` write a column; `{ set: [{ id }] }` replaces related rows.
  if (value.entries.length > 1 || only?.name !== 'set') return true;
  const sample = only.value.kind === 'array' ? only.value.elements[0] : undefined;
  return sample?.kind === 'object';
}

function lowerWritten(column: string, value: Value, writes: 'insert' | 'update'): Value {
  if (value.kind === 'object' && value.complete && value.entries.length === 1) {
    const [entry] = value.entries;
    const operator = entry && arithmetic[entry.name];
    if (entry && operator !== undefined && writes === 'update') {
      return { kind: 'apply', operator, operands: [{ kind: 'current', column }, entry.value] };
    }
    if (entry?.name === 'set') return entry.value;
  }
  return writes === 'update' && mayBeUndefined(value)
    ? keepWhereUndefined(column, value, (given) => lowerWritten(column, given, writes))
    : value;
}
