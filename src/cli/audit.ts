import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FileAnalysis, ProjectSummary } from '../model/analysis.ts';
import type { Bailout } from '../model/bailout.ts';
import type { Finding } from '../model/finding.ts';
import { findProjectRoot } from '../project/find-project-root.ts';
import { walkFiles } from '../project/walk-files.ts';
import type { AuditedFile, AuditResult } from '../reporters/audit-result.ts';
import type { Session } from '../session.ts';
import { AuditError } from './audit-error.ts';
import { type Directive, findDirectives, findSuppression, mayHaveDirectives } from './find-suppressions.ts';
import { proposeSchemaEdit } from './schema-edits/propose-schema-edit.ts';
import { createFindingFilter } from './select-findings.ts';

export interface AuditOptions {
  /** Files and folders; none means the current folder. */
  readonly paths?: readonly string[];
  /** What relative paths start from; default: the process's current folder. */
  readonly cwd?: string;
  /** Default: `recommended`. */
  readonly preset?: 'recommended' | 'strict' | 'all';
  /** Only these rules. */
  readonly rules?: readonly string[];
  /** Leave out files that match one of these patterns (the syntax of .gitignore, relative to `cwd`). */
  readonly ignore?: readonly string[];
  /** Look at tests, scripts, seeds and migrations too, as if their functions ran beside each other. */
  readonly all?: boolean;
  /** Whether findings carry the edit of another file that adds a missing unique key to its table. Default: true. */
  readonly schemaEdits?: boolean;
  /** Called before each file. */
  readonly onProgress?: (done: number, total: number, file: string) => void;
}

/**
 * Looks for races in files and folders. The code that is looked at is read, never run.
 *
 * @throws AuditError when a path, preset or rule does not exist
 */
export async function audit(options: AuditOptions = {}): Promise<AuditResult> {
  const { createSession } = await import('../session.ts');
  return auditWith((root) => createSession({ root, settings: {}, all: options.all ?? false }), options);
}

/**
 * `audit` on any session.
 *
 * @param createSession opens a project by its absolute root
 */
export async function auditWith(createSession: (root: string) => Session, options: AuditOptions): Promise<AuditResult> {
  const cwd = options.cwd ?? process.cwd();
  const isWanted = createFindingFilter(options.preset ?? 'recommended', options.rules ?? []);
  const paths = options.paths === undefined || options.paths.length === 0 ? ['.'] : options.paths;
  const absent = paths.find((given) => !existsSync(path.resolve(cwd, given)));
  if (absent !== undefined) throw new AuditError(`There is no file or folder "${absent}".`);
  const walked = walkFiles(paths, { cwd, ignore: options.ignore ?? [], all: options.all ?? false });
  const listed = walked.files;
  const sessions = new Map<string, Session>();
  const roots = new Map<string, string>();
  const files: AuditedFile[] = [];
  for (const file of listed) {
    options.onProgress?.(files.length, listed.length, file);
    const folder = path.dirname(file);
    const root = roots.get(folder) ?? findProjectRoot(file);
    roots.set(folder, root);
    const session = sessions.get(root) ?? createSession(root);
    sessions.set(root, session);
    files.push(await auditFile(file, session, isWanted, options.schemaEdits ?? true));
  }
  options.onProgress?.(files.length, listed.length, '');
  const projects = [...sessions.values()].map(summarizeSafely);
  return { cwd, projects, files, skipped: walked.skipped, bailouts: walked.bailouts };
}

async function auditFile(
  file: string,
  session: Session,
  isWanted: (finding: Finding) => boolean,
  withSchemaEdits: boolean,
): Promise<AuditedFile> {
  const analysis = analyzeSafely(file, session);
  const wanted = analysis.findings.filter(isWanted);
  const directives = wanted.length === 0 ? [] : await readDirectives(file);
  const findings: Finding[] = [];
  const suppressed: AuditedFile['suppressed'][number][] = [];
  for (const finding of wanted) {
    const directive = findSuppression(directives, finding.rule, finding.location);
    if (directive === undefined) findings.push(withSchemaEdits ? await addSchemaEdit(finding) : finding);
    else suppressed.push({ finding, justification: directive.justification });
  }
  return { path: file, findings, suppressed, bailouts: analysis.bailouts, counts: analysis.counts };
}

/** A finding that rests on a missing unique key, with the edit that adds it, where there is one. */
async function addSchemaEdit(finding: Finding): Promise<Finding> {
  if (finding.missingKey === undefined) return finding;
  const schemaEdit = await proposeSchemaEdit(finding.missingKey);
  return schemaEdit === undefined ? finding : { ...finding, schemaEdit };
}

/** A defect of the analysis in one file must not end the run. */
function analyzeSafely(file: string, session: Session): FileAnalysis {
  try {
    return session.analyze(file);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const bailout: Bailout = { kind: 'invariant', reason: 'the analysis of a file failed', detail };
    return { file, findings: [], bailouts: [bailout], traces: [], counts: { functions: 0, roots: 0, effects: 0 } };
  }
}

function summarizeSafely(session: Session): ProjectSummary {
  try {
    return session.summarize();
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const bailout: Bailout = { kind: 'invariant', reason: 'the summary of the project failed', detail };
    return { root: session.root, engines: [], tables: 0, uniqueKeys: 0, schemaFiles: [], bailouts: [bailout] };
  }
}

async function readDirectives(file: string): Promise<readonly Directive[]> {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  return mayHaveDirectives(text) ? findDirectives(file, text) : [];
}
