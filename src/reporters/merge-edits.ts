import type { Suggestion } from '../model/finding.ts';

/** One replacement that does what a suggestion's edits do together, with the source between them kept. */
export function mergeEdits(edits: Suggestion['edits'], text: string): { range: [number, number]; text: string } {
  const sorted = [...edits].sort((a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1]);
  const start = sorted[0]?.range[0] ?? 0;
  let merged = '';
  let end = start;
  for (const edit of sorted) {
    merged += text.slice(end, edit.range[0]) + edit.text;
    end = edit.range[1];
  }
  return { range: [start, end], text: merged };
}
