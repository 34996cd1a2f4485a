import type { TSESTree } from '@typescript-eslint/utils';
import type { DeclaredMember, Handler } from '../../project/root-candidate.ts';
import type { Origin } from '../find-origin.ts';
import type { Framework } from '../framework.ts';
import { resolveFunctions } from '../resolve-functions.ts';

const kinds = new Set(['query', 'mutation', 'subscription']);

/**
 * tRPC 10 and 11: procedures, however many files lie between them and `initTRPC`. `ctx` has the type that
 * `initTRPC.context<Context>()` names; what middlewares add to it stays an input.
 */
export const trpc: Framework = {
  name: 'trpc',
  documentation: [
    'https://trpc.io/docs/server/procedures',
    'https://trpc.io/docs/server/context',
    'https://trpc.io/docs/server/routers',
  ],
  packages: ['@trpc/server'],
  openTypes: [
    {
      id: 'trpc.CreateExpressContextOptions',
      packages: ['@trpc/server/adapters/express'],
      name: 'CreateExpressContextOptions',
      members: { req: 'express.Request' },
    },
    {
      id: 'trpc.CreateFastifyContextOptions',
      packages: ['@trpc/server/adapters/fastify'],
      name: 'CreateFastifyContextOptions',
      members: { req: 'fastify.FastifyRequest' },
    },
  ],
  elsewhere: /\.(?:query|mutation|subscription)\s*\(/,
  findHandlers: (file) =>
    file.calls().flatMap((call) => {
      const { callee } = call;
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
      const kind = callee.property.name;
      if (!kinds.has(kind) || call.arguments.length !== 1) return [];
      const functions = resolveFunctions(call.arguments[0]);
      if (functions.length === 0) return [];
      const origin = file.findOrigin(callee.object);
      if (origin === undefined || !isProcedure(origin)) return [];
      const own = spellPlace(call);
      // what a wrapper hands on is not known
      const context = call.arguments[0]?.type === 'CallExpression' ? undefined : findContextType(origin);
      return functions.map((node): Handler => ({
        node,
        ...(own === '' ? {} : { name: `${own} (tRPC ${kind})` }),
        reason: `tRPC ${kind}`,
        ...(context === undefined ? {} : { inputs: [context] }),
      }));
    }),
};

function isProcedure({ package: name, steps }: Origin): boolean {
  return name === '@trpc/server' && steps[0]?.name === 'initTRPC' && steps.some((step) => step.name === 'procedure');
}

/** The type argument of `.context<Context>()`. */
function findContextType({ steps }: Origin): DeclaredMember | undefined {
  const at = steps.findIndex((step) => step.name === 'context');
  const step = steps[at + 1];
  const type = at < 0 || step?.name !== '()' ? undefined : step.call?.typeArguments?.params[0];
  return step === undefined || type === undefined
    ? undefined
    : { kind: 'member', parameter: 0, member: 'ctx', type, file: step.file };
}

/** `userRouter.update`: the keys and the variable that a procedure stands under. */
function spellPlace(node: TSESTree.Node): string {
  const names: string[] = [];
  for (let around = node.parent; around; around = around.parent) {
    if (around.type === 'Property' && around.key.type === 'Identifier') names.unshift(around.key.name);
    if (around.type === 'VariableDeclarator') {
      if (around.id.type === 'Identifier') names.unshift(around.id.name);
      break;
    }
    if (around.type === 'BlockStatement' || around.type === 'Program') break;
  }
  return names.join('.');
}
