import type { ChainStep, Value } from '../../../model/value.ts';
import type { ExportChain } from '../../find-export-steps.ts';
import { normalizeExport } from '../../find-export-steps.ts';

/** A table as a query names it. */
export interface TableReference {
  /** The name given to `pgTable('seats', …)`; where the definition was not found, the exported constant's name. */
  readonly name: string;
  /** Tells the occurrences of one table in a query apart: the alias, else the name. */
  readonly identity: string;
}

/** A column as a query names it, by its property: `users.createdAt` is `createdAt`. */
export interface ColumnReference {
  readonly table: TableReference;
  readonly column: string;
}

/** Functions that define a table or view: https://orm.drizzle.team/docs/sql-schema-declaration */
const definitions = /^(pg|mysql|sqlite|singlestore|gel)(Table|View|MaterializedView)$/;
const creators = /^(pg|mysql|sqlite|singlestore|gel)TableCreator$/;
const schemas = /^(pg|mysql|singlestore|gel)Schema$/;

interface Located {
  readonly table: TableReference;
  /** Steps after the table. */
  readonly rest: readonly ChainStep[];
}

/** The table that a value is, undefined for anything else. */
export function findTable(value: Value): TableReference | undefined {
  const start = value.kind === 'chain' ? normalizeExport(value) : undefined;
  if (start === undefined) return undefined;
  if (isDrizzle(start)) {
    const located = locateTable(start);
    return located?.rest.length === 0 ? located.table : undefined;
  }
  // Only members: a table constant in a module that was not found, `schema.users` or `users`.
  return start.steps.every(isMember) ? nameTable(start.steps.at(-1)?.name ?? start.name) : undefined;
}

/** The column that a value is, undefined for anything else. */
export function findColumn(value: Value): ColumnReference | undefined {
  const start = value.kind === 'chain' ? normalizeExport(value) : undefined;
  if (start === undefined) return undefined;
  if (isDrizzle(start)) {
    const located = locateTable(start);
    const [column, ...more] = located?.rest ?? [];
    return located && column && isMember(column) && more.length === 0
      ? { table: located.table, column: column.name }
      : undefined;
  }
  const column = start.steps.at(-1);
  if (column === undefined || !start.steps.every(isMember)) return undefined;
  return { table: nameTable(start.steps.at(-2)?.name ?? start.name), column: column.name };
}

function isDrizzle(start: ExportChain): boolean {
  return start.package === 'drizzle-orm' || start.package.startsWith('drizzle-orm/');
}

function isMember(step: ChainStep): boolean {
  return step.args === undefined && step.template === undefined && step.name !== '[]';
}

function nameTable(name: string): TableReference {
  return { name, identity: name };
}

function locateTable(start: ExportChain): Located | undefined {
  const [call, ...rest] = start.steps;
  if (call?.args === undefined) return undefined;
  if (definitions.test(start.name)) return definedAs(call, rest);
  const [second, ...others] = rest;
  if (creators.test(start.name)) return second?.args ? definedAs(second, others) : undefined;
  if (schemas.test(start.name))
    return second?.args && /^(table|view|materializedView)$/.test(second.name) ? definedAs(second, others) : undefined;
  const [inner, alias] = call.args;
  const table = inner && findTable(inner);
  if (table === undefined) return undefined;
  switch (start.name) {
    case 'alias':
    case 'aliasedTable':
      return {
        table: { name: table.name, identity: alias?.kind === 'constant' ? String(alias.value) : `${table.name} alias` },
        rest,
      };
    case 'getTableColumns':
    case 'getColumns':
    case 'getViewSelectedFields':
      return rest.length > 0 ? { table, rest } : undefined;
    default:
      return undefined;
  }
}

/** `pgTable('seats', {…})`, and what may follow before a column: `.enableRLS()`, a view's `.as(…)`. */
function definedAs(call: ChainStep, after: readonly ChainStep[]): Located | undefined {
  const name = call.args?.[0];
  if (name?.kind !== 'constant' || typeof name.value !== 'string') return undefined;
  const end = after.findIndex((step) => step.args === undefined);
  return { table: nameTable(name.value), rest: end < 0 ? [] : after.slice(end) };
}
