import type { FunctionInputs } from '../describe-inputs.ts';
import { createRouterFramework } from '../create-router-framework.ts';

const handler: FunctionInputs = { parameters: ['hono.Context'] };

/** Hono 4, with `@hono/zod-openapi`. Requests run side by side. */
export const hono = createRouterFramework({
  name: 'hono',
  documentation: [
    'https://hono.dev/docs/api/routing',
    'https://hono.dev/docs/api/context',
    'https://hono.dev/docs/helpers/factory',
    'https://hono.dev/examples/zod-openapi',
  ],
  packages: ['hono', 'hono/quick', 'hono/tiny', '@hono/zod-openapi'],
  receivers: ['Hono.new', 'Hono.typed', 'OpenAPIHono.new', 'OpenAPIHono.typed'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'options', 'all'],
  chained: ['use', 'route', 'basePath', 'mount', 'notFound', 'onError', 'openapi', 'on'],
  objects: { openapi: { path: 'path' } },
  openTypes: [
    {
      id: 'hono.Context',
      packages: ['hono'],
      name: 'Context',
      members: { var: 'hono.Variables' },
      getters: { get: 'hono.Variables' },
      argument: { index: 0, member: 'Variables' },
    },
    {
      id: 'hono.Variables',
      packages: ['hono'],
      name: 'ContextVariableMap',
      setters: ['set'],
      argument: { index: 0, member: 'Variables' },
    },
  ],
  inputs: handler,
  functions: {
    Handler: handler,
    MiddlewareHandler: handler,
    createMiddleware: handler,
    RouteHandler: { ...handler, argument: 1 },
  },
});
