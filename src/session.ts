import { dirname } from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import type { LibraryAdapter } from './effects/adapter.ts';
import { adapters as allAdapters } from './effects/registry.ts';
import { collectFindings } from './findings/collect-findings.ts';
import { createSieve } from './findings/create-sieve.ts';
import { createAnalyzer, renewAnalyzer } from './flow/analyzer.ts';
import type { Analyzer } from './flow/analyzer.ts';
import { openModule } from './flow/evaluate-module.ts';
import { forgetModule } from './flow/forget-module.ts';
import { mayReachClient } from './flow/may-reach-client.ts';
import { traceFile } from './flow/trace-file.ts';
import type { FileAnalysis, ProjectSummary, Settings } from './model/analysis.ts';
import type { Bailout } from './model/bailout.ts';
import type { SchemaFacts, TableFacts } from './model/schema-facts.ts';
import { createProject } from './project/create-project.ts';
import { findSyntaxError, hashText } from './project/parse-source.ts';
import { findProjectRoot } from './project/find-project-root.ts';
import { collectRoots } from './roots/collect-roots.ts';
import { findHandlers } from './roots/find-handlers.ts';
import { isSingleRunFile } from './roots/is-single-run-file.ts';
import { frameworks } from './roots/registry.ts';
import { findRelationOf, findTableByPath } from './schema/find-table-by-path.ts';
import { readSchema } from './schema/read-schema.ts';

/** A file as a host has it already: text and syntax tree. */
export interface HostFile {
  readonly text: string;
  readonly program: TSESTree.Program;
}

/** One project under analysis: what ESLint, the command line and the API share. */
export interface Session {
  /** Absolute path of the project's root. */
  readonly root: string;
  /**
   * Analyses one file; the result is kept for as long as nothing changes.
   *
   * @param path absolute path
   * @param host the text and syntax tree that the host has already; else the file is read and parsed
   */
  readonly analyze: (path: string, host?: HostFile) => FileAnalysis;
  /** What was understood of the project as a whole. */
  readonly summarize: () => ProjectSummary;
  /** Looks for files that changed on disk since they were read, for processes that live long. */
  readonly refresh: () => void;
}

/**
 * What a file must contain for a race to be placed in it: somewhere its own code waits, so that another request can come
 * between. Code that only hands calls on races where it is called.
 */
const suspension = /\bawait\b|\byield\b|\bPromise\b|\.then\s*\(/;

/** What one of them must contain: to look for a word is a fraction of looking for a pattern. */
const suspensionWords = ['await', 'Promise', '.then', 'yield'];

function maySuspend(text: string): boolean {
  return suspensionWords.some((word) => text.includes(word)) && suspension.test(text);
}

/** A file's text, or why it can't be read. */
type Content = string | Bailout;

function isSameContent(a: Content, b: Content): boolean {
  return typeof a === 'string' || typeof b === 'string' ? a === b : a.reason === b.reason;
}

/** Results kept for files that are asked for again. */
const keptAnalyses = 24;

/** Text of modules whose trees and values are kept, in characters; a tree takes some 30 bytes a character. */
const keptCharacters = 3_000_000;

/** The same where a linter brings its own trees: to read them anew costs more than to keep them. */
const keptHostedCharacters = 3_000_000;

/** Opens a project. Reads nothing but the places of its files until something is asked. */
export function createSession(options: {
  readonly root: string;
  readonly settings: Settings;
  readonly adapters?: readonly LibraryAdapter[];
  /** Take the functions of tests, scripts, seeds and migrations for such as many may run at a time, too. */
  readonly all?: boolean;
  /** The files come from a linter, with its own trees. */
  readonly hosted?: boolean;
  /** Trace every file that reaches a client, also those that no finding can be placed in. */
  readonly traces?: boolean;
}): Session {
  const { root, settings } = options;
  const adapters = options.adapters ?? allAdapters;
  const project = createProject({ root, cacheSize: options.hosted === true ? keptHostedCharacters : keptCharacters });
  let schema: ReturnType<typeof readSchema> | undefined;
  let analyzer: Analyzer | undefined;
  const analyses = new Map<string, { readonly content: Content; readonly analysis: FileAnalysis }>();
  const remember = (path: string, content: Content, analysis: FileAnalysis): FileAnalysis => {
    analyses.delete(path);
    analyses.set(path, { content, analysis });
    // the rules of a linter ask one after the other about one file; an editor has a few open
    const oldest = analyses.keys().next();
    if (analyses.size > keptAnalyses && oldest.done !== true) analyses.delete(oldest.value);
    if (
      analyzer !== undefined &&
      analyzer.keptCharacters > (options.hosted === true ? keptHostedCharacters : keptCharacters)
    )
      analyzer = renewAnalyzer(analyzer);
    return analysis;
  };

  const openSchema = (): ReturnType<typeof readSchema> =>
    (schema ??= readSchema({ root, project, ...(settings.schema === undefined ? {} : { files: settings.schema }) }));
  const findEngine = (facts: SchemaFacts): Analyzer['engine'] => settings.engine ?? facts.engine;
  const openAnalyzer = (): Analyzer =>
    (analyzer ??= createAnalyzer({
      project,
      adapters,
      engine: findEngine(openSchema().facts),
      openTypes: frameworks.flatMap((framework) => framework.openTypes ?? []),
    }));

  const analyzeFresh = (path: string, program: HostFile['program'] | undefined, text: Content): FileAnalysis => {
    const empty = (bailouts: readonly Bailout[]): FileAnalysis => ({
      file: path,
      findings: [],
      bailouts,
      traces: [],
      counts: { functions: 0, roots: 0, effects: 0 },
    });
    if (typeof text !== 'string') return empty([text]);
    // by far most files of a project lead to no client; they need no tree
    const isQuiet = options.traces !== true && !maySuspend(text);
    const isOutside = isQuiet || (options.all !== true && isSingleRunFile(root, path));
    const current = openAnalyzer();
    if (isOutside || !mayReachClient(current, path, text)) {
      const problem = program === undefined ? findSyntaxError(path, text) : undefined;
      return empty(problem === undefined ? [] : [problem]);
    }
    // what the host shows may not be on disk yet
    const isGuest = program !== undefined && !project.holdsTree(path, text);
    if (isGuest) project.setSource({ path, text, version: hashText(text), program, isHosted: true });
    const source = project.readSource(path);
    if (!('program' in source)) return empty([source]);
    const module = openModule(current, path);
    if (module === undefined) return empty([]);
    if (isGuest) current.guest = path;
    const handlers = findHandlers(project, module.file, frameworks);
    const candidates = collectRoots(module.file.program, module.file.text, handlers);
    const { facts } = openSchema();
    const findFacts = (name: string): TableFacts | undefined => findTableByPath(facts, name, path);
    const sieve = options.traces === true ? undefined : createSieve((name) => findFacts(name)?.name ?? name);
    const traced = traceFile(current, module, candidates, handlers, sieve);
    const findings = collectFindings(traced.traces, {
      file: path,
      root,
      source,
      engine: findEngine(facts),
      isolation: settings.isolation,
      findTable: findFacts,
      findRelation: (table, name) => findRelationOf(facts, table, name, path),
      isSameTable: (a, b) => a === b || (findFacts(a)?.name ?? a) === (findFacts(b)?.name ?? b),
    });
    // a linter's tree is large, and most files are linted once: the next that imports this one gets a tree of our own
    if (isGuest && current.guest === path && project.dropSource(source)) forgetModule(current, module);
    return {
      file: path,
      findings,
      bailouts: traced.bailouts,
      traces: traced.traces,
      counts: {
        functions: traced.functions,
        roots: traced.roots,
        effects: traced.effects,
      },
    };
  };

  return {
    root,
    analyze: (path, host) => {
      const content = host === undefined ? project.readText(path) : host.text;
      const known = analyses.get(path);
      if (known !== undefined && isSameContent(known.content, content)) return known.analysis;
      if (known !== undefined || (typeof content === 'string' && isOutdated(path, content))) forget();
      return remember(path, content, analyzeFresh(path, host?.program, content));
    },
    summarize: () => {
      const { facts, bailouts, files } = openSchema();
      const engine = findEngine(facts);
      return {
        root,
        engines:
          engine === undefined
            ? []
            : [{ engine, because: settings.engine === undefined ? 'the schema files' : 'the settings' }],
        tables: facts.tables.length,
        uniqueKeys: facts.tables.reduce((sum, table) => sum + table.keys.length, 0),
        schemaFiles: files,
        bailouts,
      };
    },
    refresh: () => {
      project.refresh();
      schema = undefined;
      forget();
    },
  };

  /** Was an older text of the file read for another file's sake? */
  function isOutdated(path: string, text: string): boolean {
    const held = analyzer?.modules.get(path);
    return held !== undefined && held.file.text !== text;
  }

  /** What was derived from an old version of some file may be wrong for every other file. */
  function forget(): void {
    analyzer = undefined;
    analyses.clear();
  }
}

const sessions = new Map<string, Session>();

/** Roots by folder, for as long as nothing is refreshed: six rules ask for each file. */
const roots = new Map<string, string>();

/**
 * The session of the project that a file belongs to, one a project and settings within the process.
 *
 * @param file absolute path
 */
export function openSession(file: string, settings: Settings): Session {
  const folder = dirname(file);
  const root = roots.get(folder) ?? findProjectRoot(file);
  roots.set(folder, root);
  const key = `${root}\n${JSON.stringify(settings)}`;
  let session = sessions.get(key);
  if (session === undefined) {
    const created = createSession({ root, settings, hosted: true });
    session = {
      ...created,
      refresh: () => {
        roots.clear();
        created.refresh();
      },
    };
    sessions.set(key, session);
  }
  return session;
}
