import { readFileSync } from 'node:fs';

/** A file whose repeated texts stand once, in `texts`; records then hold places in it. */
interface Shared {
  readonly texts: readonly string[];
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

/** Fields that hold texts by place, at any depth. */
const textFields = ['isolation', 'invariant', 'setup', 'schedule'];

function restore(value: unknown, texts: readonly string[]): unknown {
  if (typeof value === 'number') return texts[value] ?? String(value);
  if (Array.isArray(value)) return value.map((item) => restore(item, texts));
  return value;
}

/**
 * Reads measured records: a plain list of them, or one with shared texts.
 *
 * @param file path of a JSON file
 */
export function readRecords<T>(file: string): readonly T[] {
  const content = JSON.parse(readFileSync(file, 'utf8')) as readonly T[] | Shared;
  if (!('texts' in content)) return content;
  const { texts, records } = content;
  return records.map((record) => {
    const restored: Record<string, unknown> = { ...record };
    for (const field of textFields) if (field in record) restored[field] = restore(record[field], texts);
    const witness = record['witness'] as { readonly schedule?: unknown } | null | undefined;
    if (witness?.schedule) restored['witness'] = { ...witness, schedule: restore(witness.schedule, texts) };
    return restored as T;
  });
}
