import type { Comparison, KeyCommand, Operation, Program } from '../model/program.ts';
import type { Level } from './dialects/dialect.ts';
import type { Value } from './values.ts';

/** A term with every name resolved to an index, so that a run looks nothing up by text. */
export type Code =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'slot'; readonly slot: number }
  | { readonly kind: 'cell'; readonly column: number }
  | { readonly kind: 'apply'; readonly name: string; readonly operands: readonly Code[] };

export type PlanFilter =
  | { readonly kind: 'compare'; readonly column: number; readonly comparison: Comparison; readonly value: Code }
  | { readonly kind: 'opaque'; readonly columns: readonly number[] }
  | {
      readonly kind: 'subquery';
      readonly table: number;
      readonly where: readonly PlanFilter[];
      readonly comparison: Comparison;
      readonly value: Code;
    };

export type PlanCheck =
  | { readonly kind: 'compare'; readonly comparison: Comparison; readonly left: Code; readonly right: Code }
  | { readonly kind: 'found'; readonly slot: number }
  | { readonly kind: 'not'; readonly check: PlanCheck }
  | { readonly kind: 'and' | 'or'; readonly checks: readonly PlanCheck[] }
  | { readonly kind: 'opaque' };

/** Which slots take what an operation found: the number of rows, and columns of the first. */
export interface Binding {
  readonly count: number | undefined;
  /** Pairs of column index (or -1 for an aggregate or a reply) and slot. */
  readonly columns: readonly (readonly [column: number, slot: number, name: string])[];
}

export type PlanAction =
  | { readonly kind: 'begin'; readonly level: Level }
  | { readonly kind: 'commit' | 'rollback' | 'unwatch' | 'check' }
  | {
      readonly kind: 'read';
      readonly table: number;
      readonly where: readonly PlanFilter[];
      readonly mode: 'plain' | 'share' | 'update' | 'nowait' | 'skip locked';
      readonly aggregate: { readonly kind: 'count' | 'max' | 'min' | 'sum'; readonly column: number } | undefined;
      readonly limit: number;
    }
  | {
      readonly kind: 'insert';
      readonly table: number;
      /** By column; `undefined` where the statement names no value. */
      readonly row: readonly (Code | undefined)[];
      readonly onDuplicate: 'fail' | 'ignore' | 'update';
      readonly set: readonly (readonly [column: number, value: Code])[];
      readonly unless: { readonly table: number; readonly where: readonly PlanFilter[] } | undefined;
      /** Columns of whose maximum the row is computed (`max+` of the column itself). */
      readonly maxima: readonly number[];
    }
  | {
      readonly kind: 'update';
      readonly table: number;
      readonly where: readonly PlanFilter[];
      readonly set: readonly (readonly [column: number, value: Code])[];
    }
  | { readonly kind: 'delete'; readonly table: number; readonly where: readonly PlanFilter[] }
  | { readonly kind: 'lock'; readonly name: Code; readonly scope: 'transaction' | 'session'; readonly attempt: boolean }
  | { readonly kind: 'unlock'; readonly name: Code }
  | { readonly kind: 'commands'; readonly commands: readonly PlanCommand[]; readonly block: boolean }
  | { readonly kind: 'watch'; readonly key: Code }
  | { readonly kind: 'effect'; readonly name: string; readonly key: Code; readonly deduplicated: boolean }
  | { readonly kind: 'reply'; readonly terms: readonly Code[] };

/** A command with its terms as codes: `keys`, then `values` (members and values, in the command's order). */
export interface PlanCommand {
  readonly command: KeyCommand;
  readonly keys: readonly Code[];
  readonly values: readonly Code[];
}

export interface PlanOperation {
  readonly source: Operation;
  readonly action: PlanAction;
  readonly when: PlanCheck | undefined;
  readonly connection: number;
  readonly bind: Binding;
  /** Nobody else can notice when it runs: it is glued to the operation before it. */
  readonly local: boolean;
  /** One statement, two steps: it reads at its snapshot and writes later (measured, S6o and Z-S6). */
  readonly split: boolean;
}

export interface Plan {
  readonly program: Program;
  readonly actor: 'A' | 'B';
  readonly operations: readonly PlanOperation[];
  readonly slots: number;
}

/** A relation with its columns numbered. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: readonly (readonly number[])[];
  readonly checks: readonly PlanFilter[];
  readonly foreignKeys: readonly { readonly column: number; readonly table: number; readonly referenced: number }[];
  readonly surrogate: readonly number[];
  readonly indexed: readonly number[];
  /** The column rows are ordered by: the primary key, as far as it shows. */
  readonly order: number;
}
