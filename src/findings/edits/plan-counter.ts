import type { TSESTree } from '@typescript-eslint/utils';
import type { Suggestion } from '../../model/finding.ts';
import { composeSuggestion } from './compose-suggestion.ts';
import type { CommandPair } from './plan-cache-update.ts';
import { isPlain } from './plan-cache-update.ts';
import { textOf, wholeLines } from './source-text.ts';
import type { Edit } from './source-text.ts';
import { createConstantFinder, findReferences, findStatement, isPure, mayAct, unwrap } from './syntax-nodes.ts';

/** A sum over the stored number, and the constants that lead from the one to the other. */
interface Sum {
  readonly operator: '+' | '-';
  readonly amount: TSESTree.Expression;
  /** The expression itself: `Number(text) + 1`. */
  readonly node: TSESTree.BinaryExpression;
  readonly names: readonly string[];
}

/** GET, add, SET of one number as one increment. */
export function planCounter(pair: CommandPair): Suggestion | undefined {
  const { source, around, edits, first, second } = pair;
  const [key, value, ...more] = second.args;
  if (
    !isPlain(second) ||
    key === undefined ||
    value === undefined ||
    more.length > 0 ||
    second.method.toLowerCase() !== 'set' ||
    first.method.toLowerCase() !== 'get'
  )
    return undefined;
  const findConstant = createConstantFinder(around);
  const sum = readSum(value, pair, findConstant, []);
  const block = second.statement.parent;
  if (sum === undefined || block.type !== 'BlockStatement') return undefined;
  const declared = sum.names.map((name) => findDeclaration(block, name));
  if (declared.some((statement) => statement === undefined)) return undefined;
  const statements = declared.filter((statement) => statement !== undefined);
  const start = Math.min(
    ...statements.map((statement) => block.body.indexOf(statement)),
    block.body.indexOf(second.statement),
  );
  const between = block.body.slice(start, block.body.indexOf(second.statement));
  if (
    between.some(
      (statement) => !statements.includes(statement) && (mayAct(statement) || statement.type === 'IfStatement'),
    )
  )
    return undefined;
  const amount = textOf(source, sum.amount);
  const signed =
    sum.operator === '+'
      ? amount
      : sum.amount.type === 'Literal' || sum.amount.type === 'Identifier'
        ? `-${amount}`
        : `-(${amount})`;
  const call = `await ${edits.incrementBy(textOf(source, first.receiver), textOf(source, key), signed)}`;
  const isWhole = sum.amount.type === 'Literal' && Number.isInteger(sum.amount.value);
  // SET takes the time to live away, INCRBY keeps it: https://redis.io/docs/latest/commands/expire/
  const title = `Let Redis add to the number (needs ${isWhole ? 'a whole number under' : 'whole numbers, and'} a key that does not expire)`;
  const result = statements.find(
    (statement) => statement.type === 'VariableDeclaration' && statement.declarations[0]?.init === sum.node,
  );
  const usesElsewhere = (statement: TSESTree.Statement): boolean => {
    const name =
      statement.type === 'VariableDeclaration' && statement.declarations[0]?.id.type === 'Identifier'
        ? statement.declarations[0].id.name
        : '';
    return findReferences(around, new Set([name]), [...statements, second.statement]).length > 0;
  };
  if (statements.some((statement) => statement !== result && usesElsewhere(statement))) return undefined;
  const removed = (list: readonly TSESTree.Statement[]): readonly Edit[] =>
    list.map((statement) => ({ range: wholeLines(source, statement), text: '' }));
  if (result !== undefined && usesElsewhere(result)) {
    const others = statements.filter((statement) => statement !== result);
    return composeSuggestion(
      source,
      title,
      [{ range: sum.node.range, text: call }, ...removed([...others, second.statement])],
      [],
    );
  }
  return composeSuggestion(source, title, [{ range: second.whole.range, text: call }, ...removed(statements)], []);
}

function findDeclaration(block: TSESTree.BlockStatement, name: string): TSESTree.Statement | undefined {
  return block.body.find(
    (statement) =>
      statement.type === 'VariableDeclaration' &&
      statement.declarations.length === 1 &&
      statement.declarations[0]?.id.type === 'Identifier' &&
      statement.declarations[0].id.name === name,
  );
}

type FindConstant = ReturnType<typeof createConstantFinder>;

function readSum(
  value: TSESTree.Node,
  pair: CommandPair,
  findConstant: FindConstant,
  names: readonly string[],
): Sum | undefined {
  const node = stripText(unwrap(value));
  if (names.length > 4) return undefined;
  if (node.type === 'Identifier') {
    const constant = findConstant(node.name);
    return constant === undefined ? undefined : readSum(constant, pair, findConstant, [...names, node.name]);
  }
  if (node.type !== 'BinaryExpression' || (node.operator !== '+' && node.operator !== '-')) return undefined;
  const { right } = node;
  if (
    !isPure(right) ||
    right.type === 'TemplateLiteral' ||
    (right.type === 'Literal' && typeof right.value !== 'number')
  )
    return undefined;
  const stored = readStored(node.left, pair, findConstant, []);
  return stored === undefined
    ? undefined
    : { operator: node.operator, amount: right, node, names: [...names, ...stored] };
}

/** The constants through which an expression is the stored number; undefined when it is not. */
function readStored(
  value: TSESTree.Node,
  pair: CommandPair,
  findConstant: FindConstant,
  names: readonly string[],
): readonly string[] | undefined {
  const node = unwrap(value);
  if (names.length > 4) return undefined;
  if (node === pair.first.call) return findStatement(node) === undefined ? undefined : names;
  switch (node.type) {
    case 'Identifier': {
      const constant = findConstant(node.name);
      return constant === undefined ? undefined : readStored(constant, pair, findConstant, [...names, node.name]);
    }
    case 'LogicalExpression':
      return (node.operator === '??' || node.operator === '||') && isZero(node.right)
        ? readStored(node.left, pair, findConstant, names)
        : undefined;
    case 'UnaryExpression':
      return node.operator === '+' ? readStored(node.argument, pair, findConstant, names) : undefined;
    case 'CallExpression': {
      const { callee } = node;
      const name = callee.type === 'Identifier' ? callee.name : '';
      const [argument] = node.arguments;
      return (name === 'Number' || name === 'parseInt') && argument !== undefined
        ? readStored(argument, pair, findConstant, names)
        : undefined;
    }
    default:
      return undefined;
  }
}

function isZero(node: TSESTree.Node): boolean {
  return node.type === 'Literal' && (node.value === 0 || node.value === '0');
}

/** `String(n)`, `n.toString()` and `` `${n}` `` are the number to Redis. */
function stripText(node: TSESTree.Node): TSESTree.Node {
  if (node.type === 'CallExpression') {
    const [argument] = node.arguments;
    if (node.callee.type === 'Identifier' && node.callee.name === 'String' && argument !== undefined)
      return unwrap(argument);
    if (
      node.callee.type === 'MemberExpression' &&
      node.callee.property.type === 'Identifier' &&
      node.callee.property.name === 'toString' &&
      argument === undefined
    )
      return unwrap(node.callee.object);
  }
  if (
    node.type === 'TemplateLiteral' &&
    node.expressions.length === 1 &&
    node.quasis.every(({ value }) => value.raw === '')
  )
    return unwrap(node.expressions[0] ?? node);
  return node;
}
