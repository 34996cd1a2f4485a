import type { Operation, Relation } from '../model/program.ts';

/** Other relations whose rows are locked first, each with a row. */
export function createOthers(operations: readonly Operation[], relation: string): readonly Relation[] {
  const names = operations.flatMap((operation) =>
    (operation.kind === 'read' || operation.kind === 'update') && operation.relation !== relation
      ? [operation.relation]
      : [],
  );
  return [...new Set(names)].map((name) => createRelation(name, [{ id: { kind: 'symbol', name: `${name}₀` } }], []));
}

export function createRelation(name: string, rows: Relation['rows'], unique: Relation['unique']): Relation {
  return { name, rows, unique, checks: [], foreignKeys: [], surrogate: [], indexed: unique.map((key) => key[0] ?? '') };
}
