import type { TSESTree } from '@typescript-eslint/utils';
import type { Handler } from '../../project/root-candidate.ts';
import { createJobFramework } from '../create-job-framework.ts';
import type { JobNode } from '../create-job-framework.ts';
import { findProperty } from '../find-property.ts';
import type { FrameworkFile } from '../framework.ts';

/**
 * Inngest 3 and 4. `concurrency: 1` without a key lets one request at a time into the function's code, but it counts
 * steps, not runs: another run may come between two steps. So a function that waits in more than one place is unbounded,
 * and so is one with a key. `singleton` in mode `skip`, without a key, bounds whole runs.
 */
export const inngest = createJobFramework({
  name: 'inngest',
  documentation: [
    'https://www.inngest.com/docs/reference/functions/create',
    'https://www.inngest.com/docs/guides/concurrency',
    'https://www.inngest.com/docs/guides/singleton',
  ],
  packages: ['inngest'],
  members: ['createFunction'],
  elsewhere: /\.createFunction\(/,
  calls: [
    {
      origin: /^Inngest\.new\.createFunction\.\(\)$/,
      kind: 'function',
      label: (call) => findProperty(call.arguments[0], 'id') ?? findProperty(call.arguments[0], 'name'),
      handler: (call) => call.arguments.at(-1),
      bound: readBound,
    },
  ],
});

function readBound(call: JobNode, handler: Handler['node'], file: FrameworkFile): 'exclusive' | 'unbounded' {
  const [options] = call.arguments;
  const singleton = findProperty(options, 'singleton');
  if (singleton !== undefined && findProperty(singleton, 'key') === undefined) {
    const mode = findProperty(singleton, 'mode');
    if (mode?.type === 'Literal' && mode.value === 'skip') return 'exclusive';
  }
  const concurrency = findProperty(options, 'concurrency');
  const limits = concurrency?.type === 'ArrayExpression' ? concurrency.elements : [concurrency ?? null];
  return limits.some(isOne) && hasOneStep(handler, file) ? 'exclusive' : 'unbounded';
}

/** `1` or `{ limit: 1 }`, for the whole function. */
function isOne(limit: TSESTree.Node | null): boolean {
  if (limit === null) return false;
  const count = limit.type === 'ObjectExpression' ? findProperty(limit, 'limit') : limit;
  return (
    count?.type === 'Literal' &&
    count.value === 1 &&
    findProperty(limit, 'key') === undefined &&
    findProperty(limit, 'scope') === undefined
  );
}

/** Does the function use no steps, or wait for a single one and for nothing else? */
function hasOneStep(handler: Handler['node'], { text, calls }: FrameworkFile): boolean {
  const isInside = ({ range }: TSESTree.Node, around: TSESTree.Node): boolean =>
    around.range[0] <= range[0] && range[1] <= around.range[1];
  const code = text.slice(...handler.range);
  if (!/\bstep\b/.test(text.slice(handler.range[0], handler.body.range[0])) && !/\.step\b/.test(code)) return true;
  const steps = calls().filter(
    (call) => isInside(call, handler.body) && /^(?:\w+\.)?step\b/.test(text.slice(...call.callee.range)),
  );
  const [only] = steps;
  if (steps.length !== 1 || only === undefined) return false;
  const rest = text.slice(handler.body.range[0], only.range[0]) + text.slice(only.range[1], handler.body.range[1]);
  return !/\bstep\b/.test(rest) && (rest.match(/\bawait\b|\.then\(/g) ?? []).length <= 1;
}
