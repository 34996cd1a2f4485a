import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import type { Candidate } from '../find-candidates.ts';
import { bindNames, findAnswerPart } from './answer-names.ts';
import type { AnswerNames, AnswerPart } from './answer-names.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import type { InsertPlan } from './plan-insert.ts';
import { mentionsAnswer } from './read-guard.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, textOf, wholeLines } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { findReferences, isInside, pickName, unwrap } from './syntax-nodes.ts';

/** The code takes the row that is there, or else the one it makes. */
interface GetOrCreate {
  /** What is replaced by the row. */
  readonly whole: TSESTree.Node;
  /** The expression that is the found row. */
  readonly found: TSESTree.Node;
  /** Statements that only served the look-up. */
  readonly removed: readonly TSESTree.Statement[];
  /** A variable that is assigned once now, and was declared for two. */
  readonly declaration?: TSESTree.VariableDeclaration;
  /** The made row is bound before it is returned; a handler for the duplicate is then like any other. */
  readonly isBound?: boolean;
}

/** Rewrites of a get-or-create, and whether they are all there are. */
export interface GetOrCreatePlan {
  readonly suggestions: readonly Suggestion[];
  readonly isComplete: boolean;
}

/**
 * `found ?? create()`, `if (found) return found; return create()`, `let row = find(); if (!row) row = create()` as one
 * statement, or as an insert that reads again on a duplicate. Undefined where the code is none of these.
 */
export function planGetOrCreate(plan: InsertPlan, candidate: Candidate): GetOrCreatePlan | undefined {
  const shape = findAlternative(plan) ?? findEarlyReturn(plan) ?? findLateAssignment(plan);
  if (shape === undefined) return undefined;
  const isBound = shape.isBound === true;
  const suggestions = [planNative(plan, candidate, shape), isBound ? undefined : planReread(plan, shape)];
  return { suggestions: suggestions.filter((suggestion) => suggestion !== undefined), isComplete: !isBound };
}

function isRow(plan: InsertPlan, node: TSESTree.Node): boolean {
  const part = findAnswerPart(node, plan.site.answer);
  return part?.kind === 'shape' && part.shape.kind === 'row';
}

/** `found ?? (await create())`, `found || …`. */
function findAlternative(plan: InsertPlan): GetOrCreate | undefined {
  const { actWhole, check, checkStatement, actStatement, around, answer } = plan.site;
  const { parent } = actWhole;
  if (
    parent?.type !== 'LogicalExpression' ||
    parent.right !== actWhole ||
    (parent.operator !== '??' && parent.operator !== '||') ||
    !isRow(plan, parent.left)
  )
    return undefined;
  if (isInside(check, parent)) return { whole: parent, found: parent.left, removed: [] };
  const isOnlyUse = findReferences(around, new Set(answer.parts.keys()), [checkStatement, ...plan.site.aliases]).every(
    (use) => isInside(use, parent.left),
  );
  if (!isOnlyUse || checkStatement.type !== 'VariableDeclaration' || checkStatement.parent !== actStatement.parent)
    return undefined;
  return { whole: parent, found: parent.left, removed: [checkStatement, ...plan.site.aliases] };
}

/** `if (found) return found; return create();`, also with the made row in a constant first. */
function findEarlyReturn(plan: InsertPlan): GetOrCreate | undefined {
  const { actWhole, actStatement, checkStatement, around, answer, aliases } = plan.site;
  const block = actStatement.parent;
  if (block?.type !== 'BlockStatement' || checkStatement.type !== 'VariableDeclaration') return undefined;
  const at = block.body.indexOf(checkStatement);
  const [guard, next, last, ...more] = block.body.slice(at + 1).filter((statement) => !aliases.includes(statement));
  if (
    at < 0 ||
    guard?.type !== 'IfStatement' ||
    guard.alternate !== null ||
    next !== actStatement ||
    more.length > 0 ||
    !isFoundTest(plan, guard.test)
  )
    return undefined;
  const exit =
    guard.consequent.type === 'BlockStatement' && guard.consequent.body.length === 1
      ? guard.consequent.body[0]
      : guard.consequent;
  if (exit?.type !== 'ReturnStatement' || exit.argument === null || !isRow(plan, exit.argument)) return undefined;
  if (findReferences(around, new Set(answer.parts.keys()), [checkStatement, guard, ...aliases]).length > 0)
    return undefined;
  const removed = [checkStatement, ...aliases, guard];
  if (actStatement.type === 'ReturnStatement')
    return actStatement.argument === actWhole && last === undefined
      ? { whole: actWhole, found: exit.argument, removed }
      : undefined;
  if (actStatement.type !== 'VariableDeclaration' || last?.type !== 'ReturnStatement' || last.argument === null)
    return undefined;
  const [declarator, ...others] = actStatement.declarations;
  if (declarator?.init !== actWhole || others.length > 0 || !isCreatedRow(plan, declarator.id, last.argument))
    return undefined;
  return { whole: actWhole, found: exit.argument, removed, isBound: true };
}

/** Is an expression the made row, whole? */
function isCreatedRow({ site, created }: InsertPlan, pattern: TSESTree.Node, node: TSESTree.Node): boolean {
  const parts = new Map<string, AnswerPart>();
  const answer: AnswerNames = { parts, call: site.act, shape: created };
  if (!bindNames(pattern, { kind: 'shape', shape: created }, parts)) return false;
  const part = findAnswerPart(node, answer);
  return part?.kind === 'shape' && part.shape.kind === 'row';
}

/** `let row = await find(); if (!row) { row = await create(); }`. */
function findLateAssignment(plan: InsertPlan): GetOrCreate | undefined {
  const { actWhole, actStatement, checkStatement, check } = plan.site;
  const { parent } = actWhole;
  if (
    actStatement.type !== 'ExpressionStatement' ||
    parent?.type !== 'AssignmentExpression' ||
    parent !== actStatement.expression ||
    parent.operator !== '='
  )
    return undefined;
  if (
    checkStatement.type !== 'VariableDeclaration' ||
    checkStatement.kind !== 'let' ||
    parent.left.type !== 'Identifier'
  )
    return undefined;
  const [declarator] = checkStatement.declarations;
  if (
    declarator?.id.type !== 'Identifier' ||
    declarator.id.name !== parent.left.name ||
    declarator.init == null ||
    declarator.id.typeAnnotation !== undefined ||
    unwrap(declarator.init) !== check
  )
    return undefined;
  const block = actStatement.parent;
  const guard = block?.type === 'BlockStatement' && block.body.length === 1 ? block.parent : block;
  if (guard?.type !== 'IfStatement' || guard.alternate !== null || !isRow(plan, parent.left)) return undefined;
  const test = guard.test;
  const isMissing =
    (test.type === 'UnaryExpression' && test.operator === '!' && isRow(plan, test.argument)) ||
    (test.type === 'BinaryExpression' &&
      /^===?$/.test(test.operator) &&
      isRow(plan, test.left) &&
      isNothing(test.right));
  const home = checkStatement.parent;
  if (!isMissing || home.type !== 'BlockStatement' || home.body[home.body.indexOf(checkStatement) + 1] !== guard)
    return undefined;
  const isReassigned = findReferences(plan.site.around, new Set([parent.left.name]), [checkStatement, guard]).some(
    (use) =>
      (use.parent.type === 'AssignmentExpression' && use.parent.left === use) || use.parent.type === 'UpdateExpression',
  );
  return {
    whole: declarator.init,
    found: parent.left,
    removed: [guard],
    ...(isReassigned ? {} : { declaration: checkStatement }),
  };
}

function isFoundTest(plan: InsertPlan, test: TSESTree.Expression): boolean {
  if (test.type === 'BinaryExpression')
    return /^!==?$/.test(test.operator) && isRow(plan, test.left) && isNothing(test.right);
  return isRow(plan, test);
}

function isNothing(node: TSESTree.Node): boolean {
  return (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');
}

function planNative(plan: InsertPlan, candidate: Candidate, shape: GetOrCreate): Suggestion | undefined {
  const { site, insert, keys } = plan;
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0 || !site.isCheckDirect) return undefined;
  const native = insert.getOrCreate?.(key, { node: site.check, columns: candidate.check.effect.columns });
  if (native === undefined) return undefined;
  const { source } = site;
  const call = renderWithEdits(source, site.actWhole.range, native.edits);
  const edits: Edit[] = [
    { range: shape.whole.range, text: call },
    ...shape.removed.map((statement) => ({ range: wholeLines(source, statement), text: '' })),
  ];
  if (shape.declaration !== undefined)
    edits.push({ range: [shape.declaration.range[0], shape.declaration.range[0] + 'let'.length], text: 'const' });
  return composeSuggestion(source, `Get or create in one statement (${plan.precondition})`, edits, native.imports);
}

/** Insert; on a duplicate read what is there by now. */
function planReread(plan: InsertPlan, shape: GetOrCreate): Suggestion | undefined {
  const { site, insert } = plan;
  const { source, around, actStatement, checkStatement } = site;
  if (!plan.mayCatch || insert.isDuplicate === undefined) return undefined;
  const error = pickName(source, around, ['error', 'failure', 'cause']);
  const duplicate = insert.isDuplicate(error);
  const indentation = indentationAt(source, actStatement.range[0]);
  const unit = indentUnit(source);
  const end = semicolonOf(source, actStatement);
  const isReturn = actStatement.type === 'ReturnStatement';
  const isAssigned =
    actStatement.type === 'ExpressionStatement' && actStatement.expression.type === 'AssignmentExpression';
  if (!isReturn && !isAssigned) return undefined;
  const lines: string[] = ['try {'];
  const isAwaited = site.actWhole.type === 'AwaitExpression';
  // what is returned without waiting is rejected outside of the handler
  const waits: readonly Edit[] = isAwaited
    ? []
    : shape.whole === site.actWhole
      ? [{ range: [site.actWhole.range[0], site.actWhole.range[0]], text: 'await ' }]
      : [
          { range: [site.actWhole.range[0], site.actWhole.range[0]], text: '(await ' },
          { range: [site.actWhole.range[1], site.actWhole.range[1]], text: ')' },
        ];
  const text = renderWithEdits(source, actStatement.range, waits);
  if (/\n/.test(text)) lines.push(`${unit}${text.replaceAll('\n', `\n${unit}`)}`);
  else lines.push(`${unit}${text}`);
  lines.push(`} catch (${error}) {`, `${unit}if (!(${duplicate.test})) throw ${error}${end}`);
  if (isAssigned) {
    const name = textOf(source, shape.found);
    lines.push(`${unit}${name} = ${textOf(source, shape.whole)}${end}`, `${unit}if (!${name}) throw ${error}${end}`);
  } else if (checkStatement.type === 'VariableDeclaration') {
    const found = textOf(source, shape.found);
    for (const statement of [checkStatement, ...site.aliases]) lines.push(`${unit}${textOf(source, statement)}`);
    lines.push(`${unit}if (!${found}) throw ${error}${end}`, `${unit}return ${found}${end}`);
  } else {
    if (!mentionsAnswer(shape.found, site.answer)) return undefined;
    const name = pickName(source, around, ['existing', 'found']);
    lines.push(
      `${unit}const ${name} = ${textOf(source, shape.found)}${end}`,
      `${unit}if (!${name}) throw ${error}${end}`,
      `${unit}return ${name}${end}`,
    );
  }
  lines.push('}');
  return composeSuggestion(
    source,
    `Insert, and read the row again on a duplicate (${plan.precondition})`,
    [{ range: actStatement.range, text: lines.join(`\n${indentation}`) }],
    duplicate.imports,
  );
}
