import type { AnswerValue, ChainStep, Value } from './value.ts';

/**
 * A value with some of its answers replaced. Values share their parts, so each part is rebuilt once, and what contains no
 * replaced answer stays the very object that it was.
 *
 * @param replace gives the answer back where it stays
 * @param known what was rebuilt before by the same `replace`
 */
export function mapAnswers(
  value: Value,
  replace: (answer: AnswerValue) => Value,
  known = new Map<Value, Value>(),
): Value {
  const before = known.get(value);
  if (before !== undefined) return before;
  const map = (part: Value): Value => mapAnswers(part, replace, known);
  const after = rebuild(value, map, replace);
  known.set(value, after);
  return after;
}

function rebuild(value: Value, map: (part: Value) => Value, replace: (answer: AnswerValue) => Value): Value {
  switch (value.kind) {
    case 'answer':
      return replace(value);
    case 'apply': {
      const operands = mapList(value.operands, map);
      return operands === value.operands ? value : { ...value, operands };
    }
    case 'choice': {
      const [condition, then, otherwise] = [map(value.condition), map(value.then), map(value.otherwise)];
      const isSame = condition === value.condition && then === value.then && otherwise === value.otherwise;
      return isSame ? value : { ...value, condition, then, otherwise };
    }
    case 'object': {
      const spreads = mapList(value.spreads, map);
      const values = mapList(
        value.entries.map((entry) => entry.value),
        map,
      );
      const entries = value.entries.map((entry, index) => ({ ...entry, value: values[index] ?? entry.value }));
      const isSame = spreads === value.spreads && value.entries.every((entry, index) => entry.value === values[index]);
      return isSame ? value : { ...value, entries, spreads };
    }
    case 'array': {
      const elements = mapList(value.elements, map);
      return elements === value.elements ? value : { ...value, elements };
    }
    case 'template': {
      const values = mapList(value.values, map);
      return values === value.values ? value : { ...value, values };
    }
    case 'element': {
      const of = map(value.of);
      return of === value.of ? value : { ...value, of };
    }
    case 'chain': {
      const steps = value.steps.map((step) => mapStep(step, map));
      return steps.every((step, index) => step === value.steps[index]) ? value : { ...value, steps };
    }
    case 'constant':
    case 'input':
    case 'fresh':
    case 'current':
    case 'function':
    case 'instance':
    case 'class':
    case 'module':
    case 'unknown':
      return value;
  }
}

function mapList(values: readonly Value[], map: (part: Value) => Value): readonly Value[] {
  const mapped = values.map(map);
  return mapped.every((value, index) => value === values[index]) ? values : mapped;
}

function mapStep(step: ChainStep, map: (part: Value) => Value): ChainStep {
  if (step.args === undefined) return step;
  const args = mapList(step.args, map);
  return args === step.args ? step : { ...step, args };
}
