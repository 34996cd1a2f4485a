import type { TSESTree } from '@typescript-eslint/utils';
import { visitorKeys } from '@typescript-eslint/visitor-keys';

/** Calls `visit` for a node and everything below it; a visitor that answers `false` keeps out of that node. */
export function walkSyntax(node: TSESTree.Node, visit: (node: TSESTree.Node) => boolean | undefined): void {
  if (visit(node) === false) return;
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(child)) {
      for (const item of child as (TSESTree.Node | null)[]) if (item !== null) walkSyntax(item, visit);
    } else if (child !== null && child !== undefined) walkSyntax(child as TSESTree.Node, visit);
  }
}
