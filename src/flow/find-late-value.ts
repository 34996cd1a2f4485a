import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { Change } from './list-changes.ts';
import { readPatternNames } from './module-scope.ts';
import { mayAct } from './values.ts';

/** What functions of a file put into a variable or field that is declared outside of them. */
export interface LateValues {
  /** The right sides, in the order of the source. */
  readonly assigned: readonly TSESTree.Expression[];
  /** Is it counted up or down, or otherwise computed from itself? */
  readonly isUpdated: boolean;
}

/**
 * Of the changes in a file, those of one variable or field.
 *
 * @param isTarget does this left side name it?
 */
export function selectLateValues(changes: readonly Change[], isTarget: (left: TSESTree.Node) => boolean): LateValues {
  const own = changes.filter(({ target }) => isTarget(target));
  return {
    assigned: own.flatMap(({ assigned }) => assigned ?? []),
    isUpdated: own.some(({ assigned }) => assigned === undefined),
  };
}

/**
 * The client or object that a variable holds once it is filled (`if (!redis) redis = new Redis()`): whoever uses it,
 * uses that.
 *
 * @returns undefined where nothing that is assigned is one
 */
export function findLateHandle(
  { assigned }: LateValues,
  evaluate: (right: TSESTree.Expression) => Value,
): Value | undefined {
  for (const right of assigned) {
    const value = right.type === 'Literal' ? undefined : evaluate(right);
    if (value !== undefined && mayAct(value)) return value;
  }
  return undefined;
}

/** A test for left sides that name a variable of module level, and no local one that hides it. */
export function namesVariable(name: string): (left: TSESTree.Node) => boolean {
  return (left) => left.type === 'Identifier' && left.name === name && !isHidden(left, name);
}

function isHidden(node: TSESTree.Node, name: string): boolean {
  for (let at = node.parent; at !== undefined && at.type !== 'Program'; at = at.parent) {
    if ('params' in at && at.params.some((parameter) => readPatternNames(parameter).includes(name))) return true;
    if (at.type === 'BlockStatement' && at.body.some((statement) => declares(statement, name))) return true;
  }
  return false;
}

function declares(statement: TSESTree.Statement, name: string): boolean {
  return (
    statement.type === 'VariableDeclaration' &&
    statement.declarations.some(({ id }) => readPatternNames(id).includes(name))
  );
}
