import type { TSESTree } from '@typescript-eslint/utils';
import type { Handler } from '../../project/root-candidate.ts';
import type { Framework, FrameworkFile } from '../framework.ts';
import { findProperty } from '../find-property.ts';
import { spellArgument } from '../spell-argument.ts';

/** Decorators of methods that a request starts. */
const routes: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
  All: 'ANY',
};

/** Other decorators of methods, by package, and what they are called in a report. */
const others: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '@nestjs/schedule': { Cron: 'cron', Interval: 'interval', Timeout: 'timeout' },
  '@nestjs/bull': { Process: 'queue job' },
  '@nestjs/bullmq': { Process: 'queue job' },
  '@nestjs/graphql': { Query: 'query', Mutation: 'mutation', ResolveField: 'field' },
  '@nestjs/microservices': { MessagePattern: 'message', EventPattern: 'event', GrpcMethod: 'call' },
  '@nestjs/event-emitter': { OnEvent: 'event' },
  '@nestjs/websockets': { SubscribeMessage: 'message' },
};

/** Methods that every instance calls when it starts, of anything that the container makes. */
const starts = new Set(['onModuleInit', 'onApplicationBootstrap']);

const made = ['Injectable', 'Controller', 'Module'];

/**
 * NestJS 9 to 11: methods of controllers, resolvers and processors. None of them is bounded: every instance of the
 * server runs its own schedule and its own workers. What runs when an instance starts runs again at its next start.
 */
export const nest: Framework = {
  name: 'nest',
  documentation: [
    'https://docs.nestjs.com/controllers',
    'https://docs.nestjs.com/techniques/task-scheduling',
    'https://docs.nestjs.com/techniques/queues',
    'https://docs.nestjs.com/fundamentals/lifecycle-events',
  ],
  packages: ['@nestjs'],
  findHandlers: (file) => file.classes().flatMap((owner) => findMethods(file, owner)),
};

function findMethods(
  file: FrameworkFile,
  owner: TSESTree.ClassDeclaration | TSESTree.ClassExpression,
): readonly Handler[] {
  const controller = findDecorator(file, owner, '@nestjs/common', 'Controller');
  const processor =
    findDecorator(file, owner, '@nestjs/bullmq', 'Processor') ??
    findDecorator(file, owner, '@nestjs/bull', 'Processor');
  const isMade = made.some((name) => findDecorator(file, owner, '@nestjs/common', name) !== undefined);
  return owner.body.body.flatMap((member): readonly Handler[] => {
    if (member.type !== 'MethodDefinition' || member.value.type !== 'FunctionExpression') return [];
    if (isMade && !member.static && member.key.type === 'Identifier' && starts.has(member.key.name))
      return [{ node: member.value, reason: 'start (nest)', bound: 'each start' }];
    const reason = describe(file, member, controller, processor);
    return reason === undefined ? [] : [{ node: member.value, reason }];
  });
}

function describe(
  file: FrameworkFile,
  method: TSESTree.MethodDefinition,
  controller: readonly TSESTree.Node[] | undefined,
  processor: readonly TSESTree.Node[] | undefined,
): string | undefined {
  const name = method.key.type === 'Identifier' ? method.key.name : '';
  if (processor !== undefined && name === 'process') return `queue ${spellQueue(file, processor)} (nest)`;
  for (const decorator of listDecorators(method)) {
    const known = identify(file, decorator);
    if (known === undefined) continue;
    if (known.package === '@nestjs/common' && controller !== undefined) {
      const verb = routes[known.name];
      if (verb !== undefined) return `${verb} ${joinPath(file, controller[0], known.args[0])} (nest)`;
    }
    const kind = others[known.package]?.[known.name];
    if (kind !== undefined)
      return known.args[0] === undefined
        ? `${kind} (nest)`
        : `${kind} ${spellArgument(known.args[0], file.text)} (nest)`;
  }
  return undefined;
}

function spellQueue(file: FrameworkFile, args: readonly TSESTree.Node[]): string {
  return spellArgument(findProperty(args[0], 'name') ?? args[0], file.text);
}

/** `@Controller('seats')` and `@Post(':id/book')` make `/seats/:id/book`. */
function joinPath(file: FrameworkFile, base: TSESTree.Node | undefined, own: TSESTree.Node | undefined): string {
  const parts = [findProperty(base, 'path') ?? base, own]
    .filter((part) => part !== undefined && part.type !== 'ObjectExpression')
    .map((part) => spellArgument(part, file.text).replace(/^\/|\/$/g, ''));
  return `/${parts.filter((part) => part !== '').join('/')}`;
}

interface Decoration {
  readonly package: string;
  readonly name: string;
  readonly args: readonly TSESTree.Node[];
}

function identify(file: FrameworkFile, { expression }: TSESTree.Decorator): Decoration | undefined {
  const callee = expression.type === 'CallExpression' ? expression.callee : expression;
  const origin = file.findOrigin(callee);
  const [step, ...more] = origin?.steps ?? [];
  if (origin === undefined || step === undefined || more.length > 0) return undefined;
  return {
    package: origin.package,
    name: step.name,
    args: expression.type === 'CallExpression' ? expression.arguments : [],
  };
}

/** The arguments of a decorator, if it is there. */
function findDecorator(
  file: FrameworkFile,
  node: Decorated,
  from: string,
  name: string,
): readonly TSESTree.Node[] | undefined {
  return listDecorators(node)
    .map((decorator) => identify(file, decorator))
    .find((known) => known?.package === from && known.name === name)?.args;
}

type Decorated = TSESTree.ClassDeclaration | TSESTree.ClassExpression | TSESTree.MethodDefinition;

/** A linter's parser for JavaScript knows no decorators, and has no list of them. */
function listDecorators(node: Partial<Pick<Decorated, 'decorators'>>): readonly TSESTree.Decorator[] {
  return node.decorators ?? [];
}
