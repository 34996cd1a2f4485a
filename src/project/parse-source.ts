import { createHash } from 'node:crypto';
import type { TSESTree } from '@typescript-eslint/utils';
import { parseSync } from 'oxc-parser';
import type { ParseResult, ParserOptions } from 'oxc-parser';
import { parseSync as parseNatively } from 'oxc-parser/src-js/bindings';
import type { Bailout } from '../model/bailout.ts';
import { LineTable } from './line-table.ts';
import { linkComments, linkNodes } from './link-nodes.ts';
import type { SourceFile } from './project.ts';

type Language = NonNullable<ParserOptions['lang']>;

/**
 * The language that a file's name says, or undefined for a file that is not JavaScript or TypeScript.
 *
 * @param path its path or name
 */
export function findLanguage(path: string): Language | undefined {
  if (/\.d\.(?:[cm]?ts|[^/.]+\.ts)$/u.test(path)) return 'dts';
  const extension = /\.([cm]?[jt]s|[jt]sx)$/u.exec(path)?.[1];
  switch (extension) {
    case 'ts':
    case 'mts':
    case 'cts':
      return 'ts';
    case 'tsx':
      return 'tsx';
    // React code is often in `.js`; JSX takes no plain JavaScript away.
    case 'js':
    case 'mjs':
    case 'cjs':
    case 'jsx':
      return 'jsx';
    default:
      return undefined;
  }
}

/**
 * The version of a text.
 *
 * @param text the text
 * @returns a hash, equal for equal texts only
 */
export function hashText(text: string): string {
  return createHash('sha1').update(text).digest('base64');
}

/**
 * Parses one file into TS-ESTree with `range`, `loc` and `parent` on every node, and `comments` on the program.
 *
 * @param path absolute path; its extension tells the language
 * @param text the text, without byte order mark
 * @param version the text's hash, if it is known already
 * @returns the file, or a bailout with the parser's first message and its place
 */
export function parseSource(path: string, text: string, version: string = hashText(text)): SourceFile | Bailout {
  const parsed = parseAny(path, text, parseSync);
  if ('reason' in parsed) return parsed;
  const program = parsed.program as unknown as TSESTree.Program;
  const { comments } = parsed;
  const lines = new LineTable(text);
  linkNodes(program, lines);
  linkComments(comments, lines);
  program.comments = comments as unknown as TSESTree.Comment[];
  return { path, text, version, program };
}

/**
 * Looks for a syntax error without handing out the tree, which costs a fraction of `parseSource`.
 *
 * @param path absolute path; its extension tells the language
 * @param text the text, without byte order mark
 */
export function findSyntaxError(path: string, text: string): Bailout | undefined {
  const parsed = parseAny(path, text, checkNatively);
  return 'reason' in parsed ? parsed : undefined;
}

type Parse<Result> = (path: string, text: string, options: ParserOptions) => Result;

function parseAny<Result extends Pick<ParseResult, 'errors'>>(
  path: string,
  text: string,
  parse: Parse<Result>,
): Result | Bailout {
  const lang = findLanguage(path);
  if (lang === undefined) {
    return { kind: 'input', reason: 'not a JavaScript or TypeScript file', detail: path };
  }
  const options: ParserOptions = { lang, astType: 'ts', preserveParens: false };
  const commonjs = /\.c[jt]s$/u.test(path);
  let result = parse(path, text, { ...options, sourceType: commonjs ? 'commonjs' : 'module' });
  if (result.errors.length > 0 && lang === 'jsx' && !commonjs) {
    // Old CommonJS code in a `.js` file: `with`, octal literals, a `return` at the top.
    const second = parse(path, text, { ...options, sourceType: 'commonjs' });
    if (second.errors.length === 0) result = second;
  }
  const error = result.errors[0];
  if (error === undefined) return result;
  const lines = new LineTable(text);
  const label = error.labels[0];
  const range: [number, number] = label === undefined ? [0, 0] : [label.start, label.end];
  return {
    kind: 'input',
    reason: 'syntax error',
    detail: error.message,
    location: { file: path, start: lines.findPosition(range[0]), end: lines.findPosition(range[1]), range },
  };
}

/**
 * Parses for the sake of the errors alone. The parser holds the tree as JSON, tens of times as long as the text, until the
 * next full garbage collection, or until somebody takes it: over a thousand files that is more than all else that is kept.
 */
function checkNatively(path: string, text: string, options: ParserOptions): Pick<ParseResult, 'errors'> {
  const { errors, program } = parseNatively(path, text, options);
  void program;
  return { errors };
}
