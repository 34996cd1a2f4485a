import { listValueParts } from '../model/list-value-parts.ts';
import type { Value } from '../model/value.ts';

/** The largest part of a computed value that is kept as it is, in nodes of the value written out as a tree. */
const largestPart = 120;

/** How many of the answers and inputs that a large part was computed from are kept. */
const mostLeaves = 24;

/** How many parts are looked at for them: the nearest say most, and a value may share parts with all of a program. */
const mostVisits = 400;

const weights = new WeakMap<Value, number>();

const limited = new WeakMap<Value, Value>();

/**
 * The value itself, or, where it is large, the same with its large parts made uninterpreted functions of the answers and
 * inputs that they were computed from. Values share their parts, and a value of a few hundred shared parts can be a tree
 * of millions of nodes for those who walk it; what it derives from is all that is asked of such a value.
 */
export function limitValue(value: Value): Value {
  if (weigh(value) <= largestPart) return value;
  const known = limited.get(value);
  if (known !== undefined) return known;
  const kept: Value = value.kind === 'apply' ? { ...value, operands: value.operands.map(limitValue) } : value;
  const result = weigh(kept) <= largestPart ? kept : summarizeLeaves(kept);
  limited.set(value, result);
  return result;
}

function summarizeLeaves(value: Value): Value {
  const leaves = new Map<string, Value>();
  collectLeaves(value, leaves, new Set());
  return { kind: 'apply', operator: 'computed', operands: [...leaves.values()] };
}

/** The number of nodes of a value written out as a tree. */
function weigh(value: Value): number {
  switch (value.kind) {
    case 'apply':
      return weights.get(value) ?? addUp(value, value.operands);
    case 'choice':
    case 'object':
    case 'array':
    case 'template':
    case 'element':
    case 'chain':
      return weights.get(value) ?? addUp(value, listValueParts(value));
    default:
      return 1;
  }
}

function addUp(value: Value, parts: readonly Value[]): number {
  let weight = 1;
  for (const part of parts) weight += weigh(part);
  weights.set(value, weight);
  return weight;
}

function collectLeaves(value: Value, leaves: Map<string, Value>, visited: Set<Value>): void {
  if (visited.has(value) || leaves.size >= mostLeaves || visited.size >= mostVisits) return;
  visited.add(value);
  if (value.kind === 'answer') leaves.set(`${value.effect} ${value.shape.kind} ${value.columns.join('.')}`, value);
  else if (value.kind === 'input') leaves.set(`input ${value.name}`, value);
  else if (value.kind === 'fresh') leaves.set(`fresh ${value.source}`, value);
  else for (const part of listValueParts(value)) collectLeaves(part, leaves, visited);
}
