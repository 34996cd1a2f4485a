/**
 * Puts text between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws when the marks are not there, exactly once each
 */
export function replaceBlock(page: string, name: string, content: string): string {
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const [before, rest, ...more] = page.split(begin);
  const [, after, ...most] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || more.length > 0 || most.length > 0) {
    throw new Error(`The page needs one "${begin}" with one "${end}" after it.`);
  }
  return `${before}${begin}\n\n${content.trim()}\n\n${end}${after}`;
}
