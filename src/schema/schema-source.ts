import type { Bailout } from '../model/bailout.ts';
import type { EngineName } from '../model/engine.ts';
import type { TableDraft } from './table-draft.ts';

/** What one schema (a folder of migrations, a Prisma schema, the Drizzle tables of a package) says. */
export interface SchemaSource {
  /** Absolute path of the package that it belongs to; sources of one package describe one database. */
  readonly owner: string;
  readonly tables: readonly TableDraft[];
  readonly engine?: EngineName;
  readonly bailouts: readonly Bailout[];
  /** Absolute paths of the files that were read. */
  readonly files: readonly string[];
}
