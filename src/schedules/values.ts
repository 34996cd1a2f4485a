import type { Comparison } from '../model/program.ts';

/**
 * A value of the abstract store, always a JavaScript primitive, so that equality is `===`: numbers, booleans and null
 * stand for themselves, a constant text is written `'text`, anything symbolic begins with `~`.
 */
export type Value = number | string | boolean | null;

/** Yes, no, or not decidable from what is known. */
export type Truth = boolean | undefined;

export function makeText(text: string): Value {
  return `'${text}`;
}

export function makeSymbol(name: string): Value {
  // a variable may be called Σ
  return name.startsWith('Σ') ? `~ ${name}` : `~${name}`;
}

/** A value only `actor` has; `name@A` and `name@B` are known to differ. */
export function makePrivate(name: string, actor: string): Value {
  return `~${name}@${actor}`;
}

/** A value that nothing else equals: what a sequence or a default makes up. */
export function makeFresh(name: string): Value {
  return `~new:${name}`;
}

export function isSymbolic(value: Value): value is `~${string}` {
  return typeof value === 'string' && value.charCodeAt(0) === 126;
}

function isFresh(value: string): boolean {
  return value.startsWith('~new:');
}

/** Sums are kept in a normal form, so that the order of two decrements does not matter: `~Σ` and [[atom, factor]…, n]. */
interface Sum {
  readonly atoms: Map<string, number>;
  readonly constant: number;
}

function readSum(value: Value): Sum | undefined {
  if (typeof value === 'number') return { atoms: new Map(), constant: value };
  if (!isSymbolic(value)) return undefined;
  if (!value.startsWith('~Σ')) return { atoms: new Map([[value, 1]]), constant: 0 };
  const parts = JSON.parse(value.slice(2)) as readonly [readonly (readonly [string, number])[], number];
  return { atoms: new Map(parts[0]), constant: parts[1] };
}

function writeSum(sum: Sum): Value {
  const atoms = [...sum.atoms].filter(([, factor]) => factor !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  if (atoms.length === 0) return sum.constant;
  const only = atoms.length === 1 && sum.constant === 0 ? atoms[0] : undefined;
  if (only?.[1] === 1) return only[0];
  return `~Σ${JSON.stringify([atoms, sum.constant])}`;
}

function addUp(left: Value, right: Value, sign: 1 | -1): Value | undefined {
  const a = readSum(left);
  const b = readSum(right);
  if (!a || !b) return undefined;
  const atoms = new Map(a.atoms);
  for (const [atom, factor] of b.atoms) atoms.set(atom, (atoms.get(atom) ?? 0) + sign * factor);
  return writeSum({ atoms, constant: a.constant + sign * b.constant });
}

/**
 * `+`, `-` and `max+` compute, on symbols in a normal form; to `merge` the same part once more changes nothing, and what
 * is merged is not null; every other function stays uninterpreted.
 */
export function applyFunction(name: string, operands: readonly Value[]): Value {
  const [left = null, right = null] = operands;
  if (operands.length === 2 && (name === '+' || name === '-' || name === 'max+')) {
    const sign = name === '-' ? -1 : 1;
    if (typeof left === 'number' && typeof right === 'number') return left + sign * right;
    const sum = addUp(name === 'max+' ? (left ?? 0) : left, right, sign);
    if (sum !== undefined) return sum;
  }
  const isMerged = typeof left === 'string' && left.startsWith('~merge(');
  if (name === '??' && isMerged) return left;
  if (name === 'merge' && isMerged && left.endsWith(`,${String(right)})`)) return left;
  return `~${name}(${operands.map(String).join(',')})`;
}

/** Equality as far as it is known; two different symbols may still be equal. */
export function areEqual(left: Value, right: Value): Truth {
  if (left === right) return true;
  const symbolicLeft = isSymbolic(left);
  const symbolicRight = isSymbolic(right);
  if (!symbolicLeft && !symbolicRight) return false;
  // a column that is not known to be empty is not null: rows of the initial world are given by their contents
  if (left === null || right === null) return false;
  if ((symbolicLeft && isFresh(left)) || (symbolicRight && isFresh(right))) return false;
  if (symbolicLeft && symbolicRight) {
    if (left.length === right.length && /@[AB]$/.test(left) && left.slice(0, -1) === right.slice(0, -1)) return false;
  }
  const difference = isSymbolic(left) && isSymbolic(right) ? addUp(left, right, -1) : undefined;
  return typeof difference === 'number' ? difference === 0 : undefined;
}

/** A comparison as SQL and JavaScript make it; null is unordered, and equals only null. */
export function compareValues(left: Value, comparison: Comparison, right: Value): Truth {
  if (comparison === '=') return areEqual(left, right);
  if (comparison === '!=') {
    const equal = areEqual(left, right);
    return equal === undefined ? undefined : !equal;
  }
  if (left === null || right === null) return false;
  let order: number | undefined;
  if (!isSymbolic(left) && !isSymbolic(right)) order = left < right ? -1 : left > right ? 1 : 0;
  else {
    const difference = addUp(left, right, -1);
    if (typeof difference === 'number') order = difference;
  }
  if (order === undefined) return undefined;
  switch (comparison) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** A value in the words of a timeline. */
export function renderValue(value: Value): string {
  return spellValue(value).replaceAll(/…#[0-9a-z]+/gu, '…');
}

function spellValue(value: Value): string {
  if (typeof value !== 'string') return String(value);
  if (!isSymbolic(value)) return value.slice(1);
  if (value.startsWith('~Σ')) return renderSum(value);
  if (isFresh(value)) return 'a new id';
  const call = /^~([^(]*)\((.*)\)$/s.exec(value);
  if (!call) return value.slice(1).replace(/@[AB]$/, '');
  return `${call[1] ?? ''}(${splitOperands(call[2] ?? '')
    .map(renderText)
    .join(', ')})`;
}

function renderText(text: string): string {
  if (text.startsWith('~Σ') && !isWhole(text)) return text.slice(1);
  return text.startsWith('~') || text.startsWith("'") ? spellValue(text) : text;
}

/** Names of symbols are free text: one with brackets of its own makes a function's operands fall apart elsewhere. */
function isWhole(sum: string): boolean {
  try {
    JSON.parse(sum.slice(2));
    return true;
  } catch {
    return false;
  }
}

function renderSum(value: Value): string {
  const sum = readSum(value);
  if (!sum) return String(value);
  const terms = [...sum.atoms].map(([atom, factor]) => ({ factor, text: spellValue(atom) }));
  if (sum.constant !== 0) terms.push({ factor: Math.sign(sum.constant), text: String(Math.abs(sum.constant)) });
  const ordered = [...terms.filter(({ factor }) => factor > 0), ...terms.filter(({ factor }) => factor < 0)];
  return ordered
    .map(({ factor, text }, index) => {
      const sign = factor < 0 ? '- ' : index === 0 ? '' : '+ ';
      const times = Math.abs(factor) === 1 || !sum.atoms.size ? '' : `${Math.abs(factor)} `;
      return `${sign}${times}${text}`;
    })
    .join(' ');
}

/** Splits the operands of a function at its own commas. */
function splitOperands(text: string): string[] {
  const operands: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    else if (character === ',' && depth === 0) {
      operands.push(text.slice(start, index));
      start = index + 1;
    }
  }
  operands.push(text.slice(start));
  return operands;
}
