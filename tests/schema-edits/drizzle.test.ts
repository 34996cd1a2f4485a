import { createRequire } from 'node:module';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDrizzleKey } from '../../src/cli/schema-edits/add-drizzle-key.ts';
import { applySuggestion } from '../support/apply-suggestion.ts';
import { locate } from '../support/sample-finding.ts';
import { checkTypes } from '../suggestions/support/check-types.ts';

const file = '/shop/schema.ts';

interface Definition {
  readonly name: string;
  readonly source: string;
  readonly columns: readonly string[];
  readonly form?: 'array' | 'object';
}

/** The definition of the constant `table` with the key, or undefined. */
function edit({ source, columns, form = 'array' }: Definition): string | undefined {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022);
  const declarations = parsed.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations : [],
  );
  const table = declarations.find(({ name }) => name.getText(parsed) === 'table');
  const excerpt = table!.initializer!.getText(parsed);
  const location = locate(file, source, excerpt);
  const key = { table: 'table', columns, definition: { source: 'drizzle' as const, location } };
  const edits = addDrizzleKey(source, key, form);
  return edits && applySuggestion(source, { title: '', edits });
}

const members = `  id: uuid('id').primaryKey(),
  teamId: uuid('team_id').notNull(),
  email: text('email').notNull(),
`;

interface Edited extends Definition {
  /** Text before and after, without the lines that stay. */
  readonly change: readonly [before: string, after: string];
  /** Names in the database of the key's columns. */
  readonly key: readonly string[];
}

const pg = "import { pgTable, text, uuid } from 'drizzle-orm/pg-core';\n";
const withUnique = "import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';\n";

const edited: readonly Edited[] = [
  {
    name: 'one column',
    source: `${pg}export const table = pgTable('members', {\n${members}});\n`,
    columns: ['email'],
    change: ["email: text('email').notNull(),", "email: text('email').notNull().unique(),"],
    key: ['email'],
  },
  {
    name: 'one column whose calls stand on lines of their own',
    source: `${pg}export const table = pgTable('members', {
  id: uuid('id').primaryKey(),
  email: text('email')
    .notNull()
    .default(''),
});
`,
    columns: ['email'],
    change: ["    .default(''),", "    .default('')\n    .unique(),"],
    key: ['email'],
  },
  {
    name: 'several columns, no third argument',
    source: `${pg}export const table = pgTable('members', {\n${members}});\n`,
    columns: ['teamId', 'email'],
    change: [`${pg}*});`, `${withUnique}*}, (t) => [unique().on(t.teamId, t.email)]);`],
    key: ['team_id', 'email'],
  },
  {
    name: 'several columns, arguments on lines of their own, and row level security',
    source: `${pg}export const table = pgTable(
  'members',
  {
${members}  },
).enableRLS();
`,
    columns: ['teamId', 'email'],
    change: [`${pg}*  },\n)`, `${withUnique}*  },\n  (t) => [unique().on(t.teamId, t.email)],\n)`],
    key: ['team_id', 'email'],
  },
  {
    name: 'an array on several lines, with a comment behind its last entry',
    source: `import {
  index,
  pgTable,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
export const table = pgTable('members', {
${members}}, (member) => [
  index('by_team').on(member.teamId), // the list of a team
]);
`,
    columns: ['teamId', 'email'],
    change: [
      '  uuid,\n*// the list of a team\n]',
      '  unique,\n  uuid,\n*// the list of a team\n  unique().on(member.teamId, member.email),\n]',
    ],
    key: ['team_id', 'email'],
  },
  {
    name: 'an array without a last comma, names imported in no order',
    source: `import { text, uuid, pgTable, index } from 'drizzle-orm/pg-core';
export const table = pgTable('members', {
${members}}, (t) => [
  index('by_team').on(t.teamId) // the list of a team
]);
`,
    columns: ['teamId', 'email'],
    change: [
      'index }*on(t.teamId) // the list of a team\n',
      'index, unique }*on(t.teamId), // the list of a team\n  unique().on(t.teamId, t.email)\n',
    ],
    key: ['team_id', 'email'],
  },
  {
    name: 'an array on one line, a destructured parameter, unique under another name',
    source: `import { index, pgTable, text, unique as key, uuid } from 'drizzle-orm/pg-core';
export const table = pgTable('members', {
${members}}, ({ teamId, email: address }) => [index().on(teamId), index().on(address)]);
`,
    columns: ['teamId', 'email'],
    change: ['index().on(address)]', 'index().on(address), key().on(teamId, address)]'],
    key: ['team_id', 'email'],
  },
  {
    name: 'an object in a block',
    source: `import { index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
export const otherKey = unique;
export const table = pgTable('members', {
${members}}, (t) => {
  return {
    byTeam: index().on(t.teamId),
  };
});
`,
    columns: ['teamId', 'email'],
    change: [
      '    byTeam: index().on(t.teamId),\n',
      '    byTeam: index().on(t.teamId),\n    teamIdEmailUnique: unique().on(t.teamId, t.email),\n',
    ],
    key: ['team_id', 'email'],
  },
  {
    name: 'an empty array, and a namespace',
    source: `import * as pg from 'drizzle-orm/pg-core';
export const table = pg.pgTable('members', {
  teamId: pg.uuid('team_id').notNull(),
  email: pg.text('email').notNull(),
}, (t) => []);
`,
    columns: ['teamId', 'email'],
    change: ['=> []', '=> [pg.unique().on(t.teamId, t.email)]'],
    key: ['team_id', 'email'],
  },
  {
    name: 'the object that older versions take',
    source: `${pg}export const table = pgTable('members', {\n${members}});\n`,
    columns: ['teamId', 'email'],
    form: 'object',
    change: [`${pg}*});`, `${withUnique}*}, (t) => ({ teamIdEmailUnique: unique().on(t.teamId, t.email) }));`],
    key: ['team_id', 'email'],
  },
  {
    name: "the form of the file's other tables",
    source: `import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
export const teams = pgTable('teams', { slug: text('slug') }, (t) => ({ bySlug: index().on(t.slug) }));
export const table = pgTable('members', {\n${members}});\n`,
    columns: ['teamId', 'email'],
    change: [
      'text, uuid }*\n});',
      'text, unique, uuid }*\n}, (t) => ({ teamIdEmailUnique: unique().on(t.teamId, t.email) }));',
    ],
    key: ['team_id', 'email'],
  },
  {
    name: 'a column that comes from another object',
    source: `${pg}const contact = { email: text('email').notNull() };
export const table = pgTable('members', { id: uuid('id').primaryKey(), ...contact });
`,
    columns: ['email'],
    change: [`${pg}*...contact });`, `${withUnique}*...contact }, (t) => [unique().on(t.email)]);`],
    key: ['email'],
  },
  {
    name: 'columns from a function, a creator, a key that is no name',
    source: `import { pgTableCreator } from 'drizzle-orm/pg-core';
const createTable = pgTableCreator((name) => \`shop_\${name}\`);
export const table = createTable('members', (d) => ({
  teamId: d.uuid('team_id').notNull(),
  'e-mail': d.text('email').notNull(),
}));
`,
    columns: ['teamId', 'e-mail'],
    change: ['{ pgTableCreator }*}));', '{ pgTableCreator, unique }*}), (t) => [unique().on(t.teamId, t["e-mail"])]);'],
    key: ['team_id', 'email'],
  },
  {
    name: 'MySQL',
    source: `import { mysqlTable, varchar } from 'drizzle-orm/mysql-core';
export const table = mysqlTable('members', {
  team: varchar('team', { length: 36 }).notNull(),
  email: varchar('email', { length: 255 }).notNull(),
});
`,
    columns: ['team', 'email'],
    change: [
      '{ mysqlTable, varchar }*});',
      '{ mysqlTable, unique, varchar }*}, (t) => [unique().on(t.team, t.email)]);',
    ],
    key: ['team', 'email'],
  },
  {
    name: 'SQLite',
    source: `import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
export const table = sqliteTable('members', { email: text('email').notNull() });
`,
    columns: ['email'],
    change: ['.notNull()', '.notNull().unique()'],
    key: ['email'],
  },
];

const require = createRequire(import.meta.url);

/** The unique keys that drizzle-orm itself sees in a definition, a list of column names each. */
function readKeys(output: string): readonly (readonly string[])[] {
  const { outputText } = ts.transpileModule(output, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  const exported: { table?: unknown } = {};
  new Function('require', 'exports', outputText)(require, exported);
  const dialect = /drizzle-orm\/(\w+)-core/.exec(output)![1]!;
  const core = require(`drizzle-orm/${dialect}-core`) as {
    getTableConfig: (table: unknown) => {
      columns: { name: string; isUnique: boolean }[];
      uniqueConstraints: { columns: { name: string }[] }[];
    };
  };
  const { columns, uniqueConstraints } = core.getTableConfig(exported.table);
  return [
    ...columns.filter(({ isUnique }) => isUnique).map(({ name }) => [name]),
    ...uniqueConstraints.map((key) => key.columns.map(({ name }) => name)),
  ];
}

describe.each(edited.map((one, index) => [one.name, one, `case-${String(index)}.ts`] as const))(
  '%s',
  (_, one, name) => {
    let problems: ReadonlyMap<string, readonly string[]>;
    beforeAll(() => {
      problems = typeProblems();
    });

    it('gets the key, and nothing else changes', () => {
      let expected = one.source;
      const [before, after] = one.change.map((text) => text.split('*')) as [string[], string[]];
      before.forEach((part, index) => {
        expect(expected).toContain(part);
        const at = index === before.length - 1 ? expected.lastIndexOf(part) : expected.indexOf(part);
        expected = expected.slice(0, at) + after[index]! + expected.slice(at + part.length);
      });
      expect(edit(one)).toBe(expected);
    });

    it('type-checks', () => {
      expect(problems.get(name)).toBeUndefined();
    });

    it('is a key for drizzle-orm', () => {
      expect(readKeys(one.source)).toEqual([]);
      expect(readKeys(edit(one)!)).toEqual([one.key]);
    });
  },
);

let checked: ReadonlyMap<string, readonly string[]> | undefined;

/** One compilation for all. */
function typeProblems(): ReadonlyMap<string, readonly string[]> {
  checked ??= checkTypes(
    new Map(edited.map((one, index) => [`case-${String(index)}.ts`, edit(one) ?? 'not edited'])),
    '',
  );
  return checked;
}

describe('no edit', () => {
  const refused: readonly Definition[] = [
    {
      name: 'text in MySQL, of which an index takes a prefix',
      source: `import { mysqlTable, text } from 'drizzle-orm/mysql-core';
export const table = mysqlTable('members', { email: text('email').notNull() });
`,
      columns: ['email'],
    },
    {
      name: 'something else is called unique',
      source: `${pg}const unique = 1;\nexport const table = pgTable('members', {\n${members}});\n`,
      columns: ['teamId', 'email'],
    },
    {
      name: 'a third argument that is made elsewhere',
      source: `${pg}import { keys } from './keys';\nexport const table = pgTable('members', {\n${members}}, keys);\n`,
      columns: ['teamId', 'email'],
    },
    {
      name: 'a third argument that does more than return',
      source: `${pg}export const table = pgTable('members', {\n${members}}, (t) => {\n  console.log(t);\n  return [];\n});\n`,
      columns: ['teamId', 'email'],
    },
    {
      name: 'a third argument without a parameter',
      source: `${pg}export const table = pgTable('members', {\n${members}}, () => []);\n`,
      columns: ['teamId', 'email'],
    },
    {
      name: 'two dialects in one file',
      source: `${pg}import { mysqlTable } from 'drizzle-orm/mysql-core';
export const table = pgTable('members', {\n${members}});\nexport const other = mysqlTable('other', {});\n`,
      columns: ['email'],
    },
  ];
  it.each(refused.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(edit(one)).toBeUndefined();
  });

  it('where the place is no definition any more', () => {
    const source = `${pg}export const table = pgTable('members', {\n${members}});\n`;
    const location = { ...locate(file, source, 'pgTable('), range: [70, 75] as const };
    const key = { table: 'members', columns: ['email'], definition: { source: 'drizzle' as const, location } };
    expect(addDrizzleKey(source, key, 'array')).toBeUndefined();
  });
});
