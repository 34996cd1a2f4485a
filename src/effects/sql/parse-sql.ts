import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { EngineName } from '../../model/engine.ts';
import type { SqlNode } from './sql-node.ts';

/** The part of the parser's WebAssembly glue that is used; the package's own entry point is asynchronous. */
interface ParserModule {
  readonly initSync: (source: { readonly module: Uint8Array }) => unknown;
  readonly parse_sql: (dialect: string, text: string) => SqlNode;
}

export type SqlDialect = 'postgresql' | 'mysql' | 'sqlite';

/**
 * @param engine the engine that the text is for
 * @returns the parser's name for its dialect; PostgreSQL's where nothing is known
 */
export function resolveDialect(engine: EngineName | undefined): SqlDialect {
  if (engine === 'innodb') return 'mysql';
  return engine === 'sqlite' ? 'sqlite' : 'postgresql';
}

/**
 * Parses one statement with Apache DataFusion's sqlparser (WebAssembly). Loading it takes about 20 ms and happens at the
 * first call; a statement takes about one (both measured).
 *
 * @param text one statement
 * @param dialect the parser's name of the dialect
 * @returns the statement's tree, or the parser's message
 */
export function parseSql(
  text: string,
  dialect: SqlDialect,
): { readonly kind: 'parsed'; readonly statement: SqlNode } | { readonly kind: 'error'; readonly message: string } {
  const parser = loadParser();
  try {
    const statements = parser.parse_sql(dialect, text);
    if (!Array.isArray(statements) || statements.length !== 1) return { kind: 'error', message: 'not one statement' };
    return { kind: 'parsed', statement: statements[0] };
  } catch (error) {
    const message = (error as { readonly message?: unknown } | undefined)?.message;
    return { kind: 'error', message: typeof message === 'string' ? message : String(error) };
  }
}

/**
 * ESLint rules are synchronous, so the module is required and instantiated synchronously. The module itself remembers
 * that it is instantiated, and reads `module` only if it is not: hence the getter.
 */
function loadParser(): ParserModule {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@guanmingchiu/sqlparser-ts')), '..', 'wasm');
  const parser = require(join(folder, 'sqlparser_rs_wasm.js')) as ParserModule;
  parser.initSync({
    get module() {
      return readFileSync(join(folder, 'sqlparser_rs_wasm_bg.wasm'));
    },
  });
  return parser;
}
