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
  const isFallback = document.kind === 'apply' && /^(coalesce|ifnull)$/.test(document.operator);
  return {
    kind: 'apply',
    operator: 'merge',
    operands: [isFallback ? { ...document, operator: '??' } : document, part],
  };
}

/**
 * What a function of JSON makes of a document, where doing it twice is doing it once: entries that are set, put in,
 * merged or taken out by their names. What grows or shrinks a list does it each time.
 * https://dev.mysql.com/doc/refman/8.4/en/json-modification-functions.html, https://www.sqlite.org/json1.html
 *
 * @param name the function, in lower case
 */
export function mergeByFunction(name: string, [document, ...parts]: readonly Value[]): Value | undefined {
  if (document === undefined || parts.length === 0 || parts.some(mentionsRow)) return undefined;
  const elements: Value = { kind: 'array', elements: parts, complete: true };
  if (/^json_(merge_)?patch$/.test(name)) return mergeInto(document, elements);
  const sets = /^jsonb?_(set|replace)$|^json_insert$/.test(name);
  if (!sets && name !== 'json_remove') return undefined;
  const paths = sets ? parts.filter((_, index) => index % 2 === 0) : parts;
  const first = sets ? paths.slice(0, 1) : paths;
  return first.every((path) => path.kind === 'constant') && !paths.some(isPlaceInList)
    ? mergeInto(document, elements)
    : undefined;
}

/** `$[0]`, `$.tags[#]` */
function isPlaceInList(path: Value): boolean {
  return path.kind === 'constant' && typeof path.value === 'string' && path.value.endsWith(']');
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
