import type { TSESTree } from '@typescript-eslint/utils';

/** A function of a file that may start executions, before anybody looked inside. */
export interface RootCandidate {
  readonly name: string;
  readonly node: TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
  /** The class around a method, and whether the method is static. */
  readonly owner:
    { readonly node: TSESTree.ClassDeclaration | TSESTree.ClassExpression; readonly isStatic: boolean } | undefined;
  readonly reason: string;
  /** True when other code of the file names it: it is a root only if none of the file's roots calls it. */
  readonly isHelper: boolean;
}
