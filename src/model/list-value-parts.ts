import type { Value } from './value.ts';

/** The values that a value is directly made of, in the order of the source; empty for those that have no parts. */
export function listValueParts(value: Value): readonly Value[] {
  switch (value.kind) {
    case 'apply':
      return value.operands;
    case 'choice':
      return [value.condition, value.then, value.otherwise];
    case 'object':
      return [...value.entries.map((entry) => entry.value), ...value.spreads];
    case 'array':
      return value.elements;
    case 'template':
      return value.values;
    case 'element':
      return [value.of];
    case 'chain':
      return value.steps.flatMap((step) => [...(step.args ?? []), ...(step.template?.values ?? [])]);
    case 'answer':
    case 'constant':
    case 'input':
    case 'fresh':
    case 'current':
    case 'function':
    case 'instance':
    case 'class':
    case 'module':
    case 'unknown':
      return [];
  }
}
