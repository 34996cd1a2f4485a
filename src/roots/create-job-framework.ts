import type { TSESTree } from '@typescript-eslint/utils';
import type { Handler } from '../project/root-candidate.ts';
import type { Root } from '../model/trace.ts';
import { findDeclaration } from './find-declaration.ts';
import { spellOrigin } from './find-origin.ts';
import type { Framework, FrameworkFile } from './framework.ts';
import { isPartOf } from './is-part-of.ts';
import { nameHandler } from './name-handler.ts';
import { hasOwnName, resolveFunctions } from './resolve-functions.ts';
import { spellArgument } from './spell-argument.ts';

/** A framework that runs functions from a queue or a clock: `new Worker('mails', send)`, `schedule('0 * * * *', run)`. */
export interface JobFramework {
  readonly name: string;
  readonly documentation: readonly string[];
  readonly packages: readonly string[];
  /** Names by which the calls are made as members: `queue.process(…)`, `new bullmq.Worker(…)`. */
  readonly members: readonly string[];
  /** Text by which files are found that use a client of another file. */
  readonly elsewhere?: RegExp;
  /** The calls that take a handler. */
  readonly calls: readonly JobCall[];
}

export interface JobCall {
  /** How the called thing is spelled from the package's export on: `Worker.new`, `schedule.()`. */
  readonly origin: RegExp;
  /** What it is called in reports: `queue`, `cron`. */
  readonly kind: string;
  /** Where the job's name or schedule is. */
  readonly label: (call: JobNode) => TSESTree.Node | undefined;
  /** Where the handler is. */
  readonly handler: (call: JobNode) => TSESTree.Node | undefined;
  /** What keeps two of its executions apart; absent: nothing does. */
  readonly bound?: (call: JobNode, handler: Handler['node'], file: FrameworkFile) => Root['bound'];
}

export type JobNode = TSESTree.CallExpression | TSESTree.NewExpression;

/** Made from data: which calls, and which of their arguments. */
export function createJobFramework(data: JobFramework): Framework {
  return {
    name: data.name,
    documentation: data.documentation,
    packages: data.packages,
    ...(data.elsewhere === undefined ? {} : { elsewhere: data.elsewhere }),
    findHandlers: (file) =>
      file.calls().flatMap((call) => {
        if (!mayBeJob(data, call)) return [];
        const origin = file.findOrigin(call);
        if (origin === undefined || !data.packages.some((name) => isPartOf(origin.package, name))) return [];
        const spelled = spellOrigin(origin);
        const job = data.calls.find((each) => each.origin.test(spelled));
        if (job === undefined) return [];
        const label = spellArgument(job.label(call), file.text);
        return resolveFunctions(job.handler(call)).map((node): Handler => ({
          ...nameHandler(node, `${job.kind} ${label} (${data.name})`, `${data.name} job`),
          // a function with a name may be called from elsewhere too, past the queue
          ...(job.bound === undefined || hasOwnName(node) ? {} : { bound: job.bound(call, node, file) }),
        }));
      }),
  };
}

/** Where a call comes from may stand in another file, so that it is asked only where the call itself looks like one. */
function mayBeJob(data: JobFramework, call: JobNode): boolean {
  const { callee } = call;
  if (callee.type === 'MemberExpression') {
    if (callee.property.type !== 'Identifier' || !data.members.includes(callee.property.name)) return false;
  } else {
    const declaration = callee.type === 'Identifier' ? findDeclaration(callee, callee.name) : undefined;
    const isFromElsewhere =
      declaration?.kind === 'import' && !data.packages.some((name) => isPartOf(declaration.specifier, name));
    if (declaration === undefined || declaration.kind === 'function' || isFromElsewhere) return false;
  }
  return data.calls.some((each) => resolveFunctions(each.handler(call)).length > 0);
}
