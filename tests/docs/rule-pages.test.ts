import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeExample } from '../../scripts/docs/analyze-example.ts';
import { exampleFile, readRulePage } from '../../scripts/docs/read-rule-page.ts';
import { updateRulePage } from '../../scripts/docs/update-rule-page.ts';
import { ruleNames } from '../../src/model/finding.ts';
import plugin from '../../src/plugin.ts';

const root = path.resolve(import.meta.dirname, '../..');
const sections = [
  'What it reports',
  'How it goes wrong',
  'Examples',
  'Ways to fix it',
  'Databases and isolation levels',
  'When it stays silent',
  'Known problems',
  'Options',
  'When not to use it',
  'Further reading',
];

it('has one page, one file and one test a rule', () => {
  const list = (folder: string, ending: string): string[] =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith(ending))
      .map((name) => name.slice(0, -ending.length))
      .sort();
  const names = [...ruleNames].sort();
  expect(list('rules', '.ts')).toEqual(names);
  expect(list('docs/rules', '.md')).toEqual(names);
  expect(list('tests/rules', '.test.ts')).toEqual(names);
  expect(Object.keys(plugin.rules).sort()).toEqual(names);
});

describe.each(ruleNames)('%s', (name) => {
  const markdown = readFileSync(path.join(root, `docs/rules/${name}.md`), 'utf8');
  const page = readRulePage(markdown);

  it('has all sections, in order', () => {
    expect([...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(sections);
  });

  it('has its generated parts up to date', () => {
    const updated = updateRulePage(markdown, name, plugin.rules[name]);
    // Prettier aligns tables, which says nothing.
    const normalize = (text: string): string => text.replace(/[ -]{2,}/g, ' ').replace(/\| -/g, '|-');
    expect(normalize(markdown)).toBe(normalize(updated));
  });

  it('names every option', () => {
    const [schema] = plugin.rules[name].meta.schema;
    for (const option of Object.keys(schema!.properties)) expect(markdown).toContain(`\`${option}\``);
  });

  it('leads to pages that are there', () => {
    for (const [, target] of markdown.matchAll(/\]\((\.[^)#]*)/g)) {
      expect(existsSync(path.join(root, 'docs/rules', target!)), target).toBe(true);
    }
  });

  it('shows racy and safe code', () => {
    expect(new Set(page.examples.map(({ kind }) => kind))).toEqual(new Set(['incorrect', 'correct']));
  });

  it.each(
    page.examples.map(
      (example) => [`${example.heading}, ${example.kind}, line ${String(example.line)}`, example] as const,
    ),
  )('example: %s', (_, example) => {
    const { findings, bailouts } = analyzeExample(page, example);
    expect(bailouts.filter(({ kind }) => kind === 'invariant' || kind === 'input')).toEqual([]);
    const found = findings.map(
      ({ rule, confidence, location }) => `${rule} ${confidence} ${path.basename(location.file)}`,
    );
    const expected = `${name} ${example.isPossible ? 'possible' : 'proven'} ${path.basename(exampleFile)}`;
    expect(found).toEqual(example.kind === 'incorrect' ? [expected] : []);
  });
});
