import type { TSESTree } from '@typescript-eslint/utils';
import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import { findHandlers } from '../../src/roots/find-handlers.ts';
import { frameworks } from '../../src/roots/registry.ts';

/** The handlers of a file as ESLint's own parser reads it. */
function findInJavaScript(text: string): readonly string[] {
  let program: TSESTree.Program | undefined;
  const rule = {
    create: (context: { sourceCode: { ast: unknown } }) => ({
      'Program:exit': () => {
        program = context.sourceCode.ast as TSESTree.Program;
      },
    }),
  };
  new Linter().verify(text, [{ plugins: { own: { rules: { look: rule } } }, rules: { 'own/look': 'error' } }]);
  const project = {
    root: '/shop',
    readText: () => '',
    readSource: () => {
      throw new Error('no other file is needed');
    },
    setSource: () => undefined,
    resolve: (_: string, specifier: string) => ({ kind: 'package', specifier }) as const,
  };
  const file = { path: '/shop/src/seats.js', text, version: '1', program: program! };
  return [...findHandlers(project, file, frameworks).values()].map(({ name, reason }) => name ?? reason);
}

it('reads JavaScript as a linter parses it, up to names that nothing declares', () => {
  expect(
    findInJavaScript(`import express from 'express';
const app = express();
app.get('/seats', async () => {});
server.get('/seats', async () => {});
`),
  ).toEqual(['GET /seats (express)']);
});

it('does not ask JavaScript classes for decorators', () => {
  expect(
    findInJavaScript(`import { Controller } from '@nestjs/common';
export class SeatController {
  async book() {}
}
Controller('seats')(SeatController);
`),
  ).toEqual([]);
});

it('looks into no file that no framework concerns', () => {
  expect(findInJavaScript(`const seats = new Map();\nseats.get('A1');\n`)).toEqual([]);
});
