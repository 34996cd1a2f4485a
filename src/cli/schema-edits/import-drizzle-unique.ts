import { type ImportDeclaration, type SourceFile, SyntaxKind } from 'ts-morph';
import type { SchemaEdit } from '../../model/schema-edit.ts';
import { addListItem } from './add-list-item.ts';

/** What `unique` is called in a file, and how it gets there. */
interface UniqueImport {
  readonly name: string;
  readonly edits: SchemaEdit['edits'];
}

/**
 * Makes Drizzle's function `unique` available in a file that imports other functions of one dialect.
 *
 * @returns undefined where something else bears the name, or no import can be extended
 */
export function importDrizzleUnique(file: SourceFile): UniqueImport | undefined {
  const imports = file
    .getImportDeclarations()
    .filter(
      (declaration) =>
        /^drizzle-orm\/(?:pg|mysql|sqlite)-core$/u.test(declaration.getModuleSpecifierValue()) &&
        !declaration.isTypeOnly(),
    );
  for (const declaration of imports) {
    const specifier = declaration
      .getNamedImports()
      .find((named) => named.getName() === 'unique' && !named.isTypeOnly());
    if (specifier !== undefined) return { name: specifier.getAliasNode()?.getText() ?? 'unique', edits: [] };
  }
  const names = file.getDescendantsOfKind(SyntaxKind.Identifier).filter((node) => node.getText() === 'unique');
  const isTaken = names.some((node) => node.getParent().getKind() !== SyntaxKind.PropertyAccessExpression);
  const named = imports.find((declaration) => declaration.getNamedImports().length > 0);
  if (named !== undefined) return isTaken ? undefined : { name: 'unique', edits: [addName(file, named)] };
  const namespace = imports.map((declaration) => declaration.getNamespaceImport()?.getText()).find(Boolean);
  return namespace === undefined ? undefined : { name: `${namespace}.unique`, edits: [] };
}

/** Puts the name into the list: at its place where the list is sorted, else at the end. */
function addName(file: SourceFile, declaration: ImportDeclaration): SchemaEdit['edits'][number] {
  const specifiers = declaration.getNamedImports();
  const names = specifiers.map((specifier) => specifier.getName());
  const isSorted = names.every((name, at) => at === 0 || compare(names[at - 1] ?? '', name) <= 0);
  const next = specifiers.find((specifier) => compare(specifier.getName(), 'unique') > 0);
  if (!isSorted || next === undefined) return addListItem(file.getFullText(), specifiers, 'unique');
  const start = next.getStart();
  const indent = /\r?\n[ \t]*$/u.exec(file.getFullText().slice(0, start))?.[0];
  return { range: [start, start], text: `unique,${indent ?? ' '}` };
}

function compare(a: string, b: string): number {
  return a.localeCompare(b);
}
