import { basename } from 'node:path';
import type { Resolution } from '../project/project.ts';
import type { Analyzer } from './analyzer.ts';

/**
 * Where an import leads. A file that a library generated into the project (a client made from a schema) is the library's
 * package: whether it is there depends on whether somebody has run the generator.
 */
export function resolveModule(analyzer: Analyzer, fromFile: string, specifier: string): Resolution {
  const resolution = analyzer.project.resolve(fromFile, specifier);
  if (resolution.kind !== 'file') return resolution;
  const generated = findGenerated(analyzer, resolution.path);
  return generated === undefined ? resolution : { kind: 'package', specifier: generated };
}

/** The package that a file stands for. */
function findGenerated({ adapters, project, generated }: Analyzer, path: string): string | undefined {
  if (generated.has(path)) return generated.get(path);
  const name = basename(path);
  const candidates = adapters.flatMap((adapter) => adapter.generated ?? []).filter((each) => each.name.test(name));
  const text = candidates.length === 0 ? undefined : project.readText(path);
  const found = typeof text === 'string' ? candidates.find((each) => each.text.test(text))?.package : undefined;
  generated.set(path, found);
  return found;
}
