/**
 * What the awaited value of a client call is, as a small structure that member accesses can be followed through:
 * pg's `{ rows, rowCount }` is an object of `rows` and `count`, mysql2's `[rows, fields]` a tuple, a Prisma
 * `findUnique` an optional row.
 */
export type AnswerShape =
  /** One row. `absent` says what the caller gets where there is none. Example: Prisma `findUnique` → `absent: 'null'`. */
  | {
      readonly kind: 'row';
      readonly absent: 'null' | 'undefined' | 'throws' | 'never';
      readonly renamed?: RenamedColumns;
    }
  /** An array of rows. Example: Drizzle `select()`, or `.returning()`. */
  | { readonly kind: 'rows'; readonly renamed?: RenamedColumns }
  /** How many rows matched or were affected. Example: pg `rowCount`, `updateMany().count`. */
  | { readonly kind: 'count' }
  /** One value: an aggregate, or the text under a key. `absent: 'null'` where a key may be missing. */
  | { readonly kind: 'scalar'; readonly absent: 'null' | 'undefined' | 'never' }
  /** Truthy exactly when the effect happened (or the thing exists). Example: `SET NX` → 'OK' | null, `EXISTS` → 1 | 0. */
  | { readonly kind: 'success' }
  /** An error slot: truthy when the effect failed. Example: supabase-js `{ data, error }`. */
  | { readonly kind: 'error' }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, AnswerShape>> }
  | { readonly kind: 'tuple'; readonly items: readonly AnswerShape[] }
  /** Nothing that tells what happened. */
  | { readonly kind: 'none' };

/**
 * Fields of the answer that are named differently than their columns, by the field's name. Example: Drizzle
 * `select({ left: seats.free })` → `{ left: 'free' }`.
 */
export type RenamedColumns = Readonly<Record<string, string>>;
