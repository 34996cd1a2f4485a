import type { TSESTree } from '@typescript-eslint/utils';
import type { Root } from '../model/trace.ts';
import type { OpenInput } from './open-type.ts';

/** A function of the analysed code. */
export type CandidateNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

/** A function of a file that may start executions, before anybody looked inside. */
export interface RootCandidate {
  readonly name: string;
  readonly node: CandidateNode;
  /** The class around a method, and whether the method is static. */
  readonly owner:
    { readonly node: TSESTree.ClassDeclaration | TSESTree.ClassExpression; readonly isStatic: boolean } | undefined;
  readonly reason: string;
  /** True when other code of the file names it: it is a root only if none of the file's roots calls it. */
  readonly isHelper: boolean;
}

/** What a framework says about a function that it calls. */
export interface Handler {
  readonly node: CandidateNode;
  /** What the function is known by; absent where its own name is the better one. Example: `POST /book (express)`. */
  readonly name?: string;
  /** Why it starts executions. Examples: `POST /book (express)` of a named function, `express route` of an unnamed one. */
  readonly reason: string;
  /** Absent: nothing keeps two of its executions apart. */
  readonly bound?: Root['bound'];
  readonly inputs?: readonly DeclaredInput[];
}

/** A file's handlers, by their functions. */
export type Handlers = ReadonlyMap<CandidateNode, Handler>;

/** What a framework tells of a parameter's type, where the function does not. */
export type DeclaredInput = DeclaredMember | OpenInput;

/** A member of a parameter whose type is not written at the function, but is written somewhere: `ctx` of a procedure. */
export interface DeclaredMember {
  readonly kind: 'member';
  /** Index of the parameter. */
  readonly parameter: number;
  readonly member: string;
  readonly type: TSESTree.TypeNode;
  /** The file that the type stands in, absolute path. */
  readonly file: string;
}
