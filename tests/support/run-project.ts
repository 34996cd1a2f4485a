import path from 'node:path';
import type { FileAnalysis, Settings } from '../../src/model/analysis.ts';
import { createSession } from '../../src/session.ts';
import { withProject } from './with-project.ts';

/**
 * Analyses the source files of a small project.
 *
 * @param files texts by path, relative to the project's root
 * @returns the analysis of each JavaScript or TypeScript file, by path
 */
export function runProject(
  files: Readonly<Record<string, string>>,
  settings: Settings = {},
): { readonly root: string; readonly analyses: ReadonlyMap<string, FileAnalysis> } {
  return withProject(files, (root) => {
    const session = createSession({ root, settings, traces: true });
    const sources = Object.keys(files).filter((name) => /\.[cm]?[jt]sx?$/.test(name));
    return { root, analyses: new Map(sources.map((name) => [name, session.analyze(path.join(root, name))])) };
  });
}
