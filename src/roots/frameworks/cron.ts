import type { Framework } from '../framework.ts';
import { createJobFramework } from '../create-job-framework.ts';
import { findProperty } from '../find-property.ts';

/**
 * Libraries that call a function by the clock of their process. Every instance of a server has its own clock, and a run
 * may begin before the last one has ended: so none is bounded.
 */
export const nodeCron: Framework = createJobFramework({
  name: 'node-cron',
  documentation: ['https://nodecron.com/api-reference.html'],
  packages: ['node-cron'],
  members: ['schedule', 'createTask'],
  calls: [
    {
      origin: /^(schedule|createTask)\.\(\)$/,
      kind: 'cron',
      label: (call) => call.arguments[0],
      handler: (call) => call.arguments[1],
    },
  ],
});

/** `cron` (its `waitForCompletion` is for one process too). */
export const cron: Framework = createJobFramework({
  name: 'cron',
  documentation: ['https://github.com/kelektiv/node-cron'],
  packages: ['cron'],
  members: ['CronJob', 'from'],
  calls: [
    {
      origin: /^CronJob\.new$/,
      kind: 'cron',
      label: (call) => call.arguments[0],
      handler: (call) => call.arguments[1],
    },
    {
      origin: /^CronJob\.from\.\(\)$/,
      kind: 'cron',
      label: (call) => findProperty(call.arguments[0], 'cronTime'),
      handler: (call) => findProperty(call.arguments[0], 'onTick'),
    },
  ],
});

export const croner: Framework = createJobFramework({
  name: 'croner',
  documentation: ['https://croner.56k.guru/usage/basics/'],
  packages: ['croner'],
  members: ['Cron'],
  calls: [
    {
      origin: /^(Cron\.)?(new|\(\))$/,
      kind: 'cron',
      label: (call) => call.arguments[0],
      handler: (call) =>
        call.arguments.find((each) => each.type === 'ArrowFunctionExpression') ?? call.arguments.at(-1),
    },
  ],
});

export const nodeSchedule: Framework = createJobFramework({
  name: 'node-schedule',
  documentation: ['https://github.com/node-schedule/node-schedule'],
  packages: ['node-schedule'],
  members: ['scheduleJob'],
  calls: [
    {
      origin: /^scheduleJob\.\(\)$/,
      kind: 'cron',
      label: (call) => call.arguments.at(-2),
      handler: (call) => call.arguments.at(-1),
    },
  ],
});
