import { createRouterFramework } from '../create-router-framework.ts';

/** Express 4 and 5: applications and routers, also as declared types. Requests run side by side. */
export const express = createRouterFramework({
  name: 'express',
  documentation: [
    'https://expressjs.com/en/5x/api.html#app.METHOD',
    'https://expressjs.com/en/5x/api.html#router.route',
  ],
  packages: ['express', 'express-promise-router'],
  receivers: ['()', 'Router.()', 'Router.new', 'Express.typed', 'Application.typed', 'Router.typed', 'IRouter.typed'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all'],
  chained: ['use', 'route', 'param', 'set'],
  openTypes: [
    {
      id: 'express.Request',
      packages: ['express', 'express-serve-static-core'],
      name: 'Request',
      globals: ['Express.Request'],
    },
  ],
  inputs: { parameters: ['express.Request'] },
  functions: {
    RequestHandler: { parameters: ['express.Request'] },
  },
});
