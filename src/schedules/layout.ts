import type { IsolationLevel } from '../model/engine.ts';
import type { Filter, Program, Relation, Term, World } from '../model/program.ts';
import type { Dialect, Level } from './dialects/dialect.ts';
import type { Code, PlanFilter, Table } from './plan.ts';
import { makePrivate, makeSymbol, makeText, type Value } from './values.ts';

/** All relations that a question mentions, numbered. */
export interface Layout {
  readonly tables: readonly Table[];
  readonly relations: readonly Relation[];
  readonly connections: readonly string[];
}

/** The level a program asked for, or the one the engine falls back to. */
export function findLevel(dialect: Dialect, isolation: IsolationLevel): Level {
  const level = dialect.levels[isolation] ?? dialect.levels[dialect.fallback];
  if (!level) throw new Error(`${dialect.engine} has no level ${dialect.fallback}`);
  return level;
}

/**
 * Numbers relations and columns: those of the world, and whatever the programs mention beyond it.
 *
 * @param world what exists before
 * @param programs both actors' programs
 */
export function layOut(world: World, programs: readonly Program[]): Layout {
  const columns = new Map<string, string[]>();
  const relations = new Map<string, Relation>();
  const use = (relation: string, column?: string) => {
    let list = columns.get(relation);
    if (!list) columns.set(relation, (list = []));
    if (column !== undefined && column !== '#' && !list.includes(column)) list.push(column);
  };
  const useTerm = (relation: string, term: Term): void => {
    if (term.kind === 'current') use(relation, term.column);
    if (term.kind === 'apply') for (const operand of term.operands) useTerm(relation, operand);
  };
  const useFilters = (relation: string, filters: readonly Filter[]): void => {
    use(relation);
    for (const filter of filters) {
      if (filter.kind === 'subquery') useFilters(filter.relation, filter.where);
      else if (filter.kind === 'opaque') for (const column of filter.columns) use(relation, column);
      else {
        use(relation, filter.column);
        useTerm(relation, filter.value);
      }
    }
  };
  const useCells = (relation: string, cells: Readonly<Record<string, Term>>) => {
    for (const [column, term] of Object.entries(cells)) {
      use(relation, column);
      useTerm(relation, term);
    }
  };
  for (const relation of world.relations) {
    relations.set(relation.name, relation);
    use(relation.name);
    for (const column of [...relation.unique.flat(), ...relation.surrogate, ...relation.indexed])
      use(relation.name, column);
    for (const row of relation.rows) useCells(relation.name, row);
    useFilters(relation.name, relation.checks);
    for (const key of relation.foreignKeys) {
      use(relation.name, key.column);
      use(key.references, key.referencedColumn);
    }
  }
  const connections: string[] = [];
  for (const program of programs) {
    const reads = new Map<string, string>();
    for (const operation of program.operations) {
      if (operation.connection !== undefined && !connections.includes(operation.connection))
        connections.push(operation.connection);
      switch (operation.kind) {
        case 'read':
          useFilters(operation.relation, operation.where);
          if (operation.aggregate && operation.aggregate.column !== '*')
            use(operation.relation, operation.aggregate.column);
          if (!operation.aggregate) reads.set(operation.into, operation.relation);
          break;
        case 'insert':
          use(operation.relation);
          useCells(operation.relation, operation.row);
          useCells(operation.relation, operation.set ?? {});
          if (operation.unless) useFilters(operation.unless.relation, operation.unless.where);
          if (operation.into !== undefined) reads.set(operation.into, operation.relation);
          break;
        case 'update':
          useFilters(operation.relation, operation.where);
          useCells(operation.relation, operation.set);
          if (operation.into !== undefined) reads.set(operation.into, operation.relation);
          break;
        case 'delete':
          useFilters(operation.relation, operation.where);
          if (operation.into !== undefined) reads.set(operation.into, operation.relation);
          break;
        default:
          break;
      }
    }
    for (const [read, column] of findVariables(program)) {
      const relation = reads.get(read);
      if (relation !== undefined) use(relation, column);
    }
  }
  const names = [...columns.keys()];
  const tables: Table[] = names.map((name) => {
    const own = columns.get(name) ?? [];
    const relation = relations.get(name);
    const index = (column: string) => own.indexOf(column);
    const surrogate = relation?.surrogate.map(index) ?? [];
    return {
      name,
      columns: own,
      unique: relation?.unique.map((key) => key.map(index)) ?? [],
      checks: relation
        ? relation.checks.map((check) => lowerFilter(check, { columns, names, relation: name, term: constantsOnly }))
        : [],
      foreignKeys:
        relation?.foreignKeys.map((key) => ({
          column: index(key.column),
          table: names.indexOf(key.references),
          referenced: (columns.get(key.references) ?? []).indexOf(key.referencedColumn),
        })) ?? [],
      surrogate,
      indexed: relation?.indexed.map(index) ?? [],
      order: surrogate[0] ?? (own.includes('id') ? index('id') : -1),
    };
  });
  return {
    tables,
    connections,
    relations: names.map(
      (name) =>
        relations.get(name) ?? { name, rows: [], unique: [], checks: [], foreignKeys: [], surrogate: [], indexed: [] },
    ),
  };
}

export interface FilterContext {
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly names: readonly string[];
  readonly relation: string;
  readonly term: (term: Term, relation: string) => Code;
}

/** @param context how the filter's terms are lowered, and for which relation */
export function lowerFilter(filter: Filter, context: FilterContext): PlanFilter {
  const index = (relation: string, column: string) => (context.columns.get(relation) ?? []).indexOf(column);
  switch (filter.kind) {
    case 'compare':
      return {
        kind: 'compare',
        column: index(context.relation, filter.column),
        comparison: filter.comparison,
        value: context.term(filter.value, context.relation),
      };
    case 'opaque':
      return { kind: 'opaque', columns: filter.columns.map((column) => index(context.relation, column)) };
    case 'subquery':
      return {
        kind: 'subquery',
        table: context.names.indexOf(filter.relation),
        where: filter.where.map((inner) => lowerFilter(inner, { ...context, relation: filter.relation })),
        comparison: filter.comparison,
        value: context.term(filter.value, context.relation),
      };
  }
}

/** A world's own terms: constants and symbols; a private value there belongs to nobody. */
export function lowerWorldTerm(term: Term): Value {
  switch (term.kind) {
    case 'constant':
      return typeof term.value === 'string' ? makeText(term.value) : term.value;
    case 'symbol':
      return makeSymbol(term.name);
    case 'private':
      return makePrivate(term.name, 'nobody');
    case 'variable':
    case 'current':
    case 'apply':
      return makeSymbol(`start:${JSON.stringify(term)}`);
  }
}

function constantsOnly(term: Term): Code {
  return { kind: 'value', value: lowerWorldTerm(term) };
}

/** Every `read.column` a program mentions; `#` for the number of rows. */
export function findVariables(program: Program): readonly (readonly [read: string, column: string])[] {
  const found: (readonly [string, string])[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const record = node as { readonly kind?: unknown; readonly read?: unknown; readonly column?: unknown };
    if (record.kind === 'variable' && typeof record.read === 'string' && typeof record.column === 'string') {
      found.push([record.read, record.column]);
    }
    if (record.kind === 'found' && typeof record.read === 'string') found.push([record.read, '#']);
    for (const value of Object.values(node)) visit(value);
  };
  visit(program.operations);
  return found;
}
