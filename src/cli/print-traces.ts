import { statSync } from 'node:fs';
import path from 'node:path';
import { findProjectRoot } from '../project/find-project-root.ts';
import { renderTrace } from '../reporters/render-trace.ts';
import { AuditError } from './audit-error.ts';

/**
 * The printed traces of a file's roots.
 *
 * @param target `FILE`, or `FILE:FUNCTION` for one of them
 * @throws AuditError when there is no such file, or no such function with effects in it
 */
export async function printTraces(target: string, cwd: string): Promise<string> {
  const { file, functionName } = splitTarget(target, cwd);
  const { createSession } = await import('../session.ts');
  const { traces, bailouts } = createSession({
    root: findProjectRoot(file),
    settings: {},
    all: true,
    traces: true,
  }).analyze(file);
  const chosen = functionName === undefined ? traces : traces.filter(({ root }) => isNamed(root.name, functionName));
  if (chosen.length === 0) {
    const problem = bailouts.find(({ kind }) => kind === 'input' || kind === 'invariant');
    if (problem !== undefined) throw new AuditError(`${target}: ${problem.reason}: ${problem.detail ?? ''}`);
    const names = traces.map(({ root }) => root.name).join(', ');
    throw new AuditError(
      functionName === undefined || names === ''
        ? `No function of ${target} has effects that race-lint knows.`
        : `${functionName} is no function with effects. There are: ${names}.`,
    );
  }
  return `${chosen.map((trace) => renderTrace(trace, cwd)).join('\n\n')}\n`;
}

/** The whole text is tried as a file first: names of files may hold colons. */
function splitTarget(target: string, cwd: string): { readonly file: string; readonly functionName?: string } {
  const isFile = (text: string): boolean =>
    statSync(path.resolve(cwd, text), { throwIfNoEntry: false })?.isFile() === true;
  if (isFile(target)) return { file: path.resolve(cwd, target) };
  const colon = target.lastIndexOf(':');
  const file = target.slice(0, Math.max(0, colon));
  if (colon <= 0 || !isFile(file)) throw new AuditError(`There is no file "${colon > 0 ? file : target}".`);
  return { file: path.resolve(cwd, file), functionName: target.slice(colon + 1) };
}

/** `bookSeat` names `bookSeat`, `SeatService.bookSeat` and `seatRouter.bookSeat (tRPC mutation)`. */
function isNamed(rootName: string, wanted: string): boolean {
  const plain = rootName.replace(/ \([^()]*\)$/, '');
  return [rootName, plain].some((name) => name === wanted || name.endsWith(`.${wanted}`));
}
