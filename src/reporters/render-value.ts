import type { AnswerValue, ApplyValue, ChainValue, Value } from '../model/value.ts';

/** Gives the short name that a trace uses for what an effect answered. */
export type NameAnswer = (effect: string) => string;

const infixOperators = new Set(
  '+ - * / % ** === !== == != < <= > >= && || ?? & | ^ << >> >>> in instanceof'.split(' '),
);

/** Deeper parts of a value are left out as `…`. */
const deepest = 5;

/** A value in the words of the analysed code: `s.free - p.qty`. What is not understood is `?`. */
export function renderValue(value: Value, nameAnswer: NameAnswer, depth = 0): string {
  if (depth > deepest) return '…';
  const render = (part: Value): string => renderValue(part, nameAnswer, depth + 1);
  switch (value.kind) {
    case 'constant':
      return renderConstant(value.value);
    case 'input':
      return value.name;
    case 'answer':
      return renderAnswer(value, nameAnswer);
    case 'fresh':
      // the place behind the @ only tells one fresh value from the next
      return value.source.replace(/@.*$/s, '');
    case 'apply':
      return renderApply(value, render, depth);
    case 'choice':
      return `${render(value.condition)} ? ${render(value.then)} : ${render(value.otherwise)}`;
    case 'object': {
      const parts = [
        ...value.spreads.map((part) => `...${render(part)}`),
        ...value.entries.map((entry) => `${entry.name}: ${render(entry.value)}`),
        ...(value.complete ? [] : ['…']),
      ];
      return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
    }
    case 'array':
      return `[${[...value.elements.map(render), ...(value.complete ? [] : ['…'])].join(', ')}]`;
    case 'template':
      return `\`${value.quasis.map((text, index) => text + renderHole(value.values[index], render)).join('')}\``;
    case 'current':
      return value.column;
    case 'function':
    case 'class':
      return value.name;
    case 'chain':
      return renderChain(value);
    case 'element':
      return `each of ${render(value.of)}`;
    case 'instance':
      return value.className;
    case 'module':
      return value.file.replace(/^.*[\\/]/, '');
    case 'unknown':
      return '?';
  }
}

function renderConstant(value: string | number | boolean | bigint | null | undefined): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

function renderAnswer(value: AnswerValue, nameAnswer: NameAnswer): string {
  const name = [nameAnswer(value.effect), ...value.columns].join('.');
  if (value.columns.length > 0) return name;
  switch (value.shape.kind) {
    case 'count':
      return `count(${name})`;
    case 'success':
      return `ok(${name})`;
    case 'error':
      return `error(${name})`;
    default:
      return name;
  }
}

function renderApply(value: ApplyValue, render: (part: Value) => string, depth: number): string {
  const { operator } = value;
  const operands = value.operands.map(render);
  const [first = '', ...rest] = operands;
  if (operator === 'await') return first;
  if (operator === 'spread') return `...${first}`;
  if (operator.startsWith('member:')) return `${first}.${operator.slice('member:'.length)}`;
  if (operator.startsWith('call:')) return `${operator.slice('call:'.length)}(${operands.join(', ')})`;
  if (operands.length === 1) return /\w$/.test(operator) ? `${operator} ${first}` : `${operator}${first}`;
  if (infixOperators.has(operator)) {
    const text = [first, ...rest].join(` ${operator} `);
    return depth > 0 ? `(${text})` : text;
  }
  return `${operator}(${operands.join(', ')})`;
}

function renderHole(value: Value | undefined, render: (part: Value) => string): string {
  return value === undefined ? '' : `\${${render(value)}}`;
}

function renderChain(value: ChainValue): string {
  const root = value.root.kind === 'client' ? value.root.client.library : value.root.name;
  return (
    root + value.steps.map((step) => (step.name === '()' ? '(…)' : `.${step.name}${step.args ? '(…)' : ''}`)).join('')
  );
}
