import { visitorKeys } from '@typescript-eslint/visitor-keys';
import type { TSESTree } from '@typescript-eslint/utils';
import { parseForESLint } from '@typescript-eslint/parser';
import { analyze } from '@typescript-eslint/scope-manager';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../src/project/project.ts';
import { parseSource } from '../../src/project/parse-source.ts';

function parse(path: string, text: string): SourceFile {
  const file = parseSource(path, text);
  if ('kind' in file) throw new Error(`${file.reason}: ${String(file.detail)}`);
  return file;
}

function listNodes(program: TSESTree.Program): TSESTree.Node[] {
  const nodes: TSESTree.Node[] = [];
  const pending: TSESTree.Node[] = [program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    nodes.push(node);
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const item of Array.isArray(child) ? child : [child]) if (item) pending.push(item as TSESTree.Node);
    }
  }
  return nodes;
}

function findIdentifier(file: SourceFile, name: string): TSESTree.Identifier {
  const found = listNodes(file.program).find((node) => node.type === 'Identifier' && node.name === name);
  if (found?.type !== 'Identifier') throw new Error(`no ${name}`);
  return found;
}

/** A tree without parents, its locations as plain objects. */
function simplify(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplify);
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  const { start, end } = value as { start: unknown; end: unknown };
  if (typeof start === 'object' && !('type' in value)) return { start, end };
  const skipped = ['parent', 'start', 'end'];
  const entries = Object.entries(value).filter(([key, child]) => !skipped.includes(key) && child !== undefined);
  return Object.fromEntries(entries.map(([key, child]) => [key, simplify(child)]));
}

describe('parseSource', () => {
  it('gives every node a parent, a range and a location', () => {
    const file = parse(
      '/shop/orders.ts',
      'export class Orders {\n  constructor(private readonly db: Db) {}\n  @Retry()\n  async place(ids: string[]) {\n' +
        '    for await (const [id, , x = 1] of ids) { await this.db.orders.insert({ id, ...x } satisfies Row); }\n  }\n}\n',
    );
    const nodes = listNodes(file.program);
    expect(nodes.length).toBeGreaterThan(40);
    for (const node of nodes) {
      expect(node.range[1]).toBeGreaterThan(node.range[0]);
      expect(node.loc.start.line).toBeGreaterThan(0);
      if (node.type === 'Program') expect(node.parent).toBeUndefined();
      else expect(visitorKeys[node.parent.type]?.length).toBeGreaterThan(0);
    }
  });

  it('counts offsets and columns in UTF-16 units, as the linter does', () => {
    const text = "const greeting = 'Grüße 👋🏽 你好'; const seat = 1;\n/* 🎟 */ const ticket = seat;";
    const file = parse('/venue/seats.ts', text);
    const ticket = findIdentifier(file, 'ticket');
    expect(text.slice(...ticket.range)).toBe('ticket');
    expect(ticket.loc.start).toEqual({ line: 2, column: text.split('\n')[1]!.indexOf('ticket') });
    expect(file.program.comments?.map((comment) => comment.loc.start)).toEqual([{ line: 2, column: 0 }]);
  });

  it('counts lines after a hashbang and after every kind of line end', () => {
    const file = parse(
      '/bin/run.ts',
      '#!/usr/bin/env node\nconst a = 1;\r\nconst b = 2;\rconst c = 3;\u2028const d = 4;',
    );
    expect(['a', 'b', 'c', 'd'].map((name) => findIdentifier(file, name).loc.start)).toEqual([
      { line: 2, column: 6 },
      { line: 3, column: 6 },
      { line: 4, column: 6 },
      { line: 5, column: 6 },
    ]);
  });

  it('leaves no trace of parentheses', () => {
    const file = parse('/a.ts', 'const total = ((price as number)) * (2);');
    expect(listNodes(file.program).map((node) => node.type)).not.toContain('ParenthesizedExpression');
  });

  it.each([
    ['/a.ts', 'const x = <string>y;'],
    ['/a.tsx', 'const x = <p>{y as string}</p>;'],
    ['/a.mts', 'import type { A } from "a"; export const x: A = 1;'],
    ['/a.cts', 'import a = require("a"); export = a;'],
    ['/a.js', 'export const Page = () => <p />;'],
    ['/a.jsx', 'export const Page = () => <p />;'],
    ['/a.mjs', 'await import("x");'],
    ['/a.cjs', 'module.exports = 1; return;'],
    ['/legacy.js', 'with (shop) { sell(010); }'],
    ['/types.d.ts', 'declare module "x" { export const y: string; }'],
  ])('reads %s', (path, text) => {
    expect(parse(path, text).program.body.length).toBeGreaterThan(0);
  });

  it('gives the parser’s message and the line of a syntax error', () => {
    const result = parseSource('/shop/cart.ts', 'const a = 1;\nconst b = ;\n');
    expect(result).toMatchObject({ kind: 'input', reason: 'syntax error', location: { file: '/shop/cart.ts' } });
    if (!('kind' in result)) throw new Error('parsed');
    expect(result.location?.start.line).toBe(2);
    expect(result.detail).not.toBe('');
  });

  it('says so when a file is neither JavaScript nor TypeScript', () => {
    expect(parseSource('/a.css', 'p {}')).toMatchObject({
      kind: 'input',
      reason: 'not a JavaScript or TypeScript file',
    });
  });

  it('survives a chain that nests thousands deep', () => {
    const file = parse(
      '/big.ts',
      `const sql = ${Array.from({ length: 3000 }, (_, n) => `'${String(n)}'`).join(' + ')};`,
    );
    expect(listNodes(file.program).length).toBeGreaterThan(6000);
  });

  it('gives the tree that typescript-estree gives', () => {
    const text = `import db, { type Row, orders as all } from './db'; export * as money from './money';
      'use strict';
      export default abstract class Orders<T extends Row = Row> extends Base<T> implements Store {
        static #count = 0; private readonly name?: string; declare x: number; abstract y(): void;
        constructor(@Inject() private db: Db, readonly z = 1, ...rest: string[]) { super(); }
        get total(): number { return this.db!.sum<number>?.(1n, /a+/u) ?? 0; }
      }
      namespace N { export const a = 1; } declare module 'm' { interface I<K> { [k: string]: K; readonly f?: () => void; g(): asserts this is K } }
      export const run = async <T,>({ id, ...other }: T & { id: string }, [a, , b = 2] = []): Promise<void> => {
        label: for await (const x of xs as const) { if (!x) continue label; else break; }
        try { await tx\`select \${id} from t\`; } catch { throw new Error('x', { cause: a satisfies unknown }); } finally { delete other.x, void 0; }
        switch (a) { case 1: default: b ||= typeof a === 'string' ? 1 : await import('y'); }
        function* g(this: Db) { yield* f(...rest); new.target; }
        type M = { readonly [K in keyof T]?: T[K] extends infer U ? \`\${U & string}\` : never }; let u: unique symbol, t: [a: string, ...b: number[]];
      };`;
    const file = parse('/orders.ts', text);
    const { ast } = parseForESLint(text, { range: true, loc: true, filePath: '/orders.ts' });
    expect(simplify(file.program.body)).toEqual(simplify(ast.body));
  });

  it('suits the scope analysis of typescript-eslint', () => {
    const { program } = parse(
      '/a.ts',
      'import { db } from "./db";\nexport async function place(id: string) { await db.insert(id); }',
    );
    const manager = analyze(program, { sourceType: 'module' });
    const place = manager.scopes.find((scope) => scope.type === 'function');
    expect(place?.references.map((reference) => reference.identifier.name)).toEqual(['db', 'id']);
    expect(place?.references[0]?.resolved?.defs[0]?.type).toBe('ImportBinding');
  });
});
