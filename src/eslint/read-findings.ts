import path from 'node:path';
import type { FileAnalysis, Settings } from '../model/analysis.ts';
import { openSession, type Session } from '../session.ts';
import { readSource, type RuleContext } from './host.ts';

/**
 * After this long without a lint, files on disk may have changed under a session. A lint run over many files stays
 * below it; an editor does not.
 */
const idleMilliseconds = 3000;

/**
 * The analysis of the file that is being linted, shared by all rules, and the host's own syntax tree as its key. It is let
 * go when the host leaves the file: a tree that is held for longer is copied about by the garbage collector, and so is
 * the key of a WeakMap, at a cost beyond all that rules do in most files.
 */
let current: { readonly program: object; readonly analysis: FileAnalysis } | undefined;

/** What a session was last used for: tells a long-lived host (a file comes again) from one run over many files. */
const useOfSession = new WeakMap<Session, { readonly files: Set<string>; lastUsed: number }>();

/**
 * The analysis of the file that a rule looks at, on the host's own syntax tree. A defect of the analysis never reaches
 * the host: it becomes a bailout of kind `invariant`.
 */
export function readFindings(context: RuleContext): FileAnalysis {
  const { program } = readSource(context);
  if (current?.program !== program) current = { program, analysis: analyzeSafely(context) };
  return current.analysis;
}

/** Lets the analysis go: the host is done with the file. */
export function forgetFindings(): void {
  current = undefined;
}

function analyzeSafely(context: RuleContext): FileAnalysis {
  const file = path.resolve(context.cwd, context.filename);
  try {
    const session = openSession(file, readSettings(context));
    const use = refreshWhenStale(session, file);
    const analysis = session.analyze(file, readSource(context));
    // what the analysis itself takes is no idleness
    use.lastUsed = performance.now();
    return analysis;
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {
      file,
      findings: [],
      bailouts: [{ kind: 'invariant', reason: 'the analysis failed', detail }],
      traces: [],
      counts: { functions: 0, roots: 0, effects: 0 },
    };
  }
}

function refreshWhenStale(session: Session, file: string): { lastUsed: number } {
  const now = performance.now();
  const use = useOfSession.get(session);
  if (use === undefined) {
    const first = { files: new Set([file]), lastUsed: now };
    useOfSession.set(session, first);
    return first;
  }
  if (use.files.has(file) || now - use.lastUsed > idleMilliseconds) session.refresh();
  use.files.add(file);
  return use;
}

/** `settings["race-lint"]`; anything but an object counts as absent. */
function readSettings(context: RuleContext): Settings {
  const settings = context.settings['race-lint'];
  return typeof settings === 'object' && settings !== null ? settings : {};
}
