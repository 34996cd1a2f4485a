import type { Assignment } from '../../../model/effect.ts';
import type { TemplateValue, Value } from '../../../model/value.ts';
import { findEntry } from '../../find-entry.ts';
import { normalizeExport } from '../../find-export-steps.ts';
import { findColumn } from './find-table.ts';
import { mergeByFunction } from '../../sql/merge-json.ts';
import type { SqlExpression } from './sql-fragment.ts';
import { parseSqlFragment } from './sql-fragment.ts';

/** What the names inside a statement mean. */
export interface StatementScope {
  /** Identity of the statement's table; its columns are the row's own. */
  readonly table: string;
  /** In relational queries, where the table is named by its key: columns of whatever table are the row's own. */
  readonly relational?: true;
  /** In ON CONFLICT … DO UPDATE: what the INSERT would have written (`excluded.stock`, `VALUES(stock)`). */
  readonly inserted?: readonly Assignment[];
  /** The argument of a prepared statement's `execute({…})`, for `sql.placeholder('id')`. */
  readonly placeholders?: Value;
}

/** The template of `` sql`…` ``, undefined for any other value. */
export function findSqlTemplate(value: Value): TemplateValue | undefined {
  const start = value.kind === 'chain' ? normalizeExport(value) : undefined;
  if (start?.name !== 'sql' || !start.package.startsWith('drizzle-orm')) return undefined;
  // `.mapWith(Number)` and `.as('total')` shape the answer only.
  const [tag, ...rest] = start.steps;
  return rest.every((step) => step.name === 'mapWith' || step.name === 'as' || step.name === 'inlineParams')
    ? tag?.template
    : undefined;
}

/**
 * A value as the statement computes it: the table's own columns become `current`, SQL arithmetic becomes operators.
 * SQL that is not understood becomes an application of `sql` to its text and everything in it.
 */
export function lowerExpression(value: Value, scope: StatementScope): Value {
  if (value.kind === 'choice') {
    return { ...value, then: lowerExpression(value.then, scope), otherwise: lowerExpression(value.otherwise, scope) };
  }
  if (value.kind !== 'chain') return value;
  const column = findColumn(value);
  if (column !== undefined) {
    const defined = isDefinition(value);
    if (column.table.identity === scope.table || (defined && scope.relational))
      return { kind: 'current', column: column.column };
    return defined ? nameColumn(`${column.table.identity}.${column.column}`) : value;
  }
  if (value.root.kind === 'client') return applySql('subquery', []);
  const template = findSqlTemplate(value);
  if (template !== undefined) {
    const expression = parseSqlFragment(template);
    return (expression && lowerSql(expression, scope)) ?? lowerOpaque(template, scope);
  }
  return lowerSqlMember(value, scope) ?? value;
}

/** Text and values of a template that is not understood. */
function lowerOpaque(template: TemplateValue, scope: StatementScope): Value {
  return applySql(
    template.quasis.join('?'),
    template.values.map((value) => lowerExpression(value, scope)),
  );
}

function applySql(text: string, operands: readonly Value[]): Value {
  return { kind: 'apply', operator: 'sql', operands: [{ kind: 'constant', value: text }, ...operands] };
}

/** A column of another table, by its full name. */
function nameColumn(name: string): Value {
  return { kind: 'apply', operator: 'column', operands: [{ kind: 'constant', value: name }] };
}

function isDefinition(value: Value & { kind: 'chain' }): boolean {
  return value.root.kind === 'export' && value.root.package.startsWith('drizzle-orm');
}

/** `sql.raw(text)`, `sql.param(value)`, `sql.placeholder(name)`. */
function lowerSqlMember(value: Value & { kind: 'chain' }, scope: StatementScope): Value | undefined {
  const start = normalizeExport(value);
  const [member] = start?.steps ?? [];
  const isSql = start?.name === 'sql' && start.package.startsWith('drizzle-orm');
  const [first] = member?.args ?? [];
  if (start?.name === 'placeholder' && member?.name === '()' && first) return findPlaceholder(first, scope);
  if (!isSql || member === undefined || first === undefined) return undefined;
  switch (member.name) {
    case 'param':
      return lowerExpression(first, scope);
    case 'placeholder':
      return findPlaceholder(first, scope);
    case 'raw':
    case 'identifier':
      return lowerRaw(first, scope);
    default:
      return undefined;
  }
}

function lowerRaw(text: Value, scope: StatementScope): Value {
  const template: TemplateValue =
    text.kind === 'template'
      ? text
      : text.kind === 'constant'
        ? { kind: 'template', quasis: [String(text.value)], values: [] }
        : { kind: 'template', quasis: ['', ''], values: [text] };
  // Text that is put together may hold anything.
  const expression = text.kind === 'constant' ? parseSqlFragment(template) : undefined;
  return (expression && lowerSql(expression, scope)) ?? lowerOpaque(template, scope);
}

function findPlaceholder(name: Value, scope: StatementScope): Value {
  const found = name.kind === 'constant' ? findEntry(scope.placeholders, String(name.value)) : undefined;
  return found ?? { kind: 'unknown', reason: 'placeholder without a value' };
}

/** A parsed fragment as a value. */
export function lowerSql(expression: SqlExpression, scope: StatementScope): Value {
  switch (expression.kind) {
    case 'value':
      return lowerExpression(expression.value, scope);
    case 'name':
      return lowerName(expression.parts, scope);
    case 'call':
      return lowerCall(expression.name, expression.args, scope);
    case 'binary':
      return {
        kind: 'apply',
        operator: expression.operator,
        operands: [lowerSql(expression.left, scope), lowerSql(expression.right, scope)],
      };
  }
}

function lowerName(parts: readonly string[], scope: StatementScope): Value {
  const column = parts.at(-1) ?? '';
  const [table] = parts;
  if (parts.length === 1) {
    return /^(current_(date|time|timestamp)|localtimestamp|default)$/i.test(column)
      ? applySql(column.toLowerCase(), [])
      : { kind: 'current', column };
  }
  if (table === 'excluded') return findInserted(column, scope);
  return table === scope.table ? { kind: 'current', column } : nameColumn(parts.join('.'));
}

function lowerCall(name: string, args: readonly SqlExpression[], scope: StatementScope): Value {
  const [only] = args;
  if (name === 'values' && scope.inserted !== undefined && only !== undefined) {
    const value = lowerSql(only, scope);
    return value.kind === 'current' ? findInserted(value.column, scope) : value;
  }
  const operands = args.map((argument) => lowerSql(argument, scope));
  return mergeByFunction(name, operands) ?? { kind: 'apply', operator: name, operands };
}

/** Text names the database's column, the INSERT the property: `user_id` is taken for `userId`. */
function findInserted(column: string, scope: StatementScope): Value {
  const normal = normalizeName(column);
  const found = scope.inserted?.find((assignment) => normalizeName(assignment.column) === normal);
  return found?.value ?? { kind: 'apply', operator: 'excluded', operands: [{ kind: 'constant', value: column }] };
}

function normalizeName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
