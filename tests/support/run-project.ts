import path from 'node:path';
import { expect } from 'vitest';
import type { FileAnalysis, Settings } from '../../src/model/analysis.ts';
import type { Finding } from '../../src/model/finding.ts';
import { createSession } from '../../src/session.ts';
import { withProject } from './with-project.ts';

/**
 * Analyses the source files of a small project: once with every call followed, so that the traces are whole, and once as
 * hosts do it, with what has no part in a race left out. Both must find the same.
 *
 * @param files texts by path, relative to the project's root
 * @returns the analysis of each JavaScript or TypeScript file, by path
 */
export function runProject(
  files: Readonly<Record<string, string>>,
  settings: Settings = {},
): { readonly root: string; readonly analyses: ReadonlyMap<string, FileAnalysis> } {
  return withProject(files, (root) => {
    const whole = createSession({ root, settings, traces: true });
    const sieved = createSession({ root, settings });
    const sources = Object.keys(files).filter((name) => /\.[cm]?[jt]sx?$/.test(name));
    const analyses = new Map(sources.map((name) => [name, whole.analyze(path.join(root, name))]));
    for (const [name, { findings }] of analyses)
      expect(sieved.analyze(path.join(root, name)).findings.map(tell), name).toEqual(findings.map(tell));
    return { root, analyses };
  });
}

/** A finding without the places of steps that its timeline does not name, and without the numbers of effects. */
function tell({ places: _, ...finding }: Finding): unknown {
  return JSON.parse(JSON.stringify(finding).replace(/\be\d+\b/g, 'e'));
}
