import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import type { Step } from '../../model/trace.ts';
import type { PartialFailure } from '../find-partial-failures.ts';
import { describeSystem } from '../find-partial-failures.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import { findTemplates } from './print-pinned-transaction.ts';
import { findLibraryEdits } from './registry.ts';
import { renderConstant } from './render-constant.ts';
import { indentationAt, indentUnit, renderWithEdits, semicolonOf, textOf } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import { findFunctionAround, findNodeAt, findStatement, pickName, unwrap, wrapperOf } from './syntax-nodes.ts';

/** The Promise.all in the syntax, and what each of its elements does. */
interface Group {
  readonly source: SourceText;
  readonly call: TSESTree.CallExpression;
  readonly elements: readonly TSESTree.Expression[];
  readonly statement: TSESTree.Statement;
  readonly around: TSESTree.Node;
  /** The lasting effects of an element, by its index. */
  readonly stepsOf: (branch: number) => readonly Step[];
}

/** One transaction where one database holds everything, else one after another, and with compensations. */
export function planPartialFailure(source: SourceText, failure: PartialFailure): readonly Suggestion[] {
  if (failure.group.kind !== 'all') return [];
  const node = findNodeAt(source, failure.group.location.range);
  const call = node && unwrap(node);
  if (call?.type !== 'CallExpression') return [];
  const statement = findStatement(call);
  const around = findFunctionAround(call);
  const [list] = call.arguments;
  if (statement === undefined || around === undefined || list === undefined) return [];
  if (list.type === 'CallExpression') return planMapped(source, failure, call, list, around);
  if (list.type !== 'ArrayExpression') return [];
  const elements = list.elements.filter(
    (element): element is TSESTree.Expression => element !== null && element.type !== 'SpreadElement',
  );
  if (elements.length !== list.elements.length || elements.length < 2) return [];
  const group: Group = {
    source,
    call,
    elements,
    statement,
    around,
    stepsOf: (branch) => failure.steps.filter((step) => branchOf(step, failure) === branch),
  };
  const joined = planTransaction(group, failure);
  if (joined !== undefined) return [joined];
  return [planSequence(group), planSaga(group)].filter((suggestion) => suggestion !== undefined);
}

function branchOf(step: Step, { group }: PartialFailure): number | undefined {
  return [...(step.around ?? []), ...(step.parallel === undefined ? [] : [step.parallel])].find(
    (position) => position.group === group.group,
  )?.branch;
}

/** All elements are statements of one client, on no transaction yet. */
function planTransaction({ source, call, elements, around }: Group, failure: PartialFailure): Suggestion | undefined {
  const [first] = failure.steps;
  if (first === undefined || !isOneDatabase(failure)) return undefined;
  const isDirect = failure.steps.every(
    ({ effect }) =>
      effect.location.file === source.path &&
      elements.some(
        (element) =>
          unwrap(element).range[0] <= effect.location.range[0] && effect.location.range[1] <= element.range[1],
      ),
  );
  if (
    !isDirect ||
    elements.some((element) => element.type !== 'CallExpression' && element.type !== 'TaggedTemplateExpression')
  )
    return undefined;
  const joined = findLibraryEdits(first.effect.client.library)?.joinInTransaction?.({
    source,
    elements,
    client: first.effect.client,
    group: call,
    around,
  });
  return joined === undefined
    ? undefined
    : composeSuggestion(source, 'Make them one transaction (needs all of them in one database)', joined.edits, []);
}

function isOneDatabase({ steps }: PartialFailure): boolean {
  const [first] = steps;
  return steps.every(
    ({ effect, transaction }) =>
      effect.resource.kind === 'table' &&
      effect.client.library === first?.effect.client.library &&
      transaction === undefined,
  );
}

/** `Promise.all(ids.map((id) => operation))`. */
function planMapped(
  source: SourceText,
  failure: PartialFailure,
  call: TSESTree.CallExpression,
  list: TSESTree.CallExpression,
  around: TSESTree.Node,
): readonly Suggestion[] {
  const [callback, ...more] = list.arguments;
  const [step, ...others] = failure.steps;
  if (
    step === undefined ||
    others.length > 0 ||
    more.length > 0 ||
    callback?.type !== 'ArrowFunctionExpression' ||
    !isOneDatabase(failure)
  )
    return [];
  if (
    list.callee.type !== 'MemberExpression' ||
    list.callee.property.type !== 'Identifier' ||
    list.callee.property.name !== 'map'
  )
    return [];
  const [parameter, ...rest] = callback.params;
  if (parameter === undefined || rest.length > 0 || step.effect.location.file !== source.path) return [];
  const operation = readBody(callback);
  if (operation === undefined || !isAt(step, operation, list)) return [];
  const joined = findLibraryEdits(step.effect.client.library)?.joinInTransaction?.({
    source,
    elements: [operation],
    client: step.effect.client,
    group: call,
    around,
    loop: { callback, parameter: textOf(source, parameter), collection: textOf(source, list.callee.object) },
  });
  const suggestion =
    joined &&
    composeSuggestion(source, 'Make them one transaction (needs all of them in one database)', joined.edits, []);
  return suggestion === undefined ? [] : [suggestion];
}

/** Is the step this operation? What a callback returns without waiting is sent where the list of promises is awaited. */
function isAt(step: Step, operation: TSESTree.Node, list: TSESTree.Node): boolean {
  const { range } = step.effect.location;
  return [operation, list].some((node) => node.range[0] === range[0] && node.range[1] === range[1]);
}

/** The one operation of a callback, without `await`. */
function readBody({ body }: TSESTree.ArrowFunctionExpression): TSESTree.Expression | undefined {
  if (body.type !== 'BlockStatement') return unwrap(body) as TSESTree.Expression;
  const [only, ...more] = body.body;
  if (more.length > 0) return undefined;
  if (only?.type === 'ExpressionStatement') return unwrap(only.expression) as TSESTree.Expression;
  return only?.type === 'ReturnStatement' && only.argument !== null
    ? (unwrap(only.argument) as TSESTree.Expression)
    : undefined;
}

/** How hard an element is to undo: rows first, what left the house last. */
function rankOf(steps: readonly Step[]): number {
  const ranks = steps.map(({ effect }) => {
    if (effect.kind !== 'external') return 0;
    return effect.action === 'send' ? 3 : effect.action === 'delete' ? 2 : 1;
  });
  return Math.max(0, ...ranks);
}

interface Ordered {
  /** With `await`. */
  readonly text: string;
  readonly index: number;
  /** The call answers with its error instead of throwing it. */
  readonly answersError: boolean;
  readonly steps: readonly Step[];
}

function orderElements({ source, elements, stepsOf }: Group): readonly Ordered[] {
  return elements
    .map((element, index) => ({
      text: `await ${renderOperand(source, element)}`,
      index,
      steps: stepsOf(index),
      answersError: answersError(source, element, stepsOf(index)),
    }))
    .sort((a, b) => rankOf(a.steps) - rankOf(b.steps) || a.index - b.index);
}

/** Only an error that is thrown keeps the next step from being taken. */
function answersError(source: SourceText, element: TSESTree.Expression, steps: readonly Step[]): boolean {
  return steps.some(({ effect }) => {
    const { file, range } = effect.location;
    const isDirect = file === source.path && range[0] === element.range[0] && range[1] === element.range[1];
    return isDirect && effect.answer.kind === 'object' && effect.answer.fields.error?.kind === 'error';
  });
}

/** The statements of one step, without results; names for errors are taken from `names`. */
function printStep(
  { source, around }: Group,
  { text, answersError: answers }: Ordered,
  end: string,
  taken: Set<string>,
): readonly string[] {
  if (!answers) return [`${text}${end}`];
  const base = pickName(source, around, ['failed', 'refused', 'problem']);
  const name = taken.has(base) ? `${base}${String(taken.size + 1)}` : base;
  taken.add(name);
  return [`const { error: ${name} } = ${text}${end}`, `if (${name}) throw ${name}${end}`];
}

function renderOperand(source: SourceText, element: TSESTree.Expression): string {
  const unit = indentUnit(source);
  const templates = findTemplates(element);
  const edits: Edit[] = [];
  for (
    let at = source.text.indexOf('\n', element.range[0]);
    at >= 0 && at < element.range[1];
    at = source.text.indexOf('\n', at + 1)
  ) {
    const isTemplate = templates.some((template) => template.range[0] <= at && at < template.range[1]);
    if (!isTemplate && source.text.startsWith(unit, at + 1) && at + 1 + unit.length <= element.range[1])
      edits.push({ range: [at + 1, at + 1 + unit.length], text: '' });
  }
  // elements on the line of Promise.all are not one level deeper
  const isOwnLine = /^\s*$/.test(
    source.text.slice(source.text.lastIndexOf('\n', element.range[0]) + 1, element.range[0]),
  );
  const text = isOwnLine ? renderWithEdits(source, element.range, edits) : textOf(source, element);
  return ['CallExpression', 'TaggedTemplateExpression', 'MemberExpression', 'Identifier'].includes(element.type)
    ? text
    : `(${text})`;
}

/** Sequential awaits, the irreversible last. */
function planSequence(group: Group): Suggestion | undefined {
  const { source, call, statement } = group;
  const whole = wrapperOf(call);
  const indentation = indentationAt(source, statement.range[0]);
  const end = semicolonOf(source, statement);
  const ordered = orderElements(group);
  const taken = new Set<string>();
  const lines: string[] = [];
  for (const step of ordered) {
    const name = nameOfResult(group, whole, step.index);
    if (name === undefined) return undefined;
    if (name === '') lines.push(...printStep(group, step, end, taken));
    else {
      lines.push(`${name}${step.text}${end}`);
      const error = step.answersError ? findErrorName(statement, step.index) : undefined;
      if (step.answersError && error === undefined) return undefined;
      if (error !== undefined) lines.push(`if (${error}) throw ${error}${end}`);
    }
  }
  return composeSuggestion(
    source,
    'Run them one after another, what can’t be undone last (needs a retry that goes on where it failed)',
    [{ range: statement.range, text: lines.join(`\n${indentation}`) }],
    [],
  );
}

/** What names the error of a bound result: `auth.error`. */
function findErrorName(statement: TSESTree.Statement, index: number): string | undefined {
  const pattern = statement.type === 'VariableDeclaration' ? statement.declarations[0]?.id : undefined;
  const element = pattern?.type === 'ArrayPattern' ? pattern.elements[index] : undefined;
  return element?.type === 'Identifier' ? `${element.name}.error` : undefined;
}

/** `const user = ` for an element whose result is bound, an empty text where none is; undefined where that can't be said. */
function nameOfResult({ source, statement, elements }: Group, whole: TSESTree.Node, index: number): string | undefined {
  if (statement.type === 'ExpressionStatement') return statement.expression === whole ? '' : undefined;
  if (statement.type !== 'VariableDeclaration') return undefined;
  const [declarator, ...more] = statement.declarations;
  if (
    declarator?.id.type !== 'ArrayPattern' ||
    declarator.init !== whole ||
    more.length > 0 ||
    declarator.id.elements.length > elements.length
  )
    return undefined;
  const element = declarator.id.elements[index];
  if (element == null) return '';
  return element.type === 'RestElement' || element.type === 'AssignmentPattern'
    ? undefined
    : `${statement.kind} ${textOf(source, element)} = `;
}

/** Each step with what undoes it; a failure undoes those that have happened, last first. */
function planSaga(group: Group): Suggestion | undefined {
  const { source, call, statement, around } = group;
  if (statement.type !== 'ExpressionStatement' || statement.expression !== wrapperOf(call)) return undefined;
  const ordered = orderElements(group);
  const indentation = indentationAt(source, statement.range[0]);
  const unit = indentUnit(source);
  const end = semicolonOf(source, statement);
  const undo = pickName(source, around, ['undo', 'compensations']);
  const error = pickName(source, around, ['error', 'failure']);
  const compensate = pickName(source, around, ['compensate', 'undoStep']);
  const isTyped = /\.[cm]?tsx?$/.test(source.path);
  const taken = new Set<string>();
  const steps = ordered.flatMap((step, index) => {
    const { steps: effects } = step;
    const own = printStep(group, step, end, taken).map((line) => `${unit}${line.replaceAll('\n', `\n${unit}`)}`);
    if (index === ordered.length - 1 || effects.length === 0) return own;
    const what = [...new Set(effects.map((step) => `${describeSystem(step)}`))].join(' and ');
    const message = renderConstant(source, `Nothing undoes the change of ${what} yet`);
    return [
      ...own,
      `${unit}${undo}.unshift(async () => {`,
      `${unit}${unit}throw new Error(${message})${end}`,
      `${unit}})${end}`,
    ];
  });
  const lines = [
    `const ${undo}${isTyped ? ': (() => Promise<void>)[]' : ''} = []${end}`,
    'try {',
    ...steps,
    `} catch (${error}) {`,
    `${unit}for (const ${compensate} of ${undo}) await ${compensate}()${end}`,
    `${unit}throw ${error}${end}`,
    '}',
  ];
  return composeSuggestion(
    source,
    'Undo what has happened when one fails (needs a compensation written for each step)',
    [{ range: statement.range, text: lines.join(`\n${indentation}`) }],
    [],
  );
}
