/** The package exports this module, but ships no types for it. */
declare module 'oxc-parser/src-js/bindings' {
  import type { ParseResult, ParserOptions } from 'oxc-parser';

  /** What `parseSync` of the package wraps: here the syntax tree is still JSON, and is handed out once. */
  export function parseSync(
    path: string,
    text: string,
    options?: ParserOptions,
  ): Pick<ParseResult, 'errors'> & { readonly program: string };
}
