import type { TSESTree } from '@typescript-eslint/utils';
import type { OpenType } from '../project/open-type.ts';
import type { Handler } from '../project/root-candidate.ts';
import type { Origin } from './find-origin.ts';

/**
 * What race-lint knows about one framework: which functions it calls, and what bounds their executions. Frameworks are
 * data first, and recognized by where a receiver or a wrapper comes from, never by method names alone.
 */
export interface Framework {
  /** As it is named in reports. Example: `express`. */
  readonly name: string;
  /** Pages that the data were read from. */
  readonly documentation: readonly string[];
  /** Packages, or scopes of packages: a file that imports one of them, or a part of one, is looked at. */
  readonly packages: readonly string[];
  /** Text by which other files are looked at too: those that use what another file made. */
  readonly elsewhere?: RegExp;
  /** Types of the framework that projects add members to. */
  readonly openTypes?: readonly OpenType[];
  /** The functions of a file that the framework calls. */
  readonly findHandlers: (file: FrameworkFile) => readonly Handler[];
}

/** A file as frameworks see it. */
export interface FrameworkFile {
  /** Path below the project's root, with slashes. */
  readonly path: string;
  /** Absolute path. */
  readonly absolutePath: string;
  readonly text: string;
  readonly program: TSESTree.Program;
  /** All calls and constructions, in the order of the text. */
  readonly calls: () => readonly (TSESTree.CallExpression | TSESTree.NewExpression)[];
  /** All classes. */
  readonly classes: () => readonly (TSESTree.ClassDeclaration | TSESTree.ClassExpression)[];
  /** All functions. */
  readonly functions: () => readonly Handler['node'][];
  readonly findOrigin: (node: TSESTree.Node) => Origin | undefined;
  /** Does a package.json at the file or in a folder around it name the package? */
  readonly dependsOn: (name: string) => boolean;
}
