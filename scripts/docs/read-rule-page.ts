import { readFences } from '../../tests/support/read-fences.ts';

/** The file that a page's examples stand for. */
export const exampleFile = 'src/example.ts';

export interface RulePage {
  /** Files that every example shares, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly examples: readonly RuleExample[];
}

export interface RuleExample {
  readonly kind: 'incorrect' | 'correct';
  /** The example is reported with `confidence: 'possible'` only. */
  readonly isPossible: boolean;
  readonly heading: string;
  readonly text: string;
  /** Line of the page, 1-based. */
  readonly line: number;
}

/** The examples of a rule's page: blocks `ts incorrect`, `ts incorrect possible` and `ts correct`. */
export function readRulePage(markdown: string): RulePage {
  const files: Record<string, string> = {};
  const examples: RuleExample[] = [];
  for (const { info, text, headings, line } of readFences(markdown)) {
    const [, word = ''] = info;
    if (word === 'incorrect' || word === 'correct') {
      examples.push({ kind: word, isPossible: info.includes('possible'), heading: headings.at(-1) ?? '', text, line });
    } else if (word !== '') {
      files[word] = text;
    }
  }
  return { files, examples };
}
