import { renderMessage } from '../findings/render-message.ts';
import { spellAnomalyId } from '../model/anomaly-id.ts';
import type { Bailout } from '../model/bailout.ts';
import type { Finding } from '../model/finding.ts';
import type { AuditedFile, AuditResult } from './audit-result.ts';
import { isInputOf } from './is-input-of.ts';
import { mergeEdits } from './merge-edits.ts';

/** ESLint's result for one file, with the fields that its own JSON formatter prints. */
export interface LintResult {
  readonly filePath: string;
  readonly messages: readonly LintMessage[];
  readonly suppressedMessages: readonly SuppressedLintMessage[];
  readonly errorCount: number;
  readonly fatalErrorCount: number;
  readonly warningCount: number;
  readonly fixableErrorCount: number;
  readonly fixableWarningCount: number;
  readonly usedDeprecatedRules: readonly never[];
}

export interface LintMessage {
  /** Null for a file that could not be read or parsed. */
  readonly ruleId: string | null;
  readonly severity: 1 | 2;
  readonly message: string;
  /** Lines and columns are 1-based here. */
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly messageId?: string;
  readonly fatal?: true;
  readonly suggestions?: readonly LintSuggestion[];
}

export interface SuppressedLintMessage extends LintMessage {
  readonly suppressions: readonly { readonly kind: 'directive'; readonly justification: string }[];
}

export interface LintSuggestion {
  readonly messageId: 'rewrite';
  readonly desc: string;
  readonly fix: { readonly range: [number, number]; readonly text: string };
}

/** Columns of the timeline inside a message, the same as in the plugin's. */
const messageWidth = 80;

/**
 * An audit in ESLint's own result format, for every tool that reads it.
 *
 * @param readText the current text of a file with findings
 */
export function toLintResults(result: AuditResult, readText: (path: string) => string): LintResult[] {
  return result.files.map((file) => {
    const toMessage = (finding: Finding): LintMessage => describeFinding(finding, result.cwd, readText);
    const fatal = file.bailouts
      .filter((bailout) => isInputOf(file.path, bailout))
      .map((bailout) => describeInput(bailout, file));
    return {
      filePath: file.path,
      messages: [...fatal, ...file.findings.map(toMessage)],
      suppressedMessages: file.suppressed.map(({ finding, justification }) => ({
        ...toMessage(finding),
        suppressions: [{ kind: 'directive', justification }],
      })),
      errorCount: fatal.length + file.findings.length,
      fatalErrorCount: fatal.length,
      warningCount: 0,
      fixableErrorCount: 0,
      fixableWarningCount: 0,
      usedDeprecatedRules: [],
    };
  });
}

function describeFinding(finding: Finding, cwd: string, readText: (path: string) => string): LintMessage {
  const { location, suggestions } = finding;
  const text = suggestions.length === 0 ? '' : readText(location.file);
  return {
    ruleId: `race-lint/${finding.rule}`,
    severity: 2,
    message: renderMessage(finding, { width: messageWidth, root: cwd }),
    line: location.start.line,
    column: location.start.column + 1,
    endLine: location.end.line,
    endColumn: location.end.column + 1,
    messageId: spellAnomalyId(finding.anomaly),
    ...(suggestions.length === 0
      ? {}
      : {
          suggestions: suggestions.map((suggestion) => ({
            messageId: 'rewrite' as const,
            desc: suggestion.title,
            fix: mergeEdits(suggestion.edits, text),
          })),
        }),
  };
}

/** A file that could not be read or parsed, the way ESLint says it. */
function describeInput(bailout: Bailout, file: AuditedFile): LintMessage {
  const isHere = bailout.location?.file === file.path;
  const detail = bailout.detail === undefined ? '' : `: ${bailout.detail}`;
  return {
    ruleId: null,
    fatal: true,
    severity: 2,
    message: `${bailout.reason}${detail}`,
    line: isHere ? (bailout.location?.start.line ?? 1) : 1,
    column: isHere ? (bailout.location?.start.column ?? 0) + 1 : 1,
  };
}
