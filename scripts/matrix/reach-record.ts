import type { Filter, Operation, Program, Term } from '../../src/model/program.ts';
import { searchSchedules } from '../../src/schedules/search.ts';
import { isSymbolic, type Value } from '../../src/schedules/values.ts';
import { compileRecord, findConnection, type Compiled } from './compile-record.ts';
import { findLevelName } from './parse-sql.ts';
import type { MeasuredRecord, ReachableRecord } from './record.ts';
import { endReplay, makeReplayMachine, replayOrder } from './replay-record.ts';

type Bound = ReadonlyMap<string, Value>;

/** A constant that was computed from a value read before becomes that computation. */
function derive(term: Term, column: string, relation: string, bound: Bound): Term {
  if (term.kind !== 'constant' || typeof term.value !== 'number') return term;
  const source = findSource(bound, relation, column);
  if (!source || typeof source.value !== 'number') return term;
  const difference = term.value - source.value;
  return difference === 0
    ? source.term
    : { kind: 'apply', name: '+', operands: [source.term, { kind: 'constant', value: difference }] };
}

/** The last answer with this column of this relation (or with a key of this name). */
function findSource(
  bound: Bound,
  relation: string,
  column: string,
): { readonly term: Term; readonly value: Value } | undefined {
  for (const [name, value] of [...bound].reverse()) {
    const [read = '', from, field = ''] = name.split('\u0000');
    if (from === relation && field === column) return { term: { kind: 'variable', read, column: field }, value };
  }
  return undefined;
}

function deriveFilters(filters: readonly Filter[], relation: string, bound: Bound): readonly Filter[] {
  return filters.map((filter) => {
    if (filter.kind !== 'compare' || filter.comparison !== '=' || filter.value.kind !== 'constant') return filter;
    const source = findSource(bound, relation, filter.column);
    return source && source.value === filter.value.value ? { ...filter, value: source.term } : filter;
  });
}

/** Constants that a program's own check or key fixes are not answers. */
function listAnswered(
  operation: Operation,
  asked: readonly string[],
): readonly (readonly [relation: string, column: string])[] {
  if (operation.kind === 'read') {
    const fixed = new Set(
      operation.where.flatMap((filter) =>
        filter.kind === 'compare' && filter.comparison === '=' ? [filter.column] : [],
      ),
    );
    return asked.filter((column) => !fixed.has(column)).map((column) => [operation.relation, column] as const);
  }
  if (operation.kind === 'command' && operation.command.kind === 'get' && operation.command.key.kind === 'constant')
    return [[`key ${String(operation.command.key.value)}`, 'value']];
  return [];
}

/**
 * The programs behind a record's statements: values that were computed from answers are computed again. The measured
 * texts show only constants; what was read in that run tells which of them were answers.
 */
function generalize(record: MeasuredRecord, compiled: Compiled): readonly [Program, Program] {
  const machine = makeReplayMachine(compiled);
  const ended = replayOrder(machine, compiled)[0]?.state;
  const program = (actor: 0 | 1): Program => {
    const plan = machine.plans[actor];
    const bound = new Map<string, Value>();
    const rows = new Map<string, string>();
    const operations = compiled.programs[actor].operations.map((operation, index): Operation => {
      let result: Operation = operation;
      if (operation.kind === 'update') {
        const set = Object.fromEntries(
          Object.entries(operation.set).map(([column, term]) => [
            column,
            derive(term, column, operation.relation, bound),
          ]),
        );
        result = { ...operation, set, where: deriveFilters(operation.where, operation.relation, bound) };
      } else if (
        operation.kind === 'insert' &&
        operation.onDuplicate === 'fail' &&
        !operation.unless &&
        operation.row['id'] === undefined
      ) {
        result = {
          ...operation,
          row: Object.fromEntries(
            Object.entries(operation.row).map(([column, term]) => [
              column,
              derive(term, column, operation.relation, bound),
            ]),
          ),
        };
      } else if (operation.kind === 'command' && operation.command.kind === 'set') {
        result = {
          ...operation,
          command: {
            ...operation.command,
            value: deriveText(operation.command.value, operation.command.key, bound, rows),
          },
        };
      } else if (operation.kind === 'block') {
        result = {
          ...operation,
          commands: operation.commands.map((command) =>
            command.kind === 'set'
              ? { ...command, value: deriveText(command.value, command.key, bound, rows) }
              : command,
          ),
        };
      }
      const bind = plan?.operations[index]?.bind;
      for (const [relation, column] of listAnswered(operation, compiled.columns.get(operation.id) ?? [])) {
        const slot = bind?.columns.find(([, , name]) => name === column)?.[1];
        const value = slot === undefined ? undefined : ended?.actors[actor]?.slots[slot];
        if (value !== undefined && value !== null && !isSymbolic(value)) {
          bound.set(
            `${operation.id}\u0000${relation}\u0000${column}`,
            typeof value === 'string' ? value.slice(1) : value,
          );
          rows.set(column, relation);
        }
      }
      return result;
    });
    return { name: record.id, operations };
  };
  return [program(0), program(1)];
}

/** `SET stock 10` after a row's `stock` was read, `SET n 11` after `GET n`. */
function deriveText(term: Term, key: Term, bound: Bound, rows: ReadonlyMap<string, string>): Term {
  const name = key.kind === 'constant' ? String(key.value) : '';
  const own = derive(term, 'value', `key ${name}`, bound);
  if (own !== term) return own;
  const relation = rows.get(name);
  return relation === undefined ? term : derive(term, name, relation, bound);
}

function listStatements(record: MeasuredRecord, actor: string): readonly string[] {
  return record.schedule.filter(([name]) => name === actor).map(([, statement]) => statement);
}

function hasBegin(record: MeasuredRecord): boolean {
  return record.schedule.some(([, statement]) => /^(BEGIN|SET TRANSACTION|START)/.test(statement));
}

/**
 * A record in which both programs are whole: a request that failed shows only its first statements, so they are taken
 * from another level of the same engine, where it did not.
 */
function completeRecord(
  record: MeasuredRecord,
  all: readonly MeasuredRecord[],
): readonly [MeasuredRecord, MeasuredRecord] {
  const kin = all.filter(
    (other) =>
      other.scenario === record.scenario &&
      other.engine === record.engine &&
      hasBegin(other) === hasBegin(record) &&
      findConnection(other) === findConnection(record),
  );
  const best = (actor: string): MeasuredRecord =>
    [record, ...kin].reduce((chosen, other) => {
      const score = (each: MeasuredRecord) =>
        listStatements(each, actor).filter((statement) => statement !== '(write)').length;
      return score(other) > score(chosen) ? other : chosen;
    });
  return [best('A'), best('B')];
}

/** Both programs of a scenario on the record's engine and level. */
export function compileScenario(record: MeasuredRecord, all: readonly MeasuredRecord[]): Compiled {
  const own = compileRecord(record);
  const [forA, forB] = completeRecord(record, all);
  const level = findLevelName(record.isolation) ?? own.dialect.fallback;
  const relevel = (program: Program): Program => ({
    ...program,
    operations: program.operations.map((operation) =>
      operation.kind === 'begin' ? { ...operation, isolation: level } : operation,
    ),
  });
  const compiledA = compileRecord(forA);
  const compiledB = compileRecord(forB);
  const a = relevel(generalize(forA, compiledA)[0]);
  let b = relevel(generalize(forB, compiledB)[1]);
  // a statement that was refused in every run shows no text: it is the other request's
  b = {
    ...b,
    operations: b.operations.map((operation, index) =>
      operation.label === '(write)' ? rename(a.operations[index] ?? operation, operation.id) : operation,
    ),
  };
  const both = [extend(a, b, 'B', 'A'), extend(b, a, 'A', 'B')] as const;
  return { ...own, programs: both, columns: new Map([...compiledA.columns, ...compiledB.columns]), overlap: false };
}

function rename(operation: Operation, id: string, from = 'A', to = 'B'): Operation {
  const text = JSON.stringify({ ...operation, id });
  return JSON.parse(text.replaceAll(new RegExp(`"(read|into)":"${from}(\\d+)"`, 'g'), `"$1":"${to}$2"`)) as Operation;
}

function describeKind(operation: Operation | undefined): string {
  if (!operation) return '';
  return `${operation.kind} ${operation.kind === 'command' ? operation.command.kind : 'relation' in operation ? operation.relation : ''}`;
}

/** A request that failed in every run lacks its last statements; where both do the same they are the other's. */
function extend(program: Program, other: Program, from: string, to: string): Program {
  const { operations } = program;
  const isPrefix =
    operations.length < other.operations.length &&
    operations.every((operation, index) => describeKind(operation) === describeKind(other.operations[index]));
  if (!isPrefix) return program;
  const rest = other.operations
    .slice(operations.length)
    .map((operation) => rename(operation, operation.id.replace(from, to), from, to));
  return { ...program, operations: [...operations, ...rest] };
}

/** What the model reaches. */
export interface Reached {
  readonly anomalies: readonly string[];
  /** Fewest context switches of an execution with an anomaly. */
  readonly switches: number | undefined;
}

/** Explores all interleavings of a scenario's statements. */
export function reachRecord(record: MeasuredRecord, all: readonly MeasuredRecord[]): Reached {
  const compiled = compileScenario(record, all);
  const machine = makeReplayMachine(compiled, false);
  const anomalies = new Set<string>();
  let switches: number | undefined;
  const ended = searchSchedules(machine, {
    states: 200_000,
    symmetric: false,
    hashing: true,
    visit: (node) => {
      const { anomaly } = endReplay(record, compiled, machine, node.state, 0);
      if (anomaly !== null) {
        anomalies.add(anomaly);
        switches = Math.min(switches ?? Infinity, node.switches);
      }
      return false;
    },
  });
  if (ended !== 'complete') throw new Error(`too many states: ${record.id}`);
  return { anomalies: [...anomalies].sort(), switches };
}

/** What differs between the measured and the modelled reach, in words. */
export function compareReach(measured: ReachableRecord, reached: Reached): readonly string[] {
  const differences: string[] = [];
  const expected = [...measured.anomalies].sort();
  if (JSON.stringify(expected) !== JSON.stringify(reached.anomalies))
    differences.push(`anomalies: measured ${JSON.stringify(expected)}, model ${JSON.stringify(reached.anomalies)}`);
  const most = measured.witness?.contextSwitches;
  if (most !== undefined && reached.switches !== undefined && reached.switches > most)
    differences.push(`switches: measured ${most}, model ${reached.switches}`);
  return differences;
}
