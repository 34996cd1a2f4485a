import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import type { CacheUpdate } from '../find-cache-updates.ts';
import { bindNames } from './answer-names.ts';
import type { AnswerNames, AnswerPart } from './answer-names.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import type { CommandCall, CommandEdits } from './library-edits.ts';
import { planCounter } from './plan-counter.ts';
import { planMulti } from './plan-multi.ts';
import { mentionsAnswer, readGuard } from './read-guard.ts';
import { findLibraryEdits } from './registry.ts';
import { textOf, wholeLines } from './source-text.ts';
import type { Edit, SourceText } from './source-text.ts';
import {
  alwaysLeaves,
  findFunctionAround,
  findNodeAt,
  findReferences,
  findStatement,
  isPure,
  mayAct,
  pickName,
  unwrap,
  wrapperOf,
} from './syntax-nodes.ts';

/** Two commands in one function of the file. */
export interface CommandPair {
  readonly source: SourceText;
  readonly around: TSESTree.Node;
  readonly edits: CommandEdits;
  readonly first: FoundCommand;
  readonly second: FoundCommand;
}

export interface FoundCommand extends CommandCall {
  readonly call: TSESTree.CallExpression;
  /** With `await`. */
  readonly whole: TSESTree.Node;
  readonly statement: TSESTree.Statement;
}

const counterScript = `"local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n"`;
const touchingScript = `"local n = redis.call('INCR', KEYS[1]) redis.call('EXPIRE', KEYS[1], ARGV[1]) return n"`;
const releaseScript = `"if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"`;

/** Two commands as one: a command that does both, a script, or MULTI. */
export function planCacheUpdate(source: SourceText, update: CacheUpdate): readonly Suggestion[] {
  const pair = locateCommands(source, update);
  if (pair === undefined) return [];
  const suggestion = planShape(pair, update);
  return suggestion === undefined ? [] : [suggestion];
}

function planShape(pair: CommandPair, { shape }: CacheUpdate): Suggestion | undefined {
  switch (shape) {
    case 'expiry':
      return planExpiry(pair);
    case 'torn pair':
      return planMulti(pair);
    case 'read then delete':
      return planTake(pair);
    case 'read then write':
      return planCounter(pair);
  }
}

function locateCommands(source: SourceText, update: CacheUpdate): CommandPair | undefined {
  const { client, location } = update.first.effect;
  const edits = findLibraryEdits(client.library)?.commands;
  if (edits === undefined || location.file !== source.path || update.second.effect.location.file !== source.path)
    return undefined;
  const first = findCommand(source, location.range);
  const second = findCommand(source, update.second.effect.location.range);
  if (first === undefined || second === undefined || textOf(source, first.receiver) !== textOf(source, second.receiver))
    return undefined;
  const around = findFunctionAround(first.call);
  return around === undefined || findFunctionAround(second.call) !== around
    ? undefined
    : { source, around, edits, first, second };
}

function findCommand(source: SourceText, range: readonly [number, number]): FoundCommand | undefined {
  const node = findNodeAt(source, range);
  const call = node && unwrap(node);
  if (
    call?.type !== 'CallExpression' ||
    call.callee.type !== 'MemberExpression' ||
    call.callee.property.type !== 'Identifier' ||
    call.callee.computed
  )
    return undefined;
  const args = call.arguments.filter((argument): argument is TSESTree.Expression => argument.type !== 'SpreadElement');
  const statement = findStatement(call);
  if (args.length !== call.arguments.length || statement === undefined) return undefined;
  return {
    receiver: call.callee.object,
    method: call.callee.property.name,
    args,
    call,
    whole: wrapperOf(call),
    statement,
  };
}

/** Is the command a statement of its own, awaited? */
export function isPlain({ whole, statement }: FoundCommand): boolean {
  return statement.type === 'ExpressionStatement' && statement.expression === whole && whole.type === 'AwaitExpression';
}

/** Both in one block, with nothing that acts between them. */
export function areNeighbours({ first, second }: CommandPair, last: TSESTree.Statement = second.statement): boolean {
  const block = first.statement.parent;
  if (block !== last.parent || block.type !== 'BlockStatement') return false;
  return block.body
    .slice(block.body.indexOf(first.statement) + 1, block.body.indexOf(last))
    .every((statement) => !mayAct(statement) && statement.type !== 'IfStatement');
}

function planExpiry(pair: CommandPair): Suggestion | undefined {
  const { source, edits, first, second } = pair;
  const [key, time, ...more] = second.args;
  if (key === undefined || time === undefined || more.length > 0 || !/^p?expire$/i.test(second.method))
    return undefined;
  if (isPlain(first) && isPlain(second) && areNeighbours(pair)) {
    const removed: Edit = { range: wholeLines(source, second.statement), text: '' };
    const one = first.args.length === 2 ? edits.setWithExpiry?.(source, first, second) : undefined;
    if (one !== undefined)
      return composeSuggestion(
        source,
        // EXPIRE with zero or less deletes the key, SET refuses it: https://redis.io/docs/latest/commands/set/
        `Set the value and its time to live in one command (needs ${isPositive(time) ? 'nothing else' : 'a time above zero'})`,
        [{ range: first.call.range, text: one }, removed],
        [],
      );
    return planMulti(pair);
  }
  return planCountedExpiry(pair, key, time);
}

/** `const n = await incr(key); if (n === 1) await expire(key, 60);` */
function planCountedExpiry(
  { source, edits, first, second }: CommandPair,
  key: TSESTree.Expression,
  time: TSESTree.Expression,
): Suggestion | undefined {
  if (
    first.method.toLowerCase() !== 'incr' ||
    second.method.toLowerCase() !== 'expire' ||
    first.args.length !== 1 ||
    !isPure(time) ||
    first.statement.type !== 'VariableDeclaration'
  )
    return undefined;
  const [declarator] = first.statement.declarations;
  if (
    declarator?.id.type !== 'Identifier' ||
    declarator.init !== first.whole ||
    first.statement.declarations.length > 1
  )
    return undefined;
  const block = second.statement.parent;
  const conditional =
    block?.type === 'IfStatement'
      ? block
      : block?.type === 'BlockStatement' && block.parent.type === 'IfStatement'
        ? block.parent
        : undefined;
  const isSole =
    isPlain(second) && (block?.type === 'IfStatement' || (block?.type === 'BlockStatement' && block.body.length === 1));
  const statement = conditional ?? second.statement;
  if (
    !isPlain(second) ||
    (conditional !== undefined &&
      (!isSole || conditional.alternate !== null || !isFirst(conditional.test, declarator.id.name)))
  )
    return undefined;
  const home = first.statement.parent;
  if (
    home !== statement.parent ||
    home.type !== 'BlockStatement' ||
    home.body[home.body.indexOf(first.statement) + 1] !== statement
  )
    return undefined;
  const call = edits.evaluate(
    textOf(source, first.receiver),
    conditional === undefined ? touchingScript : counterScript,
    textOf(source, key),
    [textOf(source, time)],
  );
  return composeSuggestion(
    source,
    'Count and set the time to live in one script (needs permission to run scripts)',
    [
      { range: first.whole.range, text: `Number(await ${call})` },
      { range: wholeLines(source, statement), text: '' },
    ],
    [],
  );
}

/** A time that stands in the source as a whole number above zero. */
export function isPositive(time: TSESTree.Expression): boolean {
  return time.type === 'Literal' && typeof time.value === 'number' && Number.isInteger(time.value) && time.value > 0;
}

function isFirst(test: TSESTree.Expression, name: string): boolean {
  if (test.type !== 'BinaryExpression' || !/^===?$/.test(test.operator)) return false;
  const sides = [test.left, test.right];
  return (
    sides.some((side) => side.type === 'Identifier' && side.name === name) &&
    sides.some((side) => side.type === 'Literal' && side.value === 1)
  );
}

/** `const v = await get(key); if (!v) …; await del(key);` */
function planTake(pair: CommandPair): Suggestion | undefined {
  const { source, edits, first, second, around } = pair;
  if (!isPlain(second) || first.args.length !== 1 || second.args.length !== 1 || first.method.toLowerCase() !== 'get')
    return undefined;
  if (first.statement.type !== 'VariableDeclaration' || first.statement.declarations.length !== 1) return undefined;
  const [declarator] = first.statement.declarations;
  if (declarator?.id.type !== 'Identifier' || declarator.init !== first.whole) return undefined;
  const [key] = first.args;
  const block = first.statement.parent;
  if (key === undefined || block.type !== 'BlockStatement' || block !== second.statement.parent) return undefined;
  const parts = new Map<string, AnswerPart>();
  const answer: AnswerNames = { parts, call: first.call, shape: { kind: 'scalar', absent: 'null' } };
  bindNames(declarator.id, { kind: 'shape', shape: answer.shape }, parts);
  const between = block.body.slice(block.body.indexOf(first.statement) + 1, block.body.indexOf(second.statement));
  const tests = between.filter((statement) => statement.type === 'IfStatement');
  if (tests.some(({ consequent, alternate }) => alternate !== null || !alwaysLeaves(consequent))) return undefined;
  const receiver = textOf(source, first.receiver);
  const isExistence = tests.every(({ test }) =>
    readGuard(test, false, answer, () => undefined).every((part) => part.kind === 'existence' && part.exists),
  );
  const acts = between.some((statement) => statement.type !== 'IfStatement' && mayAct(statement));
  if (isExistence && !acts) {
    return composeSuggestion(
      source,
      'Read and delete in one command (needs Redis 6.2 or later)',
      [
        { range: first.call.range, text: edits.getAndDelete(receiver, textOf(source, key)) },
        { range: wholeLines(source, second.statement), text: '' },
      ],
      [],
    );
  }
  const [only, ...more] = tests;
  const [declared, ...others] = between;
  if (only === undefined || more.length > 0 || others.length > 0 || declared !== only) return undefined;
  const token = findToken(only.test, answer);
  const isUsedElsewhere = findReferences(around, new Set(parts.keys()), [first.statement, only.test]).length > 0;
  if (token === undefined || isUsedElsewhere) return undefined;
  const deleted = pickName(source, around, ['deleted', 'removed']);
  const call = edits.evaluate(receiver, releaseScript, textOf(source, key), [textOf(source, token)]);
  const end = textOf(source, first.statement).endsWith(';') ? ';' : '';
  return composeSuggestion(
    source,
    'Compare and delete in one script (needs permission to run scripts)',
    [
      { range: first.statement.range, text: `const ${deleted} = Number(await ${call})${end}` },
      { range: only.test.range, text: `${deleted} === 0` },
      { range: wholeLines(source, second.statement), text: '' },
    ],
    [],
  );
}

/** The token of `value !== token`, also after `!value ||`. */
function findToken(test: TSESTree.Expression, answer: AnswerNames): TSESTree.Expression | undefined {
  if (test.type === 'LogicalExpression' && test.operator === '||') {
    const isMissing = readGuard(test.left, false, answer, () => undefined).every(
      (part) => part.kind === 'existence' && part.exists,
    );
    return isMissing ? findToken(test.right, answer) : undefined;
  }
  if (test.type !== 'BinaryExpression' || !/^!==?$/.test(test.operator)) return undefined;
  const [own, other] = mentionsAnswer(test.left, answer) ? [test.left, test.right] : [test.right, test.left];
  const isBare = own.type === 'Identifier' && answer.parts.has(own.name);
  return isBare &&
    other.type !== 'PrivateIdentifier' &&
    isPure(other) &&
    !mentionsAnswer(other, answer) &&
    other.type !== 'Literal'
    ? other
    : undefined;
}
