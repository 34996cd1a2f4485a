import { lowerColumn, lowerDefault } from './lower-column.ts';
import { lowerConstraint } from './lower-constraint.ts';
import type { ConstraintDefinition } from './lower-constraint.ts';
import { lowerTableName } from './lower-table-name.ts';
import type { SchemaChange } from './schema-change.ts';
import type { TokenCursor } from './token-cursor.ts';

/**
 * Reads an ALTER TABLE: one change for each of its clauses that concerns columns, keys or names.
 *
 * @param cursor stands behind the word TABLE
 */
export function lowerAlterTable(cursor: TokenCursor): readonly SchemaChange[] {
  cursor.accept('if', 'exists');
  cursor.accept('only');
  const table = lowerTableName(cursor);
  if (table === undefined) return [{ kind: 'unread', reason: 'ALTER TABLE' }];
  cursor.accept('*');
  return cursor.splitAtCommas().flatMap((clause) => lowerClause(clause, table));
}

function lowerClause(clause: TokenCursor, table: string): readonly SchemaChange[] {
  if (clause.accept('add')) return lowerAdd(clause, table);
  if (clause.accept('drop')) return lowerDrop(clause, table);
  if (clause.accept('rename')) return lowerRename(clause, table);
  if (clause.accept('alter')) return lowerAlterColumn(clause, table);
  if (clause.accept('modify')) {
    clause.accept('column');
    const definition = lowerColumn(clause, table);
    if (definition === undefined) return [{ kind: 'unread', table, reason: 'MODIFY COLUMN' }];
    return [{ kind: 'redefine column', table, from: definition.column.name, definition }];
  }
  if (clause.accept('change')) {
    clause.accept('column');
    const from = clause.acceptName();
    const definition = lowerColumn(clause, table);
    if (from === undefined || definition === undefined) return [{ kind: 'unread', table, reason: 'CHANGE COLUMN' }];
    return [{ kind: 'redefine column', table, from, definition }];
  }
  // ENABLE ROW LEVEL SECURITY, OWNER TO, SET (…), VALIDATE CONSTRAINT, ENGINE =, COMMENT =: nothing about keys.
  return [];
}

function lowerAdd(clause: TokenCursor, table: string): readonly SchemaChange[] {
  const constraint = lowerConstraint(clause, table);
  if (constraint !== undefined) return lowerAddedConstraint(constraint, table);
  clause.accept('column');
  const unlessExists = clause.accept('if', 'not', 'exists');
  // MySQL's ADD (a int, b int).
  const group = clause.acceptGroup();
  return (group?.splitAtCommas() ?? [clause]).map((part): SchemaChange => {
    const definition = lowerColumn(part, table);
    if (definition === undefined) return { kind: 'unread', table, reason: 'ADD COLUMN' };
    return { kind: 'add column', table, unlessExists, definition };
  });
}

function lowerAddedConstraint(constraint: ConstraintDefinition, table: string): readonly SchemaChange[] {
  switch (constraint.kind) {
    case 'key':
      return [{ kind: 'add key', table, key: constraint.key }];
    case 'index': {
      const { index, key, name } = constraint;
      return [{ kind: 'promote index', table, index, key, ...(name !== undefined && { name }) }];
    }
    case 'foreign key':
      return [{ kind: 'add foreign key', table, foreignKey: constraint.foreignKey }];
    case 'check':
      return [{ kind: 'add check', table, check: constraint.check }];
    case 'unread':
      return [{ kind: 'unread', table, reason: constraint.reason }];
    case 'plain index':
      return [];
  }
}

function lowerDrop(clause: TokenCursor, table: string): readonly SchemaChange[] {
  if (clause.accept('primary', 'key')) return [{ kind: 'drop primary key', table }];
  // A foreign key may share its name with an index (MySQL), which stays.
  if (clause.accept('foreign', 'key')) return [];
  const isKey =
    clause.accept('constraint') || clause.accept('index') || (clause.dialect === 'mysql' && clause.accept('key'));
  if (!isKey) clause.accept('column');
  clause.accept('if', 'exists');
  const name = clause.acceptName();
  if (name === undefined) return [{ kind: 'unread', table, reason: 'ALTER TABLE … DROP' }];
  return [isKey ? { kind: 'drop key', table, name } : { kind: 'drop column', table, column: name }];
}

function lowerRename(clause: TokenCursor, table: string): readonly SchemaChange[] {
  const unread: SchemaChange = { kind: 'unread', table, reason: 'ALTER TABLE … RENAME' };
  if (clause.accept('to') || clause.accept('as')) {
    const to = lowerTableName(clause);
    return [to === undefined ? unread : { kind: 'rename table', table, to: qualifyLike(table, to) }];
  }
  const isKey = clause.accept('constraint') || clause.accept('index') || clause.accept('key');
  if (!isKey) clause.accept('column');
  const name = clause.acceptName();
  const to = clause.accept('to') ? clause.acceptName() : undefined;
  if (name === undefined || to === undefined) {
    // MySQL's RENAME new_name, without TO.
    return [name === undefined || isKey ? unread : { kind: 'rename table', table, to: name }];
  }
  return [isKey ? { kind: 'rename key', table, name, to } : { kind: 'rename column', table, column: name, to }];
}

/** A table keeps its schema when it is renamed. */
function qualifyLike(table: string, name: string): string {
  const dot = table.lastIndexOf('.');
  return dot < 0 || name.includes('.') ? name : `${table.slice(0, dot)}.${name}`;
}

function lowerAlterColumn(clause: TokenCursor, table: string): readonly SchemaChange[] {
  // MySQL's ALTER INDEX i INVISIBLE, ALTER CHECK c NOT ENFORCED; PostgreSQL's ALTER CONSTRAINT.
  if (clause.accept('index') || clause.accept('constraint') || clause.accept('check')) return [];
  clause.accept('column');
  const column = clause.acceptName();
  if (column === undefined) return [{ kind: 'unread', table, reason: 'ALTER COLUMN' }];
  if (clause.accept('set', 'not', 'null')) return [{ kind: 'set nullable', table, column, nullable: false }];
  if (clause.accept('drop', 'not', 'null')) return [{ kind: 'set nullable', table, column, nullable: true }];
  if (clause.accept('set', 'default'))
    return [{ kind: 'set generated', table, column, generated: lowerDefault(clause) }];
  if (clause.accept('drop', 'default') || clause.accept('drop', 'identity')) {
    return [{ kind: 'set generated', table, column, generated: undefined }];
  }
  if (clause.accept('add', 'generated')) return [{ kind: 'set generated', table, column, generated: 'sequence' }];
  return [];
}
