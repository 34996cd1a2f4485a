import type { Framework } from './framework.ts';
import { bullmq } from './frameworks/bullmq.ts';
import { cron, croner, nodeCron, nodeSchedule } from './frameworks/cron.ts';
import { express } from './frameworks/express.ts';
import { fastify } from './frameworks/fastify.ts';
import { hono } from './frameworks/hono.ts';
import { inngest } from './frameworks/inngest.ts';
import { koaRouter } from './frameworks/koa-router.ts';
import { nest } from './frameworks/nest.ts';
import { next } from './frameworks/next.ts';
import { sveltekit } from './frameworks/sveltekit.ts';
import { triggerDev } from './frameworks/trigger-dev.ts';
import { trpc } from './frameworks/trpc.ts';

/** Every framework that race-lint knows, in the order in which they are asked. */
export const frameworks: readonly Framework[] = [
  express,
  fastify,
  hono,
  koaRouter,
  next,
  sveltekit,
  trpc,
  nest,
  bullmq,
  inngest,
  triggerDev,
  nodeCron,
  cron,
  croner,
  nodeSchedule,
];
