import type { SourceText } from './source-text.ts';

/** A constant as source text, with the quotes that the file has. */
export function renderConstant(source: SourceText, value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  const doubles = source.text.split('"').length;
  const singles = source.text.split("'").length;
  const quote = doubles > singles ? '"' : "'";
  return `${quote}${value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')}${quote}`;
}
