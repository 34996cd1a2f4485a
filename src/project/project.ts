import type { TSESTree } from '@typescript-eslint/utils';
import type { Bailout } from '../model/bailout.ts';

/** One version of a file. */
export interface SourceFile {
  /** Absolute path. */
  readonly path: string;
  readonly text: string;
  /** Hash of the text. */
  readonly version: string;
  /** TS-ESTree, every node with `range`, `loc` and `parent`. */
  readonly program: TSESTree.Program;
  /** True for a tree that a linter made, with tokens: it takes several times the memory of one of our own. */
  readonly isHosted?: boolean;
}

/** How many characters of our own trees a file's tree weighs. */
export function weighSource(file: SourceFile): number {
  return file.text.length * (file.isHosted === true ? 3 : 1);
}

/** Where an import leads. */
export type Resolution =
  /** A file of the project (or of a workspace package in it), absolute path. */
  | { readonly kind: 'file'; readonly path: string }
  /** A package outside the project; `specifier` as written. */
  | { readonly kind: 'package'; readonly specifier: string }
  /** Neither; `specifier` as written. Generated code that is not checked in ends here. */
  | { readonly kind: 'unresolved'; readonly specifier: string };

/** Files, parsing and module resolution of one project, cached by content. */
export interface Project {
  /** Absolute path of the folder that holds the whole project (workspace root, git root). */
  readonly root: string;
  /**
   * The current version of a file, parsed.
   *
   * @param path absolute path
   * @returns the file, or the reason why it can't be read or parsed
   */
  readonly readSource: (path: string) => SourceFile | Bailout;
  /** Makes a version known that was parsed elsewhere (the linter's own AST), or that an editor has not saved yet. */
  readonly setSource: (file: SourceFile) => void;
  readonly resolve: (fromFile: string, specifier: string) => Resolution;
}
