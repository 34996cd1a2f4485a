import path from 'node:path';
import type { ProjectSummary } from '../model/analysis.ts';
import type { EngineName } from '../model/engine.ts';
import type { AuditedFile } from './audit-result.ts';
import { countOf, joinWords } from './count-words.ts';
import { renderPath } from './render-place.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const engineTitles: Readonly<Record<EngineName, string>> = {
  postgresql: 'PostgreSQL',
  innodb: 'MySQL or MariaDB (InnoDB)',
  sqlite: 'SQLite',
  redis: 'Redis',
};

/** More schema files than this are counted instead of named. */
const mostSchemaFiles = 3;

const labelWidth = 12;

/**
 * What a run understood of a project: the databases and why, the schema, the code.
 *
 * @param files those of this project
 */
export function renderUnderstood(project: ProjectSummary, files: readonly AuditedFile[], style: Style): string[] {
  const sum = (pick: (file: AuditedFile) => number): number => files.reduce((total, file) => total + pick(file), 0);
  const engines = project.engines.map(({ engine, because }) => `${engineTitles[engine]} (${because})`);
  const rows: [string, string][] = [
    ['databases', engines.length === 0 ? 'none recognized' : joinWords(engines)],
    ['schema', describeSchema(project, style.cwd)],
    [
      'code',
      joinWords([
        countOf(files.length, 'file'),
        countOf(
          sum((file) => file.counts.functions),
          'function',
        ),
        countOf(
          sum((file) => file.counts.roots),
          'entry point with effects',
          'entry points with effects',
        ),
        countOf(
          sum((file) => file.counts.effects),
          'effect',
        ),
      ]),
    ],
  ];
  const title = renderPath(project.root, style.cwd);
  const lines = [style.colors.bold(`Understood${title === '.' ? '' : ` in ${title}`}`)];
  for (const [label, text] of rows) {
    const indent = ' '.repeat(2 + labelWidth);
    const [first = '', ...rest] = wrapText(text, style.width, indent);
    lines.push(`  ${style.colors.dim(label.padEnd(labelWidth))}${first.slice(indent.length)}`, ...rest);
  }
  return lines;
}

function describeSchema(project: ProjectSummary, cwd: string): string {
  if (project.tables === 0 && project.schemaFiles.length === 0) return 'none found: unique keys are unknown';
  const facts = `${countOf(project.tables, 'table')}, ${countOf(project.uniqueKeys, 'unique key')}`;
  const schemaFiles = project.schemaFiles.map((file) => renderPath(path.resolve(project.root, file), cwd));
  const names = schemaFiles.length > mostSchemaFiles ? countOf(schemaFiles.length, 'file') : joinWords(schemaFiles);
  return names === '' ? facts : `${facts} from ${names}`;
}
