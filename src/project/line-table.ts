/** Offsets at which the lines of one text begin, computed when somebody first asks. */
export class LineTable {
  readonly #text: string;
  #starts: readonly number[] | undefined;
  /** The line that was found last: whoever walks a tree asks for one near it next. */
  #last = 0;

  /** @param text the whole text, whose offsets (UTF-16 units) will be asked for */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Where an offset is.
   *
   * @param offset UTF-16 units from the beginning of the text
   * @returns the line (1-based) and column (0-based, UTF-16 units)
   */
  findPosition(offset: number): { readonly line: number; readonly column: number } {
    const starts = (this.#starts ??= findLineStarts(this.#text));
    const last = starts[this.#last] ?? 0;
    if (last <= offset && offset < (starts[this.#last + 1] ?? Infinity))
      return { line: this.#last + 1, column: offset - last };
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return { line: low + 1, column: offset - (starts[low] ?? 0) };
  }
}

// The line terminators of ECMAScript, as ESLint counts them: LF, CR, CRLF, U+2028, U+2029.
function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  if (/[\r\u2028\u2029]/u.test(text)) {
    for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/gu)) starts.push(match.index + match[0].length);
    return starts;
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
