import type { TSESTree } from '@typescript-eslint/utils';
import type { AnswerShape } from '../../model/answer-shape.ts';
import type { EngineName } from '../../model/engine.ts';
import type { Client } from '../../model/client.ts';
import type { TableFacts } from '../../model/schema-facts.ts';
import type { RowCondition } from './read-guard.ts';
import type { Edit, SourceText } from './source-text.ts';

/** What printing a rewrite in a library's own syntax needs to know about the call. */
export interface CallContext {
  readonly source: SourceText;
  readonly client: Client;
  readonly answer: AnswerShape;
  readonly engine?: EngineName;
  readonly table?: TableFacts;
  /** The function around the call: names in it are taken. */
  readonly around: TSESTree.Node;
}

/** A value import that a rewrite needs; it becomes an edit of the import declaration. */
export interface ImportNeed {
  readonly name: string;
  /** Where to import it from where nothing does yet. */
  readonly package: string;
  /** Existing imports of these specifiers are extended. */
  readonly accepts?: (specifier: string) => boolean;
  readonly isType?: boolean;
}

/** How a rewritten call tells whether it did anything. */
export interface CountAnswer {
  /** Names for the variable, best first. */
  readonly names: readonly string[];
  /** The pattern that declares it. Example: `count` → `{ count }`. */
  readonly declare: (name: string) => string;
  /** The test that nothing was affected. Example: `count === 0`. */
  readonly isNone: (name: string) => string;
  /** The test that something was. */
  readonly isSome: (name: string) => string;
  /** A statement before either test, without semicolon, for clients that answer with their errors. */
  readonly first?: string;
}

/** A rewritten call: edits inside its own range. */
export interface RewrittenCall {
  readonly edits: readonly Edit[];
  readonly imports: readonly ImportNeed[];
  readonly count: CountAnswer;
  /**
   * The test that nothing was affected, where the code has bound the answer to a pattern already. Undefined where that
   * can't be told from this pattern.
   */
  readonly readBound?: (
    pattern: TSESTree.Node,
  ) => { readonly edits: readonly Edit[]; readonly isNone: string } | undefined;
  /** The database refuses the statement where the key that it names does not exist. */
  readonly namesKey?: boolean;
  /** An expression that reads the row anew, for code that uses the old call's answer where the new one has none. */
  readonly reread?: string;
}

/** What a writing statement changes on the way to its atomic form. */
export interface WriteChange {
  /** Columns that the database computes: column = column ± amount. */
  readonly arithmetic: readonly {
    readonly column: string;
    readonly operator: '+' | '-';
    readonly amount: TSESTree.Node;
  }[];
  /** Conditions added to the WHERE. */
  readonly conditions: readonly RowCondition[];
}

/** A column of an UPDATE and what it is set to: an expression of the source, or a constant inside SQL text. */
export interface AssignedColumn {
  readonly column: string;
  readonly node?: TSESTree.Node;
  /** `moment` is the database's own clock. */
  readonly constant?: 'true' | 'false' | 'moment' | 'other';
}

/** An UPDATE found in the syntax. */
export interface UpdateCall {
  /** What columns are set to. */
  readonly assigned: readonly AssignedColumn[];
  /** The expressions that select the row. */
  readonly selects: readonly TSESTree.Node[];
  readonly rewrite: (change: WriteChange) => RewrittenCall | undefined;
}

/** An INSERT found in the syntax. */
export interface InsertCall {
  /** INSERT … ON CONFLICT DO NOTHING and kin: no error for a duplicate, and a count that tells. */
  readonly ignoreDuplicate?: (key: readonly string[]) => RewrittenCall | undefined;
  /** One statement that inserts the row or finds the existing one; the answer keeps its shape. */
  readonly getOrCreate?: (
    key: readonly string[],
    check: ReplacedCheck,
  ) => { readonly edits: readonly Edit[]; readonly imports: readonly ImportNeed[] } | undefined;
  /** The test that an error is this statement's unique violation; for clients that throw. */
  readonly isDuplicate?: (error: string) => { readonly test: string; readonly imports: readonly ImportNeed[] };
  /** For clients that answer with the error instead of throwing it: binds it, and tests it. */
  readonly answersDuplicate?: (
    pattern: TSESTree.Node | undefined,
    error: string,
  ) =>
    | { readonly edits: readonly Edit[]; readonly declare?: string; readonly test: string; readonly error: string }
    | undefined;
}

/** A read that an insert takes the place of. */
export interface ReplacedCheck {
  readonly node: TSESTree.Node;
  /** Columns that come back; undefined for all. */
  readonly columns: readonly string[] | undefined;
}

/** Operations that become one transaction. */
export interface TransactionParts {
  readonly source: SourceText;
  readonly elements: readonly TSESTree.Expression[];
  readonly client: Client;
  readonly group: TSESTree.CallExpression;
  readonly around: TSESTree.Node;
  /** Set where one operation is mapped over a collection; `elements` is that one. */
  readonly loop?: {
    readonly callback: TSESTree.ArrowFunctionExpression;
    readonly parameter: string;
    readonly collection: string;
  };
}

/** A command of a key-value store, found in the syntax. */
export interface CommandCall {
  /** The handle: `redis`, `this.redis`. */
  readonly receiver: TSESTree.Expression;
  /** The command as written: `hSet`. */
  readonly method: string;
  readonly args: readonly TSESTree.Expression[];
}

/** The same rewrites in the syntax of one client of a key-value store. Texts are expressions without `await`. */
export interface CommandEdits {
  /** SET with a time to live, from SET and EXPIRE. */
  readonly setWithExpiry?: (source: SourceText, set: CommandCall, expire: CommandCall) => string | undefined;
  readonly getAndDelete: (receiver: string, key: string) => string;
  readonly incrementBy: (receiver: string, key: string, amount: string) => string;
  readonly evaluate: (receiver: string, script: string, key: string, args: readonly string[]) => string;
  /** How `exec()` of MULTI tells that one command of it failed: its promise rejects, or the error is one of the answers. */
  readonly failedCommand: 'rejects' | 'answers';
}

/** How a driver begins and ends a transaction on a connection taken from its pool. Texts without `await`. */
export interface PinnedConnection {
  readonly names: readonly string[];
  readonly open: (receiver: string) => string;
  readonly begin: (name: string) => string;
  readonly commit: (name: string) => string;
  readonly rollback: (name: string) => string;
  readonly release: (name: string) => string;
  /** Members that pool and connection both have, and that send a statement. */
  readonly statements: readonly string[];
}

/** How one client library writes the atomic forms. */
export interface LibraryEdits {
  /** The adapter's name. */
  readonly name: string;
  readonly readUpdate?: (call: TSESTree.Expression, context: CallContext) => UpdateCall | undefined;
  readonly readInsert?: (call: TSESTree.Expression, context: CallContext) => InsertCall | undefined;
  /** An expression (without `await`) that runs the operations in one transaction. */
  readonly joinInTransaction?: (parts: TransactionParts) => { readonly edits: readonly Edit[] } | undefined;
  /** A DELETE in the form whose answer tells how many rows it deleted. */
  readonly countDeleted?: (call: TSESTree.Expression, context: CallContext) => RewrittenCall | undefined;
  /** Edits that make a plain SELECT of one table lock its rows until the transaction ends. */
  readonly lockRead?: (call: TSESTree.Expression, context: CallContext) => readonly Edit[] | undefined;
  /** The member of a handle that runs a callback in a transaction. */
  readonly transactionMethod?: string;
  readonly pinned?: PinnedConnection;
  readonly commands?: CommandEdits;
}
