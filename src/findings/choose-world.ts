import type { Check, Comparison, Operation, Program, Term } from '../model/program.ts';
import { mirrored, opposite } from './comparisons.ts';

/** What must be true of the initial row (or number of rows) for the path to be taken. */
export interface Requirement {
  readonly read: string;
  /** `#` and aggregates stand for the number of rows. */
  readonly column: string;
  readonly comparison: Comparison;
  readonly value: Term;
}

/** Requirements that a check puts on what the first run reads. Of an `or` the first branch is required. */
export function readRequirements(check: Check, holds: boolean): readonly Requirement[] {
  switch (check.kind) {
    case 'not':
      return readRequirements(check.check, !holds);
    case 'and':
    case 'or': {
      const all = (check.kind === 'and') === holds;
      const parts = check.checks.map((part) => readRequirements(part, holds));
      return all ? parts.flat() : (parts.find((part) => part.length > 0) ?? []);
    }
    case 'found':
      return [{ read: check.read, column: '#', comparison: holds ? '>' : '=', value: { kind: 'constant', value: 0 } }];
    case 'compare': {
      const comparison = holds ? check.comparison : opposite[check.comparison];
      const { left, right } = check;
      if (left.kind === 'variable') return [{ read: left.read, column: left.column, comparison, value: right }];
      if (right.kind === 'variable')
        return [{ read: right.read, column: right.column, comparison: mirrored[comparison], value: left }];
      return [];
    }
    case 'opaque':
      return [];
  }
}

/** How many rows the check must have found, and which symbol stands for the limit. */
export interface RowCount {
  readonly rows: number;
  /** A symbol (or too large a constant) that is given this value, so that the limit is reached by one more row. */
  readonly limit?: { readonly term: Term; readonly value: number };
}

const smallLimit = 3;

/** The number of rows before the first run: none for "must not exist", one below the limit for a quota. */
export function chooseRowCount(
  requirements: readonly Requirement[],
  read: string,
  counted: ReadonlySet<string>,
): RowCount | undefined {
  const own = requirements.filter((requirement) => requirement.read === read && counted.has(requirement.column));
  const wantsNone = own.some(
    ({ comparison, value }) => comparison === '=' && value.kind === 'constant' && value.value === 0,
  );
  for (const { comparison, value } of own) {
    const known = value.kind === 'constant' && typeof value.value === 'number' ? value.value : undefined;
    switch (comparison) {
      case '=':
        return { rows: known ?? 0 };
      case '<':
      case '<=':
      case '!=': {
        const slack = comparison === '<=' ? 0 : 1;
        // "at most one" beside "none" is no limit: it says that the key is unique
        if (wantsNone && known !== undefined && known - slack === 1) continue;
        if (known !== undefined && known - slack <= 6) return { rows: Math.max(known - slack, 0) };
        return { rows: smallLimit - slack, limit: { term: value, value: smallLimit } };
      }
      case '>':
      case '>=': {
        const extra = comparison === '>' ? 1 : 0;
        if (known !== undefined && known + extra <= 6) return { rows: Math.max(known + extra, 1) };
        return { rows: smallLimit + extra, limit: { term: value, value: smallLimit } };
      }
    }
  }
  return undefined;
}

/** The initial value of a column that satisfies what the path needs. */
export function chooseCell(column: string, requirements: readonly Requirement[], assigned: Term | undefined): Term {
  const own = requirements.filter((requirement) => requirement.column === column);
  const equal = own.find((requirement) => requirement.comparison === '=' && requirement.value.kind !== 'variable');
  if (equal !== undefined) {
    const isEmpty = equal.value.kind === 'constant' && equal.value.value === null;
    // `!row.used`: false where the act writes a truth value, else NULL
    if (isEmpty && assigned?.kind === 'constant' && typeof assigned.value === 'boolean')
      return { kind: 'constant', value: !assigned.value };
    return equal.value;
  }
  const differs = own.find((requirement) => requirement.comparison === '!=');
  if (differs?.value.kind === 'constant') {
    if (typeof differs.value.value === 'boolean') return { kind: 'constant', value: !differs.value.value };
    if (typeof differs.value.value === 'string') return { kind: 'constant', value: `not ${differs.value.value}` };
    if (assigned?.kind === 'constant' && assigned.value === false) return { kind: 'constant', value: true };
  }
  return { kind: 'symbol', name: `${column}₀` };
}

/** Replaces terms in a program; used to give a limit or a quantity a number. */
export function substitute(program: Program, replace: (term: Term) => Term | undefined): Program {
  const term = (old: Term): Term => {
    const replaced = replace(old);
    if (replaced !== undefined) return replaced;
    return old.kind === 'apply' ? { ...old, operands: old.operands.map(term) } : old;
  };
  const check = (old: Check): Check => {
    switch (old.kind) {
      case 'compare':
        return { ...old, left: term(old.left), right: term(old.right) };
      case 'not':
        return { ...old, check: check(old.check) };
      case 'and':
      case 'or':
        return { ...old, checks: old.checks.map(check) };
      case 'found':
      case 'opaque':
        return old;
    }
  };
  const record = (old: Readonly<Record<string, Term>>): Record<string, Term> =>
    Object.fromEntries(Object.entries(old).map(([name, value]) => [name, term(value)]));
  const operation = (old: Operation): Operation => {
    const base = old.when === undefined ? old : { ...old, when: check(old.when) };
    switch (base.kind) {
      case 'update':
        return {
          ...base,
          set: record(base.set),
          where: base.where.map((filter) =>
            filter.kind === 'compare' ? { ...filter, value: term(filter.value) } : filter,
          ),
        };
      case 'insert':
        return { ...base, row: record(base.row) };
      case 'read':
      case 'delete':
        return {
          ...base,
          where: base.where.map((filter) =>
            filter.kind === 'compare' ? { ...filter, value: term(filter.value) } : filter,
          ),
        };
      default:
        return base;
    }
  };
  return { ...program, operations: program.operations.map(operation) };
}
