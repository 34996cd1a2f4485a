import type { TSESTree } from '@typescript-eslint/utils';
import { walkSyntax } from './walk-syntax.ts';

/** One place of a file where a variable or field is given another value. */
export interface Change {
  readonly target: TSESTree.Node;
  /** The right side, or undefined where it is counted up or down, or otherwise computed from itself. */
  readonly assigned: TSESTree.Expression | undefined;
}

/** All the changes in a file, in the order of the source. */
export function listChanges(program: TSESTree.Program): readonly Change[] {
  const changes: Change[] = [];
  walkSyntax(program, (node) => {
    if (node.type === 'UpdateExpression') changes.push({ target: node.argument, assigned: undefined });
    else if (node.type === 'AssignmentExpression')
      changes.push({ target: node.left, assigned: replacing.has(node.operator) ? node.right : undefined });
    return true;
  });
  return changes;
}

const replacing: ReadonlySet<string> = new Set(['=', '??=', '||=']);
