import { listValueParts } from '../../model/list-value-parts.ts';
import type { Value } from '../../model/value.ts';
import { findNode, readVariant } from './sql-node.ts';
import type { SqlNode } from './sql-node.ts';

/**
 * Is it an object of JSON whose entries have nothing to do with the row? `||` puts the entries of such a one into the
 * document, so that doing it twice is doing it once; lists and texts it appends.
 * https://www.postgresql.org/docs/current/functions-json.html
 *
 * @param node the expression
 * @param value what it was read as
 */
export function isJsonObject(node: SqlNode, value: Value): boolean {
  return (isJson(node) || isCallOf(value, /^call:jsonb?_build_object$/)) && isObject(value) && !mentionsRow(value);
}

/** A document with a part put into it; `merge` of the same part twice is the same as once. */
export function mergeInto(document: Value, part: Value): Value {
  return { kind: 'apply', operator: 'merge', operands: [document, part] };
}

export function mentionsRow(value: Value): boolean {
  return value.kind === 'current' || listValueParts(value).some(mentionsRow);
}

/** `'{…}'::jsonb` */
function isJson(node: SqlNode): boolean {
  const [kind, content] = readVariant(node);
  if (kind === 'Nested') return isJson(content);
  return kind === 'Cast' && /jsonb/i.test(JSON.stringify(findNode(content, 'data_type') ?? ''));
}

function isObject(value: Value): boolean {
  switch (value.kind) {
    case 'constant':
      return typeof value.value === 'string' && value.value.trimStart().startsWith('{');
    case 'object':
      return true;
    case 'choice':
      return isObject(value.then) && isObject(value.otherwise);
    case 'apply':
      if (isCallOf(value, /^call:jsonb?_build_object$/)) return true;
      return isCallOf(value, /^call:(.*\.)?stringify$/) && value.operands[0]?.kind === 'object';
    default:
      return false;
  }
}

function isCallOf(value: Value, name: RegExp): boolean {
  return value.kind === 'apply' && name.test(value.operator);
}
