import type { DeclaredInput, Handler } from '../../project/root-candidate.ts';
import type { FunctionInputs } from '../describe-inputs.ts';
import { describeInputs } from '../describe-inputs.ts';
import { createRouterFramework } from '../create-router-framework.ts';
import type { Framework, FrameworkFile } from '../framework.ts';
import { nameHandler } from '../name-handler.ts';
import { resolveFunctions } from '../resolve-functions.ts';
import { spellArgument } from '../spell-argument.ts';

const handler: FunctionInputs = { parameters: ['fastify.FastifyRequest'], self: 'fastify.FastifyInstance' };
const plugin: FunctionInputs = { parameters: ['fastify.FastifyInstance'] };

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all'];

const router = createRouterFramework({
  name: 'fastify',
  documentation: [
    'https://fastify.dev/docs/latest/Reference/Routes/',
    'https://fastify.dev/docs/latest/Reference/Decorators/',
    'https://fastify.dev/docs/latest/Reference/TypeScript/',
  ],
  packages: ['fastify', 'fastify-plugin'],
  receivers: ['()', 'fastify.()', 'Fastify.()', 'FastifyInstance.typed'],
  methods,
  chained: ['register', 'withTypeProvider', 'decorate', 'addHook', 'after', 'route'],
  objects: { route: { path: 'url', handler: 'handler' } },
  openTypes: [
    { id: 'fastify.FastifyInstance', packages: ['fastify'], name: 'FastifyInstance', setters: ['decorate'] },
    {
      id: 'fastify.FastifyRequest',
      packages: ['fastify'],
      name: 'FastifyRequest',
      members: { server: 'fastify.FastifyInstance' },
      setters: ['decorateRequest'],
    },
  ],
  inputs: handler,
  functions: {
    FastifyPluginAsync: plugin,
    FastifyPluginCallback: plugin,
    FastifyPlugin: plugin,
    'default of fastify-plugin': plugin,
    RouteOptions: handler,
    RouteHandler: handler,
    RouteHandlerMethod: handler,
    preHandlerHookHandler: handler,
    preHandlerAsyncHookHandler: handler,
    onRequestHookHandler: handler,
    onRequestAsyncHookHandler: handler,
  },
});

/** Fastify 4 and 5: the instance, and the one that a plugin is given. Requests run side by side. */
export const fastify: Framework = {
  ...router,
  findHandlers: (file) => {
    const typed = router.findHandlers(file);
    const plugins = typed.filter(({ inputs }) => inputs?.some(isInstance)).map(({ node }) => node);
    return [...findRoutes(file, plugins), ...typed];
  },
};

function isInstance(input: DeclaredInput): boolean {
  return input.kind === 'open' && input.parameter === 0 && input.open === 'fastify.FastifyInstance';
}

/**
 * Routes that are registered on the first parameter of a plugin. Plugins that are loaded by their place
 * (`@fastify/autoload`) import nothing of the framework and have no types: exported functions that register routes.
 */
function findRoutes(file: FrameworkFile, plugins: readonly Handler['node'][]): readonly Handler[] {
  const placed = new Set<Handler['node']>();
  const routes = file.calls().flatMap((call): readonly Handler[] => {
    const { callee } = call;
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
    if (callee.object.type !== 'Identifier' || !isRoute(callee.property.name, call.arguments)) return [];
    const around = findOwner(file, callee.object);
    if (around === undefined || (!plugins.includes(around) && !isExported(file, around))) return [];
    if (!plugins.includes(around)) placed.add(around);
    const label = `${callee.property.name.toUpperCase()} ${spellArgument(call.arguments[0], file.text)} (fastify)`;
    return resolveFunctions(call.arguments.at(-1)).map((node) => ({
      ...nameHandler(node, label, 'fastify route'),
      inputs: describeInputs(handler, undefined),
    }));
  });
  if (placed.size > 0 && !file.dependsOn('fastify')) return [];
  const inputs = describeInputs(plugin, undefined);
  return [...[...placed].map((node): Handler => ({ node, reason: 'fastify plugin', inputs })), ...routes];
}

function isRoute(name: string, [path, ...rest]: readonly { readonly type: string }[]): boolean {
  return methods.includes(name) && (path?.type === 'Literal' || path?.type === 'TemplateLiteral') && rest.length > 0;
}

/** The function whose first parameter a name is, where that has no type of its own. */
function findOwner(
  file: FrameworkFile,
  use: { readonly name: string; readonly range: readonly [number, number] },
): Handler['node'] | undefined {
  return file.functions().findLast((node) => {
    const [first] = node.params;
    if (first?.type !== 'Identifier' || first.name !== use.name || first.typeAnnotation !== undefined) return false;
    return node.range[0] <= use.range[0] && use.range[1] <= node.range[1];
  });
}

function isExported(file: FrameworkFile, node: Handler['node']): boolean {
  const { parent } = node;
  if (parent.type === 'ExportDefaultDeclaration') return true;
  return parent.type === 'AssignmentExpression' && /^(?:module\.)?exports\b/.test(file.text.slice(parent.range[0]));
}
