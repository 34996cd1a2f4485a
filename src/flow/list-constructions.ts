import { walkFiles } from '../project/walk-files.ts';
import type { TextProject } from './analyzer.ts';

/** Files in which objects of classes are made, by the names of the classes as written there. */
export type Constructions = ReadonlyMap<string, readonly string[]>;

const construction = /\bnew\s+([A-Z]\w*)\s*\(\s*[^)\s]/gu;

/** Looks through the project's texts for `new Service(…)` with arguments. */
export function listConstructions(project: TextProject): Constructions {
  const found = new Map<string, string[]>();
  for (const file of walkFiles([project.root], { cwd: project.root, ignore: [], all: false }).files) {
    const text = project.readText(file);
    if (typeof text !== 'string') continue;
    for (const name of new Set(Array.from(text.matchAll(construction), (match) => match[1] ?? ''))) {
      const files = found.get(name) ?? [];
      found.set(name, files);
      files.push(file);
    }
  }
  return found;
}
