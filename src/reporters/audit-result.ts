import type { ProjectSummary } from '../model/analysis.ts';
import type { Bailout } from '../model/bailout.ts';
import type { Finding } from '../model/finding.ts';

export interface AuditResult {
  /** Absolute; printed paths are relative to it. */
  readonly cwd: string;
  /** One for each project that the files belong to. */
  readonly projects: readonly ProjectSummary[];
  /** Every file looked at, sorted by path. */
  readonly files: readonly AuditedFile[];
  /** How many files or folders a walk left out, by reason: `test`, `migration`, `ignored by git`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Paths and folders that could not be read. */
  readonly bailouts: readonly Bailout[];
}

export interface AuditedFile {
  /** Absolute path. */
  readonly path: string;
  /** In the order of their places. */
  readonly findings: readonly Finding[];
  readonly suppressed: readonly { readonly finding: Finding; readonly justification: string }[];
  readonly bailouts: readonly Bailout[];
  readonly counts: { readonly functions: number; readonly roots: number; readonly effects: number };
}
