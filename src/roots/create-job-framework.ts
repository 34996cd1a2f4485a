import type { TSESTree } from '@typescript-eslint/types';
import type { Handler } from '../project/root-candidate.ts';
import type { Root } from '../model/trace.ts';
import { spellOrigin } from './find-origin.ts';
import type { Framework, FrameworkFile } from './framework.ts';
import { nameHandler } from './name-handler.ts';
import { hasOwnName, resolveFunctions } from './resolve-functions.ts';
import { spellArgument } from './spell-argument.ts';

/** A framework that runs functions from a queue or a clock: `new Worker('mails', send)`, `schedule('0 * * * *', run)`. */
export interface JobFramework {
  readonly name: string;
  readonly documentation: readonly string[];
  readonly packages: readonly string[];
  /** Members of clients that another file makes and this one imports. */
  readonly members?: readonly string[];
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
    mark: new RegExp(
      [
        `['"](?:${data.packages.map(escape).join('|')})(?:/[\\w./-]+)?['"]`,
        ...(data.members ?? []).map((name) => `\\.${name}\\s*\\(`),
      ].join('|'),
    ),
    findHandlers: (file) =>
      file.calls().flatMap((call) => {
        // where a call comes from may stand in another file: asked only of calls that hand over a function
        if (!data.calls.some((each) => resolveFunctions(each.handler(call)).length > 0)) return [];
        const origin = file.findOrigin(call);
        if (origin === undefined || !data.packages.some((name) => isWithin(origin.package, name))) return [];
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

function isWithin(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}

function escape(text: string): string {
  return text.replace(/[/.]/g, '\\$&');
}
