import { createJobFramework } from '../create-job-framework.ts';

/**
 * BullMQ's workers, and Bull's `queue.process`. `concurrency` counts for one process, and several run the same worker;
 * a job whose worker stalls is given out again: so none is bounded.
 */
export const bullmq = createJobFramework({
  name: 'bullmq',
  documentation: [
    'https://docs.bullmq.io/guide/workers/concurrency',
    'https://docs.bullmq.io/guide/workers/stalled-jobs',
  ],
  packages: ['bullmq', 'bull'],
  members: ['Worker', 'WorkerPro', 'process'],
  elsewhere: /\.process\(/,
  calls: [
    {
      origin: /^(Worker|WorkerPro)\.new$/,
      kind: 'queue',
      label: (call) => call.arguments[0],
      handler: (call) => call.arguments[1],
    },
    {
      origin: /^(Queue\.)?new\.process\.\(\)$/,
      kind: 'queue',
      label: (call) => call.arguments.find((each) => each.type === 'Literal' && typeof each.value === 'string'),
      handler: (call) => call.arguments.at(-1),
    },
  ],
});
