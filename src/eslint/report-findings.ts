import path from 'node:path';
import { spellAnomalyId } from '../model/anomaly-id.ts';
import type { Finding, RuleName, Suggestion } from '../model/finding.ts';
import { renderMessage } from '../findings/render-message.ts';
import { readFindings } from './read-findings.ts';
import type { RuleMeta, RuleOptions } from './create-rule.ts';
import type { ReportDescriptor, RuleContext, SuggestionDescriptor } from './host.ts';

/** Columns of a message's timeline: fits an editor's hover and half a wide terminal. */
const messageWidth = 80;

/**
 * A rule's visitor: reports the findings of one rule at the place of the act, with one suggestion a rewrite.
 *
 * @param messages the rule's own, by message id; an anomaly that it does not list is reported without an id
 */
export function reportFindings(
  context: RuleContext,
  rule: RuleName,
  messages: RuleMeta['messages'],
): Record<string, () => void> {
  return {
    Program: () => {
      const { findings } = readFindings(context);
      for (const finding of findings) {
        if (finding.rule === rule && isWanted(finding, context)) context.report(describe(finding, context, messages));
      }
    },
  };
}

/** ESLint 8 does not merge a rule's default options, so absence means `proven` here. */
function isWanted(finding: Finding, context: RuleContext): boolean {
  const options = context.options[0] as RuleOptions | undefined;
  return finding.confidence === 'proven' || options?.confidence === 'possible';
}

function describe(finding: Finding, context: RuleContext, messages: RuleMeta['messages']): ReportDescriptor {
  const root = context.cwd ?? path.dirname(finding.location.file);
  const message = renderMessage(finding, { width: messageWidth, root });
  const messageId = spellAnomalyId(finding.anomaly);
  return {
    loc: { start: { ...finding.location.start }, end: { ...finding.location.end } },
    ...(messageId in messages ? { messageId, data: { message } } : { message }),
    suggest: finding.suggestions.map(describeSuggestion),
  };
}

function describeSuggestion(suggestion: Suggestion): SuggestionDescriptor {
  return {
    messageId: 'rewrite',
    data: { title: suggestion.title },
    fix: (fixer) => suggestion.edits.map((edit) => fixer.replaceTextRange([edit.range[0], edit.range[1]], edit.text)),
  };
}
