import type { TSESTree } from '@typescript-eslint/utils';
import type { Handlers, RootCandidate } from '../project/root-candidate.ts';

/**
 * The outermost functions of a file. Exported functions, methods, and closures handed to other code at module level are
 * roots, and so is what a framework calls; another function that only this file can call is a helper.
 *
 * @param text the file's text, to count mentions of a name
 * @param handlers the functions that frameworks call
 */
export function collectRoots(program: TSESTree.Program, text: string, handlers: Handlers): readonly RootCandidate[] {
  const found: RootCandidate[] = [];
  for (const statement of program.body)
    visit(statement, { name: '', isExported: false, owner: undefined, via: undefined });
  return found;

  interface Context {
    readonly name: string;
    readonly isExported: boolean;
    readonly owner: RootCandidate['owner'];
    /** The call that receives the closure, as text. */
    readonly via: string | undefined;
    readonly isPartOfStart?: boolean;
  }

  function visit(node: TSESTree.Node | null | undefined, context: Context): void {
    if (!node) return;
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const name = node.id?.name ?? (context.name === '' ? '(anonymous)' : context.name);
        const isHelper =
          context.isPartOfStart === true ||
          (!context.isExported && context.via === undefined && !handlers.has(node) && countMentions(text, name) > 1);
        const reason = context.via ?? (context.isExported ? 'exported' : 'in this file');
        found.push({ name, node, owner: context.owner, reason, isHelper });
        return;
      }
      case 'ExportNamedDeclaration':
        visit(node.declaration, { ...context, isExported: true });
        return;
      case 'ExportDefaultDeclaration':
        visit(node.declaration, { ...context, name: 'default', isExported: true });
        return;
      case 'VariableDeclaration':
        for (const declarator of node.declarations) {
          const name = declarator.id.type === 'Identifier' ? declarator.id.name : context.name;
          const isExported = context.isExported || isNamedExport(name);
          visit(declarator.init, { ...context, name, isExported });
        }
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        for (const member of node.body.body) {
          if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue;
          if (member.type === 'MethodDefinition' && member.kind === 'constructor') continue;
          const key =
            member.key.type === 'Identifier' || member.key.type === 'PrivateIdentifier' ? member.key.name : '';
          const isPrivate = member.accessibility === 'private' || member.key.type === 'PrivateIdentifier';
          visit(member.value, {
            name: `${node.id?.name ?? context.name}.${key}`,
            isExported: !isPrivate || countMentions(text, key) < 2,
            owner: { node, isStatic: member.static },
            via: undefined,
            isPartOfStart: isCalledAtStart(key),
          });
        }
        return;
      case 'CallExpression':
      case 'NewExpression': {
        if (node.type === 'CallExpression') visit(node.callee, context);
        const via = `passed to ${spell(node.callee)}`;
        // `const book = db.transaction((id) => …)`: what the call makes of the closure has a name, and is called by it
        const isNamed = context.name !== '' && !context.isExported && countMentions(text, context.name) > 1;
        for (const argument of node.arguments) {
          const path = node.arguments[0];
          const label =
            path?.type === 'Literal' && typeof path.value === 'string'
              ? `${spell(node.callee)}('${path.value}')`
              : context.name;
          visit(argument, isNamed ? context : { ...context, name: label === '' ? spell(node.callee) : label, via });
        }
        return;
      }
      case 'ObjectExpression':
        for (const property of node.properties) {
          if (property.type === 'SpreadElement') continue;
          const key =
            property.key.type === 'Identifier'
              ? property.key.name
              : property.key.type === 'Literal'
                ? String(property.key.value)
                : '';
          visit(property.value, {
            ...context,
            name: context.name === '' ? key : `${context.name}.${key}`,
            isExported: true,
          });
        }
        return;
      case 'ArrayExpression':
        for (const element of node.elements) visit(element, { ...context, isExported: true });
        return;
      case 'MemberExpression':
        visit(node.object, context);
        return;
      case 'ExpressionStatement':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'ChainExpression':
        visit(node.expression, context);
        return;
      case 'AwaitExpression':
        visit(node.argument, context);
        return;
      case 'AssignmentExpression':
        visit(node.right, { ...context, name: spell(node.left), isExported: true });
        return;
      default:
        return;
    }
  }

  /** Does this file name the method once, where an instance starts? Then it is a part of that, whoever else may call it. */
  function isCalledAtStart(key: string): boolean {
    return (
      countMentions(text, key) === 2 &&
      [...handlers].some(
        ([node, { bound }]) => bound === 'each start' && countMentions(text.slice(...node.range), key) === 1,
      )
    );
  }

  function isNamedExport(name: string): boolean {
    return program.body.some(
      (statement) =>
        (statement.type === 'ExportNamedDeclaration' &&
          statement.specifiers.some(
            (specifier) => specifier.local.type === 'Identifier' && specifier.local.name === name,
          )) ||
        (statement.type === 'ExportDefaultDeclaration' &&
          statement.declaration.type === 'Identifier' &&
          statement.declaration.name === name),
    );
  }
}

function countMentions(text: string, name: string): number {
  if (!/^[\w$]+$/.test(name)) return 0;
  let count = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf(name, from);
    if (at < 0) return count;
    const isWhole = !/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + name.length] ?? ' ');
    if (isWhole) count += 1;
    from = at + name.length;
  }
}

function spell(node: TSESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression' && node.property.type === 'Identifier')
    return `${spell(node.object)}.${node.property.name}`;
  if (node.type === 'CallExpression') return spell(node.callee);
  return '…';
}
