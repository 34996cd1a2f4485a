import path from 'node:path';
import pc from 'picocolors';
import { renderMessage } from '../../src/findings/render-message.ts';
import type { FileAnalysis } from '../../src/model/analysis.ts';
import type { RuleName } from '../../src/model/finding.ts';
import { renderFinding } from '../../src/reporters/render-finding.ts';
import { createSession } from '../../src/session.ts';
import { withProject } from '../../tests/support/with-project.ts';
import { exampleFile, type RuleExample, type RulePage } from './read-rule-page.ts';

/** Columns of a printed message in a page. */
const pageWidth = 80;

/** What race-lint makes of one example of a rule's page. */
export function analyzeExample(page: RulePage, example: RuleExample): FileAnalysis {
  return inExample(page, example, (analysis) => analysis);
}

/** The message that a rule gives for an example, as the plugin prints it; undefined where there is none. */
export function renderExampleMessage(page: RulePage, example: RuleExample, rule: RuleName): string | undefined {
  return inExample(page, example, ({ findings }, root) => {
    const finding = findings.find((candidate) => candidate.rule === rule);
    return finding && renderMessage(finding, { width: pageWidth, root });
  });
}

/** The findings of an example as the command prints them on a terminal without colours. */
export function renderExampleReport(page: RulePage, example: RuleExample): string {
  return inExample(page, example, ({ findings }, root) => {
    const style = { colors: pc.createColors(false), width: 92, cwd: root };
    return findings.map((finding) => renderFinding(finding, example.text, style, () => '').join('\n')).join('\n\n');
  });
}

function inExample<Result>(
  page: RulePage,
  example: RuleExample,
  use: (analysis: FileAnalysis, root: string) => Result,
): Result {
  return withProject({ ...page.files, [exampleFile]: example.text }, (root) =>
    use(createSession({ root, settings: {} }).analyze(path.join(root, exampleFile)), root),
  );
}
