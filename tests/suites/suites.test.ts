import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applySuggestion } from '../support/apply-suggestion.ts';
import { readSuite } from '../support/read-suite.ts';
import { runProject } from '../support/run-project.ts';

const folder = import.meta.dirname;

const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });

describe.each(names.filter((name) => name.endsWith('.md')).sort())('%s', (name) => {
  const cases = readSuite(readFileSync(path.join(folder, name), 'utf8'));
  it.each(cases.map((suiteCase) => [suiteCase.title, suiteCase] as const))('%s', (_, suiteCase) => {
    const { root, analyses } = runProject(suiteCase.files, suiteCase.settings);
    const found = [...analyses].flatMap(([file, { findings, bailouts }]) => {
      expect(bailouts.filter(({ kind }) => kind === 'invariant' || kind === 'input')).toEqual([]);
      return findings.map((finding) => {
        const possible = finding.confidence === 'possible' ? ' (possible)' : '';
        return `${file}:${String(finding.location.start.line)} ${finding.rule} ${finding.anomaly}${possible}`;
      });
    });
    expect(found.sort(), `expected at line ${String(suiteCase.line)} of ${name}`).toEqual(
      [...suiteCase.findings].sort(),
    );
    for (const [file, text] of Object.entries(suiteCase.fixed)) {
      const [finding] = analyses.get(file)!.findings;
      expect(applySuggestion(suiteCase.files[file]!, finding!.suggestions[0]!), root).toBe(text);
    }
  });
});
