import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scaffoldFramework } from '../../scripts/scaffold-framework.ts';
import { scaffoldLibrary } from '../../scripts/scaffold-library.ts';
import { scaffoldRule } from '../../scripts/scaffold-rule.ts';
import { ruleNames } from '../../src/model/finding.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'race-lint-scaffold-'));
  for (const file of ['src/model/finding.ts', 'src/plugin.ts', 'src/effects/registry.ts', 'src/roots/registry.ts'])
    cpSync(file, path.join(root, file));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

it('begins a rule and enters it everywhere', () => {
  const files = scaffoldRule(root, 'no-double-booking');
  expect(files).toHaveLength(5);
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    expect(parseSync(file, read(file)).errors, file).toEqual([]);
  }
  expect(read('rules/no-double-booking.ts')).toContain("name: 'no-double-booking'");
  const finding = read('src/model/finding.ts');
  expect(finding).toContain(`  | '${ruleNames.at(-1)!}'\n  | 'no-double-booking';`);
  expect(finding).toContain(`  '${ruleNames.at(-1)!}',\n  'no-double-booking',\n];`);
  expect(read('src/plugin.ts')).toContain("import noDoubleBooking from '../rules/no-double-booking.ts';");
  expect(read('src/plugin.ts')).toContain("  'no-double-booking': noDoubleBooking,\n};");
});

it('does not write over a rule', () => {
  scaffoldRule(root, 'no-double-booking');
  expect(() => scaffoldRule(root, 'no-double-booking')).toThrow('is there already');
});

it.each(['doubleBooking', 'no_double', 'double-booking', '../no-escape'])('refuses the name %s', (name) => {
  expect(() => scaffoldRule(root, name)).toThrow('no name for a rule');
});

it('begins an adapter', () => {
  for (const file of scaffoldLibrary(root, 'some-client')) expect(parseSync(file, read(file)).errors, file).toEqual([]);
  expect(read('src/effects/libraries/some-client.ts')).toContain('export const someClientAdapter: LibraryAdapter');
  expect(read('src/effects/registry.ts')).toContain("import { someClientAdapter } from './libraries/some-client.ts';");
  expect(read('src/effects/registry.ts')).toContain('  someClientAdapter,\n];');
});

it('begins a framework', () => {
  const files = scaffoldFramework(root, 'some-server');
  for (const file of files.filter((name) => name.endsWith('.ts')))
    expect(parseSync(file, read(file)).errors, file).toEqual([]);
  expect(read('src/roots/frameworks/some-server.ts')).toContain('export const someServer = createRouterFramework');
  expect(read('tests/suites/roots/some-server.md')).toContain('POST /seats (some-server)');
  expect(read('src/roots/registry.ts')).toContain("import { someServer } from './frameworks/some-server.ts';");
  expect(read('src/roots/registry.ts')).toContain('  someServer,\n];');
});
