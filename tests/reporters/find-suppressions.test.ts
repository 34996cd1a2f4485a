import { describe, expect, it } from 'vitest';
import { findDirectives, findSuppression, mayHaveDirectives } from '../../src/cli/find-suppressions.ts';
import { locate } from '../support/sample-finding.ts';

/** Whether the call `act()` of a text is switched off for a rule. */
async function isOff(source: string, rule = 'no-lost-update'): Promise<boolean> {
  expect(mayHaveDirectives(source)).toBe(true);
  const directives = await findDirectives('seats.ts', source);
  return findSuppression(directives, rule, locate('seats.ts', source, 'act()')) !== undefined;
}

describe('comments that switch a rule off', () => {
  it.each([
    ['next line, named', '// eslint-disable-next-line race-lint/no-lost-update\nact();'],
    ['next line, all rules', '// eslint-disable-next-line\nact();'],
    ['next line, block comment of two lines', '/* eslint-disable-next-line\n race-lint/no-lost-update */\nact();'],
    [
      'next line, one of several',
      '// eslint-disable-next-line no-undef, race-lint/no-lost-update -- single writer\nact();',
    ],
    ['same line', 'act(); // eslint-disable-line race-lint/no-lost-update'],
    ['block', '/* eslint-disable race-lint/no-lost-update */\nother();\nact();'],
    ["oxlint's prefix", '// oxlint-disable-next-line race-lint/no-lost-update\nact();'],
    ["oxlint's spelling of a name", '// oxlint-disable-next-line race-lint(no-lost-update)\nact();'],
    [
      'after a directive that was closed',
      '/* eslint-disable */ a(); /* eslint-enable */\nact(); // eslint-disable-line',
    ],
  ])('%s', async (_, source) => {
    expect(await isOff(source)).toBe(true);
  });

  it.each([
    ['another rule', '// eslint-disable-next-line race-lint/no-partial-failure\nact();'],
    ['the line after the next', '// eslint-disable-next-line\nother();\nact();'],
    ['a block that was closed', '/* eslint-disable */\nother();\n/* eslint-enable */\nact();'],
    ['a block that begins later', 'act();\n/* eslint-disable */'],
    ['a line comment that would be a block', '// eslint-disable race-lint/no-lost-update\nact();'],
    ['text in a string', "const note = '// eslint-disable-next-line';\nact();"],
    ['text in a template', 'const note = `\n// eslint-disable-next-line\n`; act();'],
    ['a word that only begins alike', '// eslint-disabled-next-line\nact(); // eslint-disable-line no-undef'],
  ])('not by %s', async (_, source) => {
    expect(await isOff(source)).toBe(false);
  });

  it('keeps the reason', async () => {
    const source = '// eslint-disable-next-line race-lint/no-lost-update -- one worker -- by design\nact();';
    expect(await findDirectives('seats.ts', source)).toMatchObject([{ justification: 'one worker -- by design' }]);
  });

  it('is not looked for in a text that has none', () => {
    expect(mayHaveDirectives('act();')).toBe(false);
  });
});
