import type { Assignment } from '../../model/effect.ts';
import { unknownColumn } from './bind-sql-text.ts';
import { lowerExpression } from './lower-expression.ts';
import { findNode, findText, listNodes, readVariant, type SqlNode } from './sql-node.ts';
import { readName, readNameParts, type SqlScope } from './sql-scope.ts';

/**
 * @param nodes the parser's assignments of a SET
 * @param scope the statement's names; assignments to another table's columns are reported
 */
export function lowerAssignments(nodes: readonly SqlNode[], scope: SqlScope): readonly Assignment[] {
  return nodes.flatMap((node) => {
    const value = findNode(node, 'value');
    const tuple = listNodes(node, 'target', 'Tuple');
    if (tuple.length > 0) {
      const [kind, content] = readVariant(value);
      const parts = kind === 'Tuple' ? listNodes(content) : [];
      return tuple.map((target, index): Assignment => {
        const part = parts[index];
        return {
          column: readName(target, scope),
          value: part === undefined ? { kind: 'unknown', reason: 'SQL subquery' } : lowerExpression(part, scope),
        };
      });
    }
    const parts = readNameParts(findNode(node, 'target', 'ColumnName'), scope);
    const qualifier = parts.at(-2);
    if (qualifier !== undefined && scope.own.length > 0 && !scope.own.includes(qualifier))
      scope.report('UPDATE of several tables', qualifier);
    const column = parts.at(-1) ?? '';
    return column === unknownColumn ? [] : [{ column, value: lowerExpression(value, scope) }];
  });
}

/**
 * @param columns column names in the order of `row`
 * @param row expressions
 * @returns what is set; DEFAULT sets nothing
 */
export function pairRow(columns: readonly string[], row: readonly SqlNode[], scope: SqlScope): readonly Assignment[] {
  return columns.flatMap((column, index) => {
    const expression = row[index];
    const [kind, content] = readVariant(expression);
    if (expression === undefined || (kind === 'Identifier' && findText(content, 'value')?.toUpperCase() === 'DEFAULT'))
      return [];
    return [{ column, value: lowerExpression(expression, scope) }];
  });
}
