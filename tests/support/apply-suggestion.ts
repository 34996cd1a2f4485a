import type { Suggestion } from '../../src/model/finding.ts';

/** A source text after a suggestion. */
export function applySuggestion(source: string, suggestion: Suggestion): string {
  return [...suggestion.edits]
    .sort((a, b) => b.range[0] - a.range[0])
    .reduce((text, edit) => text.slice(0, edit.range[0]) + edit.text + text.slice(edit.range[1]), source);
}
