import type { AnswerShape } from './answer-shape.ts';
import type { Client } from './client.ts';
import type { EffectAction } from './effect.ts';
import type { IsolationLevel } from './engine.ts';
import type { Value } from './value.ts';

/** An effect as an adapter describes it; the flow layer adds id, place and client. */
export interface EffectDraft {
  readonly action: EffectAction;
  readonly answer: AnswerShape;
  readonly label: string;
  /** Where the effect goes through another handle than the chain's own client. */
  readonly client?: Client;
  /**
   * Happens only when an earlier read of the same list (by index) found a row, or found none: an upsert that the
   * library makes of SELECT, then INSERT or UPDATE. The flow layer turns it into a guard.
   */
  readonly when?: { readonly draft: number; readonly found: boolean };
}

/** What an adapter makes of a chain that begins at one of its clients. */
export type Recognition =
  /** A builder that has sent nothing yet: `db.update(t).set({…})`. */
  | { readonly kind: 'pending' }
  /**
   * Effects, in order. `sent` says when they happen: at the call itself (pg), or when the value is awaited, returned or
   * handed to Promise.all (Prisma, Drizzle). `answer` is the shape of the awaited value and belongs to the effect with
   * index `answers` (default: the last one).
   */
  | {
      readonly kind: 'effects';
      readonly sent: 'on call' | 'on await';
      readonly effects: readonly EffectDraft[];
      readonly answer: AnswerShape;
      readonly answers?: number;
    }
  /** The result is another client of the library: `pool.connect()`, `redis.duplicate()`, `redis.multi()`. */
  | { readonly kind: 'client'; readonly client: Client }
  /**
   * A transaction around a callback. The flow layer emits begin, runs `callback` with `handle` as the argument at
   * `handleAt`, and emits commit. `isolation` is absent for the database's default.
   */
  | {
      readonly kind: 'transaction';
      readonly callback: Value;
      readonly handle: Client;
      readonly handleAt: number;
      /** The caller's own arguments, where the library passes them on: better-sqlite3's `db.transaction(fn)(seatId)`. */
      readonly args?: readonly Value[];
      readonly isolation?: IsolationLevel;
      readonly label: string;
    }
  /** A transaction over a list of operations that have not been sent yet: Prisma `$transaction([…])`, D1 `batch`. */
  | {
      readonly kind: 'batch';
      readonly items: readonly Value[];
      readonly isolation?: IsolationLevel;
      readonly label: string;
    }
  /** A pure value that the adapter gives a meaning to (an SQL fragment, a table). */
  | { readonly kind: 'value'; readonly value: Value }
  /** Known to do nothing that matters: `$connect()`, `on('error', …)`. */
  | { readonly kind: 'nothing' }
  /** A member that is known but not modelled, or whose arguments are not understood: becomes a counted bailout. */
  | { readonly kind: 'unsupported'; readonly reason: string; readonly detail?: string };
