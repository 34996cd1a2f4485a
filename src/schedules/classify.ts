import type { Operation, Program, Term } from '../model/program.ts';
import type { Anomaly } from '../model/witness.ts';
import type { Question } from './explore.ts';
import type { Machine } from './machine.ts';
import { listRows, readOutcome } from './outcome.ts';
import type { SerialOutcomes } from './serial.ts';
import type { Entry, State } from './state.ts';
import type { Value } from './values.ts';

/** Relations, keys and effects in which a state differs from every one of the others. */
export interface Difference {
  readonly tables: readonly number[];
  readonly keys: readonly Value[];
  readonly effects: boolean;
}

/** Where a state differs from all others; if each part agrees with some other, where it differs from any. */
export function findDifference(machine: Machine, state: State, others: readonly State[]): Difference {
  const differsFrom = (differs: (other: State) => boolean, inAll: boolean) =>
    inAll ? others.every(differs) : others.some(differs);
  const names = new Set([...state.keys.keys(), ...others.flatMap((other) => [...other.keys.keys()])]);
  const find = (inAll: boolean): Difference => ({
    tables: machine.tables
      .map((_table, index) => index)
      .filter((index) => {
        const rows = listRows(machine, state, index).join('\n');
        return differsFrom((other) => listRows(machine, other, index).join('\n') !== rows, inAll);
      }),
    keys: [...names].filter((key) =>
      differsFrom((other) => !isSameEntry(state.keys.get(key), other.keys.get(key)), inAll),
    ),
    effects: differsFrom((other) => other.effects.join() !== state.effects.join(), inAll),
  });
  const inAll = find(true);
  return inAll.tables.length > 0 || inAll.keys.length > 0 || inAll.effects ? inAll : find(false);
}

function isSameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind !== b.kind || a.expires !== b.expires) return false;
  if (a.kind === 'text' && b.kind === 'text') return a.value === b.value;
  if (a.kind === 'set' && b.kind === 'set') return a.members.join() === b.members.join();
  return a.kind === 'hash' && b.kind === 'hash' && String([...a.fields].sort()) === String([...b.fields].sort());
}

function writes(program: Program, kind: Operation['kind'], relation: string): boolean {
  return program.operations.some(
    (operation) => operation.kind === kind && 'relation' in operation && operation.relation === relation,
  );
}

/** Names what went wrong between two requests, by where and how the outcome differs from the serial ones. */
export function classify(machine: Machine, question: Question, serial: SerialOutcomes, state: State): Anomaly {
  if (question.mode === 'request and reader') return question.hint === 'stale cache' ? 'stale cache' : 'torn read';
  const others = serial.full.map((order) => order.state);
  const { tables, keys, effects } = findDifference(machine, state, others);
  const { data } = readOutcome(machine, state);
  const sameData = serial.full.some((order) => order.outcome.data === data);
  if (sameData) {
    const statuses = state.actors.map((actor) => actor.status);
    const refuses = serial.full.every((order) =>
      order.outcome.actors.some((actor, index) => actor.status === 'refused' && statuses[index] === 'finished'),
    );
    if (refuses) {
      // the second should have been refused, for the first had changed the very value that both have computed with
      if (writesWhatItRead(question.a) && writesWhatItRead(question.b)) return 'lost update';
      // both got through a check that lets one through; what that means the caller may know better
      if (question.hint === 'double effect' || question.hint === 'double claim') return question.hint;
      return usesKeysOnly(question) ? 'double effect' : 'double claim';
    }
    return question.hint ?? 'torn read';
  }
  // the transaction that one request ended was the other's too
  if (question.hint === 'committed write lost' && [question.a, question.b].some(rollsBack)) return question.hint;
  // a request that failed has left a part of what it did
  if (state.actors.some((actor) => actor.status === 'failed')) {
    const size = (from: State, index: number) => listRows(machine, from, index).length;
    const changes = tables.some((index) => others.every((other) => size(state, index) === size(other, index)));
    return question.hint === 'half applied' || !(changes || effects) ? 'half applied' : 'double effect';
  }
  const hasCaught = state.actors.some((actor) => actor.status === 'finished' && actor.errors.length > 0);
  if (hasCaught) return 'committed write lost';
  if (effects && tables.length === 0 && keys.length === 0) return 'double effect';
  const isMixed = others.some((other) => findDifference(machine, state, [other]).tables.length === 0);
  // each part is what some order leaves, but not together: the key is older than the row
  if (tables.length > 0 && keys.length > 0 && isMixed) return 'stale cache';
  if (tables.length > 1 && isMarkedEffect(machine, question, tables)) return 'double effect';
  const [table] = tables;
  if (table !== undefined) return classifyTable(machine, question, state, others, table);
  const [key] = keys;
  if (key !== undefined) return classifyKey(machine, question, state, others, key);
  return question.hint ?? 'double effect';
}

/** A marker that both insert, and another relation in which both change a value in place: the credit of an event. */
function isMarkedEffect(machine: Machine, question: Question, tables: readonly number[]): boolean {
  const names = tables.map((index) => machine.tables[index]?.name ?? '');
  const both = (accepts: (program: Program, name: string) => boolean) =>
    names.some((name) => accepts(question.a, name) && accepts(question.b, name));
  const changesInPlace = (program: Program, name: string) =>
    program.operations.some(
      (operation) =>
        operation.kind === 'update' && operation.relation === name && Object.values(operation.set).some(isCountedDown),
    );
  return both((program, name) => writes(program, 'insert', name)) && both(changesInPlace);
}

function rollsBack(program: Program): boolean {
  return program.operations.some((operation) => operation.kind === 'rollback');
}

function writesWhatItRead(program: Program): boolean {
  return program.operations.some(
    (operation) =>
      (operation.kind === 'update' && Object.values(operation.set).some(mentionsVariable)) ||
      (operation.kind === 'command' && operation.command.kind === 'set' && mentionsVariable(operation.command.value)),
  );
}

function usesKeysOnly(question: Question): boolean {
  return [question.a, question.b].every((program) =>
    program.operations.every((operation) => !('relation' in operation)),
  );
}

function classifyTable(
  machine: Machine,
  question: Question,
  state: State,
  others: readonly State[],
  index: number,
): Anomaly {
  const { a, b } = question;
  const relation = machine.tables[index]?.name ?? '';
  const rows = listRows(machine, state, index);
  const counts = others.map((other) => listRows(machine, other, index).length);
  if (rows.length > Math.max(...counts)) {
    if (writes(a, 'insert', relation) && writes(b, 'insert', relation)) {
      const isEmpty = listRows(machine, machine.start, index).length === 0;
      if ([a, b].some((program) => guardsByCount(program, relation, isEmpty))) return 'limit exceeded';
      return question.hint === 'limit exceeded' || question.hint === 'double effect' ? question.hint : 'duplicate row';
    }
    return deletesElsewhere(a, b) ? 'orphan' : (question.hint ?? 'duplicate row');
  }
  if (rows.length < Math.min(...counts)) {
    if (deletesElsewhere(a, b)) return 'orphan';
    return question.hint ?? 'missing row';
  }
  if (writes(a, 'insert', relation) && writes(b, 'insert', relation)) {
    const distinct = new Set(rows).size;
    if (
      distinct < rows.length &&
      others.every((other) => new Set(listRows(machine, other, index)).size === rows.length)
    )
      return 'duplicate number';
    if (deletesElsewhere(a, b)) return 'orphan';
    return question.hint ?? 'duplicate number';
  }
  if (deletesElsewhere(a, b)) return 'orphan';
  const written = [a, b].map((program) => listUpdatedRows(program, relation));
  if (written[0] !== undefined && written[1] !== undefined && written[0] !== written[1])
    return takesValue(a, relation) && takesValue(b, relation) ? 'duplicate row' : 'write skew';
  const isAtomic = [a, b].every((program) =>
    program.operations.every(
      (operation) =>
        operation.kind !== 'update' ||
        operation.relation !== relation ||
        Object.values(operation.set).every((term) => !mentionsVariable(term)),
    ),
  );
  if (isAtomic) {
    const hasRefusal = others.some((other) => other.actors.some((actor) => actor.status === 'refused'));
    const decrements = [a, b].some((program) =>
      program.operations.some(
        (operation) => operation.kind === 'update' && Object.values(operation.set).some(isCountedDown),
      ),
    );
    if (decrements) return question.hint === 'double effect' ? 'double effect' : 'oversold';
    return question.hint ?? (hasRefusal || picksRow(a, relation) ? 'double claim' : 'lost update');
  }
  return 'lost update';
}

/** A row gets the very value that a look-up asks for: a name that should be free. */
function takesValue(program: Program, relation: string): boolean {
  const sought = program.operations.flatMap((operation) =>
    operation.kind === 'read' && operation.relation === relation
      ? operation.where.flatMap((filter) => (filter.kind === 'compare' && filter.comparison === '=' ? [filter] : []))
      : [],
  );
  return program.operations.some(
    (operation) =>
      operation.kind === 'update' &&
      operation.relation === relation &&
      sought.some(({ column, value }) => JSON.stringify(operation.set[column]) === JSON.stringify(value)),
  );
}

/** The rows a program updates, as far as fixed keys tell: a text that differs for different rows. */
function listUpdatedRows(program: Program, relation: string): string | undefined {
  const found = program.operations.find((operation) => operation.kind === 'update' && operation.relation === relation);
  if (found?.kind !== 'update') return undefined;
  return JSON.stringify(
    found.where.filter((filter) => filter.kind === 'compare' && filter.comparison === '=' && !mentionsVariable(filter)),
  );
}

/** The row to write is one that a read has picked: the next job of a queue. */
function picksRow(program: Program, relation: string): boolean {
  return program.operations.some(
    (operation) =>
      operation.kind === 'update' && operation.relation === relation && operation.where.some(mentionsVariable),
  );
}

function mentionsVariable(node: unknown): boolean {
  return JSON.stringify(node).includes('"kind":"variable"');
}

/** The row's own value with something taken away or added; what is put into a document or behind a text is no amount. */
function isCountedDown(term: Term): boolean {
  const isDocument = term.kind === 'apply' && (term.name === 'merge' || term.name === 'concat');
  return !isDocument && JSON.stringify(term).includes('"kind":"current"');
}

/** Inserts are guarded by a number of rows that is compared with more than "is there one", or "are there several" of none. */
function guardsByCount(program: Program, relation: string, isEmpty: boolean): boolean {
  const counts = new Set(
    program.operations.flatMap((operation) =>
      operation.kind === 'read' && operation.relation === relation ? [operation.into] : [],
    ),
  );
  const visit = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(visit);
    if (typeof node !== 'object' || node === null) return false;
    const check = node as {
      readonly kind?: unknown;
      readonly comparison?: unknown;
      readonly left?: unknown;
      readonly right?: unknown;
    };
    if (check.kind === 'compare' && check.left !== undefined) {
      const sides = [check.left, check.right] as readonly {
        readonly kind?: unknown;
        readonly read?: unknown;
        readonly value?: unknown;
      }[];
      const counted = sides.some(
        (side) => side.kind === 'variable' && typeof side.read === 'string' && counts.has(side.read),
      );
      const zero = sides.some((side) => side.kind === 'constant' && (side.value === 0 || side.value === null));
      const one =
        sides.some((side) => side.kind === 'constant' && side.value === 1) &&
        (isEmpty || check.comparison === '<' || check.comparison === '>=');
      if (counted && !zero && !one && check.comparison !== '=' && check.comparison !== '!=') return true;
    }
    return Object.values(node).some(visit);
  };
  return program.operations.some((operation) => visit(operation.when));
}

function deletesElsewhere(a: Program, b: Program): boolean {
  const pairs = [
    [a, b],
    [b, a],
  ] as const;
  return pairs.some(([x, y]) =>
    x.operations.some(
      (operation) =>
        operation.kind === 'insert' &&
        y.operations.some((other) => other.kind === 'delete' && other.relation !== operation.relation) &&
        !writes(y, 'insert', operation.relation),
    ),
  );
}

function classifyKey(
  machine: Machine,
  question: Question,
  state: State,
  others: readonly State[],
  key: Value,
): Anomaly {
  const entry = state.keys.get(key);
  const expected = others.map((other) => other.keys.get(key));
  if (entry && !entry.expires && expected.every((other) => !other || other.expires) && expected.some((other) => other))
    return 'no expiry';
  const writesRelations = [question.a, question.b].some((program) =>
    program.operations.some(
      (operation) => operation.kind === 'insert' || operation.kind === 'update' || operation.kind === 'delete',
    ),
  );
  if (writesRelations) return 'stale cache';
  if (!entry && isTakenAsLock(question, machine, key)) return 'foreign lock released';
  return question.hint ?? 'lost update';
}

function isTakenAsLock(question: Question, _machine: Machine, _key: Value): boolean {
  return [question.a, question.b].every((program) =>
    program.operations.some(
      (operation) => operation.kind === 'command' && operation.command.kind === 'set' && operation.command.onlyIfAbsent,
    ),
  );
}

/** Names what a crash leaves behind. */
export function classifyCrash(machine: Machine, question: Question, crashed: State, full: State): Anomaly {
  const { tables, keys } = findDifference(machine, crashed, [full]);
  for (const key of keys) {
    const entry = crashed.keys.get(key);
    if (entry && !entry.expires && full.keys.get(key)?.expires) return 'no expiry';
  }
  if (tables.length === 0 && keys.length > 0) {
    const changedRows = machine.tables.some(
      (_table, index) => listRows(machine, crashed, index).join() !== listRows(machine, machine.start, index).join(),
    );
    const untouched = keys.every((key) => isSameEntry(crashed.keys.get(key), machine.start.keys.get(key)));
    if (changedRows && untouched && keys.some((key) => crashed.keys.has(key))) return 'stale cache';
  }
  return question.hint ?? 'half applied';
}

/** Names what a second delivery does. */
export function classifyRedelivery(machine: Machine, question: Question, once: State, twice: State): Anomaly {
  const { tables } = findDifference(machine, twice, [once]);
  const grown = tables.some((index) => listRows(machine, twice, index).length > listRows(machine, once, index).length);
  return question.hint ?? (grown ? 'duplicate row' : 'double effect');
}
