import type { TSESTree } from '@typescript-eslint/types';

/**
 * The part of a lint host that race-lint uses. ESLint 8.57, 9 and 10 and oxlint's `jsPlugins` all have it; nothing else
 * may be relied on (oxlint has no parser services, ESLint 8 does not merge default options).
 */
export interface RuleContext {
  readonly cwd?: string;
  readonly filename: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly options: readonly unknown[];
  /** Holds `ast` and `text`; ESLint's own type is a union over languages, most of which have neither. */
  readonly sourceCode: object;
  report(descriptor: ReportDescriptor): void;
}

export type ReportDescriptor = {
  readonly loc: { readonly start: Position; readonly end: Position };
  readonly suggest: SuggestionDescriptor[];
} & ({ readonly messageId: string; readonly data: Record<string, string> } | { readonly message: string });

export interface SuggestionDescriptor {
  readonly messageId: 'rewrite';
  readonly data: Record<string, string>;
  fix(fixer: Fixer): Fix[];
}

export interface Fixer {
  replaceTextRange(range: [number, number], text: string): Fix;
}

export interface Fix {
  range: [number, number];
  text: string;
}

interface Position {
  line: number;
  column: number;
}

/** The file that a rule looks at. Its program is TS-ESTree when a TypeScript parser made it, else the subset ESTree. */
export function readSource(context: RuleContext): { readonly text: string; readonly program: TSESTree.Program } {
  const { ast, text } = context.sourceCode as { readonly ast: TSESTree.Program; readonly text: string };
  return { text, program: ast };
}
