import type { TSESTree } from '@typescript-eslint/utils';

export interface Export {
  readonly name: string;
  readonly value: TSESTree.Node | null;
}

/** What a file exports by name, without what it only hands on from others. */
export function listExports(program: TSESTree.Program): readonly Export[] {
  return program.body.flatMap((statement): readonly Export[] => {
    if (statement.type === 'ExportDefaultDeclaration') return [{ name: 'default', value: statement.declaration }];
    if (statement.type !== 'ExportNamedDeclaration' || statement.source !== null) return [];
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration')
      return [{ name: declaration.id?.name ?? 'default', value: declaration }];
    if (declaration?.type === 'VariableDeclaration')
      return declaration.declarations.flatMap(({ id, init }) =>
        id.type === 'Identifier' ? [{ name: id.name, value: init }] : [],
      );
    return statement.specifiers.map(({ exported, local }) => ({
      name: exported.type === 'Identifier' ? exported.name : exported.value,
      value: local,
    }));
  });
}
