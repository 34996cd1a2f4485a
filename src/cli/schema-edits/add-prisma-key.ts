import type { MissingKey, SchemaEdit } from '../../model/schema-edit.ts';

/** Types that have no plain unique key: MySQL would index a prefix of them, and JSON has no equality in PostgreSQL. */
const unindexable = /\s(?:Json|Bytes|Unsupported\b.*)\b|@db\.(?:Tiny|Medium|Long)?(?:Text|Blob)\b/u;

/**
 * Adds a unique key to a Prisma model: `@unique` on a field, or `@@unique([a, b])` at the end of the block.
 *
 * Documentation: https://www.prisma.io/docs/orm/reference/prisma-schema-reference#unique
 *
 * @param text of the schema file
 * @param key says where in it the model is
 * @returns undefined where a field does not stand on a line of its own
 */
export function addPrismaKey(text: string, key: MissingKey): SchemaEdit['edits'] | undefined {
  const [start] = key.definition.location.range;
  const block = /^model\s[^]*?\r?\n[ \t]*\}[ \t]*(?=\r?\n|$)/u.exec(text.slice(start))?.[0];
  if (block === undefined) return undefined;
  const fields = key.columns.map((column) => new RegExp(`^[ \\t]*${column}[ \\t]+[^\\r\\n]*`, 'mu').exec(block));
  if (!fields.every((field) => field !== null && !unindexable.test(field[0]))) {
    return undefined;
  }
  const [only, ...others] = fields;
  if (only === undefined || only === null) return undefined;
  if (others.length === 0) {
    const code = (/^(?:[^/"]|"(?:[^"\\]|\\.)*"|\/(?!\/))*/u.exec(only[0])?.[0] ?? only[0]).trimEnd();
    const at = start + only.index + code.length;
    return [{ range: [at, at], text: ' @unique' }];
  }
  const closing = /(\r?\n)[ \t]*\}\s*$/u.exec(block);
  if (closing === null) return undefined;
  const newline = closing[1] ?? '\n';
  const indent = /^[ \t]*/u.exec(only[0])?.[0] ?? '  ';
  const [lastLine = ''] = block.slice(0, closing.index).split('\n').slice(-1);
  const gap = /^\s*@@/u.test(lastLine) ? '' : newline;
  const at = start + closing.index;
  return [{ range: [at, at], text: `${gap}${newline}${indent}@@unique([${key.columns.join(', ')}])` }];
}
