import { createRequire } from 'node:module';

/** The package's own version, from its package.json: the same from the sources and from the compiled files. */
export const version: string = (createRequire(import.meta.url)('race-lint/package.json') as { version: string })
  .version;
