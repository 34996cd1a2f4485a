import type { Value } from '../../model/value.ts';
import { isJsonObject, mergeByFunction, mergeInto } from './merge-json.ts';
import { findNode, findText, listNodes, readVariant, walkExpressions, type SqlNode } from './sql-node.ts';
import { readIdentifier, readName, type SqlScope } from './sql-scope.ts';

const operators: Readonly<Record<string, string>> = {
  Plus: '+',
  Minus: '-',
  Multiply: '*',
  Divide: '/',
  Modulo: '%',
  Eq: '===',
  NotEq: '!==',
  Lt: '<',
  LtEq: '<=',
  Gt: '>',
  GtEq: '>=',
  And: '&&',
  Or: '||',
  StringConcat: 'call:concat',
};

/** Each call gives another value: made up, or the moment. */
const freshFunctions = new Set([
  'now',
  'current_timestamp',
  'localtimestamp',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
  'sysdate',
  'utc_timestamp',
  'unixepoch',
  'unix_timestamp',
  'gen_random_uuid',
  'uuid_generate_v4',
  'uuidv7',
  'uuid',
  'nextval',
  'randomblob',
  'random',
  'rand',
  'gen_random_bytes',
]);

/** They give back their argument. */
const identityFunctions = new Set(['last_insert_id', 'any_value']);

/**
 * @param node an expression
 * @param scope what its names mean
 * @returns its value: columns of the statement's own table are `current`, columns of other tables and subqueries unknown
 */
export function lowerExpression(node: SqlNode, scope: SqlScope): Value {
  const [kind, content] = readVariant(node);
  switch (kind) {
    case 'Value':
      return lowerLiteral(findNode(content, 'value'), scope);
    case 'Identifier':
    case 'CompoundIdentifier': {
      const column = resolveColumn(node, scope);
      if (column.kind === 'own') return { kind: 'current', column: column.name };
      if (column.kind === 'proposed') return column.value;
      return { kind: 'unknown', reason: `SQL column ${column.name}` };
    }
    case 'Nested':
      return lowerExpression(content, scope);
    case 'Cast':
    case 'Collate':
      return lowerExpression(findNode(content, 'expr'), scope);
    case 'BinaryOp': {
      const operator = findText(content, 'op') ?? readVariant(findNode(content, 'op'))[0];
      if (operator === 'StringConcat') {
        const right = findNode(content, 'right');
        const part = lowerExpression(right, scope);
        if (isJsonObject(right, part)) return mergeInto(lowerExpression(findNode(content, 'left'), scope), part);
      }
      return apply(
        operators[operator] ?? `call:${operator}`,
        [findNode(content, 'left'), findNode(content, 'right')],
        scope,
      );
    }
    case 'UnaryOp':
      return lowerUnary(content, scope);
    case 'Function':
      return lowerFunction(content, scope);
    case 'Array':
      return {
        kind: 'array',
        elements: listNodes(content, 'elem').map((element) => lowerExpression(element, scope)),
        complete: true,
      };
    case 'Tuple':
      return {
        kind: 'array',
        elements: listNodes(content).map((element) => lowerExpression(element, scope)),
        complete: true,
      };
    case 'Subquery':
    case 'Exists':
    case 'InSubquery':
      return { kind: 'unknown', reason: 'SQL subquery' };
    default:
      return {
        kind: 'apply',
        operator: `call:${kind.toLowerCase() || 'expression'}`,
        operands: listOperands(content, scope),
      };
  }
}

export type ResolvedColumn =
  | { readonly kind: 'own'; readonly name: string }
  | { readonly kind: 'other'; readonly name: string }
  /** Unqualified, and several tables could have it. */
  | { readonly kind: 'ambiguous'; readonly name: string }
  | { readonly kind: 'proposed'; readonly name: string; readonly value: Value };

/**
 * @param node an `Identifier` or `CompoundIdentifier`
 * @returns whose column it is
 */
export function resolveColumn(node: SqlNode, scope: SqlScope): ResolvedColumn {
  const [kind, content] = readVariant(node);
  const parts = (kind === 'Identifier' ? [content] : listNodes(content)).map((part) => readIdentifier(part, scope));
  const name = parts.at(-1) ?? '';
  const qualifier = parts.at(-2);
  if (qualifier === undefined) {
    if (scope.own.length === 0) return { kind: 'other', name };
    return scope.others.length === 0 ? { kind: 'own', name } : { kind: 'ambiguous', name };
  }
  if (scope.proposed?.names.includes(qualifier.toLowerCase()))
    return { kind: 'proposed', name, value: readProposed(name, scope) };
  return scope.own.includes(qualifier) ? { kind: 'own', name } : { kind: 'other', name: `${qualifier}.${name}` };
}

/** The value that an INSERT proposes for a column. */
function readProposed(column: string, scope: SqlScope): Value {
  const entry = scope.proposed?.row.entries.find((candidate) => candidate.name === column);
  return entry?.value ?? { kind: 'unknown', reason: `the proposed row's ${column}` };
}

/** Placeholders, literals and columns below a node, in the order of the tree: what an opaque expression depends on. */
export function listOperands(node: SqlNode, scope: SqlScope): readonly Value[] {
  const operands: Value[] = [];
  for (const child of walkExpressions(node)) {
    if (Array.isArray(child)) continue;
    const [kind] = readVariant(child);
    if (kind === 'Value') {
      operands.push(lowerLiteral(findNode(child, 'Value', 'value'), scope));
    } else if (kind === 'CompoundIdentifier' || kind === 'Identifier') {
      const column = resolveColumn(child, scope);
      if (column.kind === 'own') operands.push({ kind: 'current', column: column.name });
      else if (column.kind === 'proposed') operands.push(column.value);
    }
  }
  return operands;
}

function lowerLiteral(literal: SqlNode, scope: SqlScope): Value {
  const [kind, content] = readVariant(literal);
  switch (kind) {
    case 'Placeholder':
      return scope.bindings.get(String(content)) ?? { kind: 'unknown', reason: `placeholder ${String(content)}` };
    case 'Number': {
      const text = Array.isArray(content) ? String(content[0]) : '';
      return {
        kind: 'constant',
        value: Number.isSafeInteger(Number(text)) || text.includes('.') ? Number(text) : BigInt(text),
      };
    }
    case 'Boolean':
      return { kind: 'constant', value: content === true };
    case 'Null':
      return { kind: 'constant', value: null };
    default: {
      const text = typeof content === 'string' ? content : (findText(content, 'value') ?? '');
      return lowerText(text, scope);
    }
  }
}

/** A quoted text with holes: `'%${word}%'`. */
function lowerText(text: string, scope: SqlScope): Value {
  const pieces = text.split(/:__i(\d+)/);
  if (pieces.length === 1) return { kind: 'constant', value: text };
  const quasis = pieces.filter((_, index) => index % 2 === 0);
  const values = pieces
    .filter((_, index) => index % 2 === 1)
    .map((index): Value => scope.holes[Number(index)] ?? { kind: 'unknown', reason: 'interpolation' });
  const [only] = values;
  if (only !== undefined && values.length === 1 && quasis.every((quasi) => quasi === '')) return only;
  return { kind: 'template', quasis, values };
}

function lowerUnary(content: SqlNode, scope: SqlScope): Value {
  const operator = findText(content, 'op');
  const operand = lowerExpression(findNode(content, 'expr'), scope);
  if (operator === 'Minus' && operand.kind === 'constant' && typeof operand.value === 'number') {
    return { kind: 'constant', value: -operand.value };
  }
  if (operator === 'Plus') return operand;
  return {
    kind: 'apply',
    operator: operator === 'Not' ? '!' : operator === 'Minus' ? '-' : `call:${operator ?? 'operator'}`,
    operands: [operand],
  };
}

function lowerFunction(content: SqlNode, scope: SqlScope): Value {
  const name = readName(findNode(content, 'name'), scope).toLowerCase();
  const args = listArguments(content);
  if (freshFunctions.has(name)) return { kind: 'fresh', source: name };
  const values = args.map((argument) => lowerExpression(argument, scope));
  // SQLite: datetime('now').
  if (
    /^(date|time|datetime|strftime|julianday)$/.test(name) &&
    values.some((value) => value.kind === 'constant' && value.value === 'now')
  ) {
    return { kind: 'fresh', source: name };
  }
  if (name === 'values' && args.length === 1) {
    const column = resolveColumn(args[0], scope);
    return readProposed(column.name, scope);
  }
  if (identityFunctions.has(name) && args.length === 1) return lowerExpression(args[0], scope);
  if (['coalesce', 'ifnull', 'nvl'].includes(name) && args.length > 0) {
    return values.reduceRight((otherwise, first) => ({ kind: 'apply', operator: '??', operands: [first, otherwise] }));
  }
  return mergeByFunction(name, values) ?? { kind: 'apply', operator: `call:${name}`, operands: values };
}

/** The expressions among a function's arguments. */
export function listArguments(content: SqlNode): readonly SqlNode[] {
  return listNodes(content, 'args', 'List', 'args')
    .map((argument) => findNode(argument, 'Unnamed', 'Expr') ?? findNode(argument, 'Named', 'arg', 'Expr'))
    .filter((argument) => argument !== undefined);
}

function apply(operator: string, operands: readonly SqlNode[], scope: SqlScope): Value {
  return { kind: 'apply', operator, operands: operands.map((operand) => lowerExpression(operand, scope)) };
}
