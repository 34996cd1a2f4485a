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
  readonly sourceCode: { readonly ast: unknown; readonly text: string };
  report(descriptor: ReportDescriptor): void;
}

export interface ReportDescriptor {
  readonly loc: { readonly start: Position; readonly end: Position };
  readonly messageId?: string;
  readonly data?: Record<string, string>;
  /** In place of `messageId`. */
  readonly message?: string;
  readonly suggest: SuggestionDescriptor[];
}

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

/** ESLint's own program is TS-ESTree when a TypeScript parser made it, and the subset ESTree otherwise. */
export function readProgram(context: RuleContext): TSESTree.Program {
  return context.sourceCode.ast as TSESTree.Program;
}
