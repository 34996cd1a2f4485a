import type { TSESLint } from '@typescript-eslint/utils';
import { spellAnomalyId } from '../model/anomaly-id.ts';
import type { Finding, RuleName, Suggestion } from '../model/finding.ts';
import { renderMessage } from '../findings/render-message.ts';
import { forgetFindings, readFindings } from './read-findings.ts';
import { readOptions } from './host.ts';
import type { MessageId, RuleContext } from './host.ts';

/** Columns of a message's timeline: fits an editor's hover and half a wide terminal. */
const messageWidth = 80;

/** The rule's own messages, by id. */
type Messages = Readonly<Partial<Record<MessageId, string>>>;

/**
 * A rule's visitor: reports the findings of one rule at the place of the act, with one suggestion a rewrite.
 *
 * @param messages an anomaly that they do not list is reported as `otherAnomaly`
 */
export function reportFindings(context: RuleContext, rule: RuleName, messages: Messages): Record<string, () => void> {
  return {
    Program: () => {
      for (const finding of readFindings(context).findings) {
        if (finding.rule !== rule) continue;
        if (finding.confidence === 'possible' && readOptions(context).confidence !== 'possible') continue;
        context.report(describe(finding, context, messages));
      }
    },
    'Program:exit': forgetFindings,
  };
}

function describe(finding: Finding, context: RuleContext, messages: Messages): TSESLint.ReportDescriptor<MessageId> {
  const message = renderMessage(finding, { width: messageWidth, root: context.cwd });
  const messageId = spellAnomalyId(finding.anomaly);
  return {
    loc: { start: { ...finding.location.start }, end: { ...finding.location.end } },
    messageId: messageId in messages ? messageId : 'otherAnomaly',
    data: { message },
    suggest: finding.suggestions.map(describeSuggestion),
  };
}

function describeSuggestion(suggestion: Suggestion): TSESLint.SuggestionReportDescriptor<MessageId> {
  return {
    messageId: 'rewrite',
    data: { title: suggestion.title },
    fix: (fixer) => suggestion.edits.map((edit) => fixer.replaceTextRange(edit.range, edit.text)),
  };
}
