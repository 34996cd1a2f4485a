import { layers } from '../../scripts/lint/layers.ts';
import { RuleTester } from '../support/rule-tester.ts';

// The tester stands on its own copy of typescript-eslint's types when the versions differ.
const rule = layers as unknown as Parameters<typeof RuleTester.prototype.run<'layer' | 'package' | 'heavy', []>>[1];

new RuleTester().run('layers', rule, {
  valid: [
    { name: 'flow imports effects', filename: 'src/flow/trace.ts', code: "import '../effects/adapter.ts';" },
    { name: 'model imports model', filename: 'src/model/a.ts', code: "import type { B } from './b.ts';" },
    { name: 'a rule imports the glue', filename: 'rules/no-x.ts', code: "import '../src/eslint/create-rule.ts';" },
    { name: 'schedules import model', filename: 'src/schedules/a.ts', code: "import '../model/witness.ts';" },
    { name: 'types of a compiler cost nothing', filename: 'src/flow/a.ts', code: "import type ts from 'typescript';" },
    {
      name: 'the glue may use the light part of the utilities',
      filename: 'src/eslint/a.ts',
      code: "import { RuleCreator } from '@typescript-eslint/utils/eslint-utils';",
    },
    { name: 'tests import what they like', filename: 'tests/a.test.ts', code: "import '../src/flow/trace.ts';" },
    {
      name: 'reporters may draw timelines',
      filename: 'src/reporters/a.ts',
      code: "import '../schedules/render-timeline.ts';",
    },
  ],
  invalid: [
    {
      name: 'model imports nothing',
      filename: 'src/model/a.ts',
      code: "import type { Project } from '../project/project.ts';",
      errors: [
        { messageId: 'layer', data: { folder: 'src/model', target: 'src/project/project.ts', allowed: 'nothing' } },
      ],
    },
    {
      name: 'effects may not know flow',
      filename: 'src/effects/libraries/prisma.ts',
      code: "export { trace } from '../../flow/trace.ts';",
      errors: [{ messageId: 'layer' }],
    },
    {
      name: 'schedules know no package',
      filename: 'src/schedules/a.ts',
      code: "import { readFileSync } from 'node:fs';",
      errors: [{ messageId: 'package' }],
    },
    {
      name: 'a rule detects nothing itself',
      filename: 'rules/no-x.ts',
      code: "const findings = await import('../src/findings/find.ts');",
      errors: [{ messageId: 'layer' }],
    },
    {
      name: 'no compiler in the engine',
      filename: 'src/flow/a.ts',
      code: "import ts from 'typescript';",
      errors: [{ messageId: 'heavy' }],
    },
    {
      name: 'the utilities load ESLint',
      filename: 'src/eslint/a.ts',
      code: "import { ESLintUtils } from '@typescript-eslint/utils';",
      errors: [{ messageId: 'heavy' }],
    },
    {
      name: 'only the glue stands on the utilities',
      filename: 'src/cli/a.ts',
      code: "import { RuleCreator } from '@typescript-eslint/utils/eslint-utils';",
      errors: [{ messageId: 'heavy' }],
    },
    {
      name: 'reporters may not run schedules',
      filename: 'src/reporters/a.ts',
      code: "import '../schedules/enumerate.ts';",
      errors: [{ messageId: 'layer' }],
    },
  ],
});
