import type { ObjectValue, Value } from '../../model/value.ts';
import type { SqlDialect } from './parse-sql.ts';
import { findText, listNodes, type SqlNode } from './sql-node.ts';

/** A common table expression of the statement. */
export type NamedQuery =
  | { readonly kind: 'query'; readonly query: SqlNode }
  /** INSERT, UPDATE or DELETE … RETURNING; its draft's index. */
  | { readonly kind: 'written'; readonly draft: number }
  /** A recursive one inside itself. */
  | { readonly kind: 'none' };

/** What the names in a statement mean. */
export interface SqlScope {
  readonly dialect: SqlDialect;
  readonly store: string;
  /** The text that was parsed. */
  readonly text: string;
  readonly bindings: ReadonlyMap<string, Value>;
  readonly holes: readonly Value[];
  readonly queries: ReadonlyMap<string, NamedQuery>;
  /** Names by which the columns of the statement's own table may be qualified; empty where there is no table. */
  readonly own: readonly string[];
  /** Names of other tables in the same FROM. With any, an unqualified column can be theirs. */
  readonly others: readonly string[];
  /** The row that an INSERT proposes: EXCLUDED, VALUES(), or the row's alias. */
  readonly proposed?: { readonly names: readonly string[]; readonly row: ObjectValue };
  /** Notes what is not understood; the first note decides. */
  readonly report: (reason: string, detail?: string) => void;
}

/**
 * @param identifier the parser's identifier
 * @returns the name as the database stores it: PostgreSQL folds unquoted names to lower case
 */
export function readIdentifier(identifier: SqlNode, scope: SqlScope): string {
  const name = findText(identifier, 'value') ?? '';
  if (/:__i\d+|:v\d+/.test(name)) scope.report('SQL text is computed', name);
  return scope.dialect === 'postgresql' && findText(identifier, 'quote_style') === undefined
    ? name.toLowerCase()
    : name;
}

/** The parts of a qualified name: `public.users` → `['public', 'users']`. */
export function readNameParts(name: SqlNode, scope: SqlScope): readonly string[] {
  return listNodes(name).map((part) => {
    const identifier = (part as { readonly Identifier?: SqlNode }).Identifier;
    return readIdentifier(identifier ?? part, scope);
  });
}

/** The last part of a qualified name; the schema does not matter to races. */
export function readName(name: SqlNode, scope: SqlScope): string {
  return readNameParts(name, scope).at(-1) ?? '';
}
