import type { ColumnFacts } from '../../model/schema-facts.ts';
import { lowerColumn } from './lower-column.ts';
import { lowerConstraint } from './lower-constraint.ts';
import { lowerTableName } from './lower-table-name.ts';
import type { ForeignKeyDefinition, KeyDefinition, SchemaChange, TableDefinition } from './schema-change.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * Reads a CREATE TABLE.
 *
 * @param cursor stands behind the word TABLE
 */
export function lowerCreateTable(cursor: TokenCursor): readonly SchemaChange[] {
  const unlessExists = cursor.accept('if', 'not', 'exists');
  const table = lowerTableName(cursor);
  if (table === undefined) return [{ kind: 'unread', reason: 'CREATE TABLE' }];
  // A partition has its parent's keys; code talks to the parent.
  if (cursor.accept('partition', 'of')) return [];
  const body = cursor.acceptGroup();
  if (body === undefined) {
    if (cursor.accept('like')) {
      const other = lowerTableName(cursor);
      // MySQL's form copies indexes too (https://dev.mysql.com/doc/refman/8.4/en/create-table-like.html).
      if (other !== undefined) return [create(table, unlessExists, { like: [{ table: other, keys: true }] })];
    }
    // CREATE TABLE … AS SELECT: columns from anywhere, no keys.
    return [create(table, unlessExists, { unread: ['columns of CREATE TABLE … AS'] })];
  }
  const definition = lowerBody(body, table);
  const rest = cursor.describeRest().toLowerCase();
  const storage = /\bengine\s*=?\s*(\w+)/u.exec(rest)?.[1];
  const unread = /^inherits\b/u.test(rest) ? [...definition.unread, 'INHERITS'] : definition.unread;
  return [create(table, unlessExists, { ...definition, unread, ...(storage !== undefined && { storage }) })];
}

function create(table: string, unlessExists: boolean, definition: Partial<TableDefinition>): SchemaChange {
  const empty = { columns: [], keys: [], foreignKeys: [], checks: [], like: [], unread: [] };
  return { kind: 'create table', table, unlessExists, definition: { ...empty, ...definition } };
}

function lowerBody(body: TokenCursor, table: string): TableDefinition {
  const columns: ColumnFacts[] = [];
  const keys: KeyDefinition[] = [];
  const foreignKeys: ForeignKeyDefinition[] = [];
  const checks: string[] = [];
  const like: { table: string; keys: boolean }[] = [];
  const unread: string[] = [];
  for (const item of body.splitAtCommas()) {
    const constraint = lowerConstraint(item, table);
    if (constraint !== undefined) {
      switch (constraint.kind) {
        case 'key':
          keys.push(constraint.key);
          break;
        case 'foreign key':
          foreignKeys.push(constraint.foreignKey);
          break;
        case 'check':
          checks.push(constraint.check);
          break;
        case 'unread':
          unread.push(constraint.reason);
          break;
        case 'index':
          unread.push('USING INDEX');
          break;
        case 'plain index':
          break;
      }
      continue;
    }
    if (item.peek()?.kind === 'word' && item.accept('like')) {
      const other = lowerTableName(item);
      if (other !== undefined)
        like.push({ table: other, keys: /\bincluding (?:all|indexes)\b/iu.test(item.describeRest()) });
      continue;
    }
    const column = lowerColumn(item, table);
    if (column === undefined) {
      unread.push('column definition');
      continue;
    }
    columns.push(column.column);
    keys.push(...column.keys);
    foreignKeys.push(...column.foreignKeys);
    checks.push(...column.checks);
  }
  return { columns, keys, foreignKeys, checks, like, unread };
}
