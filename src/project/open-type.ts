import type { TSESTree } from '@typescript-eslint/utils';

/**
 * A type of a framework that projects add members to: an application, a request, a context. What the members are is
 * written in the project, by declarations or by the calls that put them there.
 */
export interface OpenType {
  /** How other open types name it. Example: `fastify.FastifyInstance`. */
  readonly id: string;
  /** Packages that export it under `name`. */
  readonly packages: readonly string[];
  readonly name: string;
  /** Global interfaces that it extends. Example: `Express.Request`. */
  readonly globals?: readonly string[];
  /** Members that are of open types themselves, by their ids: `request.server`. */
  readonly members?: Readonly<Record<string, string>>;
  /** Methods that answer with the member of a name, by the type whose member it is: `c.get('db')`. */
  readonly getters?: Readonly<Record<string, string>>;
  /** Methods that put a member there, name first: `app.decorate('db', db)`. */
  readonly setters?: readonly string[];
  /** Type arguments may declare members: the member `Variables` of argument 0 in `Context<{ Variables: { db: Db } }>`. */
  readonly argument?: { readonly index: number; readonly member: string };
}

/** A parameter, or `this`, of an open type that the function does not say itself. */
export interface OpenInput {
  readonly kind: 'open';
  readonly parameter: number | 'this';
  /** The type's id. */
  readonly open: string;
  /** The type argument that declares members, where it is known, and the file that it stands in. */
  readonly argument?: { readonly type: TSESTree.TypeNode; readonly file: string };
}
