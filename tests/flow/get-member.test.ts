import { expect, it } from 'vitest';
import { adapters } from '../../src/effects/registry.ts';
import { createAnalyzer } from '../../src/flow/analyzer.ts';
import { getMember } from '../../src/flow/get-member.ts';
import { createRun } from '../../src/flow/run.ts';
import type { Location } from '../../src/model/location.ts';
import type { Value } from '../../src/model/value.ts';
import { createProject } from '../../src/project/create-project.ts';

const start = { line: 1, column: 0 };
const location: Location = { file: '/project/a.ts', start, end: start, range: [0, 0] };
const row: Value = { kind: 'answer', effect: 'e1', shape: { kind: 'row', absent: 'null' }, columns: [] };
const run = createRun(
  createAnalyzer({ project: createProject({ root: '/project' }), adapters, engine: undefined }),
  false,
);
const flag = (name: string): Value => ({ kind: 'input', name });

it('looks into the alternatives of a value', () => {
  const value: Value = { kind: 'choice', condition: flag('a'), then: row, otherwise: flag('body') };
  expect(getMember(run, value, 'stock', location)).toEqual({
    kind: 'choice',
    condition: flag('a'),
    then: { ...row, shape: { kind: 'scalar', absent: 'null' }, columns: ['stock'] },
    otherwise: { kind: 'input', name: 'body.stock' },
  });
});

it('does not look into each of the ways through choices that share their sides', () => {
  let value: Value = row;
  for (let round = 0; round < 60; round += 1) {
    const other: Value = { kind: 'choice', condition: flag('b'), then: value, otherwise: flag('body') };
    value = { kind: 'choice', condition: flag('a'), then: value, otherwise: other };
  }
  const member = getMember(run, value, 'stock', location);
  expect(member).toMatchObject({ kind: 'apply', operator: 'member:stock' });
  // that it comes from the row is still known
  expect(JSON.stringify(member)).toContain('"effect":"e1"');
});
