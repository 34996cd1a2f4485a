import type { TSESTree } from '@typescript-eslint/utils';
import type { Comparison } from '../../model/program.ts';
import type { CallContext, CountAnswer, InsertCall, LibraryEdits, UpdateCall } from './library-edits.ts';
import { renderConstant } from './render-constant.ts';
import { textOf } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { findProperty, nameOfProperty, pickName } from './syntax-nodes.ts';

/**
 * supabase-js's forms: further filters and `select()` to see which rows changed, the error in the answer. Arithmetic in
 * the database and transactions can't be written with it: those need a database function.
 */
export const supabaseEdits: LibraryEdits = { name: 'supabase', readUpdate, readInsert };

const filters: Readonly<Record<Comparison, string>> = {
  '=': 'eq',
  '!=': 'neq',
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
};

interface Link {
  readonly name: string;
  readonly call: TSESTree.CallExpression;
}

function readLinks(node: TSESTree.Expression): readonly Link[] {
  const links: Link[] = [];
  let at: TSESTree.Expression = node;
  while (
    at.type === 'CallExpression' &&
    at.callee.type === 'MemberExpression' &&
    at.callee.property.type === 'Identifier'
  ) {
    links.unshift({ name: at.callee.property.name, call: at });
    at = at.callee.object;
  }
  return links;
}

function readUpdate(node: TSESTree.Expression, { source, around }: CallContext): UpdateCall | undefined {
  const links = readLinks(node);
  const at = links.findIndex(({ name }) => name === 'update');
  const set = links[at]?.call.arguments[0];
  const rest = links.slice(at + 1);
  if (
    at < 0 ||
    set?.type !== 'ObjectExpression' ||
    set.properties.some((property) => property.type === 'SpreadElement' || property.computed)
  )
    return undefined;
  const shaping = rest.findIndex(({ name }) => name === 'select');
  if (
    rest.slice(shaping < 0 ? rest.length : shaping + 1).some(({ name }) => name !== 'single' && name !== 'maybeSingle')
  )
    return undefined;
  const filtering = rest.slice(0, shaping < 0 ? undefined : shaping);
  const last = filtering.at(-1);
  if (last === undefined || filtering.some(({ name }) => name !== 'eq')) return undefined;
  const isSingle = rest.some(({ name }) => name === 'single');
  return {
    assigned: set.properties.flatMap((property) => {
      const column = nameOfProperty(property);
      return property.type === 'Property' && column !== undefined ? [{ column, node: property.value }] : [];
    }),
    selects: filtering.flatMap(({ call }) => call.arguments),
    rewrite: ({ arithmetic, conditions }) => {
      if (arithmetic.length > 0 || conditions.length === 0 || isSingle) return undefined;
      const texts = conditions.map(({ column, comparison, value }) => {
        const quoted = renderConstant(source, column);
        if (value.kind === 'expression') return `.${filters[comparison]}(${quoted}, ${textOf(source, value.node)})`;
        if (value.value === null)
          return comparison === '=' ? `.is(${quoted}, null)` : `.not(${quoted}, ${renderConstant(source, 'is')}, null)`;
        return `.${filters[comparison]}(${quoted}, ${renderConstant(source, value.value)})`;
      });
      const end = last.call.range[1];
      return {
        edits: [{ range: [end, end], text: `${texts.join('')}${shaping < 0 ? '.select()' : ''}` }],
        imports: [],
        count: countRows(['updated', 'changed'], pickName(source, around, ['error', 'failed'])),
        readBound: (pattern) => {
          if (pattern.type !== 'ObjectPattern') return undefined;
          const data = pattern.properties.find((property) => nameOfProperty(property) === 'data');
          const isMany = !rest.some(({ name }) => name === 'maybeSingle');
          if (data?.type === 'Property')
            return data.value.type === 'Identifier'
              ? { edits: [], isNone: isMany ? `!${data.value.name}?.length` : `!${data.value.name}` }
              : undefined;
          const error = pattern.properties.find((property) => nameOfProperty(property) === 'error');
          const final = pattern.properties.at(-1);
          if (
            error?.type !== 'Property' ||
            error.value.type !== 'Identifier' ||
            final === undefined ||
            source.text.slice(pattern.range[0], pattern.range[1]).includes('updated')
          )
            return undefined;
          return {
            edits: [{ range: [final.range[1], final.range[1]], text: ', data: updated' }],
            isNone: `!${error.value.name} && !updated.length`,
          };
        },
      };
    },
  };
}

/** The rows that `select()` gives back, after the error that the answer may be instead. */
function countRows(names: readonly string[], error: string): CountAnswer {
  return {
    names,
    declare: (name) => `{ data: ${name}, ${error === 'error' ? error : `error: ${error}`} }`,
    first: `if (${error}) throw ${error}`,
    isNone: (name) => `${name}.length === 0`,
    isSome: (name) => `${name}.length > 0`,
  };
}

function readInsert(node: TSESTree.Expression, { source, around }: CallContext): InsertCall | undefined {
  const links = readLinks(node);
  const insert = links.find(({ name }) => name === 'insert');
  const row = insert?.call.arguments[0];
  if (insert === undefined || insert.call.arguments.length !== 1 || insert.call.callee.type !== 'MemberExpression')
    return undefined;
  const { property } = insert.call.callee;
  const throws = links.some(({ name }) => name === 'throwOnError');
  const reads = links.some(({ name }) => name === 'select');
  return {
    ...(throws
      ? {}
      : {
          answersDuplicate: (pattern, name) => {
            const shown = name === 'error' ? 'error' : `error: ${name}`;
            if (pattern === undefined)
              return { edits: [], declare: `{ ${shown} }`, test: `${name}?.code === '23505'`, error: name };
            if (pattern.type === 'Identifier')
              return { edits: [], test: `${pattern.name}.error?.code === '23505'`, error: `${pattern.name}.error` };
            if (pattern.type !== 'ObjectPattern') return undefined;
            const error = pattern.properties.find((part) => nameOfProperty(part) === 'error');
            if (error?.type === 'Property')
              return error.value.type === 'Identifier'
                ? { edits: [], test: `${error.value.name}?.code === '23505'`, error: error.value.name }
                : undefined;
            const last = pattern.properties.at(-1);
            if (last === undefined) return undefined;
            const edits: Edit[] = [{ range: [last.range[1], last.range[1]], text: `, ${shown}` }];
            return { edits, test: `${name}?.code === '23505'`, error: name };
          },
        }),
    ignoreDuplicate: (key) => {
      if (row?.type !== 'ObjectExpression' || throws) return undefined;
      const shaping = links.slice(links.indexOf(insert) + 1);
      if (shaping.some(({ name }) => !['select', 'single', 'maybeSingle'].includes(name))) return undefined;
      const single = shaping.find(({ name }) => name === 'single');
      const isOne = shaping.some(({ name }) => name === 'single' || name === 'maybeSingle');
      const options = `, { onConflict: ${renderConstant(source, key.join(','))}, ignoreDuplicates: true }`;
      const edits: Edit[] = [
        { range: property.range, text: 'upsert' },
        { range: [row.range[1], row.range[1]], text: options },
        ...(reads ? [] : [{ range: [node.range[1], node.range[1]] as const, text: '.select()' }]),
      ];
      // a skipped row is no row, which `single` would call an error
      if (single?.call.callee.type === 'MemberExpression')
        edits.push({ range: single.call.callee.property.range, text: 'maybeSingle' });
      const error = pickName(source, around, ['error', 'failed']);
      return {
        edits,
        imports: [],
        namesKey: true,
        count: countRows(['inserted', 'created'], error),
        readBound: (pattern) => {
          if (pattern.type !== 'ObjectPattern' || !reads) return undefined;
          const data = pattern.properties.find((part) => nameOfProperty(part) === 'data');
          const own = pattern.properties.find((part) => nameOfProperty(part) === 'error');
          const last = pattern.properties.at(-1);
          if (data?.type !== 'Property' || data.value.type !== 'Identifier' || last === undefined) return undefined;
          if (own !== undefined && (own.type !== 'Property' || own.value.type !== 'Identifier')) return undefined;
          const name = own?.type === 'Property' && own.value.type === 'Identifier' ? own.value.name : error;
          const added: readonly Edit[] =
            own === undefined
              ? [{ range: [last.range[1], last.range[1]], text: error === 'error' ? ', error' : `, error: ${error}` }]
              : [];
          return {
            edits: added,
            isNone: isOne ? `!${name} && !${data.value.name}` : `!${name} && ${data.value.name}.length === 0`,
          };
        },
      };
    },
    getOrCreate: (key) => {
      // an upsert overwrites every column that it is given, so only the key may be given
      if (row?.type !== 'ObjectExpression' || !reads || row.properties.length !== key.length) return undefined;
      if (key.some((column) => findProperty(row, column) === undefined)) return undefined;
      return {
        edits: [
          { range: property.range, text: 'upsert' },
          { range: [row.range[1], row.range[1]], text: `, { onConflict: ${renderConstant(source, key.join(','))} }` },
        ],
        imports: [],
      };
    },
  };
}
