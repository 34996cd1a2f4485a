import type { Finding, RuleName } from '../../../src/model/finding.ts';
import { applySuggestion } from '../../support/apply-suggestion.ts';
import { runProject } from '../../support/run-project.ts';
import { listScheduleSteps } from './harness.ts';

/** Texts by path, relative to a project's root; the first is the source under test, others are imports and migrations. */
export type ProjectFiles = Readonly<Record<string, string>>;

/** The rules that report something in the first file, as a user without any settings gets them. */
export function listReports(files: ProjectFiles): readonly RuleName[] {
  return findAll(files).map(({ rule }) => rule);
}

/** The one finding that there is in the first file; fails when it has none, several, or one of another rule. */
export function findRace(files: ProjectFiles, rule: RuleName): Finding {
  const findings = findAll(files);
  const [finding] = findings;
  if (finding === undefined || findings.length > 1 || finding.rule !== rule) {
    throw new Error(
      `one finding of ${rule} was expected in ${nameEntry(files)}, there are: ${findings.map((each) => each.rule).join(', ')}`,
    );
  }
  return finding;
}

/** A repaired version of a source. */
export interface Repair {
  readonly title: string;
  readonly files: ProjectFiles;
}

/** The project after each of the finding's suggestions; fails when it has none. */
export function listRepairs(files: ProjectFiles, finding: Finding): readonly Repair[] {
  const entry = nameEntry(files);
  if (finding.suggestions.length === 0) throw new Error(`the finding in ${entry} has no suggestion`);
  return finding.suggestions.map((suggestion) => ({
    title: suggestion.title,
    files: { ...files, [entry]: applySuggestion(files[entry] ?? '', suggestion) },
  }));
}

/** Who makes a call when, as the finding's timeline prints it; what a request checks for itself is no call. */
export function listPrintedSteps(finding: Finding): readonly string[] {
  return listScheduleSteps(finding.witness, (operation) => !operation.startsWith('check/'));
}

function findAll(files: ProjectFiles): readonly Finding[] {
  return runProject(files).analyses.get(nameEntry(files))?.findings ?? [];
}

function nameEntry(files: ProjectFiles): string {
  return Object.keys(files)[0] ?? '';
}
