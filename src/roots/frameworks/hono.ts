import { createRouterFramework } from '../create-router-framework.ts';

/** Hono 4, with `@hono/zod-openapi`. Requests run side by side. */
export const hono = createRouterFramework({
  name: 'hono',
  documentation: ['https://hono.dev/docs/api/routing', 'https://hono.dev/examples/zod-openapi'],
  packages: ['hono', 'hono/quick', 'hono/tiny', '@hono/zod-openapi'],
  receivers: ['Hono.new', 'Hono.typed', 'OpenAPIHono.new', 'OpenAPIHono.typed'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'options', 'all'],
  chained: ['use', 'route', 'basePath', 'mount', 'notFound', 'onError', 'openapi', 'on'],
  objects: { openapi: { path: 'path' } },
});
