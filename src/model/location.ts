/** A place in a source text. Lines are 1-based, columns 0-based (ESTree's convention), offsets are UTF-16 units. */
export interface Location {
  /** Absolute path of the file. */
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
  /** Start and end offset in the text. */
  readonly range: readonly [number, number];
}
