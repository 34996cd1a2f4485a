import type { AnswerShape } from './answer-shape.ts';
import type { Client } from './client.ts';
import type { EffectId } from './effect.ts';
import type { Location } from './location.ts';
import type { CallSite } from './trace.ts';

/**
 * What an expression evaluates to, as far as the source shows. Values are plain data, compared structurally by
 * `isSameValue`; an `unknown` is a value of the domain and equals nothing, not even itself.
 */
export type Value =
  | ConstantValue
  | InputValue
  | AnswerValue
  | FreshValue
  | ApplyValue
  | ChoiceValue
  | ObjectValue
  | ArrayValue
  | TemplateValue
  | CurrentValue
  | FunctionValue
  | ChainValue
  | ElementValue
  | InstanceValue
  | ClassValue
  | ModuleValue
  | UnknownValue;

/** A literal. Example: `'queued'`, `0`, `null`, `undefined`. */
export interface ConstantValue {
  readonly kind: 'constant';
  readonly value: string | number | boolean | bigint | null | undefined;
}

/**
 * Something that comes into the execution from outside: a parameter of the root, a request's field, the environment.
 * Two inputs of one name are the same value, and two concurrent executions may get equal ones. Example: `email`,
 * `input.teamId`.
 */
export interface InputValue {
  readonly kind: 'input';
  readonly name: string;
  /** The declared type, as the flow layer names it; not part of the value's identity. */
  readonly type?: string;
}

/**
 * (A part of) what an effect answered. `shape` is the shape of this part; `columns` is not empty once a row was
 * entered: `user.settings.theme` → `['settings', 'theme']`.
 */
export interface AnswerValue {
  readonly kind: 'answer';
  readonly effect: EffectId;
  readonly shape: AnswerShape;
  readonly columns: readonly string[];
}

/** A value that no other execution can have: a random id, a sequence number, the row id of an own insert. */
export interface FreshValue {
  readonly kind: 'fresh';
  readonly source: string;
}

/**
 * An uninterpreted function of other values. Operators are JavaScript's own (`+`, `===`, `!`, `&&`, `typeof`), or
 * `member:NAME` (a property of something that is not understood), `call:NAME` (a call of something pure or unknown),
 * `spread`, `await`, or `merge` (a part put into a document: `meta || '{…}'::jsonb`). Example: `stock - qty` → `-` of an answer and an input.
 */
export interface ApplyValue {
  readonly kind: 'apply';
  readonly operator: string;
  readonly operands: readonly Value[];
}

/** One of two values, by a condition. Example: `existing ? existing.id : nanoid()`. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly condition: Value;
  readonly then: Value;
  readonly otherwise: Value;
}

/** An object literal. `complete` is false when a spread of something unknown may add or replace entries. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly entries: readonly ObjectEntry[];
  /** The values spread into it, in order; `{ ...old, name }` keeps `old` here. */
  readonly spreads: readonly Value[];
  readonly complete: boolean;
}

export interface ObjectEntry {
  readonly name: string;
  readonly value: Value;
}

/** An array literal, or the result of `.map` and kin over one. */
export interface ArrayValue {
  readonly kind: 'array';
  readonly elements: readonly Value[];
  /** False when a spread or a loop made its length unknown; `elements` then stands for the known ones. */
  readonly complete: boolean;
}

/** A template literal: `quasis.length === values.length + 1`. Example: a Redis key. */
export interface TemplateValue {
  readonly kind: 'template';
  readonly quasis: readonly string[];
  readonly values: readonly Value[];
}

/**
 * The row's own current value of a column, computed by the database inside the statement. Only inside assignments and
 * selectors. Example: `SET stock = stock - 1` assigns `apply('-', [current('stock'), 1])`.
 */
export interface CurrentValue {
  readonly kind: 'current';
  readonly column: string;
}

/** A function of the analysed code, opaque to adapters; `id` is resolved by the flow layer. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly id: string;
  readonly name: string;
}

/** Any one element of a collection: the loop variable of `for (const x of xs)`, the parameter of `xs.map(x => …)`. */
export interface ElementValue {
  readonly kind: 'element';
  readonly of: Value;
}

/**
 * A walk of members and calls that begins in a package or at a client, unevaluated, for an adapter to recognize.
 *
 * Examples: `eq(users.id, id)` is root `drizzle-orm` `eq` with one call step; `prisma.user.create({…})` is the client
 * root with steps `user` and `create(…)`; `` sql`select 1` `` has one step with a template.
 */
export interface ChainValue {
  readonly kind: 'chain';
  readonly root: ChainRoot;
  readonly steps: readonly ChainStep[];
  /** The calls that lead to where it was made, outermost first, of a function that returned it before it was sent. */
  readonly calls?: readonly CallSite[];
}

export type ChainRoot =
  /** An export of a package that is not part of the project. `name` is `default`, `*` or the exported name. */
  | { readonly kind: 'export'; readonly package: string; readonly name: string }
  /** Something declared (parameter, field) to be of a type that a package exports. Example: `db: PrismaClient`. */
  | {
      readonly kind: 'typed';
      readonly package: string;
      readonly name: string;
      readonly typeArguments: readonly string[];
    }
  /** A client that an adapter has recognized. */
  | { readonly kind: 'client'; readonly client: Client };

/**
 * One step of a chain: a member (`name`, no `args`), a call of it (`name` and `args`), a direct call or construction
 * (`name` is `()` or `new`), or a tagged template (`template`).
 */
export interface ChainStep {
  readonly name: string;
  readonly args?: readonly Value[];
  readonly template?: TemplateValue;
  /** Text of explicit type arguments, as written. */
  readonly typeArguments?: readonly string[];
  readonly location: Location;
}

/** An object of a class of the analysed code; `id` is resolved by the flow layer. */
export interface InstanceValue {
  readonly kind: 'instance';
  readonly id: string;
  readonly className: string;
}

/** A class of the analysed code. */
export interface ClassValue {
  readonly kind: 'class';
  readonly id: string;
  readonly name: string;
}

/** All exports of a file: `import * as users from './users'`. */
export interface ModuleValue {
  readonly kind: 'module';
  readonly file: string;
}

export interface UnknownValue {
  readonly kind: 'unknown';
  readonly reason: string;
}
