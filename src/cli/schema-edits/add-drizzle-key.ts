import path from 'node:path';
import { type CallExpression, Node, Project, type SourceFile } from 'ts-morph';
import type { MissingKey, SchemaEdit } from '../../model/schema-edit.ts';
import { addListItem } from './add-list-item.ts';
import { importDrizzleUnique } from './import-drizzle-unique.ts';

type Edit = SchemaEdit['edits'][number];

/** MySQL indexes a prefix of these, for which Drizzle has no word: a plain unique key over them is refused. */
const unindexable = /^(?:(?:tiny|medium|long)?text|(?:tiny|medium|long)?blob|json)$/u;

/**
 * Adds a unique key to a Drizzle table: `.unique()` on a column of the table's own object literal, else an entry of the
 * table's third argument, in the form (array or object) that is there or that the installed version takes.
 *
 * Documentation: https://orm.drizzle.team/docs/indexes-constraints
 *
 * @param text of the file that defines the table
 * @param key says where in it the definition is
 * @param form of a third argument where the file shows none
 * @returns undefined where a part of the definition has a form that is not known here
 */
export function addDrizzleKey(text: string, key: MissingKey, form: 'array' | 'object'): readonly Edit[] | undefined {
  const { location } = key.definition;
  const project = new Project({
    useInMemoryFileSystem: true,
    skipFileDependencyResolution: true,
    skipLoadingLibFiles: true,
    compilerOptions: { noLib: true, noResolve: true },
  });
  const file = project.createSourceFile(`/${path.basename(location.file)}`, text);
  const dialect = findDialect(file);
  const call = findTableCall(file, location.range);
  if (dialect === undefined || call === undefined) return undefined;
  const initializers = key.columns.map((column) => findColumnCall(call, column));
  // without a look at the column's type there is no telling
  const isIndexable = (column: CallExpression | undefined): boolean =>
    column !== undefined && !unindexable.test(findBuilder(column).name);
  if (dialect === 'mysql' && !initializers.every(isIndexable)) return undefined;
  const [only, ...others] = initializers;
  const isPlain = others.length === 0 && only !== undefined && isDrizzleBuilder(file, only);
  const edits = isPlain ? [appendUnique(only)] : addExtra(file, call, key.columns, form);
  if (edits === undefined) return undefined;
  for (const edit of edits.toReversed()) file.replaceText([edit.range[0], edit.range[1]], edit.text);
  return project.getProgram().getSyntacticDiagnostics(file).length === 0 ? edits : undefined;
}

/** The one dialect whose functions the file imports. */
function findDialect(file: SourceFile): string | undefined {
  const found = file
    .getImportDeclarations()
    .map((declaration) => /^drizzle-orm\/(pg|mysql|sqlite)-core$/u.exec(declaration.getModuleSpecifierValue())?.[1]);
  const dialects = new Set(found.filter((name) => name !== undefined));
  return dialects.size === 1 ? [...dialects][0] : undefined;
}

/** `pgTable(…)` at a place, without what is called on the table (`.enableRLS()`). */
function findTableCall(file: SourceFile, [start, end]: readonly [number, number]): CallExpression | undefined {
  const isThere = (node: Node): boolean => node.getStart() === start && node.getEnd() === end;
  const node = file.getDescendantAtPos(start)?.getAncestors().find(isThere);
  let call = unwrap(node);
  while (Node.isCallExpression(call)) {
    const callee = call.getExpression();
    const inner = Node.isPropertyAccessExpression(callee) ? callee.getExpression() : undefined;
    if (!Node.isCallExpression(inner)) break;
    call = inner;
  }
  return Node.isCallExpression(call) && call.getArguments().length >= 2 ? call : undefined;
}

/** The call that makes a column, where the table's own object literal has it. */
function findColumnCall(table: CallExpression, column: string): CallExpression | undefined {
  const [, second] = table.getArguments();
  const columns = findReturned(second) ?? unwrap(second);
  if (!Node.isObjectLiteralExpression(columns)) return undefined;
  const property = columns.getProperties().findLast((member) => {
    if (!Node.isPropertyAssignment(member)) return false;
    const name = member.getNameNode();
    return (Node.isStringLiteral(name) ? name.getLiteralText() : name.getText()) === column;
  });
  const initializer = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  return Node.isCallExpression(initializer) ? initializer : undefined;
}

/** What begins a column: the name that is called first, and what it is a member of (`t` in `t.text()`). */
function findBuilder(column: CallExpression): { readonly name: string; readonly owner?: string } {
  const callee = column.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return { name: callee.getText() };
  const inner = callee.getExpression();
  return Node.isCallExpression(inner) ? findBuilder(inner) : { name: callee.getName(), owner: inner.getText() };
}

/** Is the column made here by a function of Drizzle's? What a helper returns may serve several tables. */
function isDrizzleBuilder(file: SourceFile, column: CallExpression): boolean {
  const { name, owner } = findBuilder(column);
  if (owner !== undefined) return /^[\w$]+$/u.test(owner);
  return file
    .getImportDeclarations()
    .filter((declaration) => declaration.getModuleSpecifierValue().startsWith('drizzle-orm/'))
    .some((declaration) =>
      declaration
        .getNamedImports()
        .some((specifier) => (specifier.getAliasNode()?.getText() ?? specifier.getName()) === name),
    );
}

/** `.unique()` at the end of a chain, on a line of its own where the chain has such lines. */
function appendUnique(column: CallExpression): Edit {
  const callee = column.getExpression();
  const before = Node.isPropertyAccessExpression(callee) ? callee.getExpression().getEnd() : column.getEnd();
  const gap = column.getSourceFile().getFullText().slice(before, callee.getEnd());
  const newline = /^(\r?\n[ \t]*)\./u.exec(gap)?.[1] ?? '';
  return { range: [column.getEnd(), column.getEnd()], text: `${newline}.unique()` };
}

function addExtra(
  file: SourceFile,
  table: CallExpression,
  columns: readonly string[],
  form: 'array' | 'object',
): readonly Edit[] | undefined {
  const unique = importDrizzleUnique(file);
  if (unique === undefined) return undefined;
  const [first, second, extras] = table.getArguments();
  if (first === undefined || second === undefined) return undefined;
  const name = `${columns.map((column, at) => (at === 0 ? column : capitalize(column))).join('')}Unique`;
  const entry = (members: readonly string[]): string => `${unique.name}().on(${members.join(', ')})`;
  if (extras === undefined) {
    const members = columns.map((column) => spellMember('t', column));
    const value = findForm(file) ?? form;
    const added = value === 'array' ? `(t) => [${entry(members)}]` : `(t) => ({ ${name}: ${entry(members)} })`;
    const edit = addListItem(file.getFullText(), [first, second], added);
    return [...unique.edits, edit].sort((a, b) => a.range[0] - b.range[0]);
  }
  const returned = findReturned(extras);
  const members = Node.isArrowFunction(extras) ? spellMembers(extras, columns) : undefined;
  if (members === undefined || returned === undefined) return undefined;
  const text = file.getFullText();
  const after = returned.getStart() + 1;
  if (Node.isArrayLiteralExpression(returned)) {
    return [...unique.edits, addListItem(text, returned.getElements(), entry(members), after)];
  }
  if (!Node.isObjectLiteralExpression(returned) || returned.getProperty(name) !== undefined) return undefined;
  return [...unique.edits, addListItem(text, returned.getProperties(), `${name}: ${entry(members)}`, after)];
}

/** The columns as the extras' own parameter gives them: `t.email`, or `email` where it is destructured. */
function spellMembers(extras: Node, columns: readonly string[]): readonly string[] | undefined {
  const parameter = Node.isArrowFunction(extras) ? extras.getParameters()[0]?.getNameNode() : undefined;
  if (Node.isIdentifier(parameter)) return columns.map((column) => spellMember(parameter.getText(), column));
  if (!Node.isObjectBindingPattern(parameter)) return undefined;
  const names = columns.map((column) =>
    parameter
      .getElements()
      .find((element) => (element.getPropertyNameNode()?.getText() ?? element.getName()) === column)
      ?.getName(),
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

function spellMember(owner: string, column: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(column) ? `${owner}.${column}` : `${owner}[${JSON.stringify(column)}]`;
}

/** The form of third arguments in this file. */
function findForm(file: SourceFile): 'array' | 'object' | undefined {
  const calls = file.getVariableDeclarations().map((declaration) => declaration.getInitializer());
  for (const call of calls) {
    const returned = Node.isCallExpression(call) ? findReturned(call.getArguments()[2]) : undefined;
    if (Node.isArrayLiteralExpression(returned)) return 'array';
    if (Node.isObjectLiteralExpression(returned)) return 'object';
  }
  return undefined;
}

/** What a function gives back, where it does nothing else. */
function findReturned(node: Node | undefined): Node | undefined {
  if (!Node.isArrowFunction(node)) return undefined;
  const body = node.getBody();
  if (!Node.isBlock(body)) return unwrap(body);
  const [statement, ...more] = body.getStatements();
  return more.length === 0 && Node.isReturnStatement(statement) ? unwrap(statement.getExpression()) : undefined;
}

function unwrap(node: Node | undefined): Node | undefined {
  return Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node)
    ? unwrap(node.getExpression())
    : node;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
