import type { TSESTree } from '@typescript-eslint/utils';
import type {
  CallContext,
  CountAnswer,
  InsertCall,
  LibraryEdits,
  RewrittenCall,
  UpdateCall,
  WriteChange,
} from './library-edits.ts';
import type { Comparison } from '../../model/program.ts';
import type { RowCondition } from './read-guard.ts';
import { renderConstant } from './render-constant.ts';
import { textOf } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import { findProperty, nameOfProperty } from './syntax-nodes.ts';

const affected: CountAnswer = {
  names: ['count', 'affected', 'changedRows'],
  declare: (name) => (name === 'count' ? '{ count }' : `{ count: ${name} }`),
  isNone: (name) => `${name} === 0`,
  isSome: (name) => `${name} > 0`,
};

const operators: Readonly<Record<Exclude<Comparison, '='>, string>> = {
  '!=': 'not',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};

/** Prisma's forms: `updateMany` with its count, `upsert` that assigns the key to itself, P2002, `$transaction([…])`. */
export const prismaEdits: LibraryEdits = { name: 'prisma', readUpdate, readInsert, countDeleted, joinInTransaction };

/** `handle.model.method({ … })`, taken apart. */
interface ModelCall {
  readonly receiver: TSESTree.Expression;
  readonly method: TSESTree.Identifier;
  readonly options: TSESTree.ObjectExpression;
}

function readModelCall(call: TSESTree.Expression): ModelCall | undefined {
  if (
    call.type !== 'CallExpression' ||
    call.callee.type !== 'MemberExpression' ||
    call.callee.computed ||
    call.callee.property.type !== 'Identifier'
  )
    return undefined;
  const [options, ...more] = call.arguments;
  if (options?.type !== 'ObjectExpression' || more.length > 0 || hasSpread(options)) return undefined;
  return { receiver: call.callee.object, method: call.callee.property, options };
}

function hasSpread(object: TSESTree.ObjectExpression): boolean {
  return object.properties.some((property) => property.type === 'SpreadElement' || property.computed);
}

function readObject(object: TSESTree.ObjectExpression, name: string): TSESTree.ObjectExpression | undefined {
  const value = findProperty(object, name)?.value;
  return value?.type === 'ObjectExpression' && !hasSpread(value) ? value : undefined;
}

function readUpdate(call: TSESTree.Expression, { source }: CallContext): UpdateCall | undefined {
  const model = readModelCall(call);
  if (model === undefined || (model.method.name !== 'update' && model.method.name !== 'updateMany')) return undefined;
  const where = readObject(model.options, 'where');
  const data = readObject(model.options, 'data');
  if (where === undefined || data === undefined) return undefined;
  const assigned = data.properties.flatMap((property) => {
    const column = nameOfProperty(property);
    return property.type === 'Property' && column !== undefined ? [{ column, node: property.value }] : [];
  });
  return { assigned, selects: [where], rewrite: (change) => rewriteUpdate(source, model, where, data, change) };
}

function rewriteUpdate(
  source: SourceText,
  model: ModelCall,
  where: TSESTree.ObjectExpression,
  data: TSESTree.ObjectExpression,
  change: WriteChange,
): RewrittenCall | undefined {
  const edits: Edit[] = [];
  for (const { column, operator, amount } of change.arithmetic) {
    const property = findProperty(data, column);
    if (property === undefined) return undefined;
    const value = `{ ${operator === '+' ? 'increment' : 'decrement'}: ${textOf(source, amount)} }`;
    edits.push(
      property.shorthand
        ? { range: property.range, text: `${column}: ${value}` }
        : { range: property.value.range, text: value },
    );
  }
  if (change.conditions.length === 0) return { edits, imports: [], count: affected };
  const reread = renderReread(source, model, where);
  const added = change.conditions.map((condition) => renderCondition(source, condition));
  if (added.some((text) => text === undefined)) return undefined;
  // two conditions of one column, or one that the code has already, would replace each other
  const columns = [
    ...change.conditions.map(({ column }) => column),
    ...where.properties.map((property) => nameOfProperty(property) ?? ''),
  ];
  if (new Set(columns).size !== columns.length) return undefined;
  const last = where.properties.at(-1);
  if (last === undefined) return undefined;
  if (model.method.name === 'update') edits.push({ range: model.method.range, text: 'updateMany' });
  for (const property of where.properties) {
    // a composite key is one property of several columns, which only unique selectors have
    if (property.type !== 'Property' || property.value.type !== 'ObjectExpression' || !isComposite(property)) continue;
    const [first] = property.value.properties;
    const end = property.value.properties.at(-1);
    if (first === undefined || end === undefined) return undefined;
    edits.push({ range: property.range, text: source.text.slice(first.range[0], end.range[1]) });
  }
  const isComposed = last.type === 'Property' && last.value.type === 'ObjectExpression' && isComposite(last);
  const text = `, ${added.join(', ')}`;
  if (isComposed) {
    const at = edits.findIndex((edit) => edit.range[0] === last.range[0]);
    const edit = edits[at];
    if (edit !== undefined) edits[at] = { ...edit, text: edit.text + text };
  } else edits.push({ range: [last.range[1], last.range[1]], text });
  for (const name of ['select', 'include', 'omit']) {
    const property = findProperty(model.options, name);
    if (property === undefined) continue;
    const before = source.text.lastIndexOf(',', property.range[0]);
    if (before < model.options.range[0]) return undefined;
    edits.push({ range: [before, property.range[1]], text: '' });
  }
  return { edits, imports: [], count: affected, ...(model.method.name === 'update' ? { reread } : {}) };
}

/** Is it `where: { org_slug: { org, slug } }`, and not a filter such as `{ gte: 1 }`? */
function isComposite(property: TSESTree.Property): boolean {
  const name = nameOfProperty(property) ?? '';
  if (property.value.type !== 'ObjectExpression' || !name.includes('_')) return false;
  const parts = property.value.properties.map((part) => nameOfProperty(part));
  return parts.length > 1 && parts.join('_') === name;
}

function renderReread(source: SourceText, { receiver, options }: ModelCall, where: TSESTree.ObjectExpression): string {
  const shape = ['select', 'include', 'omit'].flatMap((name) => {
    const property = findProperty(options, name);
    return property === undefined ? [] : [`, ${textOf(source, property)}`];
  });
  return `${textOf(source, receiver)}.findUniqueOrThrow({ where: ${textOf(source, where)}${shape.join('')} })`;
}

function renderCondition(source: SourceText, { column, comparison, value }: RowCondition): string | undefined {
  const isShort = value.kind === 'expression' && value.node.type === 'Identifier' && value.node.name === column;
  const text = value.kind === 'constant' ? renderConstant(source, value.value) : textOf(source, value.node);
  if (comparison === '=') return isShort ? column : `${column}: ${text}`;
  return `${column}: { ${operators[comparison]}: ${text} }`;
}

/** `deleteMany` and its count: `delete` would throw another error than the code's own. */
function countDeleted(call: TSESTree.Expression): RewrittenCall | undefined {
  const model = readModelCall(call);
  const where = model && readObject(model.options, 'where');
  if (model === undefined || where === undefined || model.options.properties.length !== 1) return undefined;
  if (model.method.name !== 'delete' && model.method.name !== 'deleteMany') return undefined;
  if (where.properties.some((property) => property.type === 'Property' && isComposite(property))) return undefined;
  const edits = model.method.name === 'delete' ? [{ range: model.method.range, text: 'deleteMany' }] : [];
  return { edits, imports: [], count: affected };
}

function readInsert(call: TSESTree.Expression, context: CallContext): InsertCall | undefined {
  const model = readModelCall(call);
  if (model?.method.name !== 'create') return undefined;
  return {
    // by its code alone: where the class is imported from depends on where the client is generated to
    isDuplicate: (error) => ({
      test: `${error} instanceof Error && 'code' in ${error} && ${error}.code === 'P2002'`,
      imports: [],
    }),
    ignoreDuplicate: () => ignoreDuplicate(model, context),
    getOrCreate: (key, { node }) => getOrCreate(model, key, node, context),
  };
}

/** `createMany` with `skipDuplicates`: its count tells, the row does not come back. Not in the types for SQLite. */
function ignoreDuplicate(model: ModelCall, { source, engine }: CallContext): RewrittenCall | undefined {
  const data = findProperty(model.options, 'data');
  if (engine === 'sqlite' || data === undefined || model.options.properties.length !== 1) return undefined;
  if (
    readObject(model.options, 'data')?.properties.some(
      (property) => property.type === 'Property' && property.value.type === 'ObjectExpression',
    ) === true
  )
    return undefined;
  return {
    edits: [
      { range: model.method.range, text: 'createMany' },
      { range: data.range, text: `data: [${textOf(source, data.value)}], skipDuplicates: true` },
    ],
    imports: [],
    count: affected,
  };
}

/** One statement only where the engine has it, the selector is one unique key, and `update` is not empty. */
function getOrCreate(
  model: ModelCall,
  key: readonly string[],
  check: TSESTree.Node,
  { source, engine }: CallContext,
): ReturnType<NonNullable<InsertCall['getOrCreate']>> {
  if (engine !== 'postgresql' && engine !== 'sqlite') return undefined;
  const read = check.type === 'CallExpression' ? readModelCall(check) : undefined;
  const where = read === undefined ? undefined : readObject(read.options, 'where');
  const data = readObject(model.options, 'data');
  if (read === undefined || where === undefined || data === undefined) return undefined;
  if (read.options.properties.some((property) => !['where', 'select', 'omit'].includes(nameOfProperty(property) ?? '')))
    return undefined;
  const isUnique =
    read.method.name.startsWith('findUnique') || (read.method.name.startsWith('findFirst') && key.length === 1);
  if (!isUnique || where.properties.length !== 1) return undefined;
  const shape = (options: TSESTree.ObjectExpression): string =>
    ['select', 'omit']
      .map((name) => {
        const property = findProperty(options, name);
        return property === undefined ? '' : textOf(source, property);
      })
      .join();
  if (shape(read.options) !== shape(model.options)) return undefined;
  if (data.properties.some((property) => property.type === 'Property' && property.value.type === 'ObjectExpression'))
    return undefined;
  const assigned = key.map((column) => findProperty(data, column));
  if (assigned.some((property) => property === undefined)) return undefined;
  const property = findProperty(model.options, 'data');
  if (property === undefined) return undefined;
  const self = assigned.map((part) => (part === undefined ? '' : textOf(source, part))).join(', ');
  return {
    edits: [
      { range: model.method.range, text: 'upsert' },
      {
        range: property.range,
        text: `where: ${textOf(source, where)}, create: ${textOf(source, property.value)}, update: { ${self} }`,
      },
    ],
    imports: [],
  };
}

/** `Promise.all([a, b])` over operations of one handle becomes `handle.$transaction([a, b])`. */
function joinInTransaction({
  source,
  elements,
  group,
  loop,
}: Parameters<NonNullable<LibraryEdits['joinInTransaction']>>[0]): { readonly edits: readonly Edit[] } | undefined {
  const handles = new Set<string>();
  for (const element of elements) {
    if (element.type !== 'CallExpression' || element.callee.type !== 'MemberExpression') return undefined;
    const { object } = element.callee;
    if (object.type !== 'MemberExpression') return undefined;
    handles.add(textOf(source, object.object));
  }
  const [handle, ...more] = handles;
  if (handle === undefined || more.length > 0) return undefined;
  const edits: Edit[] = [{ range: group.callee.range, text: `${handle}.$transaction` }];
  if (loop !== undefined) {
    // an async callback would start each operation by itself
    if (loop.callback.async)
      edits.push({ range: [loop.callback.range[0], source.text.indexOf('(', loop.callback.range[0])], text: '' });
    if (loop.callback.body !== elements[0])
      edits.push({
        range: loop.callback.body.range,
        text: elements[0] === undefined ? '' : textOf(source, elements[0]),
      });
  }
  return { edits };
}
