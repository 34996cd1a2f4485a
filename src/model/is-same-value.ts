import type { ChainStep, Value } from './value.ts';

/**
 * Are two values certainly equal in one execution? Structural; an `unknown` equals nothing, `fresh` values equal only
 * themselves (by source, which names the place where they were made).
 */
export function isSameValue(a: Value, b: Value): boolean {
  if (a === b) return a.kind !== 'unknown';
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && Object.is(a.value, b.value);
    case 'input':
      return b.kind === 'input' && a.name === b.name;
    case 'answer':
      return (
        b.kind === 'answer' &&
        a.effect === b.effect &&
        a.shape.kind === b.shape.kind &&
        isSameList(a.columns, b.columns)
      );
    case 'fresh':
      return b.kind === 'fresh' && a.source === b.source;
    case 'apply':
      return b.kind === 'apply' && a.operator === b.operator && areSameValues(a.operands, b.operands);
    case 'choice':
      return (
        b.kind === 'choice' &&
        isSameValue(a.condition, b.condition) &&
        isSameValue(a.then, b.then) &&
        isSameValue(a.otherwise, b.otherwise)
      );
    case 'object':
      return (
        b.kind === 'object' &&
        a.entries.length === b.entries.length &&
        a.entries.every((entry, index) => {
          const other = b.entries[index];
          return other !== undefined && entry.name === other.name && isSameValue(entry.value, other.value);
        }) &&
        areSameValues(a.spreads, b.spreads)
      );
    case 'array':
      return b.kind === 'array' && areSameValues(a.elements, b.elements);
    case 'template':
      return b.kind === 'template' && isSameList(a.quasis, b.quasis) && areSameValues(a.values, b.values);
    case 'current':
      return b.kind === 'current' && a.column === b.column;
    case 'function':
      return b.kind === 'function' && a.id === b.id;
    case 'chain':
      return (
        b.kind === 'chain' &&
        JSON.stringify(a.root) === JSON.stringify(b.root) &&
        a.steps.length === b.steps.length &&
        a.steps.every((step, index) => isSameStep(step, b.steps[index]))
      );
    case 'element':
      return b.kind === 'element' && isSameValue(a.of, b.of);
    case 'instance':
      return b.kind === 'instance' && a.id === b.id;
    case 'class':
      return b.kind === 'class' && a.id === b.id;
    case 'module':
      return b.kind === 'module' && a.file === b.file;
    case 'unknown':
      return false;
  }
}

function areSameValues(a: readonly Value[], b: readonly Value[]): boolean {
  return (
    a.length === b.length && a.every((value, index) => isSameValue(value, b[index] ?? { kind: 'unknown', reason: '' }))
  );
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function isSameStep(a: ChainStep, b: ChainStep | undefined): boolean {
  if (b === undefined || a.name !== b.name || (a.args === undefined) !== (b.args === undefined)) return false;
  return areSameValues(a.args ?? [], b.args ?? []);
}
