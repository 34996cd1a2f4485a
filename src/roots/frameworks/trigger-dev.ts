import { createJobFramework } from '../create-job-framework.ts';
import type { JobCall, JobNode } from '../create-job-framework.ts';
import { findProperty } from '../find-property.ts';
import type { FrameworkFile } from '../framework.ts';

/**
 * Trigger.dev 3 and 4. A queue with `concurrencyLimit: 1` runs one task at a time, unless the run waits at a waitpoint
 * (it gives its place away), or is triggered with a `concurrencyKey` or into another queue, which is written at the
 * trigger and not seen here.
 */
const calls: readonly JobCall[] = [
  {
    origin: /^(task|schemaTask|schedules\.task)\.\(\)$/,
    kind: 'task',
    label: (call) => findProperty(call.arguments[0], 'id'),
    handler: (call) => findProperty(call.arguments[0], 'run'),
    bound: readBound,
  },
];

export const triggerDev = createJobFramework({
  name: 'trigger.dev',
  documentation: [
    'https://trigger.dev/docs/tasks/overview',
    'https://trigger.dev/docs/tasks/schemaTask',
    'https://trigger.dev/docs/queue-concurrency',
  ],
  packages: ['@trigger.dev/sdk'],
  members: ['task', 'schemaTask'],
  calls,
});

function readBound(call: JobNode, _: unknown, file: FrameworkFile): 'exclusive' | 'unbounded' {
  const limit = findProperty(findProperty(call.arguments[0], 'queue'), 'concurrencyLimit');
  const isOne = limit?.type === 'Literal' && limit.value === 1;
  // waitpoints: `wait.for`, `triggerAndWait`, `batchTriggerAndWait`, streams and tokens that are waited for
  return isOne && !/\bwait\b|AndWait\b/.test(file.text) ? 'exclusive' : 'unbounded';
}
