import type { Root } from '../model/trace.ts';
import type { Handler } from '../project/root-candidate.ts';

/** What a framework says of a root, as far as it says something. */
export function describeHandled(handler: Handler | undefined): Partial<Root> {
  if (handler === undefined) return {};
  const { name, reason, bound } = handler;
  return { reason, ...(name === undefined ? {} : { name }), ...(bound === undefined ? {} : { bound }) };
}
