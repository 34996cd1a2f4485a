import { createRouterFramework } from '../create-router-framework.ts';

/** Fastify 4 and 5: the instance, and the one that a plugin is given. Requests run side by side. */
export const fastify = createRouterFramework({
  name: 'fastify',
  documentation: ['https://fastify.dev/docs/latest/Reference/Routes/'],
  packages: ['fastify'],
  receivers: ['()', 'fastify.()', 'Fastify.()', 'FastifyInstance.typed'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all'],
  chained: ['register', 'withTypeProvider', 'decorate', 'addHook', 'after', 'route'],
  objects: { route: { path: 'url', handler: 'handler' } },
});
