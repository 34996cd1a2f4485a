/**
 * Calls whose result no other execution can have, by package and exported name; globals have the package ''. Two rows
 * keyed by such a value never meet.
 */
const freshSources: Readonly<Record<string, readonly string[]>> = {
  '': [
    'crypto.randomUUID',
    'crypto.randomBytes',
    'crypto.getRandomValues',
    'Date.now',
    'Math.random',
    'performance.now',
    'new Date',
    'process.hrtime',
  ],
  'node:crypto': [
    'randomUUID',
    'randomBytes',
    'randomInt',
    '*.randomUUID',
    '*.randomBytes',
    'default.randomUUID',
    'default.randomBytes',
  ],
  crypto: [
    'randomUUID',
    'randomBytes',
    'randomInt',
    '*.randomUUID',
    '*.randomBytes',
    'default.randomUUID',
    'default.randomBytes',
  ],
  uuid: ['v1', 'v4', 'v6', 'v7', '*.v4', '*.v7'],
  nanoid: ['nanoid', 'customAlphabet', 'customRandom'],
  'nanoid/async': ['nanoid'],
  ulid: ['ulid', 'monotonicFactory'],
  ulidx: ['ulid'],
  cuid: ['default'],
  '@paralleldrive/cuid2': ['createId', 'init'],
  ksuid: ['default.randomSync', 'default.random'],
  'uuid-random': ['default'],
  'short-unique-id': ['default.new.rnd', 'default.new.randomUUID', 'default.new.stamp', 'default.new.()'],
};

/**
 * Is this a source of fresh values?
 *
 * @param specifier the package, or '' for a global
 * @param name the exported name with members, as `*.randomUUID`
 */
export function isFreshSource(specifier: string, name: string): boolean {
  return freshSources[specifier]?.includes(name) ?? false;
}
