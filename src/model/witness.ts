import type { EngineName, IsolationLevel } from './engine.ts';

/** The standard name of what goes wrong. */
export type Anomaly =
  | 'duplicate row'
  | 'duplicate number'
  | 'limit exceeded'
  | 'lost update'
  | 'double claim'
  | 'write skew'
  | 'oversold'
  | 'double effect'
  | 'half applied'
  | 'torn read'
  | 'stale cache'
  | 'no expiry'
  | 'foreign lock released'
  | 'orphan'
  | 'committed write lost'
  | 'row not visible'
  | 'missing row'
  | 'rolled-back write kept'
  /** Loud: the data stay right and one request gets an error that nobody handles. */
  | 'unhandled conflict';

/** The model checker's answer. */
export type Verdict =
  | { readonly kind: 'witness'; readonly witness: Witness }
  | { readonly kind: 'safe' }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/** A schedule whose outcome no serial order could have. */
export interface Witness {
  readonly anomaly: Anomaly;
  readonly engine: EngineName;
  readonly isolation: IsolationLevel;
  readonly mode: 'two requests' | 'request and reader' | 'request and crash' | 'redelivery';
  readonly steps: readonly WitnessStep[];
  /** What the end looks like, one fact a line: `2 rows in User with email = x`. */
  readonly final: readonly string[];
  /** What every serial order gives instead. */
  readonly serial: readonly string[];
  /** Errors that actors ended with, by the engine's code: `23505`, `40001`, `1213`. */
  readonly errors: readonly { readonly actor: Actor; readonly code: string }[];
  readonly switches: number;
}

export type Actor = 'A' | 'B' | 'crash' | 'reader';

export interface WitnessStep {
  readonly actor: Actor;
  /** The operation's id in its program. */
  readonly operation: string;
  readonly label: string;
  /** What the step saw or did: `finds none`, `stock 10`, `1 row`, `waits for A`, `fails: 23505`. */
  readonly outcome: string;
  readonly waits: boolean;
  /** Not needed for the anomaly: a timeline shows `…` for it. */
  readonly elided?: boolean;
}
