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
 * One analysis a parsed file, shared by all rules. Keyed by the host's own syntax tree, which lives exactly as long as
 * the host's look at that version of the file.
 */
const analysisOfProgram = new WeakMap<object, FileAnalysis>();

/** What a session was last used for: tells a long-lived host (a file comes again) from one run over many files. */
const useOfSession = new WeakMap<Session, { readonly files: Set<string>; lastUsed: number }>();

/**
 * The analysis of the file that a rule looks at, on the host's own syntax tree. A defect of the analysis never reaches
 * the host: it becomes a bailout of kind `invariant`.
 */
export function readFindings(context: RuleContext): FileAnalysis {
  const { program } = readSource(context);
  const known = analysisOfProgram.get(program);
  if (known !== undefined) return known;
  const analysis = analyzeSafely(context);
  analysisOfProgram.set(program, analysis);
  return analysis;
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
