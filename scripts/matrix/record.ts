/** One measured schedule: what was sent in which order to a real engine, and what came of it. */
export interface MeasuredRecord {
  readonly id: string;
  readonly scenario: string;
  /** `postgresql`, `mariadb`, `sqlite`, `pglite`, `redis`, or a relational engine `+redis`. */
  readonly engine: string;
  /** The level in the words of the measurement: `READ COMMITTED`, `BEGIN IMMEDIATE (journal_mode=wal)`, …. */
  readonly isolation: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Statements that made the initial state. */
  readonly setup?: readonly string[];
  /** Actor and statement, in the order in which they were sent. */
  readonly schedule: readonly (readonly [actor: string, statement: string])[];
  readonly outcome: string;
  readonly anomaly: string | null;
  readonly errorCodes: readonly string[];
  readonly deadlock: boolean;
  readonly blocked: readonly string[];
  readonly invariant: string;
  readonly finalState: unknown;
}

/** All interleavings of a scenario's programs on one engine: what can be reached. */
export interface ReachableRecord {
  readonly id: string;
  readonly scenario: string;
  readonly engine: string;
  readonly isolation: string;
  readonly anomalyReachable: boolean;
  readonly anomalies: readonly string[];
  readonly witness: {
    readonly contextSwitches: number;
    readonly schedule: MeasuredRecord['schedule'];
    readonly finalState: unknown;
  } | null;
}
