import type { RuleModule } from '../../src/eslint/create-rule.ts';
import type { RuleName } from '../../src/model/finding.ts';
import { renderExampleMessage } from './analyze-example.ts';
import { readRulePage } from './read-rule-page.ts';
import { renderOptions, renderRuleHead } from './render-rules-table.ts';
import { replaceBlock } from './replace-block.ts';

/**
 * The page of a rule with its generated parts renewed: head, options, and the message that race-lint prints for the
 * first incorrect example.
 *
 * @throws when the first incorrect example is not reported
 */
export function updateRulePage(markdown: string, name: RuleName, rule: RuleModule): string {
  const page = readRulePage(markdown);
  const example = page.examples.find(({ kind }) => kind === 'incorrect');
  const message = example && renderExampleMessage(page, example, name);
  if (message === undefined) throw new Error(`The first incorrect example of ${name} is not reported.`);
  return [
    ['head', renderRuleHead(name, rule)] as const,
    ['timeline', `\`\`\`text\n${message.trimEnd()}\n\`\`\``] as const,
    ['options', renderOptions(name, rule)] as const,
  ].reduce((text, [block, content]) => replaceBlock(text, block, content), markdown);
}
