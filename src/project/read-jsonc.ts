import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import type { Expression } from 'oxc-parser';

/**
 * Reads a JSON file as people write them by hand: with comments and trailing commas, such as `tsconfig.json`. It is
 * parsed as the JavaScript expression that it is, and never executed.
 *
 * @param path absolute path
 * @returns its value, or undefined when it can't be read or is no JSON
 */
export function readJsonc(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Comments, trailing commas or a byte order mark: the slower way.
  }
  const { program, errors } = parseSync('config.js', `(${text.replace(/^\uFEFF/u, '')}\n)`, { preserveParens: false });
  const statement = program.body[0];
  if (errors.length > 0 || statement?.type !== 'ExpressionStatement') return undefined;
  return evaluateLiteral(statement.expression);
}

function evaluateLiteral(node: Expression): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value;
    case 'ArrayExpression':
      return node.elements.map((item) =>
        item === null || item.type === 'SpreadElement' ? undefined : evaluateLiteral(item),
      );
    case 'ObjectExpression': {
      const entries: [string, unknown][] = [];
      for (const property of node.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Literal') continue;
        entries.push([String(property.key.value), evaluateLiteral(property.value as Expression)]);
      }
      return Object.fromEntries(entries);
    }
    default:
      return undefined;
  }
}

/** True for an object of a JSON text. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
