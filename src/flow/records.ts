import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Scope } from './scope.ts';

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** A function of the analysed code together with the scope that it closes over. */
export interface FunctionRecord {
  readonly id: string;
  readonly name: string;
  readonly node: FunctionNode;
  readonly module: ModuleScope;
  readonly scope: Scope;
  /** `this`, for methods. */
  readonly self?: Value;
}

export interface ClassRecord {
  readonly id: string;
  readonly name: string;
  readonly node: TSESTree.ClassDeclaration | TSESTree.ClassExpression;
  readonly module: ModuleScope;
  readonly scope: Scope;
}

export function isFunctionNode(node: TSESTree.Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}
