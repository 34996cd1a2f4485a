import type { Bailout } from './bailout.ts';
import type { EngineName, IsolationLevel } from './engine.ts';
import type { Finding } from './finding.ts';
import type { Trace } from './trace.ts';

/** `settings["race-lint"]` in a lint configuration; every field is optional. */
export interface Settings {
  /** The database engine, where neither schema nor clients tell. */
  readonly engine?: EngineName;
  /** The default isolation level of that database, where it was changed on the server. */
  readonly isolation?: IsolationLevel;
  /** Schema files or folders, relative to the project's root, in place of those found by themselves. */
  readonly schema?: readonly string[];
  /** Put there by the preset, so that ESLint's cache notices a changed schema; never read. */
  readonly schemaDigest?: string;
}

/** What the analysis of one file gives. */
export interface FileAnalysis {
  readonly file: string;
  /** All rules' findings, `possible` ones included, in the order of their places. */
  readonly findings: readonly Finding[];
  readonly bailouts: readonly Bailout[];
  /** One trace a root in this file that has effects. */
  readonly traces: readonly Trace[];
  readonly counts: { readonly functions: number; readonly roots: number; readonly effects: number };
}

/** What a run understood of the whole project; the audit prints it first. */
export interface ProjectSummary {
  readonly root: string;
  readonly engines: readonly { readonly engine: EngineName; readonly because: string }[];
  readonly tables: number;
  readonly uniqueKeys: number;
  /** Schema files that facts came from, relative to the root. */
  readonly schemaFiles: readonly string[];
  /** Schema problems: unreadable files, statements that did not parse. */
  readonly bailouts: readonly Bailout[];
}
