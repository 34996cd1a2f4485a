import type { AnomalyId } from '../model/anomaly-id.ts';
import type { RuleName } from '../model/finding.ts';
import { version } from '../version.ts';
import type { RuleContext } from './host.ts';

/** Preset that a rule belongs to; `strict` contains `recommended`. */
export type PresetName = 'recommended' | 'strict';

/** Options of every rule. */
export interface RuleOptions {
  /** `proven` (the default): only findings that rest on no assumption; `possible`: the others too. */
  readonly confidence?: 'proven' | 'possible';
}

/** What a rule says of itself; presets, the README's table and the heads of the rules' pages are made from it. */
export interface RuleMeta {
  type: 'problem';
  docs: {
    /** What the rule disallows or requires, as a clause without a full stop. */
    description: string;
    preset: PresetName;
    url?: string;
  };
  hasSuggestions: true;
  schema: typeof optionsSchema;
  defaultOptions: [RuleOptions];
  /** One id an anomaly that the rule reports; `rewrite` is a suggestion's title. */
  messages: Partial<Record<AnomalyId, '{{message}}'>> & { rewrite: '{{title}}' };
}

export interface RuleModule {
  meta: RuleMeta;
  create(context: RuleContext): Record<string, () => void>;
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

/** Completes a rule's metadata with the address of its page in the published package. */
export function createRule(rule: RuleModule & { readonly name: RuleName }): RuleModule {
  const url = `https://unpkg.com/race-lint@${version}/docs/rules/${rule.name}.md`;
  return { meta: { ...rule.meta, docs: { ...rule.meta.docs, url } }, create: rule.create };
}
