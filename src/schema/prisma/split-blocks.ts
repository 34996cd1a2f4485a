/** One top-level block of a Prisma schema. */
export interface PrismaBlock {
  /** `model`, `enum`, `datasource`, …. */
  readonly keyword: string;
  readonly name: string;
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly start: number;
}

/**
 * Cuts a Prisma schema into its blocks, so that an error in one does not take the others away.
 *
 * @param text the file's text
 * @returns the blocks, and the offset of one that never ends, if there is one
 */
export function splitBlocks(text: string): { readonly blocks: readonly PrismaBlock[]; readonly unclosed?: number } {
  const blocks: PrismaBlock[] = [];
  const head = /^[ \t]*(model|view|type|enum|datasource|generator)[ \t]+([\w-]+)[ \t]*\{/gmu;
  for (let match = head.exec(text); match !== null; match = head.exec(text)) {
    const end = findClosingBrace(text, head.lastIndex);
    const start = match.index;
    if (end === undefined) return { blocks, unclosed: start };
    const [, keyword = '', name = ''] = match;
    blocks.push({ keyword, name, text: text.slice(start, end), start });
    head.lastIndex = end;
  }
  return { blocks };
}

function findClosingBrace(text: string, from: number): number | undefined {
  const pattern = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|[{}]/gu;
  pattern.lastIndex = from;
  let depth = 1;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === '{') depth += 1;
    if (match[0] === '}') depth -= 1;
    if (depth === 0) return pattern.lastIndex;
  }
  return undefined;
}
