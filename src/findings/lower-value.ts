import type { AnswerShape } from '../model/answer-shape.ts';
import type { Effect } from '../model/effect.ts';
import type { Check, Comparison, Term } from '../model/program.ts';
import type { AnswerValue, Value } from '../model/value.ts';
import { comparisonOf } from './comparisons.ts';
import { forEachAnswer, mentionsFresh } from '../model/find-mentions.ts';
import { renderValue } from './render-value.ts';

/** Column name → the name under which the model knows it: a field's name in code and its database name are one column. */
export type NameColumn = (column: string) => string;

/** The effects of a slice by id: answers of others are fixed symbols, the same for both requests. */
export interface SliceEffects {
  readonly effects: ReadonlyMap<string, Effect>;
  readonly nameColumn: NameColumn;
}

/** A slice of some effects whose columns need no translation. */
export function createSlice(effects: readonly Effect[], nameColumn: NameColumn = (column) => column): SliceEffects {
  return { effects: new Map(effects.map((effect) => [effect.id, effect])), nameColumn };
}

/** A value in the model checker's language. What does not depend on the slice is one symbol, named by its text. */
export function lowerTerm(value: Value, slice: SliceEffects): Term {
  switch (value.kind) {
    case 'constant':
      return { kind: 'constant', value: typeof value.value === 'bigint' ? Number(value.value) : (value.value ?? null) };
    case 'answer': {
      const effect = slice.effects.get(value.effect);
      if (effect === undefined) return { kind: 'symbol', name: nameSymbol(value) };
      return lowerAnswer(value, effect, slice);
    }
    case 'current':
      return { kind: 'current', column: slice.nameColumn(value.column) };
    case 'unknown':
      return { kind: 'private', name: value.reason };
    default:
      break;
  }
  if (!dependsOnSlice(value, slice) && !mentionsCurrent(value)) {
    return mentionsFresh(value)
      ? { kind: 'private', name: nameSymbol(value) }
      : { kind: 'symbol', name: nameSymbol(value) };
  }
  switch (value.kind) {
    case 'apply':
      return {
        kind: 'apply',
        name: value.operator,
        operands: value.operands.map((operand) =>
          value.operator === '!'
            ? (lowerPresence(operand, slice) ?? lowerTerm(operand, slice))
            : lowerTerm(operand, slice),
        ),
      };
    case 'choice':
      return lowerChoice(value, slice);
    case 'object':
      return {
        kind: 'apply',
        name: `{${value.entries.map((entry) => entry.name).join()}}`,
        operands: [...value.spreads, ...value.entries.map((entry) => entry.value)].map((part) =>
          lowerTerm(part, slice),
        ),
      };
    case 'array':
      return { kind: 'apply', name: '[]', operands: value.elements.map((element) => lowerTerm(element, slice)) };
    case 'template':
      return {
        kind: 'apply',
        name: value.quasis.join('$'),
        operands: value.values.map((part) => lowerTerm(part, slice)),
      };
    case 'element': {
      // which ones pass a filter turns on the rows, what each of them is doesn't
      const list = readFilteredList(value.of);
      if (list !== undefined && !dependsOnSlice(list, slice)) return lowerTerm({ kind: 'element', of: list }, slice);
      return { kind: 'apply', name: 'element', operands: [lowerTerm(value.of, slice)] };
    }
    default:
      return { kind: 'symbol', name: nameSymbol(value) };
  }
}

/** A value's text as the name of a symbol; a long one is cut, and told from others by a checksum that nobody is shown. */
function nameSymbol(value: Value): string {
  const text = renderValue(value);
  if (text.length <= 60) return text;
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(index)) | 0;
  return `${text.slice(0, 40)}…#${(sum >>> 0).toString(36)}`;
}

function lowerAnswer(value: AnswerValue, effect: Effect, slice: SliceEffects): Term {
  if (value.columns.length > 0) {
    const [column = '', ...path] = value.columns;
    const base: Term = { kind: 'variable', read: effect.id, column: slice.nameColumn(column) };
    return path.length === 0 ? base : { kind: 'apply', name: `.${path.join('.')}`, operands: [base] };
  }
  if (effect.kind === 'read' && effect.aggregate !== undefined) {
    return {
      kind: 'variable',
      read: effect.id,
      column: effect.aggregate.kind === 'exists' ? '#' : slice.nameColumn(effect.aggregate.column ?? '*'),
    };
  }
  if (effect.kind === 'command' || effect.kind === 'block')
    return { kind: 'variable', read: effect.id, column: 'value' };
  if (value.shape.kind === 'count' || value.shape.kind === 'success')
    return { kind: 'variable', read: effect.id, column: '#' };
  return { kind: 'apply', name: 'row', operands: [{ kind: 'variable', read: effect.id, column: 'id' }] };
}

function readFilteredList(value: Value): Value | undefined {
  return value.kind === 'apply' && value.operator === 'call:filter' ? value.operands[0] : undefined;
}

/** `!row` asks only whether there is one, and not which. */
function lowerPresence(value: Value, slice: SliceEffects): Term | undefined {
  if (value.kind !== 'answer' || value.columns.length > 0 || value.shape.kind !== 'row') return undefined;
  return slice.effects.get(value.effect)?.kind === 'read'
    ? { kind: 'variable', read: value.effect, column: '#' }
    : undefined;
}

/** `input ?? row.name` writes the old value back only where the request brings none: take the one that it brings. */
function lowerChoice(value: Extract<Value, { kind: 'choice' }>, slice: SliceEffects): Term {
  const { condition, then, otherwise } = value;
  if (!dependsOnSlice(condition, slice)) {
    if (isPlainColumn(then, slice) && !dependsOnSlice(otherwise, slice)) return lowerTerm(otherwise, slice);
    if (isPlainColumn(otherwise, slice) && !dependsOnSlice(then, slice)) return lowerTerm(then, slice);
  }
  return {
    kind: 'apply',
    name: 'choice',
    operands: [condition, then, otherwise].map((part) => lowerTerm(part, slice)),
  };
}

function isPlainColumn(value: Value, slice: SliceEffects): boolean {
  return value.kind === 'answer' && slice.effects.has(value.effect) && value.columns.length > 0;
}

export function dependsOnSlice(value: Value, slice: SliceEffects): boolean {
  let depends = false;
  forEachAnswer(value, (answer) => {
    depends ||= slice.effects.has(answer.effect);
  });
  return depends;
}

/** Does a value contain what the row holds when the statement runs? */
export function mentionsCurrent(value: Value): boolean {
  if (value.kind === 'current') return true;
  if (value.kind === 'apply') return value.operands.some(mentionsCurrent);
  return value.kind === 'choice' && (mentionsCurrent(value.then) || mentionsCurrent(value.otherwise));
}

/**
 * A condition of the code as a check of the model checker.
 *
 * @returns undefined where the condition does not depend on the slice: its truth is given
 */
export function lowerCheck(condition: Value, slice: SliceEffects): Check | undefined {
  if (!dependsOnSlice(condition, slice)) return undefined;
  if (condition.kind === 'apply') {
    const { operator, operands } = condition;
    const [left, right] = operands;
    if (operator === '!' && left !== undefined) return negateCheck(lowerCheck(left, slice));
    if ((operator === '&&' || operator === '||') && left !== undefined && right !== undefined) {
      const parts = [lowerCheck(left, slice), lowerCheck(right, slice)].filter((part) => part !== undefined);
      if (parts.length === 1) return parts[0];
      return { kind: operator === '&&' ? 'and' : 'or', checks: parts };
    }
    const comparison = comparisonOf[operator];
    if (comparison !== undefined && left !== undefined && right !== undefined)
      return lowerComparison(comparison, left, right, slice);
    if (operator === 'call:Boolean' || operator === 'call:Number') {
      const subject = operands.at(-1);
      if (subject !== undefined) return lowerCheck(subject, slice);
    }
  }
  if (condition.kind === 'choice') {
    const [whether, then, otherwise] = [condition.condition, condition.then, condition.otherwise].map((part) =>
      lowerCheck(part, slice),
    );
    if (whether === undefined) return then ?? otherwise;
    // `row ?? null`, `row ? row.active : false`
    if (isFalsy(condition.then)) return joinChecks([negateCheck(whether), otherwise]);
    if (isFalsy(condition.otherwise)) return joinChecks([whether, then]);
  }
  if (condition.kind === 'answer') return lowerTruth(condition, slice);
  const found = findCollectionRead(condition, slice);
  if (found !== undefined) return { kind: 'found', read: found };
  return lowerTruthOfColumn(condition, slice) ?? { kind: 'opaque', site: renderValue(condition) };
}

function isFalsy(value: Value): boolean {
  return value.kind === 'constant' && !value.value;
}

function joinChecks(checks: readonly (Check | undefined)[]): Check | undefined {
  const known = checks.filter((check) => check !== undefined);
  return known.length > 1 ? { kind: 'and', checks: known } : known[0];
}

function negateCheck(check: Check | undefined): Check | undefined {
  if (check === undefined) return undefined;
  return check.kind === 'not' ? check.check : { kind: 'not', check };
}

function lowerComparison(comparison: Comparison, left: Value, right: Value, slice: SliceEffects): Check {
  for (const [subject, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const isNothing = other.kind === 'constant' && (other.value === null || other.value === undefined);
    if (isNothing && (comparison === '=' || comparison === '!=')) {
      const truth =
        subject.kind === 'answer' && subject.columns.length > 0 && slice.effects.has(subject.effect)
          ? ({
              kind: 'compare',
              comparison: '!=',
              left: lowerTerm(subject, slice),
              right: { kind: 'constant', value: null },
            } as const)
          : (lowerCheck(subject, slice) ?? ({ kind: 'opaque', site: renderValue(subject) } as const));
      return comparison === '!=' ? truth : { kind: 'not', check: truth };
    }
  }
  // `wanted.filter((each) => !existing.has(each)).length === 0`: is there one that the rows do not have?
  const filtered = readFilterPredicate(left, slice);
  if (filtered !== undefined && right.kind === 'constant' && right.value === 0) {
    const check = lowerCheck(filtered, slice) ?? ({ kind: 'opaque', site: renderValue(filtered) } as const);
    if (comparison === '=') return { kind: 'not', check };
    if (comparison === '>' || comparison === '!=') return check;
  }
  // `rows.filter(…).length >= limit`, `rows.findIndex(…) === -1`: the number of rows decides
  const counted = [left, right].map((side) => findCounted(side, slice));
  const [countedLeft, countedRight] = counted;
  return {
    kind: 'compare',
    comparison,
    left: countedLeft ?? lowerTerm(left, slice),
    right: countedRight ?? lowerTerm(right, slice),
  };
}

/** The predicate of `list.filter(predicate).length`, where the rows are in the predicate and not in the list. */
function readFilterPredicate(value: Value, slice: SliceEffects): Value | undefined {
  if (value.kind !== 'apply' || value.operator !== 'member:length') return undefined;
  const [filter] = value.operands;
  if (filter?.kind !== 'apply' || filter.operator !== 'call:filter') return undefined;
  const [list, predicate] = filter.operands;
  if (list === undefined || predicate === undefined || dependsOnSlice(list, slice)) return undefined;
  return dependsOnSlice(predicate, slice) ? predicate : undefined;
}

function findCounted(value: Value, slice: SliceEffects): Term | undefined {
  if (value.kind !== 'apply' || (value.operator !== 'member:length' && value.operator !== 'member:size'))
    return undefined;
  const subject = value.operands[0];
  const read = subject && findCollectionRead(subject, slice);
  return read === undefined ? undefined : { kind: 'variable', read, column: '#' };
}

/** `if (row)`, `if (count)`, `if (await redis.get(key))`, `if (row.used)`. */
function lowerTruth(answer: AnswerValue, slice: SliceEffects): Check {
  if (!slice.effects.has(answer.effect)) return { kind: 'opaque', site: renderValue(answer) };
  if (answer.columns.length > 0)
    return lowerTruthOfColumn(answer, slice) ?? { kind: 'opaque', site: renderValue(answer) };
  const { shape } = answer;
  if (shape.kind === 'error') return { kind: 'not', check: { kind: 'opaque', site: 'no error' } };
  if (shape.kind === 'count')
    return { kind: 'compare', comparison: '!=', left: lowerTerm(answer, slice), right: { kind: 'constant', value: 0 } };
  return { kind: 'found', read: answer.effect };
}

function lowerTruthOfColumn(value: Value, slice: SliceEffects): Check | undefined {
  if (value.kind !== 'answer' || value.columns.length === 0) return undefined;
  const term = lowerTerm(value, slice);
  return {
    kind: 'and',
    checks: [
      { kind: 'compare', comparison: '!=', left: term, right: { kind: 'constant', value: null } },
      { kind: 'compare', comparison: '!=', left: term, right: { kind: 'constant', value: false } },
    ],
  };
}

/** The read whose rows a collection function looks through: `rows.find(…)`, `rows.some(…)`, `new Set(rows.map(…)).has(x)`. */
export function findCollectionRead(value: Value, slice: SliceEffects): string | undefined {
  let found: string | undefined;
  forEachAnswer(value, (answer) => {
    const effect = slice.effects.get(answer.effect);
    if (effect?.kind !== 'read') return;
    const isCollection =
      hasRows(answer.shape) ||
      (effect.answer.kind === 'rows' && answer.columns.length > 0) ||
      effect.selector.limit === undefined;
    if (isCollection && value.kind === 'apply') found ??= answer.effect;
  });
  return found;
}

function hasRows(shape: AnswerShape): boolean {
  return shape.kind === 'rows';
}
