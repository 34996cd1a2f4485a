import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderTrace } from '../../src/reporters/render-trace.ts';
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
    const place = `expected at line ${String(suiteCase.line)} of ${name}`;
    if (suiteCase.findings !== undefined) expect(found.sort(), place).toEqual([...suiteCase.findings].sort());
    for (const [file, text] of Object.entries(suiteCase.traces)) {
      const printed = analyses.get(file)!.traces.map((trace) => renderTrace(trace, root));
      expect(squeeze(printed.join('\n')), place).toEqual(squeeze(text));
    }
    for (const [file, text] of Object.entries(suiteCase.fixed)) {
      const [finding] = analyses.get(file)!.findings;
      expect(applySuggestion(suiteCase.files[file]!, finding!.suggestions[0]!), root).toBe(text);
    }
  });
});

/** Lines without the alignment of columns, so that a suite can be written by hand. */
function squeeze(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/g, '  '))
    .filter((line) => line !== '');
}
