import type { TSESLint } from '@typescript-eslint/utils';
// not the package's main entry: that one loads ESLint, which oxlint's users may not have
import { RuleCreator, type RuleWithMetaAndName } from '@typescript-eslint/utils/eslint-utils';
import type { RuleName } from '../model/finding.ts';
import { version } from '../version.ts';
import type { MessageId, RuleContext, RuleOptions } from './host.ts';

/** Preset that a rule belongs to; `strict` contains `recommended`. */
export type PresetName = 'recommended' | 'strict';

/** What a rule says of itself; presets, the README's table and the heads of the rules' pages are made from it. */
export interface RuleDocs {
  /** What the rule disallows or requires, as a clause without a full stop. */
  description: string;
  preset: PresetName;
  url?: string;
}

/** What a linter reads of a rule; each anomaly that the rule reports has an id, `rewrite` is a suggestion's title. */
type RuleMeta<Ids extends string> = TSESLint.RuleMetaDataWithDocs<Ids, RuleDocs, [RuleOptions]> & {
  type: 'problem';
  hasSuggestions: true;
  schema: typeof optionsSchema;
  defaultOptions: [RuleOptions];
};

/**
 * A rule as hosts take it. In TSESLint's own type the context names members that ESLint 10 no longer has, so that it fits
 * no configuration that is checked against ESLint's types: the public type says no more than the hosts agree on.
 */
export interface RuleModule {
  name: string;
  meta: RuleMeta<string>;
  create(context: object): Record<string, () => void>;
}

/** The JSON schema of `RuleOptions`. */
export const optionsSchema = [
  {
    type: 'object' as const,
    properties: {
      confidence: {
        type: 'string' as const,
        enum: ['proven', 'possible'],
        description: 'Whether findings that rest on an assumption are reported too.',
      },
    },
    additionalProperties: false,
  },
];

const createWithPage = RuleCreator<RuleDocs>((name) => `https://unpkg.com/race-lint@${version}/docs/rules/${name}.md`);

/**
 * Makes a rule: completes its metadata with the address of its page in the published package and the message of an
 * anomaly that it does not list. Options are read where there is something to report: to merge them with their defaults
 * for each rule and file, as the package's own `create` does, costs more than all else that a rule does in most files.
 */
export function createRule<Ids extends Exclude<MessageId, 'otherAnomaly'>>(
  rule: Omit<RuleWithMetaAndName<[RuleOptions], Ids | 'otherAnomaly', RuleDocs>, 'meta' | 'create'> & {
    readonly name: RuleName;
    readonly meta: RuleMeta<Ids>;
    readonly create: (context: RuleContext) => Record<string, () => void>;
  },
): RuleModule {
  const messages = { ...rule.meta.messages, otherAnomaly: '{{message}}' };
  const create = (context: object): Record<string, () => void> => rule.create(context as RuleContext);
  const named = createWithPage({ ...rule, meta: { ...rule.meta, messages }, create }) as RuleModule;
  return { ...named, create };
}
