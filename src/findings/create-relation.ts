import type { Operation, Relation } from '../model/program.ts';

/** Other relations: those whose rows are locked first, each with a row, and empty ones of rows that can be made once. */
export function createOthers(operations: readonly Operation[], relation: string): readonly Relation[] {
  const names = operations.flatMap((operation) =>
    (operation.kind === 'read' || operation.kind === 'update') && operation.relation !== relation
      ? [operation.relation]
      : [],
  );
  const made = operations.flatMap((operation) =>
    operation.kind === 'insert' && operation.relation !== relation ? [operation.relation] : [],
  );
  return [
    ...[...new Set(names)].map((name) => createRelation(name, [{ id: { kind: 'symbol', name: `${name}₀` } }], [])),
    ...[...new Set(made)].map((name) => createRelation(name, [], [['key']])),
  ];
}

export function createRelation(name: string, rows: Relation['rows'], unique: Relation['unique']): Relation {
  return { name, rows, unique, checks: [], foreignKeys: [], surrogate: [], indexed: unique.map((key) => key[0] ?? '') };
}
