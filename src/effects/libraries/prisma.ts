import type { Client } from '../../model/client.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue, Value } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { listEntryNames } from '../find-entry.ts';
import { handlesPrismaImport, identifyPrisma } from './prisma/identify-prisma.ts';
import { inertMembers } from './prisma/model-methods.ts';
import { rawMembers, recognizeRawSql } from './prisma/recognize-raw-sql.ts';
import { recognizeModelCall } from './prisma/recognize-model-call.ts';
import { recognizeTransaction } from './prisma/recognize-transaction.ts';

/** Prisma Client. A `PrismaPromise` is lazy: nothing is sent before it is awaited or handed to `$transaction`. */
export const prismaAdapter: LibraryAdapter = {
  name: 'prisma',
  documentation: [
    'https://www.prisma.io/docs/orm/reference/prisma-client-reference',
    'https://www.prisma.io/docs/orm/prisma-client/queries/transactions',
    'https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/raw-queries',
  ],
  checkedAgainst: { '@prisma/client': '6.19, 7.10' },
  handlesImport: handlesPrismaImport,
  identify: identifyPrisma,
  recognize: recognizePrisma,
};

function recognizePrisma(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'pending' };
  const { client } = chain.root;
  const [first, ...rest] = chain.steps;
  if (first === undefined) return { kind: 'pending' };
  const recognition = first.name.startsWith('$')
    ? recognizeClientMember(client, first, rest, context)
    : recognizeModelMember(client, first, rest, context);
  // Looked at again when it is awaited.
  return recognition.kind === 'effects' && recognition.sent === 'on await' && !context.awaited
    ? { kind: 'pending' }
    : recognition;
}

function recognizeClientMember(
  client: Client,
  step: ChainStep,
  rest: readonly ChainStep[],
  context: RecognizeContext,
): Recognition {
  const answer = rawMembers[step.name];
  if (answer !== undefined) {
    if (step.args === undefined && step.template === undefined) return { kind: 'pending' };
    return rest.length > 0 ? unsupported(step, rest) : recognizeRawSql(client, step, answer, context);
  }
  if (step.args === undefined) return { kind: 'pending' };
  if (rest.length > 0) return unsupported(step, rest);
  if (inertMembers.has(step.name)) return { kind: 'nothing' };
  switch (step.name) {
    case '$transaction':
      return recognizeTransaction(client, step, context);
    case '$extends':
      return { kind: 'client', client: extendClient(client, step.args[0]) };
    case '$primary':
    case '$replica':
      return { kind: 'client', client };
    default:
      return unsupported(step, rest);
  }
}

/** An extension may wrap queries in code of its own; the client remembers which components it has. */
function extendClient(client: Client, extension: Value | undefined): Client {
  const components = listEntryNames(extension);
  if (components.length === 0) return client;
  const value: Value = { kind: 'constant', value: components.join(' ') };
  return { ...client, detail: { ...client.detail, extended: value } };
}

function recognizeModelMember(
  client: Client,
  model: ChainStep,
  rest: readonly ChainStep[],
  context: RecognizeContext,
): Recognition {
  const [method, ...more] = rest;
  if (model.name === '[]') return { kind: 'unsupported', reason: 'Prisma model is computed' };
  // Extensions may put functions on the client itself.
  if (model.args !== undefined) return unsupported(model, rest);
  if (method === undefined || method.name === 'fields') return { kind: 'pending' };
  if (method.args === undefined) return more.length > 0 ? unsupported(method, more) : { kind: 'pending' };
  if (more.length > 0) return unsupported(method, more);
  return recognizeModelCall(client, model.name, method, context);
}

function unsupported(step: ChainStep, rest: readonly ChainStep[]): Recognition {
  return {
    kind: 'unsupported',
    reason: 'unknown Prisma member',
    detail: [step, ...rest].map((each) => each.name).join('.'),
  };
}
