import type { TSESTree } from '@typescript-eslint/utils';
import type { LibraryAdapter } from '../effects/adapter.ts';
import type { EngineName } from '../model/engine.ts';
import type { FunctionSummary } from '../model/sketch.ts';
import type { Value } from '../model/value.ts';
import type { OpenProject } from '../project/create-project.ts';
import type { OpenType } from '../project/open-type.ts';
import type { Project } from '../project/project.ts';
import type { AbstractArgument } from './abstract-argument.ts';
import type { InstanceRecord } from './class-members.ts';
import type { Constructions } from './list-constructions.ts';
import type { Extension, Extensions } from './list-extensions.ts';
import type { ModuleScope } from './module-scope.ts';
import type { ClassRecord, FunctionRecord } from './records.ts';

/**
 * Everything that interpretations share. The caches belong to one state of the project's files: the session drops the
 * whole analyzer when a file changes.
 */
export interface Analyzer {
  readonly project: TextProject;
  readonly adapters: readonly LibraryAdapter[];
  readonly engine: EngineName | undefined;
  /** Types of frameworks that projects add members to. */
  readonly openTypes: readonly OpenType[];
  /** What this project adds to them; undefined until it is first asked for. */
  extensions: Extensions | undefined;
  /** The clients that calls put there. */
  readonly puts: Map<Extension, Value | undefined>;
  /** Where objects of classes are made; undefined until it is first asked for. */
  constructions: Constructions | undefined;
  /** What untyped parameters of constructors are, by class and parameter. */
  readonly injected: Map<string, Value | undefined>;
  /** Names of members that hold clients; undefined until asked for, or where there are none. */
  carried: { readonly names: RegExp | undefined } | undefined;
  readonly modules: Map<string, ModuleScope | undefined>;
  readonly functions: Map<string, FunctionRecord>;
  readonly classes: Map<string, ClassRecord>;
  readonly instances: Map<string, InstanceRecord>;
  /** Declared types by id, for inputs whose members are resolved later. */
  readonly types: Map<string, TypeRecord>;
  /** What the types of contexts tell of inputs, by type and name of the input. */
  readonly contexts: Map<string, Value | undefined>;
  /** Functions without effects whose result is the same for all arguments, by id. */
  readonly effectless: Map<string, Value>;
  /** What calls touch, by function and by the clients that they hand over. */
  readonly summaries: Map<string, FunctionSummary>;
  /** The calls that are being summarized, innermost last. */
  readonly summarizing: { readonly key: string; reliesOn: number; isLost: boolean }[];
  /** How many functions have been read for the outermost of them. */
  summarized: number;
  /** Summaries that rely on one that is still being made, by its place among those. */
  readonly unfinished: Map<string, { readonly summary: FunctionSummary; readonly reliesOn: number }>;
  /** Answers of `canAct` for values with parts. */
  readonly acting: WeakMap<Value, boolean>;
  /** Whether an export of a known package is in a value, for those with parts. */
  readonly exporting: WeakMap<Value, boolean>;
  /** What is left of objects as arguments: a database with its replicas has many members, and goes into every call. */
  readonly abstracts: WeakMap<Value, { readonly argument: AbstractArgument | undefined }>;
  /** Numbers of values that are made once and handed to many calls. */
  readonly identities: Map<Value, number>;
  /** What functions return whose results' types are asked for (`ReturnType<typeof createDb>`), by id. */
  readonly results: Map<string, Value>;
  readonly importHandlers: Map<string, readonly LibraryAdapter[]>;
  /** Files by whether their imports lead to a client. */
  readonly reach: Map<string, boolean>;
  /** The same where only what they import to run counts, and not types. */
  readonly makes: Map<string, boolean>;
  /** The packages that generated files stand for, by path; undefined for all others. */
  readonly generated: Map<string, string | undefined>;
  /** Files by whether there is a `throw` in them. */
  readonly throwing: Map<string, boolean>;
  /** The path of a file that is under analysis with a linter's tree, as long as no other file asks for it. */
  guest: string | undefined;
  /** How much text the kept modules have, in characters of our own trees. */
  keptCharacters: number;
  /** The last number given to a function or an object that lives as long as the analyzer. */
  lastId: number;
}

/** A project whose texts can be looked at without parsing. */
export type TextProject = Project & Pick<OpenProject, 'readText'>;

export interface TypeRecord {
  readonly module: ModuleScope;
  readonly node: TSESTree.Node;
  /** Set for an open type; then `node` is the type argument that declares members, or what names the type. */
  readonly open?: { readonly type: OpenType; readonly hasArgument: boolean };
}

export function createAnalyzer(options: {
  readonly project: TextProject;
  readonly adapters: readonly LibraryAdapter[];
  readonly engine: EngineName | undefined;
  readonly openTypes?: readonly OpenType[];
}): Analyzer {
  return {
    ...options,
    openTypes: options.openTypes ?? [],
    extensions: undefined,
    carried: undefined,
    puts: new Map(),
    constructions: undefined,
    injected: new Map(),
    modules: new Map(),
    functions: new Map(),
    classes: new Map(),
    instances: new Map(),
    types: new Map(),
    contexts: new Map(),
    effectless: new Map(),
    summaries: new Map(),
    summarizing: [],
    summarized: 0,
    unfinished: new Map(),
    acting: new WeakMap(),
    exporting: new WeakMap(),
    abstracts: new WeakMap(),
    identities: new Map(),
    results: new Map(),
    importHandlers: new Map(),
    reach: new Map(),
    makes: new Map(),
    throwing: new Map(),
    generated: new Map(),
    guest: undefined,
    keptCharacters: 0,
    lastId: 0,
  };
}

/** The same project without the trees and values of its modules: what a long run drops to stay small. */
export function renewAnalyzer(analyzer: Analyzer): Analyzer {
  const { project, adapters, engine, openTypes } = analyzer;
  return {
    ...createAnalyzer({ project, adapters, engine, openTypes }),
    extensions: analyzer.extensions,
    constructions: analyzer.constructions,
    carried: analyzer.carried,
    importHandlers: analyzer.importHandlers,
    reach: analyzer.reach,
    makes: analyzer.makes,
    throwing: analyzer.throwing,
    summaries: analyzer.summaries,
    lastId: analyzer.lastId,
  };
}

/** Adapters that an import of this specifier concerns. */
export function findImportHandlers(analyzer: Analyzer, specifier: string): readonly LibraryAdapter[] {
  let found = analyzer.importHandlers.get(specifier);
  if (found === undefined) {
    found = analyzer.adapters.filter((adapter) => adapter.handlesImport(specifier));
    analyzer.importHandlers.set(specifier, found);
  }
  return found;
}
