import type { Condition } from '../model/effect.ts';
import { isSameValue } from '../model/is-same-value.ts';
import type { MissingKey } from '../model/schema-edit.ts';
import type { ColumnFacts, TableFacts } from '../model/schema-facts.ts';
import type { Guard } from '../model/trace.ts';
import type { Value } from '../model/value.ts';
import { findMentions } from '../model/find-mentions.ts';
import type { Candidate } from './find-candidates.ts';
import type { Judgement } from './judge-candidate.ts';
import { nameOf } from './lower-statement.ts';

/**
 * The unique key that would end a check-then-insert, where nothing speaks against it: the check asks only whether there
 * is a row whose columns equal what the insert writes, each insert is checked, and one definition of the table is known
 * in every part.
 *
 * Undefined where the key could refuse rows that the code means to have: a check that looks at fewer rows than the key
 * would (`deleted_at is null`, a constant status), that forgives some of the rows that it finds, or that is not always
 * made; or where some unique key is about these columns already, in a form that the engine does not see as theirs.
 */
export function findMissingKey({ candidate, witness, table, key }: Judgement): MissingKey | undefined {
  const { check, act, elements } = candidate;
  if (candidate.kind !== 'insert after check' || witness.anomaly !== 'duplicate row') return undefined;
  if (table?.complete !== true || table.isAmbiguous === true || key !== undefined) return undefined;
  const { aggregate, joined = [], mode } = check.effect;
  if (mode === 'nowait' || mode === 'skip locked' || joined.length > 0 || elements.length > 0) return undefined;
  if (aggregate !== undefined && aggregate.kind !== 'count' && aggregate.kind !== 'exists') return undefined;
  const columns = readComparedColumns(candidate, table);
  if (columns === undefined || isAboutKnownKey(table, columns)) return undefined;
  if (!act.guards.every(({ condition, holds }) => isExistenceTest(condition, holds, check.effect.id))) return undefined;
  if (!check.guards.every((guard) => isAmong(guard, act.guards))) return undefined;
  return {
    table: nameOf(act.effect),
    columns: columns.map(({ name, alias }) => alias ?? name),
    definition: table.provenance,
  };
}

/** The columns of the check, where each is compared with what the insert writes, and with nothing constant. */
function readComparedColumns({ check, act }: Candidate, table: TableFacts): readonly ColumnFacts[] | undefined {
  const { effect } = act;
  if (effect.kind !== 'insert' || !effect.complete || effect.many) return undefined;
  const columns: ColumnFacts[] = [];
  const readColumn = (condition: Condition): ColumnFacts | undefined => {
    if (condition.kind !== 'compare' || condition.operator !== '=' || mayBeConstant(condition.value)) return undefined;
    const own = effect.values.find(({ column }) => column === condition.column);
    if (own === undefined || !isSameValue(own.value, condition.value)) return undefined;
    return table.columns.find(({ name, alias }) => alias === condition.column || name === condition.column);
  };
  for (const condition of check.effect.selector.conditions) {
    const column = readColumn(condition);
    if (column === undefined || column.isJson === true || column.isList === true) return undefined;
    if (!columns.includes(column)) columns.push(column);
  }
  return columns.length === 0 ? undefined : columns;
}

function mayBeConstant(value: Value): boolean {
  return value.kind === 'constant' || (value.kind === 'choice' && [value.then, value.otherwise].some(mayBeConstant));
}

/** Has the table a key over these columns that holds for some rows only, or one that lets them repeat on purpose? */
function isAboutKnownKey(table: TableFacts, columns: readonly ColumnFacts[]): boolean {
  const names = columns.map(({ name }) => name);
  return table.keys.some((key) =>
    key.where !== undefined || key.expression !== undefined
      ? key.columns.some((column) => names.includes(column))
      : names.every((name) => key.columns.includes(name)),
  );
}

/**
 * A guard that is not about the check, or about nothing but whether the check found a row. Further conditions may
 * restrict the insert (`!found && isOpen`), never the refusal (`found && !force`).
 */
function isExistenceTest(condition: Value, holds: boolean, check: string): boolean {
  if (!findMentions(condition).has(check)) return true;
  if (condition.kind === 'apply') {
    const { operator, operands } = condition;
    if (operator === '!') return operands.every((operand) => isExistenceTest(operand, !holds, check));
    if (operator === (holds ? '&&' : '||')) return operands.every((operand) => isExistenceTest(operand, holds, check));
  }
  return asksExistence(condition, check);
}

const tests = new Set(['!', '===', '!==', '==', '!=', '>', '<', '>=', '<=', 'member:length', 'call:Boolean', '??']);

function asksExistence(value: Value, check: string): boolean {
  switch (value.kind) {
    case 'answer':
      return value.effect === check && value.columns.every((column) => column === '#');
    case 'constant':
      return value.value === null || value.value === undefined || value.value === 0 || value.value === 1;
    case 'apply':
      return tests.has(value.operator) && value.operands.every((operand) => asksExistence(operand, check));
    case 'element':
      return asksExistence(value.of, check);
    default:
      return false;
  }
}

function isAmong(guard: Guard, guards: readonly Guard[]): boolean {
  return guards.some((other) => other.holds === guard.holds && isSameValue(other.condition, guard.condition));
}
