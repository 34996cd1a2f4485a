import type { Settings } from '../../src/model/analysis.ts';
import { type Fence, readFences } from './read-fences.ts';

/** One case of a literate suite: a small project and what is expected of it. */
export interface SuiteCase {
  /** The headings above it, without the page's title. */
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** One finding a line, `src/book.ts:12 no-lost-update lost update`; none where the block says `none`; absent: not asked. */
  readonly findings: readonly string[] | undefined;
  /** By file: all its printed traces; runs of spaces don't matter. */
  readonly traces: Readonly<Record<string, string>>;
  /** By file: its text after the first suggestion of its first finding. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly line: number;
}

/**
 * Reads a literate suite. Blocks under the page's title alone belong to every case; a heading with a `findings` or
 * `trace` block under it is a case.
 *
 * Blocks: `ts src/book.ts` (or any language and a path) is a file; `findings` and `trace src/book.ts` are expectations;
 * `settings` a JSON object; `ts fixed src/book.ts` the file after its first suggestion.
 */
export function readSuite(markdown: string): SuiteCase[] {
  const fences = readFences(markdown);
  const shared = fences.filter((fence) => fence.headings.length < 2);
  const titles = [...new Set(fences.filter((fence) => fence.headings.length >= 2).map(titleOf))];
  return titles.flatMap((title) => {
    const own = fences.filter((fence) => fence.headings.length >= 2 && titleOf(fence) === title);
    const expectation = own.find((fence) => fence.info[0] === 'findings');
    const traces = own.filter((fence) => fence.info[0] === 'trace');
    const asked = expectation ?? traces[0];
    if (asked === undefined) throw new Error(`"${title}" has neither a block "findings" nor "trace".`);
    const settings = [...shared, ...own].findLast((fence) => fence.info[0] === 'settings');
    const lines = expectation?.text.split('\n').filter((line) => line.trim() !== '');
    return [
      {
        title,
        files: filesOf([...shared, ...own].filter((fence) => fence.info[1] !== 'fixed' && fence.info[0] !== 'trace')),
        settings: settings === undefined ? {} : (JSON.parse(settings.text) as Settings),
        findings: lines?.length === 1 && lines[0] === 'none' ? [] : lines?.map((line) => line.trim()),
        traces: filesOf(traces),
        fixed: filesOf(own.filter((fence) => fence.info[1] === 'fixed')),
        line: asked.line,
      },
    ];
  });
}

function titleOf(fence: Fence): string {
  return fence.headings.slice(1).join(' › ');
}

function filesOf(fences: readonly Fence[]): Record<string, string> {
  return Object.fromEntries(fences.flatMap(({ info, text }) => (info.length > 1 ? [[info.at(-1)!, text]] : [])));
}
