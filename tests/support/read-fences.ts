/** One fenced block of a Markdown text. */
export interface Fence {
  /** All words after the backticks: `['ts', 'src/book.ts']`. */
  readonly info: readonly string[];
  readonly text: string;
  /** The headings above it, from the title down. */
  readonly headings: readonly string[];
  /** Line of its first backticks, 1-based. */
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order, each with the headings that it stands under. */
export function readFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const headings: string[] = [];
  let open:
    { readonly marker: string; readonly info: string[]; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const [, marker = '', info = ''] = /^(`{3,})\s*(.*)$/.exec(line) ?? [];
    if (open !== undefined) {
      if (marker.length >= open.marker.length && info === '') {
        const text = open.lines.map((part) => `${part}\n`).join('');
        fences.push({ info: open.info, text, headings: headings.filter((heading) => heading !== ''), line: open.line });
        open = undefined;
      } else {
        open.lines.push(line);
      }
    } else if (marker !== '') {
      open = { marker, info: info.split(/\s+/).filter((word) => word !== ''), line: index + 1, lines: [] };
    } else {
      const [, hashes = '', title = ''] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
      if (hashes !== '') {
        headings.length = Math.min(headings.length, hashes.length - 1);
        while (headings.length < hashes.length - 1) headings.push('');
        headings.push(title.trim());
      }
    }
  }
  if (open !== undefined) throw new Error(`The block that begins at line ${String(open.line)} is never closed.`);
  return fences;
}
