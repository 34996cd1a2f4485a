import { defineConfig } from 'vitest/config';

/** Tests of the built package; their set-up compiles it when the sources are newer. */
const built = ['tests/cli/**/*.test.ts', 'tests/hosts/**/*.test.ts', 'tests/package/**/*.test.ts'];

export default defineConfig({
  test: {
    // Against hanging only: a loaded machine takes many times what the slowest test takes here.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'sources', include: ['tests/**/*.test.ts'], exclude: built } },
      { extends: true, test: { name: 'built', include: built, globalSetup: 'tests/support/build-if-stale.ts' } },
    ],
  },
});
