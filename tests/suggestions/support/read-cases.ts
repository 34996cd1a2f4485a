import { readFences } from '../../support/read-fences.ts';

/** One source with a race, and the rewrites that are expected of it. */
export interface RewriteCase {
  /** `Prisma › A decrement below a floor`. */
  readonly title: string;
  /** The prelude of its section, and the code under test. */
  readonly source: string;
  /** The code under test alone. */
  readonly before: string;
  readonly engine: string | undefined;
  /** Other files of the project, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly expected: readonly ExpectedRewrite[];
}

export interface ExpectedRewrite {
  readonly rule: string;
  readonly title: string;
  /** What `showRewrite` gives. */
  readonly text: string;
}

/**
 * Reads literate rewrites: a section (`##`) has a `ts prelude` block, and may name an engine; a case (`###`) has a
 * `ts before` block, files with a path, and one `ts after RULE: TITLE` block a suggestion.
 */
export function readCases(markdown: string): readonly RewriteCase[] {
  const fences = readFences(markdown);
  const befores = fences.filter(({ info }) => info[1] === 'before');
  return befores.map((before) => {
    const title = before.headings.slice(1).join(' › ');
    const section = before.headings[1];
    const prelude = fences.find(({ info, headings }) => info[1] === 'prelude' && headings[1] === section);
    const own = fences.filter(({ headings }) => headings.slice(1).join(' › ') === title);
    const engine = prelude?.info.find((word) => word.startsWith('engine='))?.slice('engine='.length);
    return {
      title,
      before: before.text,
      source: `${prelude?.text ?? ''}\n${before.text}`,
      engine,
      files: Object.fromEntries(
        own.filter(({ info }) => info[1]?.includes('.') === true).map(({ info, text }) => [info[1]!, text]),
      ),
      expected: own
        .filter(({ info }) => info[1] === 'after')
        .map(({ info, text }) => ({ rule: info[2]!.replace(/:$/, ''), title: info.slice(3).join(' '), text })),
    };
  });
}

/** The text of a Markdown page with the blocks `after` replaced by what there is now. */
export function replaceExpected(markdown: string, actual: ReadonlyMap<string, readonly ExpectedRewrite[]>): string {
  const stripped = markdown.replace(/\n```ts after[^\n]*\n[\s\S]*?\n?```\n/g, '');
  const headings: string[] = [];
  const lines: string[] = [];
  let isBefore = false;
  for (const line of stripped.split('\n')) {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading !== null && !isBefore) {
      headings.length = Math.min(headings.length, heading[1]!.length - 1);
      headings.push(heading[2]!);
    }
    lines.push(line);
    if (line.startsWith('```ts before')) isBefore = true;
    else if (line === '```' && isBefore) {
      isBefore = false;
      for (const { rule, title, text } of actual.get(headings.slice(1).join(' › ')) ?? [])
        lines.push('', `\`\`\`ts after ${rule}: ${title}`, text.trimEnd(), '```');
    }
  }
  return lines.join('\n');
}

/** The lines of the prelude that a rewrite changed or added, and all of the code under test after it. */
export function showRewrite(source: string, before: string, output: string): string {
  const old = new Set(source.slice(0, source.length - before.length).split('\n'));
  const signature = before.split('\n')[0]!;
  const at = output.indexOf(signature);
  const changed = output
    .slice(0, at)
    .split('\n')
    .filter((line) => line !== '' && !old.has(line));
  return changed.length === 0 ? output.slice(at) : `${changed.join('\n')}\n\n${output.slice(at)}`;
}
