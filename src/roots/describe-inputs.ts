import type { TSESTree } from '@typescript-eslint/utils';
import type { DeclaredInput } from '../project/root-candidate.ts';
import type { Origin } from './find-origin.ts';

/** What a framework calls a function with, by the ids of open types. */
export interface FunctionInputs {
  /** By position; undefined for a parameter that is none. */
  readonly parameters: readonly (string | undefined)[];
  /** What `this` is. */
  readonly self?: string;
  /** Which type argument of the function's own type declares members, if another than the first. */
  readonly argument?: number;
}

/** Type arguments, and the file that they stand in. */
export interface TypeArguments {
  readonly types: readonly TSESTree.TypeNode[];
  readonly file: string;
}

export function describeInputs(inputs: FunctionInputs, given: TypeArguments | undefined): readonly DeclaredInput[] {
  const type = given?.types[inputs.argument ?? 0];
  const argument = given === undefined || type === undefined ? {} : { argument: { type, file: given.file } };
  return [
    ...inputs.parameters.flatMap((open, parameter): readonly DeclaredInput[] =>
      open === undefined ? [] : [{ kind: 'open', parameter, open, ...argument }],
    ),
    ...(inputs.self === undefined ? [] : [{ kind: 'open', parameter: 'this', open: inputs.self } as const]),
  ];
}

/** The type arguments that an application was made with: `new Hono<{ Variables: { db: Db } }>()`. */
export function findTypeArguments(origin: Origin | undefined): TypeArguments | undefined {
  for (const { call, file } of origin?.steps ?? []) {
    if (call?.typeArguments) return { types: call.typeArguments.params, file };
  }
  return undefined;
}
