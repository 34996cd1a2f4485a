import { indentationAt, renderWithEdits, semicolonOf, textOf, wholeLines } from './source-text.ts';
import type { Edit } from './source-text.ts';
import type { ExitGuard } from './find-guards.ts';
import type { RewrittenCall } from './library-edits.ts';
import type { PairSite } from './locate-pair.ts';
import { pickName } from './syntax-nodes.ts';

/** The act's statement with its count bound, and a branch after it. */
export function printCountedStatement(
  site: PairSite,
  rewritten: RewrittenCall,
  branch: (isNone: string) => string,
): string | undefined {
  const { source, actStatement, actWhole, around } = site;
  const indentation = indentationAt(source, actStatement.range[0]);
  const end = semicolonOf(source, actStatement);
  const { count } = rewritten;
  if (actStatement.type === 'ExpressionStatement' && actStatement.expression === actWhole) {
    const name = pickName(source, around, count.names);
    const call = renderWithEdits(source, actWhole.range, rewritten.edits);
    const first = count.first === undefined ? '' : `${count.first}${end}\n${indentation}`;
    return `const ${count.declare(name)} = ${call}${end}\n${indentation}${first}${branch(count.isNone(name))}`;
  }
  if (actStatement.type === 'VariableDeclaration') {
    const [declarator, ...more] = actStatement.declarations;
    if (declarator === undefined || more.length > 0 || declarator.init !== actWhole) return undefined;
    const bound = rewritten.readBound?.(declarator.id);
    if (bound !== undefined)
      return `${renderWithEdits(source, actStatement.range, [...rewritten.edits, ...bound.edits])}\n${indentation}${branch(bound.isNone)}`;
    if (rewritten.reread === undefined) return undefined;
    const name = pickName(source, around, count.names);
    const call = renderWithEdits(source, actWhole.range, rewritten.edits);
    const kept = `${actStatement.kind} ${textOf(source, declarator.id)} = await ${rewritten.reread}${end}`;
    return `const ${count.declare(name)} = ${call}${end}\n${indentation}${branch(count.isNone(name))}\n${indentation}${kept}`;
  }
  if (actStatement.type === 'ReturnStatement' && actStatement.argument === actWhole && rewritten.reread !== undefined) {
    const name = pickName(source, around, count.names);
    const inner = renderWithEdits(source, actWhole.range, rewritten.edits);
    const call = actWhole.type === 'AwaitExpression' ? inner : `await ${inner}`;
    return `const ${count.declare(name)} = ${call}${end}\n${indentation}${branch(count.isNone(name))}\n${indentation}return ${rewritten.reread}${end}`;
  }
  return undefined;
}

/** `if (row.ok) { act; rest } else …`: the act first, its count in place of the test. */
export function printEnclosing(
  site: PairSite,
  guard: ExitGuard,
  rewritten: RewrittenCall,
): readonly Edit[] | undefined {
  const { source, actStatement, actWhole, around } = site;
  const { statement } = guard;
  if (
    statement.type !== 'IfStatement' ||
    actStatement.type !== 'ExpressionStatement' ||
    actStatement.expression !== actWhole
  )
    return undefined;
  const own = guard.passes ? statement.consequent : statement.alternate;
  if (own === null) return undefined;
  const isOnly = own === actStatement || (own.type === 'BlockStatement' && own.body.length === 1);
  if (own.type === 'BlockStatement' && own.body[0] !== actStatement) return undefined;
  const call = renderWithEdits(source, actWhole.range, rewritten.edits);
  const indentation = indentationAt(source, statement.range[0]);
  const end = semicolonOf(source, actStatement);
  if (statement.parent.type === 'IfStatement') return undefined;
  const other = guard.passes ? statement.alternate : statement.consequent;
  if (isOnly && other === null) return [{ range: statement.range, text: `${call}${end}` }];
  const name = pickName(source, around, rewritten.count.names);
  const first = rewritten.count.first === undefined ? '' : `${rewritten.count.first}${end}\n${indentation}`;
  const declaration = `const ${rewritten.count.declare(name)} = ${call}${end}\n${indentation}${first}`;
  if (isOnly && other !== null)
    return [
      { range: statement.range, text: `${declaration}if (${rewritten.count.isNone(name)}) ${textOf(source, other)}` },
    ];
  const test = guard.passes ? rewritten.count.isSome(name) : rewritten.count.isNone(name);
  return [
    { range: [statement.range[0], statement.range[0]], text: declaration },
    { range: statement.test.range, text: test },
    { range: wholeLines(source, actStatement), text: '' },
  ];
}
