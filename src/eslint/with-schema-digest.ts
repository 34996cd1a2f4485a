import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../model/analysis.ts';
import { openSession } from '../session.ts';

/** The part of a flat configuration that matters here. */
interface Configuration {
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * A configuration that changes when the project's schema does. ESLint's cache decides by a file's text and the
 * configuration; without this it keeps findings that rest on an old schema.
 *
 * @param config one object of a flat configuration, such as a preset
 * @param folder absolute path of any folder of the project
 */
export function withSchemaDigest<Config extends Configuration>(config: Config, folder: string): Config {
  const settings = (config.settings?.['race-lint'] ?? {}) as Settings;
  const { root, schemaFiles } = openSession(path.join(folder, 'eslint.config.js'), settings).summarize();
  const hash = createHash('sha1');
  for (const file of [...schemaFiles].sort())
    hash
      .update(file)
      .update('\0')
      .update(readOrNothing(path.resolve(root, file)));
  const schemaDigest = hash.digest('hex');
  return { ...config, settings: { ...config.settings, 'race-lint': { ...settings, schemaDigest } } };
}

/** A schema file that vanished meanwhile counts as empty. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
