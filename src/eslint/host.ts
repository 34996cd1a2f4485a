import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { AnomalyId } from '../model/anomaly-id.ts';

/** `rewrite` is a suggestion's title; `otherAnomaly` an anomaly that the rule does not list; the others are its own. */
export type MessageId = AnomalyId | 'otherAnomaly' | 'rewrite';

/** Options of every rule. */
export interface RuleOptions {
  /** `proven` (the default): only findings that rest on no assumption; `possible`: the others too. */
  readonly confidence?: 'proven' | 'possible';
}

/**
 * The part of a lint host that race-lint uses. ESLint 8.57, 9 and 10 and oxlint's `jsPlugins` all have it; nothing else
 * may be relied on (oxlint has no parser services, ESLint 8 does not merge default options).
 */
export type RuleContext = Readonly<
  Pick<TSESLint.RuleContext<MessageId, [RuleOptions]>, 'cwd' | 'filename' | 'options' | 'report' | 'settings'> & {
    readonly sourceCode: Readonly<Pick<TSESLint.SourceCode, 'ast' | 'text'>>;
  }
>;

/** The file that a rule looks at. Its program is TS-ESTree when a TypeScript parser made it, else the subset ESTree. */
export function readSource(context: RuleContext): { readonly text: string; readonly program: TSESTree.Program } {
  const { ast, text } = context.sourceCode;
  return { text, program: ast };
}

/** The options of a rule; ESLint 8 and oxlint leave the defaults to the rule. */
export function readOptions(context: RuleContext): Required<RuleOptions> {
  const given: RuleOptions | undefined = context.options[0];
  return { confidence: given?.confidence ?? 'proven' };
}
