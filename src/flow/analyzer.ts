import type { TSESTree } from '@typescript-eslint/utils';
import type { LibraryAdapter } from '../effects/adapter.ts';
import type { EngineName } from '../model/engine.ts';
import type { Value } from '../model/value.ts';
import type { OpenProject } from '../project/create-project.ts';
import { weighSource } from '../project/project.ts';
import type { Project } from '../project/project.ts';
import type { InstanceRecord } from './class-members.ts';
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
  readonly modules: Map<string, ModuleScope | undefined>;
  readonly functions: Map<string, FunctionRecord>;
  readonly classes: Map<string, ClassRecord>;
  readonly instances: Map<string, InstanceRecord>;
  /** Declared types by id, for inputs whose members are resolved later. */
  readonly types: Map<string, TypeRecord>;
  /** Functions without effects whose result is the same for all arguments, by id. */
  readonly effectless: Map<string, Value>;
  readonly importHandlers: Map<string, readonly LibraryAdapter[]>;
  /** Files by whether their imports lead to a client. */
  readonly reach: Map<string, boolean>;
  /** The last number given to a function or an object that lives as long as the analyzer. */
  lastId: number;
}

/** A project whose texts can be looked at without parsing. */
export type TextProject = Project & Pick<OpenProject, 'readText'>;

export interface TypeRecord {
  readonly module: ModuleScope;
  readonly node: TSESTree.Node;
}

export function createAnalyzer(options: {
  readonly project: TextProject;
  readonly adapters: readonly LibraryAdapter[];
  readonly engine: EngineName | undefined;
}): Analyzer {
  return {
    ...options,
    modules: new Map(),
    functions: new Map(),
    classes: new Map(),
    instances: new Map(),
    types: new Map(),
    effectless: new Map(),
    importHandlers: new Map(),
    reach: new Map(),
    lastId: 0,
  };
}

/** How much text the kept modules have, in characters. */
export function countCharacters(analyzer: Analyzer): number {
  let characters = 0;
  for (const module of analyzer.modules.values()) characters += module === undefined ? 0 : weighSource(module.file);
  return characters;
}

/** The same project without the trees and values of its modules: what a long run drops to stay small. */
export function renewAnalyzer(analyzer: Analyzer): Analyzer {
  const { project, adapters, engine, importHandlers, reach } = analyzer;
  return { ...createAnalyzer({ project, adapters, engine }), importHandlers, reach };
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
