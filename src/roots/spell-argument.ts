import type { TSESTree } from '@typescript-eslint/utils';

/** A path, a name or a schedule as a report shows it: the text itself, else the code that makes it, if it is short. */
export function spellArgument(node: TSESTree.Node | undefined, text: string): string {
  if (node === undefined) return '…';
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'ArrayExpression' && node.elements[0]) return spellArgument(node.elements[0], text);
  const code =
    node.type === 'TemplateLiteral'
      ? text.slice(node.range[0] + 1, node.range[1] - 1)
      : text.slice(node.range[0], node.range[1]);
  const isCode = node.type === 'TemplateLiteral' || node.type === 'Identifier' || node.type === 'MemberExpression';
  return (isCode || node.type === 'Literal') && code.length <= 60 && !code.includes('\n') ? code : '…';
}
