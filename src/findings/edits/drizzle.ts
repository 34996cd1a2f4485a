import type { TSESTree } from '@typescript-eslint/utils';
import type {
  CallContext,
  CountAnswer,
  ImportNeed,
  InsertCall,
  LibraryEdits,
  RewrittenCall,
  UpdateCall,
  WriteChange,
} from './library-edits.ts';
import type { Comparison } from '../../model/program.ts';
import { printCallbackTransaction } from './print-callback-transaction.ts';
import type { RowCondition } from './read-guard.ts';
import { renderConstant } from './render-constant.ts';
import { textOf } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import { findProperty, nameOfProperty } from './syntax-nodes.ts';

/** Drizzle's forms: `sql` arithmetic, `and(…)`, `returning()` or `affectedRows`, `onConflict…`, the driver's error as cause. */
export const drizzleEdits: LibraryEdits = {
  name: 'drizzle',
  readUpdate,
  readInsert,
  countDeleted,
  lockRead,
  transactionMethod: 'transaction',
  joinInTransaction: (parts) =>
    parts.client.synchronous === true ? undefined : printCallbackTransaction(parts, 'transaction'),
};

const operators: Readonly<Record<Comparison, string>> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};

const operatorImport = (name: string): ImportNeed => ({ name, package: 'drizzle-orm' });

/** The links of `db.verb(table).a(…).b(…)`, first to last. */
interface Builder {
  readonly table: TSESTree.Expression;
  readonly verb: string;
  readonly links: readonly { readonly name: string; readonly call: TSESTree.CallExpression }[];
}

function readBuilder(node: TSESTree.Expression): Builder | undefined {
  const links: { readonly name: string; readonly call: TSESTree.CallExpression }[] = [];
  let at: TSESTree.Expression = node;
  while (
    at.type === 'CallExpression' &&
    at.callee.type === 'MemberExpression' &&
    at.callee.property.type === 'Identifier'
  ) {
    links.unshift({ name: at.callee.property.name, call: at });
    at = at.callee.object;
  }
  const [verb, ...rest] = links;
  const table = verb?.call.arguments[0];
  if (
    verb === undefined ||
    table === undefined ||
    table.type === 'SpreadElement' ||
    !['update', 'insert', 'delete'].includes(verb.name)
  )
    return undefined;
  return { table, verb: verb.name, links: rest };
}

type Engine = 'postgresql' | 'mysql' | 'sqlite';

function findEngine({ client, engine, table }: CallContext): Engine | undefined {
  const known = client.engine ?? table?.engine ?? engine;
  return known === 'innodb' ? 'mysql' : known === 'postgresql' || known === 'sqlite' ? known : undefined;
}

/** What the returned rows are called, by the builder's verb. */
const answerNames: Readonly<Record<string, readonly string[]>> = {
  insert: ['inserted', 'created'],
  update: ['updated', 'changed'],
  delete: ['deleted', 'removed'],
};

/** `returning()` where the engine has it, else the driver's count. */
function readAnswers(
  builder: Builder,
  node: TSESTree.Expression,
  engine: Engine,
):
  | { readonly count: CountAnswer; readonly edits: readonly Edit[]; readonly readBound: RewrittenCall['readBound'] }
  | undefined {
  const names = builder.links.map(({ name }) => name);
  const isReturning = names.includes('returning');
  if (engine === 'mysql') {
    if (names.some((name) => name === '$returningId')) return undefined;
    const count: CountAnswer = {
      names: ['result', 'written'],
      declare: (name) => `[${name}]`,
      isNone: (name) => `${name}.affectedRows === 0`,
      isSome: (name) => `${name}.affectedRows > 0`,
    };
    return {
      count,
      edits: [],
      readBound: (pattern) => {
        const [first] = pattern.type === 'ArrayPattern' ? pattern.elements : [];
        return first?.type === 'Identifier' ? { edits: [], isNone: count.isNone(first.name) } : undefined;
      },
    };
  }
  if (names.some((name) => ['run', 'all', 'get'].includes(name))) {
    const [last] = names.slice(-1);
    if (last !== 'run') return undefined;
    return {
      count: {
        names: ['changes', 'changedRows'],
        declare: (name) => (name === 'changes' ? '{ changes }' : `{ changes: ${name} }`),
        isNone: (name) => `${name} === 0`,
        isSome: (name) => `${name} > 0`,
      },
      edits: [],
      readBound: undefined,
    };
  }
  const count: CountAnswer = {
    names: answerNames[builder.verb] ?? ['changed'],
    declare: (name) => name,
    isNone: (name) => `${name}.length === 0`,
    isSome: (name) => `${name}.length > 0`,
  };
  return {
    count,
    edits: isReturning ? [] : [{ range: [node.range[1], node.range[1]], text: '.returning()' }],
    readBound: (pattern) => {
      if (!isReturning) return undefined;
      if (pattern.type === 'Identifier') return { edits: [], isNone: count.isNone(pattern.name) };
      const [first] = pattern.type === 'ArrayPattern' ? pattern.elements : [];
      return first?.type === 'Identifier' ? { edits: [], isNone: `!${first.name}` } : undefined;
    },
  };
}

/** `delete(table).where(…)`, with `returning()` or the driver's count. */
function countDeleted(node: TSESTree.Expression, context: CallContext): RewrittenCall | undefined {
  const builder = readBuilder(node);
  const engine = findEngine(context);
  if (builder?.verb !== 'delete' || engine === undefined) return undefined;
  const answers = readAnswers(builder, node, engine);
  return answers === undefined ? undefined : { edits: answers.edits, imports: [], count: answers.count };
}

/** `.for('update')` after a select of one table; SQLite has no such thing. */
function lockRead(node: TSESTree.Expression, context: CallContext): readonly Edit[] | undefined {
  const names: string[] = [];
  let at: TSESTree.Expression = node;
  while (
    at.type === 'CallExpression' &&
    at.callee.type === 'MemberExpression' &&
    at.callee.property.type === 'Identifier'
  ) {
    names.unshift(at.callee.property.name);
    at = at.callee.object;
  }
  const engine = findEngine(context);
  const isPlain = names[0] === 'select' && names.slice(1).every((name) => ['from', 'where', 'limit'].includes(name));
  if (!isPlain || !names.includes('where') || engine === undefined || engine === 'sqlite') return undefined;
  return [{ range: [node.range[1], node.range[1]], text: ".for('update')" }];
}

function readUpdate(node: TSESTree.Expression, context: CallContext): UpdateCall | undefined {
  const builder = readBuilder(node);
  const set = builder?.links.find(({ name }) => name === 'set')?.call.arguments[0];
  const where = builder?.links.find(({ name }) => name === 'where')?.call.arguments[0];
  if (
    builder?.verb !== 'update' ||
    set?.type !== 'ObjectExpression' ||
    where === undefined ||
    where.type === 'SpreadElement'
  )
    return undefined;
  if (set.properties.some((property) => property.type === 'SpreadElement' || property.computed)) return undefined;
  const assigned = set.properties.flatMap((property) => {
    const column = nameOfProperty(property);
    return property.type === 'Property' && column !== undefined ? [{ column, node: property.value }] : [];
  });
  return { assigned, selects: [where], rewrite: (change) => rewriteUpdate(node, builder, set, where, change, context) };
}

function rewriteUpdate(
  node: TSESTree.Expression,
  builder: Builder,
  set: TSESTree.ObjectExpression,
  where: TSESTree.Expression,
  change: WriteChange,
  context: CallContext,
): RewrittenCall | undefined {
  const { source } = context;
  const table = textOf(source, builder.table);
  const edits: Edit[] = [];
  const imports: ImportNeed[] = [];
  for (const { column, operator, amount } of change.arithmetic) {
    const property = findProperty(set, column);
    if (property === undefined) return undefined;
    const value = `sql\`\${${table}.${column}} ${operator} \${${textOf(source, amount)}}\``;
    edits.push(
      property.shorthand
        ? { range: property.range, text: `${column}: ${value}` }
        : { range: property.value.range, text: value },
    );
    imports.push(operatorImport('sql'));
  }
  const engine = findEngine(context);
  if (change.conditions.length === 0) {
    return {
      edits,
      imports,
      count: { names: ['updated'], declare: (name) => name, isNone: (name) => name, isSome: (name) => name },
    };
  }
  if (engine === undefined) return undefined;
  const conditions = change.conditions.map((condition) => renderCondition(source, table, condition, imports));
  const isConjunction =
    where.type === 'CallExpression' &&
    where.callee.type === 'Identifier' &&
    where.callee.name === 'and' &&
    where.arguments.length > 0;
  if (isConjunction) {
    const last = where.arguments.at(-1);
    if (last === undefined) return undefined;
    edits.push({ range: [last.range[1], last.range[1]], text: `, ${conditions.join(', ')}` });
  } else {
    edits.push(
      { range: [where.range[0], where.range[0]], text: 'and(' },
      { range: [where.range[1], where.range[1]], text: `, ${conditions.join(', ')})` },
    );
    imports.push(operatorImport('and'));
  }
  const answers = readAnswers(builder, node, engine);
  if (answers === undefined) return undefined;
  const { count, readBound } = answers;
  return { edits: [...edits, ...answers.edits], imports, count, ...(readBound === undefined ? {} : { readBound }) };
}

function renderCondition(
  source: SourceText,
  table: string,
  { column, comparison, value }: RowCondition,
  imports: ImportNeed[],
): string {
  if (value.kind === 'constant' && value.value === null) {
    const test = comparison === '=' ? 'isNull' : 'isNotNull';
    imports.push(operatorImport(test));
    return `${test}(${table}.${column})`;
  }
  const operator = operators[comparison];
  imports.push(operatorImport(operator));
  return `${operator}(${table}.${column}, ${value.kind === 'constant' ? renderConstant(source, value.value) : textOf(source, value.node)})`;
}

function readInsert(node: TSESTree.Expression, context: CallContext): InsertCall | undefined {
  const builder = readBuilder(node);
  const values = builder?.links.find(({ name }) => name === 'values')?.call;
  const row = values?.arguments[0];
  const engine = findEngine(context);
  if (builder?.verb !== 'insert' || values === undefined || engine === undefined) return undefined;
  const table = textOf(context.source, builder.table);
  const mark =
    engine === 'postgresql'
      ? { field: 'code', value: "'23505'" }
      : engine === 'mysql'
        ? { field: 'errno', value: '1062' }
        : { field: 'code', value: "'SQLITE_CONSTRAINT_UNIQUE'" };
  const isDuplicate: NonNullable<InsertCall['isDuplicate']> = (error) => ({
    test: `${error} instanceof Error && ${error}.cause instanceof Error && '${mark.field}' in ${error}.cause && ${error}.cause.${mark.field} === ${mark.value}`,
    imports: [],
  });
  if (engine === 'mysql') return { isDuplicate };
  const answers = readAnswers(builder, node, engine);
  const target = (key: readonly string[]): string =>
    key.length === 1 ? `${table}.${key[0] ?? ''}` : `[${key.map((column) => `${table}.${column}`).join(', ')}]`;
  const at = values.range[1];
  return {
    ...(engine === 'sqlite' ? {} : { isDuplicate }),
    ignoreDuplicate: (key) => {
      if (answers === undefined) return undefined;
      const { count, readBound } = answers;
      // both edits may be at one place: the clause comes first
      const added = answers.edits.map(({ text }) => text).join('');
      const isLast = at === node.range[1];
      const clause: Edit = {
        range: [at, at],
        text: `.onConflictDoNothing({ target: ${target(key)} })${isLast ? added : ''}`,
      };
      return {
        namesKey: true,
        edits: [clause, ...(isLast ? [] : answers.edits)],
        imports: [],
        count,
        ...(readBound === undefined ? {} : { readBound }),
      };
    },
    getOrCreate: (key, { columns }) => {
      const returning = builder.links.find(({ name }) => name === 'returning');
      // the whole row on both sides: selected fields could be named differently
      if (
        row?.type !== 'ObjectExpression' ||
        returning === undefined ||
        returning.call.arguments.length > 0 ||
        columns !== undefined
      )
        return undefined;
      const assigned = key.map((column) => findProperty(row, column));
      if (assigned.some((property) => property === undefined)) return undefined;
      const self = assigned
        .map((property) => (property === undefined ? '' : textOf(context.source, property)))
        .join(', ');
      return {
        edits: [{ range: [at, at], text: `.onConflictDoUpdate({ target: ${target(key)}, set: { ${self} } })` }],
        imports: [],
      };
    },
  };
}
