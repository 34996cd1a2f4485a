export { audit, type AuditOptions } from './cli/audit.ts';
export { AuditError } from './cli/audit-error.ts';
export type { ProjectSummary } from './model/analysis.ts';
export type { Bailout } from './model/bailout.ts';
export type { Finding, RuleName, Suggestion } from './model/finding.ts';
export type { Location } from './model/location.ts';
export type { Witness, WitnessStep } from './model/witness.ts';
export type { AuditedFile, AuditResult } from './reporters/audit-result.ts';
export { type LintMessage, type LintResult, toLintResults } from './reporters/to-lint-results.ts';
