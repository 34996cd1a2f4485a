import { createRequire } from 'node:module';
import type * as PrismaAst from '@mrleebo/prisma-ast';
import type { Bailout } from '../../model/bailout.ts';
import type { Location } from '../../model/location.ts';
import { LineTable } from '../../project/line-table.ts';
import { splitBlocks } from './split-blocks.ts';
import type { PrismaBlock } from './split-blocks.ts';

/** A block with its syntax tree; offsets in the tree are relative to `source.start`. */
export interface ParsedBlock {
  readonly source: PrismaBlock;
  readonly block: PrismaAst.Block;
  /** False when lines that did not parse were left out. */
  readonly complete: boolean;
  /** The place of a part of it, by offsets in the block. */
  readonly locate: (start: number, end: number) => Location;
}

const lineLimit = 50;

/**
 * Opens the parser, which costs some 200 ms, on first use.
 *
 * @returns a function that parses one file
 */
export function createPrismaParser(): (
  file: string,
  text: string,
) => { readonly blocks: readonly ParsedBlock[]; readonly bailouts: readonly Bailout[] } {
  const prismaAst = createRequire(import.meta.url)('@mrleebo/prisma-ast') as typeof PrismaAst;
  const parser = new prismaAst.PrismaParser({ nodeLocationTracking: 'onlyOffset' });
  const Visitor = prismaAst.VisitorClassFactory(parser);
  const options = { parser, visitor: new Visitor() };

  return (file, text) => {
    const lines = new LineTable(text);
    const bailouts: Bailout[] = [];
    const blocks: ParsedBlock[] = [];
    const locateIn = (start: number, end: number): Location => ({
      file,
      start: lines.findPosition(start),
      end: lines.findPosition(end),
      range: [start, end],
    });
    const { blocks: sources, unclosed } = splitBlocks(text);
    for (const source of sources) {
      const locate = (start: number, end: number): Location => locateIn(source.start + start, source.start + end);
      let rest = source.text;
      // A line that does not parse is blanked, and the rest of the block read without it.
      for (let attempt = 0; attempt < lineLimit; attempt += 1) {
        try {
          const block = prismaAst.getSchema(rest, options).list.find((item) => item.type === source.keyword);
          if (block !== undefined) blocks.push({ source, block, complete: rest === source.text, locate });
          break;
        } catch (error) {
          const offset = findErrorOffset(error, rest);
          const detail = describeError(error, source);
          bailouts.push({
            kind: 'input',
            reason: 'Prisma schema does not parse',
            detail,
            location: locate(offset, offset),
          });
          const blanked = blankLine(rest, offset);
          if (blanked === undefined) break;
          rest = blanked;
        }
      }
    }
    if (unclosed !== undefined) {
      const location = locateIn(unclosed, unclosed);
      bailouts.push({
        kind: 'input',
        reason: 'Prisma schema does not parse',
        detail: 'a block is not closed',
        location,
      });
    }
    return { blocks, bailouts };
  };
}

function findErrorOffset(error: unknown, text: string): number {
  const token: unknown = typeof error === 'object' && error !== null && 'token' in error ? error.token : undefined;
  const offset: unknown = typeof token === 'object' && token !== null && 'startOffset' in token ? token.startOffset : 0;
  return typeof offset === 'number' && offset >= 0 && offset < text.length ? offset : 0;
}

function describeError(error: unknown, source: PrismaBlock): string {
  const message = error instanceof Error ? error.message : String(error);
  // The list of what would have been expected is long, and repeated for every kind of line.
  const found = /found:? (?:--> )?(.*)/u.exec(message)?.[1]?.replace(/ <--$/u, '');
  return `${source.keyword} ${source.name}${found === undefined ? '' : `: unexpected ${found}`}`;
}

/** The text with the line of an offset made blank; undefined for the first and last lines, which hold the braces. */
function blankLine(text: string, offset: number): string | undefined {
  // An error at a line's end is reported at its line break.
  const at = text[offset] === '\n' ? offset - 1 : offset;
  const start = text.lastIndexOf('\n', at) + 1;
  const next = text.indexOf('\n', start);
  if (start === 0 || next < 0 || text.slice(start, next).trim() === '') return undefined;
  return text.slice(0, start) + ' '.repeat(next - start) + text.slice(next);
}
