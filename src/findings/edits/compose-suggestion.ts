import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import type { ImportNeed } from './library-edits.ts';
import { areDisjoint, sortEdits } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';

/** A suggestion of these edits and of those that its imports need; undefined where edits touch each other. */
export function composeSuggestion(
  source: SourceText,
  title: string,
  edits: readonly Edit[],
  imports: readonly ImportNeed[],
): Suggestion | undefined {
  const added = addImports(source, imports);
  if (added === undefined) return undefined;
  const all = [...added, ...edits];
  return areDisjoint(all) ? { title, edits: sortEdits(all) } : undefined;
}

/** Extends the import declaration of a package, or adds one after the last. Undefined where the name means something else. */
function addImports(source: SourceText, imports: readonly ImportNeed[]): readonly Edit[] | undefined {
  const declarations = source.program.body.filter(
    (statement): statement is TSESTree.ImportDeclaration => statement.type === 'ImportDeclaration',
  );
  const added = new Map<TSESTree.ImportDeclaration, string[]>();
  const fresh: string[] = [];
  const quote = declarations.some((declaration) => declaration.source.raw.startsWith('"')) ? '"' : "'";
  const semicolon =
    declarations.length === 0 || declarations.some((declaration) => source.text[declaration.range[1] - 1] === ';')
      ? ';'
      : '';
  const unique = imports.filter((need, index) => imports.findIndex((other) => other.name === need.name) === index);
  for (const need of unique) {
    const accepts = need.accepts ?? ((specifier: string): boolean => specifier === need.package);
    const own = declarations.filter((declaration) => accepts(declaration.source.value));
    const isThere = own.some((declaration) =>
      declaration.specifiers.some(
        (specifier) =>
          specifier.type === 'ImportSpecifier' &&
          specifier.local.name === need.name &&
          (need.isType === true || (declaration.importKind !== 'type' && specifier.importKind !== 'type')),
      ),
    );
    if (isThere) continue;
    if (isTaken(source, need.name)) return undefined;
    const target = own.find(
      (declaration) =>
        declaration.importKind !== 'type' &&
        declaration.specifiers.some((specifier) => specifier.type === 'ImportSpecifier'),
    );
    const text = need.isType === true ? `type ${need.name}` : need.name;
    if (target === undefined) {
      const specifier = own[0]?.source.value ?? need.package;
      fresh.push(
        need.isType === true
          ? `import type { ${need.name} } from ${quote}${specifier}${quote}${semicolon}`
          : `import { ${need.name} } from ${quote}${specifier}${quote}${semicolon}`,
      );
    } else added.set(target, [...(added.get(target) ?? []), text]);
  }
  const edits: Edit[] = [...added].map(([declaration, names]) => {
    const last = declaration.specifiers.findLast((specifier) => specifier.type === 'ImportSpecifier');
    const at = last === undefined ? declaration.range[0] : last.range[1];
    return { range: [at, at], text: `, ${names.join(', ')}` };
  });
  if (fresh.length > 0) {
    const last = declarations.at(-1);
    const at = last?.range[1] ?? 0;
    edits.push({ range: [at, at], text: last === undefined ? `${fresh.join('\n')}\n` : `\n${fresh.join('\n')}` });
  }
  return edits;
}

/** Is the name declared at the top of the file already, as something else? */
function isTaken(source: SourceText, name: string): boolean {
  return source.program.body.some((statement) => {
    if (statement.type === 'ImportDeclaration')
      return statement.specifiers.some((specifier) => specifier.local.name === name);
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type === 'VariableDeclaration')
      return declaration.declarations.some(({ id }) => id.type === 'Identifier' && id.name === name);
    return (
      (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') &&
      declaration.id?.name === name
    );
  });
}
