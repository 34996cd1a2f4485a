import { listValueParts } from '../model/list-value-parts.ts';
import type { ChainStep, Value } from '../model/value.ts';

/** The largest part of a computed value that is kept as it is, in nodes of the value written out as a tree. */
const largestPart = 120;

/** How many of the answers and inputs that a large part was computed from are kept. */
const mostLeaves = 24;

/** What is known of one value, or of one step of a chain: steps are shared by all the chains that begin with them. */
interface Measure {
  weight: number | undefined;
  leaves: readonly Value[] | undefined;
  limited: Value | undefined;
}

/** Values never change, so that each is measured once. */
const measures = new WeakMap<Value | ChainStep, Measure>();

/**
 * The value itself, or, where it is large, the same with its large parts made uninterpreted functions of the answers and
 * inputs that they were computed from. Values share their parts, and a value of a few hundred shared parts can be a tree
 * of millions of nodes for those who walk it; what it derives from is all that is asked of such a value.
 */
export function limitValue(value: Value): Value {
  // by far most are small: to count their nodes is faster than to remember how many they are
  if (countDown(value, forgottenWeight) >= 0) return value;
  const measure = measureOf(value);
  return (measure.limited ??= limitOnce(value));
}

function limitOnce(value: Value): Value {
  if (countDown(value, largestPart) >= 0) return value;
  const kept: Value = value.kind === 'apply' ? { ...value, operands: value.operands.map(limitValue) } : value;
  return weigh(kept) <= largestPart ? kept : summarizeLeaves(kept);
}

function summarizeLeaves(value: Value): Value {
  return { kind: 'apply', operator: 'computed', operands: listLeaves(value) };
}

function measureOf(part: Value | ChainStep): Measure {
  let measure = measures.get(part);
  if (measure === undefined)
    measures.set(part, (measure = { weight: undefined, leaves: undefined, limited: undefined }));
  return measure;
}

/** Beyond this weight it is remembered: smaller parts are weighed again faster than looked up. */
const forgottenWeight = 12;

/** The number of nodes of a value written out as a tree. */
function weigh(value: Value): number {
  const left = countDown(value, forgottenWeight);
  if (left >= 0) return forgottenWeight - left;
  if (value.kind !== 'chain') return (measureOf(value).weight ??= 1 + addUp(listValueParts(value)));
  let weight = 1;
  for (const step of value.steps) weight += weighStep(step);
  return weight;
}

function weighStep(step: ChainStep): number {
  if (step.args === undefined && step.template === undefined) return 0;
  return (measureOf(step).weight ??= addUp(listStepParts(step)));
}

/** What is left of a number of nodes after those of a value; stops below zero. */
function countDown(value: Value, room: number): number {
  let left = room - 1;
  if (left < 0) return left;
  switch (value.kind) {
    case 'apply':
      for (const operand of value.operands) left = countDown(operand, left);
      return left;
    case 'template':
      for (const part of value.values) left = countDown(part, left);
      return left;
    case 'array':
      for (const element of value.elements) left = countDown(element, left);
      return left;
    case 'object':
      for (const entry of value.entries) left = countDown(entry.value, left);
      for (const spread of value.spreads) left = countDown(spread, left);
      return left;
    case 'choice':
      return countDown(value.otherwise, countDown(value.then, countDown(value.condition, left)));
    case 'element':
      return countDown(value.of, left);
    case 'chain':
      for (const step of value.steps) {
        for (const arg of step.args ?? []) left = countDown(arg, left);
        for (const part of step.template?.values ?? []) left = countDown(part, left);
      }
      return left;
    default:
      return left;
  }
}

function addUp(parts: readonly Value[]): number {
  let weight = 0;
  for (const part of parts) weight += weigh(part);
  return weight;
}

function listStepParts(step: ChainStep): readonly Value[] {
  return [...(step.args ?? []), ...(step.template?.values ?? [])];
}

/** The first answers, inputs and fresh values that a value was computed from, each once. */
function listLeaves(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'answer':
    case 'input':
    case 'fresh':
      return [value];
    case 'chain':
      return uniteLeaves(value.steps.map(listLeavesOfStep));
    case 'apply':
    case 'choice':
    case 'object':
    case 'array':
    case 'template':
    case 'element':
      return (measureOf(value).leaves ??= uniteLeaves(listValueParts(value).map(listLeaves)));
    default:
      return noLeaves;
  }
}

function listLeavesOfStep(step: ChainStep): readonly Value[] {
  if (step.args === undefined && step.template === undefined) return noLeaves;
  return (measureOf(step).leaves ??= uniteLeaves(listStepParts(step).map(listLeaves)));
}

function uniteLeaves(lists: readonly (readonly Value[])[]): readonly Value[] {
  const filled = lists.filter((list) => list.length > 0);
  if (filled.length < 2) return filled[0] ?? noLeaves;
  const found = new Map<string, Value>();
  for (const list of filled) {
    for (const leaf of list) {
      if (found.size >= mostLeaves) return [...found.values()];
      found.set(spellLeaf(leaf), leaf);
    }
  }
  return [...found.values()];
}

const noLeaves: readonly Value[] = [];

function spellLeaf(leaf: Value): string {
  switch (leaf.kind) {
    case 'answer':
      return `${leaf.effect} ${leaf.shape.kind} ${leaf.columns.join('.')}`;
    case 'input':
      return `input ${leaf.name}`;
    case 'fresh':
      return `fresh ${leaf.source}`;
    default:
      return leaf.kind;
  }
}
