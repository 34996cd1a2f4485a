import { createRouterFramework } from '../create-router-framework.ts';

/** Koa's router. Requests run side by side. */
export const koaRouter = createRouterFramework({
  name: 'koa',
  documentation: ['https://github.com/koajs/router/blob/master/API.md'],
  packages: ['@koa/router', 'koa-router'],
  receivers: ['new', '()', 'Router.new', 'Router.typed', 'typed'],
  methods: ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all'],
  chained: ['use', 'prefix', 'param'],
});
