import type { TSESTree } from '@typescript-eslint/utils';
import type { OpenType } from '../project/open-type.ts';
import type { Handler } from '../project/root-candidate.ts';
import type { FunctionInputs } from './describe-inputs.ts';
import { describeInputs, findTypeArguments } from './describe-inputs.ts';
import { findObject, findProperty } from './find-property.ts';
import { spellOrigin } from './find-origin.ts';
import type { Framework, FrameworkFile } from './framework.ts';
import { listTypedFunctions } from './list-typed-functions.ts';
import { nameHandler } from './name-handler.ts';
import { resolveFunctions } from './resolve-functions.ts';
import { spellArgument } from './spell-argument.ts';

/** A framework whose routes are registered by calls on an application or a router: `app.post('/book', handler)`. */
export interface RouterFramework {
  readonly name: string;
  readonly documentation: readonly string[];
  readonly packages: readonly string[];
  /** How an application or a router is made or declared, as `spellOrigin` writes it. Examples: `Router.()`, `Hono.new`. */
  readonly receivers: readonly string[];
  /** Members that register a handler of that method behind a path; `all` is any method. */
  readonly methods: readonly string[];
  /** Members that return a receiver again: `app.use(…).post(…)`. */
  readonly chained: readonly string[];
  /** Members that take the route as an object first, and in which property the handler is if not an argument. */
  /** Types that projects add members to. */
  readonly openTypes?: readonly OpenType[];
  /** What a handler is called with, by the ids of such types. */
  readonly inputs?: FunctionInputs;
  /** Types of functions that the packages export, and what a function of that type is called with. */
  readonly functions?: Readonly<Record<string, FunctionInputs>>;
  readonly objects?: Readonly<Record<string, { readonly path: string; readonly handler?: string }>>;
}

/** A route on an application or a router that another file made. */
const route = /\.(?:get|post|put|patch|delete|del|head|options|all)\(\s*['"`]\/|\.openapi\(|\.route\(\s*\{/;

/** Made from data, since routers differ in words only. */
export function createRouterFramework(data: RouterFramework): Framework {
  const members = [...data.methods, ...Object.keys(data.objects ?? {})];
  return {
    name: data.name,
    documentation: data.documentation,
    packages: data.packages,
    ...(data.openTypes === undefined ? {} : { openTypes: data.openTypes }),
    elsewhere: route,
    findHandlers: (file) => [
      ...file.calls().flatMap((call) => {
        const { callee } = call;
        if (call.type !== 'CallExpression' || callee.type !== 'MemberExpression' || callee.computed) return [];
        if (callee.property.type !== 'Identifier' || !members.includes(callee.property.name)) return [];
        const found = readRoute(data, file, call, callee.property.name, callee.object);
        if (found === undefined || found.functions.length === 0 || !isReceiver(data, file, callee.object)) return [];
        const label = `${found.method} ${found.path} (${data.name})`;
        const last = found.functions.at(-1);
        const inputs = data.inputs && describeInputs(data.inputs, findTypeArguments(file.findOrigin(callee.object)));
        return found.functions.map((node): Handler => {
          const handler =
            node === last
              ? nameHandler(node, label, `${data.name} route`)
              : nameHandler(node, `${label.slice(0, -1)} middleware)`, `${data.name} middleware`);
          return inputs === undefined ? handler : { ...handler, inputs };
        });
      }),
      ...listTypedFunctions(file, data.packages, data.functions ?? {}).map(({ node, inputs, type }): Handler => ({
        node,
        reason: `${data.name} ${type}`,
        inputs,
      })),
    ],
  };
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly functions: readonly Handler['node'][];
}

function readRoute(
  data: RouterFramework,
  file: FrameworkFile,
  call: TSESTree.CallExpression,
  member: string,
  receiver: TSESTree.Expression,
): Route | undefined {
  const [first, ...rest] = call.arguments;
  const shape = data.objects?.[member];
  if (shape !== undefined && findObject(first) !== undefined) {
    const method = findProperty(first, 'method');
    const inside = shape.handler === undefined ? undefined : findProperty(first, shape.handler);
    return {
      method: method === undefined ? 'ANY' : spellArgument(method, file.text).toUpperCase(),
      path: spellArgument(findProperty(first, shape.path), file.text),
      functions:
        shape.handler === undefined ? rest.flatMap((each) => resolveFunctions(each)) : resolveFunctions(inside),
    };
  }
  if (!data.methods.includes(member)) return undefined;
  const method = member === 'all' ? 'ANY' : member === 'del' ? 'DELETE' : member.toUpperCase();
  // `router.route('/book').post(handler)`
  const routed = findRoutePath(receiver);
  if (routed !== undefined) {
    const functions = call.arguments.flatMap((each) => resolveFunctions(each));
    return { method, path: spellArgument(routed, file.text), functions };
  }
  return {
    method,
    path: spellArgument(call.arguments.find(isPath) ?? first, file.text),
    functions: rest.flatMap((each) => resolveFunctions(each)),
  };
}

/** A name of the route may stand before its path. */
function isPath(node: TSESTree.Node): boolean {
  return node.type === 'Literal' && typeof node.value === 'string' && node.value.startsWith('/');
}

function findRoutePath(receiver: TSESTree.Expression): TSESTree.Node | undefined {
  if (receiver.type !== 'CallExpression' || receiver.callee.type !== 'MemberExpression') return undefined;
  const { property, object } = receiver.callee;
  if (property.type !== 'Identifier') return undefined;
  return property.name === 'route' ? receiver.arguments[0] : findRoutePath(object);
}

/** Does the expression come from the framework's package, as an application or a router? */
function isReceiver(data: RouterFramework, file: FrameworkFile, node: TSESTree.Expression): boolean {
  const origin = file.findOrigin(node);
  if (origin === undefined || !data.packages.includes(origin.package)) return false;
  const spelled = spellOrigin(origin);
  const made = data.receivers.find((each) => spelled === each || spelled.startsWith(`${each}.`));
  if (made === undefined) return false;
  const more = spelled
    .slice(made.length + 1)
    .split('.')
    .filter((name) => name !== '');
  return more.every((name) => name === '()' || data.chained.includes(name) || data.methods.includes(name));
}
