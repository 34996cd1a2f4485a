import type { Value } from '../model/value.ts';

/**
 * A value in few words, for labels and as the name of a symbol: equal values give equal texts. Answers of effects are
 * named by `nameOf`.
 */
export function renderValue(value: Value, nameOf: (effect: string) => string = (effect) => effect, depth = 0): string {
  const recur = (inner: Value): string => renderValue(inner, nameOf, depth + 1);
  if (depth > 6) return '…';
  switch (value.kind) {
    case 'constant':
      return typeof value.value === 'string' ? `'${value.value}'` : String(value.value);
    case 'input':
      return value.name;
    case 'answer':
      return [nameOf(value.effect), ...value.columns].join('.');
    case 'fresh':
      return 'new';
    case 'apply':
      return renderApply(value.operator, value.operands.map(recur));
    case 'choice':
      return `${recur(value.condition)} ? ${recur(value.then)} : ${recur(value.otherwise)}`;
    case 'object':
      return `{ ${[...value.spreads.map((spread) => `...${recur(spread)}`), ...value.entries.map((entry) => `${entry.name}: ${recur(entry.value)}`)].join(', ')} }`;
    case 'array':
      return `[${value.elements.map(recur).join(', ')}${value.complete ? '' : ', …'}]`;
    case 'template':
      return value.quasis
        .map((quasi, index) => {
          const part = value.values[index];
          return part === undefined ? quasi : `${quasi}\${${recur(part)}}`;
        })
        .join('');
    case 'current':
      return value.column;
    case 'element':
      return `each of ${recur(value.of)}`;
    case 'function':
    case 'class':
      return value.name;
    case 'instance':
      return value.className;
    case 'module':
      return value.file;
    case 'chain':
      return [
        value.root.kind === 'client' ? value.root.client.library : value.root.name,
        ...value.steps.map(
          (step) => `${step.name}${step.args === undefined ? '' : `(${step.args.map(recur).join(', ')})`}`,
        ),
      ].join('.');
    case 'unknown':
      return '?';
  }
}

function renderApply(operator: string, operands: readonly string[]): string {
  const [first = '', second] = operands;
  if (operator.startsWith('member:')) return `${first}.${operator.slice('member:'.length)}`;
  if (operator.startsWith('global:')) return operator.slice('global:'.length);
  if (operator.startsWith('call:')) return `${operator.slice('call:'.length)}(${operands.join(', ')})`;
  if (operator === '!') return first.includes(' ') ? `!(${first})` : `!${first}`;
  if (second !== undefined && operands.length === 2 && /^[^a-z]+$/.test(operator))
    return `${first} ${operator} ${second}`;
  return `${operator}(${operands.join(', ')})`;
}
