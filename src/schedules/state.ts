import type { Level } from './dialects/dialect.ts';
import type { Told } from './machine.ts';
import type { PlanFilter } from './plan.ts';
import type { Value } from './values.ts';

/** The cells of one version of a row, by column index; null for a deleted row. */
export type Cells = readonly Value[];

export interface Version {
  /** The commit that made it; 0 for the initial world. */
  readonly at: number;
  readonly cells: Cells | null;
}

/** A row with its history. At most one transaction has an uncommitted version of it. */
export interface Row {
  readonly id: number;
  readonly versions: readonly Version[];
  /** Connection that has an uncommitted version, or -1. */
  readonly owner: number;
  readonly pending: Cells | null;
  /** As it was in the initial world; undefined for rows made since. */
  readonly initial: Cells | undefined;
}

/** `key`: that the row exists (a foreign key's check), `share`, `write`: a write that leaves keys alone, `all`. */
export type RowLockMode = 'key' | 'share' | 'write' | 'all';

export type Lock =
  | {
      readonly kind: 'row';
      readonly table: number;
      readonly row: number;
      readonly mode: RowLockMode;
      readonly owner: number;
    }
  /** Rows with this value of that column must not be inserted; column -1: anywhere. */
  | {
      readonly kind: 'gap';
      readonly table: number;
      readonly column: number;
      readonly value: Value;
      readonly owner: number;
    }
  | { readonly kind: 'name'; readonly name: Value; readonly owner: number; readonly session: boolean };

/** Something a serializable transaction read or wrote. */
export interface ReadMark {
  readonly table: number;
  readonly where: readonly PlanFilter[];
  readonly slots: readonly Value[];
  /** Only these rows, where a LIMIT ended the scan. */
  readonly rows: readonly number[] | undefined;
}

export interface WriteMark {
  readonly table: number;
  readonly row: number;
  readonly before: Cells | null;
  readonly after: Cells | null;
}

export interface Tracked {
  readonly reads: readonly ReadMark[];
  readonly writes: readonly WriteMark[];
}

export interface Connection {
  /** Inside an explicit transaction. */
  open: boolean;
  level: Level;
  /** Newest commit that the transaction sees, or -1 when it has no snapshot. */
  snapshot: number;
  /** An error has ended the transaction, but nobody has said ROLLBACK yet. */
  failed: boolean;
  tracked: Tracked;
  /** Serializable transactions that committed while this one ran. */
  rivals: readonly Tracked[];
  /** SQLite: holds the one write lock; wants to commit and waits for readers. */
  writing: boolean;
  committing: boolean;
  watched: readonly Value[];
  watchBroken: boolean;
}

/** What an actor waits for. */
export interface Wait {
  readonly on: number;
  readonly kind: 'row' | 'name' | 'file';
  /** InnoDB: the record that is wanted; later requests queue behind this one (measured, L10 at SERIALIZABLE). */
  readonly record: { readonly table: number; readonly row: number; readonly mode: RowLockMode } | undefined;
  /** InnoDB: the gap before this row is wanted too (insertions there must wait for this request). */
  readonly gap:
    { readonly table: number; readonly column: number; readonly value: Value; readonly before: number } | undefined;
}

/** A statement that has begun but not ended: it keeps its snapshot and its place over a wait. */
export interface Statement {
  readonly snapshot: number;
  /** Position in scan order where it waits; rows that sort before are not looked at again. */
  readonly position: number;
  readonly taken: readonly number[];
  readonly waited: boolean;
}

export type Status = 'running' | 'finished' | 'refused' | 'failed';

export interface ActorState {
  /** Index of the next operation. */
  next: number;
  status: Status;
  slots: readonly Value[];
  statement: Statement | undefined;
  wait: Wait | undefined;
  replies: readonly Value[];
  /** Codes of errors met, caught ones too. */
  errors: readonly string[];
  /** Code of the error that ended it. */
  failure: string | undefined;
  /** The engine told it by an ignored duplicate or an empty delete that the other came first. */
  yielded: boolean;
  /** Its code met an error, looked what it was and went on: it knows of a write that is not there. */
  excused: boolean;
  /** Connection on which this actor began a transaction that it has not ended, or -1. */
  began: number;
}

/** A key's value: a text or number, a set, or a hash. */
export type Entry =
  | { readonly kind: 'text'; readonly value: Value; readonly expires: boolean }
  | { readonly kind: 'set'; readonly members: readonly Value[]; readonly expires: boolean }
  | { readonly kind: 'hash'; readonly fields: ReadonlyMap<Value, Value>; readonly expires: boolean };

/**
 * Everything there is at one moment. Rows, locks and keys are immutable and shared between states; a step replaces what
 * it changes.
 */
export interface State {
  clock: number;
  tables: readonly (readonly Row[])[];
  locks: readonly Lock[];
  connections: readonly Connection[];
  keys: ReadonlyMap<Value, Entry>;
  effects: readonly string[];
  actors: readonly ActorState[];
  /** What happened so far; only kept while a schedule is told. */
  told: Told | undefined;
}

/** A copy that may be changed without the original changing. Actors and connections are its own; all else is shared. */
export function cloneState(state: State): State {
  return {
    clock: state.clock,
    tables: state.tables,
    locks: state.locks,
    connections: state.connections.map(cloneConnection),
    keys: state.keys,
    effects: state.effects,
    actors: state.actors.map(cloneActor),
    told: state.told,
  };
}

// written out: a spread of these costs more than all the rest of a step

function cloneActor(actor: ActorState): ActorState {
  return {
    next: actor.next,
    status: actor.status,
    slots: actor.slots,
    statement: actor.statement,
    wait: actor.wait,
    replies: actor.replies,
    errors: actor.errors,
    failure: actor.failure,
    yielded: actor.yielded,
    excused: actor.excused,
    began: actor.began,
  };
}

function cloneConnection(connection: Connection): Connection {
  return {
    open: connection.open,
    level: connection.level,
    snapshot: connection.snapshot,
    failed: connection.failed,
    tracked: connection.tracked,
    rivals: connection.rivals,
    writing: connection.writing,
    committing: connection.committing,
    watched: connection.watched,
    watchBroken: connection.watchBroken,
  };
}

/** A copy of a list with one item replaced. */
export function replaceAt<T>(list: readonly T[], index: number, item: T): readonly T[] {
  const copy = list.slice();
  copy[index] = item;
  return copy;
}

/** Changes an actor of a state that is one's own (see `cloneState`). */
export function setActor(state: State, index: number, change: Partial<ActorState>): void {
  const actor = state.actors[index];
  if (actor) Object.assign(actor, change);
}

/** Changes a connection of a state that is one's own. */
export function setConnection(state: State, index: number, change: Partial<Connection>): void {
  const connection = state.connections[index];
  if (connection) Object.assign(connection, change);
}
