import type { ScheduleRun } from './gate.ts';

/** How the actors of a run ended, in the form that calls at once have, too. */
export function listEnds(run: ScheduleRun): readonly PromiseSettledResult<unknown>[] {
  return Object.values(run.actors).map((end) => (end.status === 'crashed' ? { status: 'rejected', reason: end } : end));
}

/** What a caller got to know of a failure: the code of the database, else the message. */
export function nameRejection(reason: unknown): string {
  const { code, message } = reason as { readonly code?: string; readonly message?: string };
  return code ?? message ?? 'crashed';
}
