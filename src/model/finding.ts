import type { Location } from './location.ts';
import type { MissingKey, SchemaEdit } from './schema-edit.ts';
import type { Anomaly, Witness } from './witness.ts';

export type RuleName =
  | 'no-check-then-insert'
  | 'no-lost-update'
  | 'no-partial-failure'
  | 'no-nonatomic-cache-update'
  | 'no-weak-isolation'
  | 'require-conflict-handling';

export const ruleNames: readonly RuleName[] = [
  'no-check-then-insert',
  'no-lost-update',
  'no-partial-failure',
  'no-nonatomic-cache-update',
  'no-weak-isolation',
  'require-conflict-handling',
];

/** One race, worded. */
export interface Finding {
  readonly rule: RuleName;
  readonly anomaly: Anomaly;
  /** `proven`: rests on no assumption; `possible`: on those in `assumptions`. */
  readonly confidence: 'proven' | 'possible';
  /** The act (the write), in the analysed file. */
  readonly location: Location;
  /** The function in which it is. */
  readonly functionName: string;
  /** The check, helpers, schema facts: each with what it is. */
  readonly related: readonly { readonly label: string; readonly location: Location }[];
  /** One sentence: the anomaly's standard name and the plain consequence. */
  readonly summary: string;
  readonly witness: Witness;
  /** The witness's operations by id: where each is in the source. */
  readonly places: Readonly<Record<string, Location>>;
  /** "Because …": why nothing prevents it. */
  readonly because: string;
  readonly assumptions: readonly string[];
  /** The invariant that breaks: `one User per email`. */
  readonly invariant: string;
  /** What to count after the fix. */
  readonly measure: string;
  /** Stable over unrelated edits: for baselines. 16 hex digits. */
  readonly fingerprint: string;
  readonly suggestions: readonly Suggestion[];
  /** The unique key whose absence the finding rests on, where the definition of its table is known. */
  readonly missingKey?: MissingKey;
  /** How that definition gets the key; made by the audit, since linters show no edits of other files. */
  readonly schemaEdit?: SchemaEdit;
}

/** A rewrite of the analysed file. */
export interface Suggestion {
  /** Imperative, with its precondition in brackets: `Use one conditional UPDATE (stock must be numeric)`. */
  readonly title: string;
  readonly edits: readonly { readonly range: readonly [number, number]; readonly text: string }[];
}
