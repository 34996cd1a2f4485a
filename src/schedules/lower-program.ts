import type { Check, Filter, KeyCommand, Operation, Program, Term } from '../model/program.ts';
import type { Dialect, Level } from './dialects/dialect.ts';
import { findLevel, findVariables, lowerFilter, lowerWorldTerm, type Layout } from './layout.ts';
import type { Binding, Code, Plan, PlanAction, PlanCheck, PlanCommand, PlanOperation } from './plan.ts';
import { makePrivate } from './values.ts';

/**
 * Lowers one actor's program.
 *
 * @param program what the actor does
 * @param actor who it is: `private` terms carry it
 * @param layout numbering of relations
 * @param dialect whose levels BEGIN names
 * @param options `overlap`: statements that read and write are two steps; `shared`: relations and keys that the other
 *   actor also touches (everything else is invisible to it)
 */
export function lowerProgram(
  program: Program,
  actor: 'A' | 'B',
  layout: Layout,
  dialect: Dialect,
  options: {
    readonly overlap: boolean;
    readonly isShared: (operation: Operation) => boolean;
    readonly bindAll: boolean;
  },
): Plan {
  const names = layout.tables.map((table) => table.name);
  const columns = new Map(layout.tables.map((table) => [table.name, table.columns]));
  const slots = new Map<string, number>();
  const variables = findVariables(program);
  const slotOf = (read: string, column: string) => {
    const name = `${read}\u0000${column}`;
    let slot = slots.get(name);
    if (slot === undefined) slots.set(name, (slot = slots.size));
    return slot;
  };
  const lowerTerm = (term: Term, relation?: string): Code => {
    switch (term.kind) {
      case 'constant':
      case 'symbol':
        return { kind: 'value', value: lowerWorldTerm(term) };
      case 'private':
        return { kind: 'value', value: makePrivate(term.name, actor) };
      case 'variable':
        return { kind: 'slot', slot: slotOf(term.read, term.column) };
      case 'current':
        return { kind: 'cell', column: (columns.get(relation ?? '') ?? []).indexOf(term.column) };
      case 'apply':
        return {
          kind: 'apply',
          name: term.name,
          operands: term.operands.map((operand) => lowerTerm(operand, relation)),
        };
    }
  };
  const lowerCheck = (check: Check): PlanCheck => {
    switch (check.kind) {
      case 'compare':
        return {
          kind: 'compare',
          comparison: check.comparison,
          left: lowerTerm(check.left),
          right: lowerTerm(check.right),
        };
      case 'found':
        return { kind: 'found', slot: slotOf(check.read, '#') };
      case 'not':
        return { kind: 'not', check: lowerCheck(check.check) };
      case 'and':
      case 'or':
        return { kind: check.kind, checks: check.checks.map(lowerCheck) };
      case 'opaque':
        return { kind: 'opaque' };
    }
  };
  const filters = (where: readonly Filter[], relation: string) =>
    where.map((filter) => lowerFilter(filter, { columns, names, relation, term: lowerTerm }));
  const cells = (set: Readonly<Record<string, Term>>, relation: string) =>
    Object.entries(set).map(
      ([column, term]) => [(columns.get(relation) ?? []).indexOf(column), lowerTerm(term, relation)] as const,
    );
  const lowerAction = (operation: Operation): PlanAction => {
    switch (operation.kind) {
      case 'begin':
        return { kind: 'begin', level: findLevel(dialect, operation.isolation) };
      case 'commit':
      case 'rollback':
      case 'unwatch':
      case 'check':
        return { kind: operation.kind };
      case 'read': {
        const aggregate = operation.aggregate;
        return {
          kind: 'read',
          table: names.indexOf(operation.relation),
          where: filters(operation.where, operation.relation),
          mode: operation.mode,
          aggregate: aggregate && {
            kind: aggregate.kind,
            column: (columns.get(operation.relation) ?? []).indexOf(aggregate.column),
          },
          limit: operation.limit ?? Infinity,
        };
      }
      case 'insert': {
        const own = columns.get(operation.relation) ?? [];
        return {
          kind: 'insert',
          table: names.indexOf(operation.relation),
          row: own.map((column) => {
            const term = operation.row[column];
            return term && lowerTerm(term, operation.relation);
          }),
          onDuplicate: operation.onDuplicate,
          set: cells(operation.set ?? {}, operation.relation),
          unless: operation.unless && {
            table: names.indexOf(operation.unless.relation),
            where: filters(operation.unless.where, operation.unless.relation),
          },
          maxima: own.flatMap((column, index) => {
            const term = operation.row[column];
            const first = term?.kind === 'apply' && term.name === 'max+' ? term.operands[0] : undefined;
            return first?.kind === 'current' ? [own.indexOf(first.column)] : term?.kind === 'current' ? [index] : [];
          }),
        };
      }
      case 'update':
        return {
          kind: 'update',
          table: names.indexOf(operation.relation),
          where: filters(operation.where, operation.relation),
          set: cells(operation.set, operation.relation),
        };
      case 'delete':
        return {
          kind: 'delete',
          table: names.indexOf(operation.relation),
          where: filters(operation.where, operation.relation),
        };
      case 'lock':
        return { kind: 'lock', name: lowerTerm(operation.name), scope: operation.scope, attempt: operation.attempt };
      case 'unlock':
        return { kind: 'unlock', name: lowerTerm(operation.name) };
      case 'command':
        return { kind: 'commands', commands: [lowerCommand(operation.command, lowerTerm)], block: false };
      case 'block':
        return {
          kind: 'commands',
          commands: operation.commands.map((command) => lowerCommand(command, lowerTerm)),
          block: true,
        };
      case 'watch':
        return { kind: 'watch', key: lowerTerm(operation.key) };
      case 'effect':
        return {
          kind: 'effect',
          name: operation.name,
          key: lowerTerm(operation.key),
          deduplicated: operation.deduplicated,
        };
      case 'reply':
        return { kind: 'reply', terms: operation.terms.map((term) => lowerTerm(term)) };
    }
  };
  let level: Level | undefined;
  const operations = program.operations.map((operation): PlanOperation => {
    const action = lowerAction(operation);
    if (action.kind === 'begin') level = action.level;
    const into = 'into' in operation ? operation.into : undefined;
    const relation = 'relation' in operation ? (columns.get(operation.relation) ?? []) : [];
    const wanted =
      into === undefined ? [] : [...new Set(variables.filter(([read]) => read === into).map(([, column]) => column))];
    if (into !== undefined && options.bindAll) {
      wanted.push(...relation.filter((column) => !wanted.includes(column)));
      if (!wanted.includes('#')) wanted.push('#');
      if (operation.kind === 'command' || operation.kind === 'block') wanted.push('value');
      if (operation.kind === 'read' && operation.aggregate) wanted.push(operation.aggregate.column);
    }
    const bind: Binding = {
      count: wanted.includes('#') && into !== undefined ? slotOf(into, '#') : undefined,
      columns:
        into === undefined
          ? []
          : wanted
              .filter((column) => column !== '#')
              .map((column) => [relation.indexOf(column), slotOf(into, column), column]),
    };
    const own =
      operation.connection === undefined
        ? actor === 'A'
          ? 0
          : 1
        : 2 + layout.connections.indexOf(operation.connection);
    const lowered: PlanOperation = {
      source: operation,
      action,
      when: operation.when && lowerCheck(operation.when),
      connection: own,
      bind,
      local: isLocal(operation, level, options.isShared),
      split: options.overlap && dialect.locking === 'versions' && level === undefined && isReadThenWrite(action),
    };
    if (action.kind === 'commit' || action.kind === 'rollback') level = undefined;
    return lowered;
  });
  return { program, actor, operations, slots: slots.size };
}

/** BEGIN takes neither lock nor snapshot, but where the level says so, and ends no transaction of its own connection; what the other actor never touches is local too. */
function isLocal(operation: Operation, level: Level | undefined, isShared: (operation: Operation) => boolean): boolean {
  switch (operation.kind) {
    case 'begin':
      return level?.snapshotAt !== 'begin' && operation.connection === undefined;
    case 'check':
    case 'reply':
    case 'effect':
      return true;
    case 'read':
    case 'insert':
    case 'update':
    case 'delete':
      return (level === undefined || level.snapshotAt === 'statement') && !isShared(operation);
    case 'command':
    case 'block':
      return !isShared(operation);
    default:
      return false;
  }
}

function isReadThenWrite(action: PlanAction): boolean {
  if (action.kind === 'insert') return action.unless !== undefined || action.maxima.length > 0;
  if (action.kind === 'update' || action.kind === 'delete')
    return action.where.some((filter) => filter.kind === 'subquery');
  return false;
}

function lowerCommand(command: KeyCommand, lower: (term: Term) => Code): PlanCommand {
  switch (command.kind) {
    case 'get':
    case 'getdel':
    case 'exists':
    case 'ttl':
    case 'smembers':
    case 'hgetall':
    case 'del':
    case 'expire':
    case 'persist':
      return { command, keys: [lower(command.key)], values: [] };
    case 'set':
    case 'getset':
    case 'delif':
      return { command, keys: [lower(command.key)], values: [lower(command.value)] };
    case 'incr':
      return { command, keys: [lower(command.key)], values: [lower(command.by)] };
    case 'sadd':
    case 'srem':
      return { command, keys: [lower(command.key)], values: [lower(command.member)] };
    case 'hset':
      return { command, keys: [lower(command.key)], values: [lower(command.member), lower(command.value)] };
    case 'mget':
      return { command, keys: command.keys.map(lower), values: [] };
    case 'mset':
      return {
        command,
        keys: command.entries.map(([key]) => lower(key)),
        values: command.entries.map(([, value]) => lower(value)),
      };
  }
}
