import path from 'node:path';
import { expect, it } from 'vitest';
import { adapters } from '../../src/effects/registry.ts';
import { createAnalyzer } from '../../src/flow/analyzer.ts';
import { openModule } from '../../src/flow/evaluate-module.ts';
import { createProject } from '../../src/project/create-project.ts';
import { runProject } from '../support/run-project.ts';
import { withProject } from '../support/with-project.ts';

const names = Array.from({ length: 150 }, (_, index) => `tool${String(index)}`);

const files = {
  'types.ts':
    "import type { Store } from './store';\nexport interface Tool { run(id: string): unknown; store?: Store }",
  'store.ts': `import { PrismaClient } from '@prisma/client';
export const prisma = new PrismaClient();
export type Store = typeof prisma;
export const closing = { run: (id: string) => prisma.account.delete({ where: { id } }) };`,
  ...Object.fromEntries(
    names.map((name) => [
      `tools/${name}.ts`,
      `import type { Tool } from '../types';\nexport const ${name}: Tool = { run: (id) => id + '${name}' };`,
    ]),
  ),
  // without semicolons a type alias before an import is no import of a type
  'unterminated.ts': `export type Id = { id: number }
import { prisma } from './store'
export const removing = { run: (id: string) => prisma.seat.delete({ where: { id } }) }`,
  'registry.ts': `import { closing } from './store';
import { removing } from './unterminated';
${names.map((name) => `import { ${name} } from './tools/${name}';`).join('\n')}
export const tools = { ${names.join(', ')}, closing, removing };`,
  'use.ts': `import { tools } from './registry';
export async function close(id: string) {
  await tools.tool7.run(id);
  await tools.closing.run(id);
  await tools.removing.run(id);
}`,
};

it('sees what an entry of a large registry does', () => {
  const { analyses } = runProject(files);
  const [trace] = analyses.get('use.ts')?.traces ?? [];
  expect(trace?.steps.map(({ effect }) => effect.kind)).toEqual(['delete', 'delete']);
});

it('opens none of the files behind a large registry that make no client', () => {
  withProject(files, (root) => {
    const analyzer = createAnalyzer({ project: createProject({ root }), adapters, engine: undefined });
    openModule(analyzer, path.join(root, 'registry.ts'))?.lookup('tools');
    const opened = [...analyzer.modules.keys()].map((file) => path.relative(root, file));
    expect(opened.sort()).toEqual(['registry.ts', 'store.ts', 'unterminated.ts']);
  });
});
